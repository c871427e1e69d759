"""What a reader of the result must be told: one warning for each indicator, block or unit, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray, group_indices
from yiqi.engine.ground.checks import some
from yiqi.engine.ground.notice import Notice
from yiqi.engine.ground.rounding import round_half_up
from yiqi.engine.run.appraisal import AppraisalResult
from yiqi.engine.run.missing import CARRIED, IMPUTED, NOTHING
from yiqi.engine.scheme.appraisal import IndicatorSpec


def appraisal_notices(result: AppraisalResult) -> Iterator[Notice]:
    """Every notice: by indicator in the scheme's order, then by block, then the total."""
    for column, spec in enumerate(result.scheme.indicators):
        yield from _of_indicator(result, column, spec)
    for number in range(len(result.scheme.blocks)):
        yield from _of_block(result, number)
    yield from _of_total(result)


def _names(result: AppraisalResult, mask: BoolArray) -> list[str]:
    """Units that the mask (units,) marks."""
    return [result.units[row] for row in np.flatnonzero(mask)]


def _of_indicator(result: AppraisalResult, column: int, spec: IndicatorSpec) -> Iterator[Notice]:
    if not (spec.part.rule.granted or result.steps["source"][:, column].any()):
        yield Notice("indicator_without_data", f"{spec.code}: no unit has a value", spec.code)
    else:
        yield from _missing(result, column, spec)
    yield from _not_judged(result, column, spec)
    yield from _zero_range(result, column, spec)
    hit = result.steps["veto"][:, column]
    if hit.any():
        data = {"units": _names(result, hit), "limit": spec.veto_limit}
        yield Notice("vetoed", f"{spec.code}: worse than the veto limit", spec.code, data=data)


def _missing(result: AppraisalResult, column: int, spec: IndicatorSpec) -> Iterator[Notice]:
    if spec.part.rule.granted:  # no evidence is no bonus, not a gap
        return
    source, policy = result.steps["source"][:, column], result.scheme.policy(spec)
    empty = source == NOTHING
    if empty.any():
        code = "missing_zero" if policy == "zero" else "missing_excluded"
        data: dict[str, Any] = {"units": _names(result, empty), "policy": policy}
        yield Notice(code, f"{spec.code}: no value for {some(data['units'])}", spec.code, data=data)
    old = source == CARRIED
    if old.any():
        ages = [int(age) for age in result.data.previous_age[old, column]]
        data = {"units": _names(result, old), "ages": ages}
        yield Notice("carried", f"{spec.code}: last value carried for {some(data['units'])}", spec.code, data=data)
    mean = source == IMPUTED
    if mean.any():
        data = {"units": _names(result, mean)}
        yield Notice("imputed", f"{spec.code}: group mean used for {some(data['units'])}", spec.code, data=data)


def _not_judged(result: AppraisalResult, column: int, spec: IndicatorSpec) -> Iterator[Notice]:
    """A value is there, and what it is judged by is not."""
    known = ~np.isnan(result.used_values[:, column])
    judged_by = {"no_target": spec.part.seen().rule.needs_target, "no_growth": "growth" in spec.part.rule.parts}
    arrays = {"no_target": result.data.targets, "no_growth": result.data.growth}
    for code, needed in judged_by.items():
        lacking = known & np.isnan(arrays[code][:, column])
        if needed and lacking.any():
            data = {"units": _names(result, lacking)}
            text = f"{spec.code}: a value but {code.replace('_', ' ')} for {some(data['units'])}"
            yield Notice(code, text, spec.code, data=data)


def _zero_range(result: AppraisalResult, column: int, spec: IndicatorSpec) -> Iterator[Notice]:
    flat = result.steps["flat"][:, column]
    if not flat.any():
        return
    policy = result.scheme.zero_range
    for members in group_indices(result.data.peers, len(result.units)):
        inside = members[flat[members]]
        if len(inside):
            group = result.data.peers[int(inside[0])] if result.data.peers else None
            units = [result.units[row] for row in inside]
            text = f"{spec.code}: no range among {some(units)}, policy {policy!r}"
            yield Notice("zero_range", text, spec.code, data={"units": units, "group": group, "policy": policy})


def _of_block(result: AppraisalResult, number: int) -> Iterator[Notice]:
    block = result.scheme.blocks[number]
    points, coverage = result.block_points[:, number], result.block_coverage[:, number]
    without = np.isnan(points)
    if without.all():
        text = f"block {block.code}: nobody has a score; it does not enter the total"
        yield Notice("block_without_score", text, data={"block": block.code})
    elif without.any():
        units = _names(result, without)
        data = {
            "block": block.code,
            "units": units,
            "threshold": block.coverage,
            "coverage": coverage[without].tolist(),
        }
        yield Notice("low_coverage", f"block {block.code}: no score for {some(units)}", data=data)
    ranked = result.block_ranks[:, number]
    yield from _hidden(result, points, ranked, {"block": block.code})


def _of_total(result: AppraisalResult) -> Iterator[Notice]:
    base = [result.scheme.parts.index(code) for code in result.total_blocks]
    lacking = np.isnan(result.block_points[:, base])
    for row in np.flatnonzero(lacking.any(axis=1)):
        blocks = [result.scheme.blocks[number].code for number in np.array(base)[lacking[row]]]
        unit = result.units[row]
        text = f"{unit}: no total, without a score in {', '.join(blocks)}"
        yield Notice("no_total", text, unit=unit, data={"blocks": blocks})
    yield from _hidden(result, result.total_points, result.total_ranks, {"block": None})


def _hidden(result: AppraisalResult, points: FloatArray, ranked: IntArray, data: dict[str, Any]) -> Iterator[Notice]:
    """Never rank one number and show another without saying so: equal as published, yet on different places."""
    places: dict[float, set[int]] = {}
    shown = round_half_up(points, result.scheme.places)
    for value, place in zip(shown.tolist(), ranked.tolist(), strict=True):
        if place:
            places.setdefault(value, set()).add(place)
    units = [unit for unit, value in zip(result.units, shown.tolist(), strict=True) if len(places.get(value, ())) > 1]
    if units:
        text = f"equal as published but ranked apart by what was rounded off or a tie-breaker: {some(units)}"
        yield Notice("rounding_hides_rank", text, data={**data, "units": units})

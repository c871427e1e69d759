"""What a reader of the result must be told: one warning for each indicator, block or unit, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray, group_indices
from yiqi.engine.ground.notice import Notice
from yiqi.engine.ground.rounding import round_half_up
from yiqi.engine.run.missing import CARRIED, IMPUTED, NOTHING
from yiqi.engine.run.result import Result
from yiqi.engine.scheme.plan import IndicatorSpec


def appraisal_notices(result: Result) -> Iterator[Notice]:
    """Every notice: by indicator in the plan's order, then by block, then the total."""
    for column, spec in enumerate(result.plan.indicators):
        yield from _of_indicator(result, column, spec)
    for number in range(len(result.plan.blocks)):
        yield from _of_block(result, number)
    yield from _of_total(result)


def _names(result: Result, mask: BoolArray) -> list[str]:
    """Units that the mask (units,) marks."""
    return [result.units[row] for row in np.flatnonzero(mask)]


def _of_indicator(result: Result, column: int, spec: IndicatorSpec) -> Iterator[Notice]:
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


def _missing(result: Result, column: int, spec: IndicatorSpec) -> Iterator[Notice]:
    if spec.part.rule.granted:  # no evidence is no bonus, not a gap
        return
    source, policy = result.steps["source"][:, column], result.plan.policy(spec)
    empty = source == NOTHING
    if empty.any():
        code = "missing_zero" if policy == "zero" else "missing_excluded"
        data: dict[str, Any] = {"units": _names(result, empty), "policy": policy}
        yield Notice(code, f"{spec.code}: no value for {_some(data)}", spec.code, data=data)
    old = source == CARRIED
    if old.any():
        ages = [int(age) for age in result.steps["previous_age"][old, column]]
        data = {"units": _names(result, old), "ages": ages}
        yield Notice("carried", f"{spec.code}: last value carried for {_some(data)}", spec.code, data=data)
    mean = source == IMPUTED
    if mean.any():
        data = {"units": _names(result, mean)}
        yield Notice("imputed", f"{spec.code}: group mean used for {_some(data)}", spec.code, data=data)


def _some(data: Mapping[str, Any]) -> str:
    units = data["units"]
    return ", ".join(units[:3]) + (f" and {len(units) - 3} more" if len(units) > 3 else "")


def _not_judged(result: Result, column: int, spec: IndicatorSpec) -> Iterator[Notice]:
    """A value is there, and what it is judged by is not."""
    known = ~np.isnan(result.used_values[:, column])
    judged_by = {"no_target": spec.part.seen().rule.needs_target, "no_growth": "growth" in spec.part.rule.parts}
    arrays = {"no_target": result.steps["targets"], "no_growth": result.steps["growth"]}
    for code, needed in judged_by.items():
        lacking = known & np.isnan(arrays[code][:, column])
        if needed and lacking.any():
            data = {"units": _names(result, lacking)}
            text = f"{spec.code}: a value but {code.replace('_', ' ')} for {_some(data)}"
            yield Notice(code, text, spec.code, data=data)


def _zero_range(result: Result, column: int, spec: IndicatorSpec) -> Iterator[Notice]:
    flat = result.steps["flat"][:, column]
    if not flat.any():
        return
    policy = result.plan.zero_range
    for members in group_indices(result.groups, len(result.units)):
        inside = members[flat[members]]
        if len(inside):
            group = result.groups[int(inside[0])] if result.groups else None
            data = {"units": [result.units[row] for row in inside], "group": group, "policy": policy}
            text = f"{spec.code}: no range among {_some(data)}, policy {policy!r}"
            yield Notice("zero_range", text, spec.code, data=data)


def _of_block(result: Result, number: int) -> Iterator[Notice]:
    block = result.plan.blocks[number]
    points, coverage = result.block_points[:, number], result.block_coverage[:, number]
    without = np.isnan(points)
    if without.all():
        text = f"block {block.code}: nobody has a score; it does not enter the total"
        yield Notice("block_without_score", text, data={"block": block.code})
    elif without.any():
        data = {"block": block.code, "units": _names(result, without), "threshold": block.coverage}
        data["coverage"] = [float(value) for value in coverage[without]]
        yield Notice("low_coverage", f"block {block.code}: no score for {_some(data)}", data=data)
    ranked = result.block_ranks[:, number]
    yield from _hidden(result, points, ranked, {"block": block.code})


def _of_total(result: Result) -> Iterator[Notice]:
    base = [result.blocks.index(code) for code in result.total_blocks]
    lacking = np.isnan(result.block_points[:, base])
    for row in np.flatnonzero(lacking.any(axis=1)):
        blocks = [result.plan.blocks[number].code for number in np.array(base)[lacking[row]]]
        unit = result.units[row]
        text = f"{unit}: no total, without a score in {', '.join(blocks)}"
        yield Notice("no_total", text, unit=unit, data={"blocks": blocks})
    yield from _hidden(result, result.total_points, result.total_ranks, {"block": None})


def _hidden(result: Result, points: FloatArray, ranked: IntArray, data: dict[str, Any]) -> Iterator[Notice]:
    """Never rank one number and show another without saying so: equal as published, yet on different places."""
    places: dict[float, set[int]] = {}
    shown = round_half_up(points, result.plan.places)
    for value, place in zip(shown.tolist(), ranked.tolist(), strict=True):
        if place:
            places.setdefault(value, set()).add(place)
    units = [unit for unit, value in zip(result.units, shown.tolist(), strict=True) if len(places.get(value, ())) > 1]
    if units:
        what: Sequence[str] = units
        text = f"equal as published but ranked apart by what was rounded off or a tie-breaker: {_some({'units': what})}"
        yield Notice("rounding_hides_rank", text, data={**data, "units": units})

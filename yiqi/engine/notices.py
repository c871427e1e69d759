"""What a reader of the result must be told: one warning for each indicator, block or unit, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from yiqi.engine.arrays import BoolArray, FloatArray, IntArray, group_indices
from yiqi.engine.inputs import Inputs
from yiqi.engine.missing import CARRIED, IMPUTED, NOTHING, Filled
from yiqi.engine.parameters import RULES
from yiqi.engine.plan import IndicatorSpec, Plan
from yiqi.engine.rounding import round_half_up
from yiqi.engine.scoring import Scored
from yiqi.engine.totals import Ranked, Totals, Weighed


@dataclass(frozen=True)
class Warning_:  # noqa: N801 - the builtin holds the plain name
    """``code`` is stable; ``indicator`` and ``unit`` are codes or None; ``data`` holds plain JSON values."""

    code: str
    message: str
    indicator: str | None = None
    unit: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, eq=False)
class Facts:
    """All that was worked out, for the warnings to read."""

    plan: Plan
    inputs: Inputs
    filled: Filled
    scored: Scored
    weighed: Weighed
    totals: Totals
    ranked: Ranked
    veto: BoolArray

    def names(self, mask: BoolArray) -> list[str]:
        """Units that the mask (units,) marks."""
        return [self.inputs.units[row] for row in np.flatnonzero(mask)]


def notices(facts: Facts) -> tuple[Warning_, ...]:
    """Every warning: by indicator in the plan's order, then by block, then the total."""
    found: list[Warning_] = []
    for column, spec in enumerate(facts.plan.indicators):
        found += _of_indicator(facts, column, spec)
    for number in range(len(facts.plan.blocks)):
        found += _of_block(facts, number)
    found += _of_total(facts)
    return tuple(found)


def _of_indicator(facts: Facts, column: int, spec: IndicatorSpec) -> Iterator[Warning_]:
    if not (spec.rule == "bonus" or facts.filled.source[:, column].any()):
        yield Warning_("indicator_without_data", f"{spec.code}: no unit has a value", spec.code)
    else:
        yield from _missing(facts, column, spec)
    yield from _not_judged(facts, column, spec)
    yield from _zero_range(facts, column, spec)
    hit = facts.veto[:, column]
    if hit.any():
        data = {"units": facts.names(hit), "limit": spec.veto_limit}
        yield Warning_("vetoed", f"{spec.code}: worse than the veto limit", spec.code, data=data)


def _missing(facts: Facts, column: int, spec: IndicatorSpec) -> Iterator[Warning_]:
    if spec.rule == "bonus":  # no evidence is no bonus, not a gap
        return
    source, policy = facts.filled.source[:, column], facts.filled.policies[column]
    empty = source == NOTHING
    if empty.any():
        code = "missing_zero" if policy == "zero" else "missing_excluded"
        data: dict[str, Any] = {"units": facts.names(empty), "policy": policy}
        yield Warning_(code, f"{spec.code}: no value for {_some(data)}", spec.code, data=data)
    old = source == CARRIED
    if old.any():
        ages = [int(age) for age in facts.inputs.previous_age[old, column]]
        data = {"units": facts.names(old), "ages": ages}
        yield Warning_("carried", f"{spec.code}: last value carried for {_some(data)}", spec.code, data=data)
    mean = source == IMPUTED
    if mean.any():
        data = {"units": facts.names(mean)}
        yield Warning_("imputed", f"{spec.code}: group mean used for {_some(data)}", spec.code, data=data)


def _some(data: Mapping[str, Any]) -> str:
    units = data["units"]
    return ", ".join(units[:3]) + (f" and {len(units) - 3} more" if len(units) > 3 else "")


def _not_judged(facts: Facts, column: int, spec: IndicatorSpec) -> Iterator[Warning_]:
    """A value is there, and what it is judged by is not."""
    known = ~np.isnan(facts.filled.used[:, column])
    judged_by = {"no_target": _needs_target(spec), "no_growth": spec.rule == "level_and_growth"}
    arrays = {"no_target": facts.inputs.targets, "no_growth": facts.inputs.growth}
    for code, needed in judged_by.items():
        lacking = known & np.isnan(arrays[code][:, column])
        if needed and lacking.any():
            data = {"units": facts.names(lacking)}
            text = f"{spec.code}: a value but {code.replace('_', ' ')} for {_some(data)}"
            yield Warning_(code, text, spec.code, data=data)


def _needs_target(spec: IndicatorSpec) -> bool:
    inner = spec.params["level"]["rule"] if spec.rule == "level_and_growth" else spec.rule
    return RULES[inner].needs_target


def _zero_range(facts: Facts, column: int, spec: IndicatorSpec) -> Iterator[Warning_]:
    flat = facts.scored.flat[:, column]
    if not flat.any():
        return
    policy = facts.plan.zero_range
    for members in group_indices(facts.inputs.groups, len(facts.inputs.units)):
        inside = members[flat[members]]
        if len(inside):
            group = facts.inputs.groups[int(inside[0])] if facts.inputs.groups else None
            data = {"units": [facts.inputs.units[row] for row in inside], "group": group, "policy": policy}
            text = f"{spec.code}: no range among {_some(data)}, policy {policy!r}"
            yield Warning_("zero_range", text, spec.code, data=data)


def _of_block(facts: Facts, number: int) -> Iterator[Warning_]:
    block = facts.plan.blocks[number]
    points, coverage = facts.totals.block_points[:, number], facts.weighed.coverage[:, number]
    without = np.isnan(points)
    if without.all():
        text = f"block {block.code}: nobody has a score; it does not enter the total"
        yield Warning_("block_without_score", text, data={"block": block.code})
    elif without.any():
        data = {"block": block.code, "units": facts.names(without), "threshold": block.coverage}
        data["coverage"] = [float(value) for value in coverage[without]]
        yield Warning_("low_coverage", f"block {block.code}: no score for {_some(data)}", data=data)
    ranked = facts.ranked.block_ranks[:, number]
    yield from _hidden(facts, points, ranked, {"block": block.code})


def _of_total(facts: Facts) -> Iterator[Warning_]:
    lacking = np.isnan(facts.totals.block_points[:, list(facts.totals.base)])
    for row in np.flatnonzero(lacking.any(axis=1)):
        blocks = [facts.plan.blocks[number].code for number in np.array(facts.totals.base)[lacking[row]]]
        unit = facts.inputs.units[row]
        text = f"{unit}: no total, without a score in {', '.join(blocks)}"
        yield Warning_("no_total", text, unit=unit, data={"blocks": blocks})
    yield from _hidden(facts, facts.totals.total_points, facts.ranked.total_ranks, {"block": None})


def _hidden(facts: Facts, points: FloatArray, ranked: IntArray, data: dict[str, Any]) -> Iterator[Warning_]:
    """Never rank one number and show another without saying so: equal as published, yet on different places."""
    places: dict[float, set[int]] = {}
    shown = round_half_up(points, facts.plan.places)
    for value, place in zip(shown.tolist(), ranked.tolist(), strict=True):
        if place:
            places.setdefault(value, set()).add(place)
    units = [
        unit for unit, value in zip(facts.inputs.units, shown.tolist(), strict=True) if len(places.get(value, ())) > 1
    ]
    if units:
        what: Sequence[str] = units
        text = f"equal as published but ranked apart by what was rounded off or a tie-breaker: {_some({'units': what})}"
        yield Warning_("rounding_hides_rank", text, data={**data, "units": units})

"""Least single changes against brute force: every grid value, every threshold and random values in between."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.engine.catchup.cases import situations
from yiqi.engine.catchup import (
    AppraisalSituation,
    Bounds,
    Cell,
    SingleChange,
    Wish,
    at_place,
    first_tier,
    next_place,
    single_changes,
)
from yiqi.engine.catchup.grounds import Ground, goal_of

quick = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def wishes(draw: st.DrawFn, situation: AppraisalSituation) -> Wish:
    block = draw(st.sampled_from([None, "b", "c"]))
    inside = draw(st.booleans()) if situation.data.peers else False
    kind = draw(st.sampled_from(["next", "place", "tier"]))
    if kind == "tier":
        return first_tier()
    if kind == "next":
        return next_place(block, within_group=inside)
    return at_place(draw(st.integers(1, 3)), block, within_group=inside)


def fulfils(
    situation: AppraisalSituation, unit: str, wish: Wish, answer: SingleChange, value: float
) -> tuple[bool, int, float]:
    cell = Cell(unit, answer.lever.indicator, answer.lever.array)
    result, row = situation.run({cell: value}), situation.row(unit)
    goal = goal_of(wish, Ground(situation, unit, wish.scope), situation.tier_size)
    places = wish.scope.ranks(result)
    held = bool(goal.holds(places[[row]], result.vetoed[[row]])[0])
    return held, int(places[row]), float(wish.scope.points(result)[row])


def tries(situation: AppraisalSituation, answer: SingleChange, extra: list[float]) -> list[float]:
    """Grid values and their near neighbours, allowed ones only, from the figure in the direction searched."""
    column = situation.scheme.column(answer.lever.indicator)
    spec = situation.scheme.indicators[column]
    part = spec.params.get("growth" if answer.lever.array == "growth" else "level", {})
    direction, rule = part.get("direction", spec.direction), part.get("rule", spec.rule)
    tolerance = situation.scheme.tolerance
    grid = [step / 4 + nudge for step in range(49) for nudge in (0.0, tolerance, -1e-7)]
    start = answer.current
    found = [value for value in [*grid, *extra] if answer.low <= value <= answer.high]
    if start is None or rule == "bands":
        return found
    worse = (lambda value: value < start) if direction == "higher" else (lambda value: value > start)
    return [value for value in found if not worse(value) and not (value == start and answer.reported)]


@quick
@given(situations(), st.data())
def test_no_smaller_change_does_it(situation: AppraisalSituation, data: st.DataObject) -> None:
    unit = data.draw(st.sampled_from(situation.units))
    wish = data.draw(wishes(situation))
    bounds = {spec.code: Bounds(0.0, 12.0) for spec in situation.scheme.indicators}
    extra = data.draw(st.lists(st.floats(0, 12), max_size=5))
    if any(not 0 <= value <= 12 for value in situation.data.values[~np.isnan(situation.data.values)]):
        assume(False)
    for answer in single_changes(situation, unit, wish, bounds=bounds):
        if answer.status == "already":
            continue
        assert answer.proved, answer
        start = answer.current
        near = [] if answer.needed is None else [answer.needed.value - delta for delta in (1e-3, 1e-6, 1e-9, 1e-12)]
        best_place = math.inf
        for value in tries(situation, answer, extra + near):
            held, place, _ = fulfils(situation, unit, wish, answer, value)
            best_place = min(best_place, place or math.inf)
            if answer.needed is None:
                assert not held, (answer, value)
            elif start is None:
                far = answer.needed.value <= value if _rises(situation, answer) else answer.needed.value >= value
                assert not held or far, (answer, value)
            else:
                assert not held or abs(value - start) >= abs(answer.needed.value - start), (answer, value)
        if answer.needed is not None:
            assert fulfils(situation, unit, wish, answer, answer.needed.value)[0]
        elif answer.best is not None and answer.best.place is not None and wish.kind != "tier":
            assert answer.best.place <= best_place, answer


def _rises(situation: AppraisalSituation, answer: SingleChange) -> bool:
    spec = situation.scheme.indicators[situation.scheme.column(answer.lever.indicator)]
    part = spec.params.get("growth" if answer.lever.array == "growth" else "level", {})
    return part.get("direction", spec.direction) == "higher"


@quick
@given(situations(policies=("group_mean",), tolerances=(1e-9,), gaps=True))
def test_means_that_move_along(situation: AppraisalSituation) -> None:
    for unit in situation.units[:2]:
        for answer in single_changes(situation, unit, next_place(), bounds={}):
            assert answer.proved
            assert answer.status != "enough" or answer.verified

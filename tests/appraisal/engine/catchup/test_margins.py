"""Marginal points against differences; neighbours against whole runs; the time a round takes."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.appraisal.engine.build import plan, spec
from tests.appraisal.engine.catchup.cases import situations
from yiqi.appraisal.engine import BlockSpec, IndicatorSpec, Plan
from yiqi.appraisal.engine.catchup import (
    Cell,
    Scope,
    Situation,
    first_tier,
    marginals,
    neighbourhood,
    next_place,
    single_changes,
)

quick = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
STEP = 1e-5


@quick
@given(situations(tolerances=(1e-9,), zero_ranges=("full", "mid")), st.data())
def test_slopes_and_jumps_are_what_a_short_way_gives(situation: Situation, data: st.DataObject) -> None:
    """Grid values lie 0.25 apart, so within 1e-5 of one nothing else happens: points = jump + slope · way."""
    unit = data.draw(st.sampled_from(situation.units))
    assume(not math.isnan(situation.result.total_points[situation.row(unit)]))
    row = situation.row(unit)
    before = situation.result.total_points[row]
    for line in marginals(situation, unit):
        for way, side in ((-1, line.left), (1, line.right)):
            if side.step == 0:
                continue
            cell = Cell(unit, line.lever.indicator, line.lever.array)
            after = situation.run({cell: line.current + way * STEP}).total_points[row]
            assert after - before == pytest.approx(side.jump + side.slope * way * STEP, abs=2e-7), (line, way)
            far = situation.run({cell: line.current + way * side.step}).total_points[row]
            assert side.points == pytest.approx(far - before, abs=1e-9)


@quick
@given(situations(gaps=False, tolerances=(1e-9, 0.0)), st.data())
def test_moves_do_what_they_say(situation: Situation, data: st.DataObject) -> None:
    """Moves of ours catch the one above; moves of the one below, and our own slack, cost us the place."""
    unit = data.draw(st.sampled_from(situation.units))
    scope = Scope(data.draw(st.sampled_from([None, "b"])))
    ranks = scope.ranks(situation.result)
    row = situation.row(unit)
    assume(ranks[row] > 0)
    found = neighbourhood(situation, unit, scope)
    for other in found.above:
        assert other.gap >= 0
        for move in other.moves:
            after = scope.ranks(situation.run({_cell(unit, move): move.value}))
            assert 0 < after[row] <= other.place
    for other in found.below:
        for move in other.moves:
            assert move.unit == other.unit
            assert not 0 < scope.ranks(situation.run({_cell(move.unit, move): move.value}))[row] <= found.place
    for move in found.slack:
        assert not 0 < scope.ranks(situation.run({_cell(unit, move): move.value}))[row] <= found.place


def _cell(unit: str, move) -> Cell:  # type: ignore[no-untyped-def]
    return Cell(unit, move.lever.indicator, move.lever.array)


def test_the_lead_moves_faster_than_the_own_points() -> None:
    """Beyond the best of a min-max column the own points stand still and those of the rival fall: 10·8/x at x = 10."""
    situation = Situation.of(plan(spec(), spec("d", rule="deduct")), "ABC", [[8, 1], [10, 8], [0, 9]])
    right = marginals(situation, "B")[0].right
    assert (right.slope, right.points, right.places) == (0.0, 0.0, 0)
    assert right.lead_slope == pytest.approx(10 * 8 / 10**2)


RULES = [("ratio", {}), ("gap", {"g": 3}), ("efficacy", {}), ("minmax", {}), ("rank_linear", {"f": 0.3}),
         ("rank_step", {"k": 0.2, "m": 1}), ("bands", {"bands": [[2, 0.4], [4, 0.7], [8, 1]]}),
         ("reached", {"share": 0.5}), ("deduct", {"each": 0.3})]  # fmt: skip


def round_of(units: int, indicators: int) -> Situation:
    rng = np.random.default_rng(1)
    specs = [IndicatorSpec(f"i{n}", f"b{n % 4}", 4, "higher", *RULES[n % len(RULES)]) for n in range(indicators)]
    made = Plan(tuple(BlockSpec(f"b{n}") for n in range(4)), tuple(specs), tie_breakers=("i3",))
    names = [f"u{row}" for row in range(units)]
    figures = rng.integers(0, 40, (units, indicators)) / 4
    return Situation.of(made, names, figures, targets=rng.integers(1, 40, (units, indicators)) / 4)


@pytest.mark.parametrize("wish", [next_place(), first_tier()], ids=["next", "tier"])
def test_a_round_answers_at_once(wish) -> None:  # type: ignore[no-untyped-def]
    """17 regions, 30 indicators, every rule, verified by runs: within a second of CPU time."""
    situation = round_of(17, 30)
    spent = []
    for unit in ("u3", "u8", "u16"):
        start = time.process_time()
        answers = single_changes(situation, unit, wish)
        spent.append(time.process_time() - start)
        assert all(answer.proved for answer in answers)
        assert all(answer.verified for answer in answers if answer.reason not in ("without_effect", "no_room"))
    assert min(spent) <= 1.0

"""Marginal points against differences; neighbours against whole runs; the work that a round takes."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.engine.build import now_of, scheme, spec
from tests.engine.catchup.cases import situations
from yiqi.engine import AppraisalScheme, BlockSpec, IndicatorSpec
from yiqi.engine.catchup import (
    AppraisalSituation,
    Cell,
    Scope,
    first_tier,
    marginals,
    neighbourhood,
    next_place,
    single_changes,
)
from yiqi.engine.catchup import appraisal as situations_module
from yiqi.engine.catchup.trial import AppraisalTrial

quick = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
STEP = 1e-5


@quick
@given(situations(tolerances=(1e-9,), zero_ranges=("full", "mid")), st.data())
def test_slopes_and_jumps_are_what_a_short_way_gives(situation: AppraisalSituation, data: st.DataObject) -> None:
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
def test_moves_do_what_they_say(situation: AppraisalSituation, data: st.DataObject) -> None:
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


def _cell(unit: str, move) -> Cell:
    return Cell(unit, move.lever.indicator, move.lever.array)


def test_the_lead_moves_faster_than_the_own_points() -> None:
    """Beyond the best of a min-max column the own points stand still and those of the rival fall: 10·8/x at x = 10."""
    situation = now_of(scheme(spec(), spec("d", rule="deduct")), "ABC", [[8, 1], [10, 8], [0, 9]])
    right = marginals(situation, "B")[0].right
    assert (right.slope, right.points, right.places) == (0.0, 0.0, 0)
    assert right.lead_slope == pytest.approx(10 * 8 / 10**2)


RULES = [("ratio", {}), ("gap", {"g": 3}), ("efficacy", {}), ("minmax", {}), ("rank_linear", {"f": 0.3}),
         ("rank_step", {"k": 0.2, "m": 1}), ("bands", {"bands": [[2, 0.4], [4, 0.7], [8, 1]]}),
         ("reached", {"share": 0.5}), ("deduct", {"each": 0.3})]  # fmt: skip


def round_of(units: int, indicators: int) -> AppraisalSituation:
    rng = np.random.default_rng(1)
    specs = [IndicatorSpec(f"i{n}", f"b{n % 4}", 4, "higher", *RULES[n % len(RULES)]) for n in range(indicators)]
    made = AppraisalScheme(tuple(BlockSpec(f"b{n}") for n in range(4)), tuple(specs), tie_breakers=("i3",))
    names = [f"u{row}" for row in range(units)]
    figures = rng.integers(0, 40, (units, indicators)) / 4
    return now_of(made, names, figures, targets=rng.integers(1, 40, (units, indicators)) / 4)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the engine's own two ways of scoring were called: whole ``runs``, and ``values`` tried in a column."""
    done: Counter[str] = Counter()
    run, try_values = situations_module.run, AppraisalTrial.try_values

    def counted_run(*args: Any, **facts: Any) -> Any:
        done["runs"] += 1
        return run(*args, **facts)

    def counted_values(self: AppraisalTrial, values: Any) -> Any:
        done["values"] += len(values)
        return try_values(self, values)

    monkeypatch.setattr(situations_module, "run", counted_run)
    monkeypatch.setattr(AppraisalTrial, "try_values", counted_values)
    return done


@pytest.mark.parametrize("wish", [next_place(), first_tier()], ids=["next", "tier"])
def test_a_round_asks_for_little_work(wish, work: Counter[str]) -> None:
    """17 regions, 30 indicators, every rule, verified by runs: about two runs and 150 tried values a figure."""
    situation = round_of(17, 30)
    for unit in ("u3", "u8", "u16"):
        work.clear()
        answers = single_changes(situation, unit, wish)
        assert all(answer.proved for answer in answers)
        assert all(answer.verified for answer in answers if answer.reason not in ("without_effect", "no_room"))
        assert 0 < work["runs"] <= 3 * len(answers)
        assert 0 < work["values"] <= 200 * len(answers)

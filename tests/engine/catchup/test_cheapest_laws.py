"""The cheapest combination against brute force: no combination of grid values and exact thresholds is cheaper."""

from __future__ import annotations

import itertools
import math

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.catchup.cases import situations
from tests.engine.catchup.test_single_laws import wishes
from yiqi.engine import EngineError
from yiqi.engine.catchup import AppraisalSituation, Bounds, Cell, Combination, Lever, Wish, cheapest_combination
from yiqi.engine.catchup.grounds import Ground, goal_of

quick = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
PLAIN = situations(gaps=False, tolerances=(1e-9,), ties=("competition",), zero_ranges=("full", "mid"), rounded=(False,))
COSTS = st.sampled_from([0.0, 0.5, 1.0, 3.0])


def holds(situation: AppraisalSituation, unit: str, wish: Wish, changes: dict[Cell, float]) -> bool:
    result, row = situation.run(changes), situation.row(unit)
    places = wish.scope.ranks(result)[[row]]
    return bool(
        goal_of(wish, Ground(situation, unit, wish.scope), situation.tier_size).holds(places, result.vetoed[[row]])[0]
    )


def candidates(situation: AppraisalSituation, lever: Lever, start: float) -> list[float]:
    tolerance = situation.scheme.tolerance
    grid = [step / 2 for step in range(25)]
    column = situation.scheme.column(lever.indicator)
    figures = [value for value in situation.result.used_values[:, column].tolist() if not math.isnan(value)]
    targets = [value for value in situation.data.targets[:, column].tolist() if not math.isnan(value)]
    near = [value + nudge for value in {*figures, *targets} for nudge in (-tolerance, 0.0, 1.0001 * tolerance + 1e-12)]
    spec = situation.spec(lever)
    found = sorted({value for value in (*grid, *near) if 0 <= value <= 12})
    if spec.rule == "bands" or (spec.rule == "level_and_growth" and spec.params["level"]["rule"] == "bands"):
        return found
    direction = spec.params["level"]["direction"] if spec.rule == "level_and_growth" else spec.direction
    return [value for value in found if (value >= start if direction == "higher" else value <= start)] or [start]


def check_nothing_cheaper(
    situation: AppraisalSituation, unit: str, wish: Wish, answer: Combination, costs: dict[str, float]
) -> None:
    levers = [Lever("i0"), Lever("i1")]
    starts = [situation.figure(Cell(unit, lever.indicator)) for lever in levers]
    options = [candidates(situation, lever, start) for lever, start in zip(levers, starts, strict=True)]
    bound = answer.certificate.bound
    for values in itertools.product(*options):
        cost = math.fsum(
            costs[lever.indicator] * abs(value - start)
            for lever, value, start in zip(levers, values, starts, strict=True)
        )
        if cost < bound - 1e-6 * max(1.0, cost):
            changes = {Cell(unit, lever.indicator): value for lever, value in zip(levers, values, strict=True)}
            assert not holds(situation, unit, wish, changes), (values, cost, answer)


@quick
@given(situations(gaps=False, most_units=5, most_indicators=3), st.data())
def test_nothing_is_cheaper(situation: AppraisalSituation, data: st.DataObject) -> None:
    unit = data.draw(st.sampled_from(situation.units))
    wish = data.draw(wishes(situation))
    costs = {spec.code: data.draw(COSTS) for spec in situation.scheme.indicators}
    bounds = {spec.code: Bounds(0.0, 12.0) for spec in situation.scheme.indicators}
    levers = [Lever("i0"), Lever("i1")]
    try:
        answer = cheapest_combination(situation, unit, wish, costs=costs, bounds=bounds, levers=levers)
    except EngineError as refused:
        if refused.code not in ("ties_not_modelled", "no_score"):
            raise
        return
    if answer.status == "enough":
        cells = {Cell(unit, lever.indicator): value for lever, value in answer.changes}
        assert holds(situation, unit, wish, cells)
        assert answer.certificate.bound <= (answer.cost or 0.0) + 1e-6
    if answer.status != "already" and not any(reason == "weights_move" for _, reason in answer.left_out):
        check_nothing_cheaper(situation, unit, wish, answer, costs)


@quick
@given(PLAIN, st.data())
def test_the_gap_is_closed(situation: AppraisalSituation, data: st.DataObject) -> None:
    """Objective and bound meet where places follow unrounded scores, ties are close and weights do not move."""
    unit = data.draw(st.sampled_from(situation.units))
    wish = data.draw(wishes(situation))
    bounds = {spec.code: Bounds(0.0, 12.0) for spec in situation.scheme.indicators}
    answer = cheapest_combination(situation, unit, wish, bounds=bounds)
    assert answer.status in ("already", "enough", "cannot")
    assert answer.status == "cannot" or answer.certificate.closed, answer

"""Catching up on composite indices: bit for bit as ``build``, and against brute force."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.engine.worked import DOCS
from yiqi.engine import EngineError, IndexScheme
from yiqi.engine.catchup import (
    Bounds,
    IndexSituation,
    Lever,
    Scope,
    at_place,
    cheapest_combination,
    next_place,
    single_changes,
)
from yiqi.engine.catchup.grounds import Ground, goal_of
from yiqi.engine.catchup.single import met
from yiqi.engine.console.files import read_tables
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy, Node
from yiqi.engine.scheme.index import Steps
from yiqi.engine.scheme.steps import AggregateSpec, ImputeSpec, NormaliseSpec, TreatSpec

quick = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
GRID = st.integers(0, 8).map(lambda steps: steps / 2)
SCALES = [
    NormaliseSpec("minmax", {"lower": 1, "upper": 10}),
    NormaliseSpec("dist2max"),
    NormaliseSpec("prank"),
    NormaliseSpec("rank", {"ties": "average"}),
    NormaliseSpec("goalposts", {"lower": 1, "upper": 3, "truncate": True}),
]
EXAMPLES = DOCS.parent.parent / "examples" / "index"


@st.composite
def indices(draw: st.DrawFn, *, linear: bool = False, gaps: bool = True) -> IndexSituation:
    directions = [draw(st.sampled_from([1, -1])) for _ in range(3)]
    weights = [draw(st.sampled_from([1.0, 2.0])) for _ in range(3)]
    nodes = (
        Node("a", "p", weights[0], directions[0]),
        Node("b", "p", weights[1], directions[1], denominator=draw(st.sampled_from([None, "people"]))),
        Node("p", "top"),
        Node("c", "top", weights[2], directions[2]),
        Node("top"),
    )
    count = draw(st.integers(3, 6))
    cells = st.one_of(GRID, GRID, GRID, GRID, st.just(math.nan)) if gaps else GRID
    values = np.array(draw(st.lists(cells, min_size=3 * count, max_size=3 * count))).reshape(count, 3)
    people = draw(st.lists(st.sampled_from([1.0, 2.0, 4.0]), min_size=count, max_size=count))
    scale = SCALES[0] if linear else draw(st.sampled_from(SCALES))
    power = scale.method in ("minmax", "rank") and not linear and draw(st.booleans())
    steps = Steps(
        impute=draw(st.sampled_from([None, ImputeSpec("mean")])),
        normalise=scale,
        aggregate=(AggregateSpec("gmean" if power else "amean"),),
        ties=draw(st.sampled_from(["competition", "competition" if linear else "dense"])),
    )
    units = tuple(f"u{row}" for row in range(count))
    data = Dataset(units, ("a", "b", "c"), values, denominators={"people": people})
    situation = IndexSituation(IndexScheme(Hierarchy(nodes), steps), data)
    try:
        _ = situation.result
    except EngineError:
        assume(False)
    return situation


@quick
@given(indices(), st.data())
def test_tried_values_score_as_a_build_does(situation: IndexSituation, data: st.DataObject) -> None:
    """Bit for bit, whatever the plan."""
    steps = situation.scheme.steps
    treat = data.draw(st.sampled_from([None, TreatSpec(skew=0.5, kurt=0.5, winmax=1)]))
    situation = IndexSituation(
        IndexScheme(
            situation.scheme.hierarchy,
            Steps.from_dict({**steps.to_dict(), "treat": None if treat is None else treat.to_dict()}),
        ),
        situation.data,
    )
    unit = data.draw(st.sampled_from(situation.units))
    lever = Lever(data.draw(st.sampled_from(["a", "b", "c"])))
    ground = Ground(situation, unit, Scope())
    values = np.array(data.draw(st.lists(st.floats(0, 6), min_size=1, max_size=4)))
    outcomes = ground.mover(lever).try_values(values)
    for number, value in enumerate(values.tolist()):
        try:
            after = ground.after({lever: value})
        except EngineError:  # nothing varies any more
            continue
        assert np.array_equal(outcomes.points[:, number], after.points, equal_nan=True)
        assert outcomes.places[number] == after.places[ground.seat]


@quick
@given(indices(), st.data())
def test_no_smaller_change_does_it(situation: IndexSituation, data: st.DataObject) -> None:
    unit = data.draw(st.sampled_from(situation.units))
    wish = data.draw(st.sampled_from([next_place(), at_place(1), next_place("p")]))
    ground = Ground(situation, unit, wish.scope)
    goal = goal_of(wish, ground, situation.tier_size)
    bounds = {code: Bounds(0.0, 6.0) for code in "abc"}
    for answer in single_changes(situation, unit, wish, bounds=bounds):
        assume(answer.current is not None)
        if answer.status == "already" or answer.current is None:
            continue
        way = ground.mover(answer.lever).ways[0]
        for value in [step / 4 + nudge for step in range(25) for nudge in (0.0, 1e-7, -1e-7)]:
            if not (0 <= value <= 6 and way * (value - answer.current) > 0):
                continue
            try:
                held = met(goal, ground, ground.after({answer.lever: value}))
            except EngineError:
                continue
            reach = math.inf if answer.needed is None else abs(answer.needed.value - answer.current)
            assert not held or abs(value - answer.current) >= reach, (value, answer)


@quick
@given(indices(linear=True, gaps=False), st.data())
def test_nothing_is_cheaper(situation: IndexSituation, data: st.DataObject) -> None:
    unit = data.draw(st.sampled_from(situation.units))
    wish = data.draw(st.sampled_from([next_place(), at_place(1), next_place("p")]))
    ground = Ground(situation, unit, wish.scope)
    goal = goal_of(wish, ground, situation.tier_size)
    costs = {code: data.draw(st.sampled_from([0.5, 1.0, 3.0])) for code in "abc"}
    answer = cheapest_combination(
        situation, unit, wish, costs=costs, bounds={code: Bounds(-1.0, 6.0) for code in "abc"}
    )
    assert answer.status in ("already", "enough", "cannot")
    if answer.status == "enough":
        assert met(goal, ground, ground.after(dict(answer.changes)))
        assert answer.certificate.closed, answer.certificate
    if answer.status == "already":
        return
    starts = {code: float(situation.figures(Lever(code))[situation.row(unit)]) for code in "ab"}
    for values in itertools.product(np.arange(-1.0, 6.5), repeat=2):
        cost = math.fsum(costs[code] * abs(v - starts[code]) for code, v in zip("ab", values, strict=True))
        if cost < answer.certificate.bound - 1e-6 * max(1.0, cost):
            changes = {Lever(code): float(v) for code, v in zip("ab", values, strict=True)}
            try:
                held = met(goal, ground, ground.after(changes))
            except EngineError:
                continue
            assert not held, (values, cost, answer)


@pytest.mark.parametrize("steps", [Steps(), Steps.standard("grp1")], ids=["plain", "standard"])
def test_the_example_index(steps: Steps) -> None:
    """24 regions, 12 indicators: without treatment every answer is proved, with it none of those that move is."""
    tree, data = read_tables(EXAMPLES / "meta.csv", EXAMPLES / "data.csv")
    situation = IndexSituation(IndexScheme(tree, steps), data)
    answers = single_changes(situation, "R06", next_place())
    assert {answer.proved for answer in answers if answer.reason != "no_room"} == {steps.treat is None}
    assert all(answer.verified or answer.reason == "no_room" for answer in answers)


def test_a_search_of_whole_builds_is_bounded_and_goes_on_being_told() -> None:
    """With means of the row every value is a whole build; the figure that was filled in is where the search starts."""
    tree, data = read_tables(EXAMPLES / "meta.csv", EXAMPLES / "data.csv")
    situation = IndexSituation(IndexScheme(tree, Steps(impute=ImputeSpec("row_mean"))), data)
    words: list[int] = []
    [answer] = single_changes(situation, "R23", next_place(), levers=[Lever("i4")], told=lambda: words.append(1))
    assert (answer.status, answer.reported, answer.proved) == ("enough", False, False)
    assert answer.current == pytest.approx(float(situation.result.at_step("imputed")[situation.row("R23"), 3]))
    assert 3 <= len(words) <= 200

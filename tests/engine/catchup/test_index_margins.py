"""Margins, neighbours and what-if on composite indices, against brute force by ``build``."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from tests.engine.catchup.test_index_laws import EXAMPLES, indices
from yiqi.engine import EngineError, IndexScheme, run
from yiqi.engine.catchup import (
    Bounds,
    Cell,
    Difference,
    IndexSituation,
    Lever,
    Scenario,
    Scope,
    compare,
    marginals,
    neighbourhood,
    what_if,
)
from yiqi.engine.console.files import read_tables
from yiqi.engine.run.index import IndexResult
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy, Node
from yiqi.engine.scheme.index import Steps
from yiqi.engine.scheme.steps import AggregateSpec, ImputeSpec, NormaliseSpec, ScreenSpec, TreatSpec

quick = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
NEAR = 1e-5
TREE = Hierarchy(
    (
        Node("a", "p"), Node("b", "p", direction=-1), Node("p", "top", weight=2.0), Node("c", "top"), Node("top"),
    )
)  # fmt: skip
FIGURES = [[8.0, 1.0, 4.0], [6.0, 3.0, 2.0], [2.0, 5.0, 8.0], [4.0, 2.0, 6.0]]
DATA = Dataset(("A", "B", "C", "D"), ("a", "b", "c"), FIGURES)
NOW = IndexSituation(IndexScheme(TREE), DATA, tier_size=1)
CURVED = [
    Steps(normalise=NormaliseSpec("zscore")),
    Steps(normalise=NormaliseSpec("minmax", {"lower": 1, "upper": 10}), aggregate=(AggregateSpec("gmean"),)),
    Steps(treat=TreatSpec(skew=0.5, kurt=0.5, winmax=1)),
    Steps(impute=ImputeSpec("row_mean")),
    Steps(aggregate=(AggregateSpec("copeland"),)),
]


def rebuilt(situation: IndexSituation, changes: dict[tuple[str, str], float]) -> IndexResult | None:
    """A build of its own, from the figures; None where it is refused."""
    values = situation.data.values.copy()
    for (unit, code), value in changes.items():
        values[situation.data.units.index(unit), situation.data.columns.index(code)] = value
    try:
        return run(situation.scheme, situation.data.replaced(values))
    except EngineError:
        return None


def standing(result: IndexResult, unit: str, node: str) -> tuple[float, int]:
    column = result.nodes.index(node)
    return float(result.scores[result.row(unit), column]), int(result.ranks[result.row(unit), column])


@quick
@given(indices(), st.data())
def test_slopes_and_jumps_are_what_a_short_way_gives(situation: IndexSituation, data: st.DataObject) -> None:
    """Figures lie on a grid, so within 1e-5 of one nothing else happens: points = jump + slope · way."""
    unit, node = data.draw(st.sampled_from(situation.units)), data.draw(st.sampled_from(["p", "top"]))
    before, place = standing(situation.result, unit, node)
    assume(not math.isnan(before))
    row = situation.row(unit)
    for line in marginals(situation, unit, Scope(node), steps={"a": 0.3, "b": 0.3, "c": 0.3}):
        assert line.current == situation.data.values[row, situation.data.column(line.lever.indicator)]
        for way, side in ((-1, line.left), (1, line.right)):
            if side.how != "no_room":
                _check_side(situation, (unit, line.lever.indicator, node), line.current, way, side, (before, place))


def _check_side(
    situation: IndexSituation,
    at: tuple[str, str, str],
    start: float,
    way: int,
    side: Any,
    now: tuple[float, int],
) -> None:
    unit, code, node = at
    far = rebuilt(situation, {(unit, code): start + way * side.step})
    if far is None:
        assert (side.points, side.places) == (None, None)
        return
    points, place = standing(far, unit, node)
    assert side.points == pytest.approx(points - now[0], abs=1e-9)
    assert side.places == now[1] - place
    if side.how == "rebuilt":
        assert side.jump is None
        assert side.slope == pytest.approx((points - now[0]) / (way * side.step), abs=1e-9)
        return
    assert side.how == "exact"
    near = rebuilt(situation, {(unit, code): start + way * NEAR})
    assert near is not None
    assert standing(near, unit, node)[0] - now[0] == pytest.approx(side.jump + side.slope * way * NEAR, abs=2e-7)


@quick
@given(indices(linear=True), st.data())
def test_arithmetic_min_max_has_exact_rates(situation: IndexSituation, data: st.DataObject) -> None:
    unit = data.draw(st.sampled_from(situation.units))
    assume(not math.isnan(standing(situation.result, unit, "top")[0]))
    assume(np.nanstd(situation.data.values, axis=0).all())
    for line in marginals(situation, unit):
        assert {line.left.how, line.right.how} <= {"exact", "no_room"}


@pytest.mark.parametrize("steps", CURVED, ids=lambda steps: steps.digest[:6])
def test_where_no_line_is_known_it_is_built_again(steps: Steps) -> None:
    situation = IndexSituation(IndexScheme(TREE, steps), DATA)
    for unit, line in [(one, line) for one in "ABCD" for line in marginals(situation, one, steps={"a": 0.5})]:
        for way, side in ((-1, line.left), (1, line.right)):
            assert side.how == "rebuilt"
            now = standing(situation.result, unit, "top")
            _check_side(situation, (unit, line.lever.indicator, "top"), line.current, way, side, now)


def test_the_lead_counts_what_the_others_lose() -> None:
    """C is the best by c: its own 100 stays, that of A, the next before, is 100·(4 − 2)/(x − 2) and falls by 200/36."""
    tree = Hierarchy((Node("a", "top"), Node("c", "top"), Node("top")))
    situation = IndexSituation(IndexScheme(tree), DATA)
    assert situation.result.index.tolist() == pytest.approx([200 / 3, 100 / 3, 50, 50])
    right = marginals(situation, "C")[1].right
    assert (right.slope, right.jump, right.points, right.places, right.how) == (0.0, 0.0, 0.0, 0, "exact")
    assert right.lead_slope == pytest.approx(100 * 2 / 36 / 2)


def test_a_root_where_less_is_better_is_told_in_its_own_scores() -> None:
    tree = Hierarchy((Node("a", "top"), Node("c", "top"), Node("top", direction=-1)))
    situation = IndexSituation(IndexScheme(tree), DATA)
    line = marginals(situation, "D")[0]
    assert line.better == "left"
    assert (line.left.slope, line.left.points) == pytest.approx((100 / 6 / 2, -100 / 6 / 2))
    assert line.left.lead_slope == pytest.approx(-100 / 6 / 2)
    near = neighbourhood(situation, "D")
    assert near.points == pytest.approx(50.0)
    assert [(other.unit, other.gap > 0) for other in near.above + near.below] == [("B", True), ("A", True)]


@settings(quick, max_examples=10, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(indices(gaps=False), st.data())
def test_moves_do_what_they_say_and_nothing_smaller_does(situation: IndexSituation, data: st.DataObject) -> None:
    """Each move by a build; and no value on a fine grid nearer than it, nor where no move is given."""
    unit, node = data.draw(st.sampled_from(situation.units)), data.draw(st.sampled_from(["p", "top"]))
    bounds = {code: Bounds(0.0, 6.0) for code in "abc"}
    near = neighbourhood(situation, unit, Scope(node), bounds=bounds)
    points, place = standing(situation.result, unit, node)
    assert (near.points, near.place) == (points, place)
    places = {name: standing(situation.result, name, node)[1] for name in situation.units}
    assert set(near.level) == {name for name in places if name != unit and places[name] == place}
    above = [other for other in places.values() if other < place]
    assert {other.place for other in near.above} == ({max(above)} if above else set())
    for other in near.above:
        _least(situation, (unit, unit, node), other.moves, _caught(other.place), 1)
    for other in near.below:
        _least(situation, (other.unit, unit, node), other.moves, _passed(place), 1)
    for other in near.above + near.below:
        assert other.gap == abs(standing(situation.result, other.unit, node)[0] - points)
    _least(situation, (unit, unit, node), near.slack, _passed(place), -1)


def _caught(aim: int) -> Callable[[int], bool]:
    return lambda place: 0 < place <= aim


def _passed(now: int) -> Callable[[int], bool]:
    return lambda place: place > now


def _least(
    situation: IndexSituation, at: tuple[str, str, str], moves: Any, held: Callable[[int], bool], better: int
) -> None:
    mover, subject, node = at
    found = {move.lever.indicator: move for move in moves}
    for code in [code for code in "abc" if node in situation.scheme.hierarchy.path(code)]:
        start, way = situation.figure(Cell(mover, code)), better * situation.scheme.hierarchy.node(code).direction
        move = found.get(code)
        if move is not None:
            assert (move.unit, move.current) == (mover, start)
            after = rebuilt(situation, {(mover, code): move.value})
            assert after is not None
            assert held(standing(after, subject, node)[1])
        reach = math.inf if move is None else abs(move.value - start)
        if move is not None and not move.proved:
            continue
        for value in [step / 2 + nudge for step in range(13) for nudge in (0.0, 1e-7, -1e-7)]:
            if 0 <= value <= 6 and way * (value - start) > 0 and abs(value - start) < reach:
                after = rebuilt(situation, {(mover, code): value})
                assert after is None or not held(standing(after, subject, node)[1]), (code, value, move)


@quick
@given(indices(), st.data())
def test_what_if_is_a_build_with_differences(situation: IndexSituation, data: st.DataObject) -> None:
    units = data.draw(st.lists(st.sampled_from(situation.units), min_size=1, max_size=2, unique=True))
    changes = {
        (unit, code): data.draw(st.sampled_from([0.0, 1.25, 5.0])) for unit in units for code in data.draw(
            st.lists(st.sampled_from("abc"), min_size=1, max_size=2, unique=True)
        )
    }  # fmt: skip
    after = rebuilt(situation, changes)
    assume(after is not None)
    assert after is not None
    scenario = Scenario.of("x", changes)
    found = what_if(situation, scenario)
    assert np.array_equal(found.after.scores, after.scores, equal_nan=True)
    told = {(item.unit, item.block): (item.points_after, item.place_after) for item in found.differences}
    for unit, node in itertools.product(situation.units, ["top", "p"]):
        new, old = standing(after, unit, node), standing(situation.result, unit, node)
        pair = (None if math.isnan(new[0]) else new[0], new[1] or None)
        block = None if node == "top" else node
        same = old[1] == new[1] and (old[0] == new[0] or (math.isnan(old[0]) and math.isnan(new[0])))
        assert same or told[unit, block] == pair
        item = found.of(unit, block)
        assert (item.points_after, item.place_after) == pair
        assert not same or (unit, block) not in told or item.tier_before != item.tier_after
    plain = json.loads(json.dumps(scenario.to_dict(situation)))
    assert Scenario.from_dict(plain, situation) == scenario
    assert plain["input_digest"] == situation.result.digest
    assert found.to_dict()["digest_after"] == after.digest


def test_differences_by_node() -> None:
    """B as good as A by a and b: p 58.33 -> 100, top (2·58.33 + 0)/3 = 38.89 -> 66.67, beyond the 58.33 of D."""
    found = what_if(NOW, Scenario.of("less", {("B", "b"): 1.0, ("B", "a"): 8.0}))
    assert [(item.unit, item.block, item.place_before, item.place_after) for item in found.differences] == [
        ("B", None, 3, 2),
        ("D", None, 2, 3),
        ("B", "p", 2, 1),
    ]
    own = found.of("B")
    assert (own.points_before, own.points_after) == pytest.approx((350 / 9, 200 / 3))
    assert found.of("A") == Difference("A", None, *_twice(7 / 9 * 100), 1, 1, tier_before=True, tier_after=True)
    assert found.figures == ((Cell("B", "a"), 6.0, 8.0), (Cell("B", "b"), 3.0, 1.0))


def _twice(value: float) -> tuple[float, float]:
    return (pytest.approx(value), pytest.approx(value))


def test_scenarios_side_by_side() -> None:
    one, two = Scenario.of("one", {("B", "b"): 2.0}), Scenario.of("two", {("C", "a"): None, ("D", "c"): 8.0})
    found = compare(NOW, [one, two])
    assert (found.names, found.units) == (("", "one", "two"), NOW.units)
    results = [NOW.result, *(what_if(NOW, scenario).after for scenario in (one, two))]
    assert found.places == tuple(zip(*(result.index_ranks.tolist() for result in results), strict=True))
    assert compare(NOW, [one, two], block="top").points == found.points
    part = compare(NOW, [one], block="p")
    assert part.points == tuple(zip(*(result.scores[:, 0].tolist() for result in results[:2]), strict=True))


def test_a_unit_that_is_screened_away_has_nothing() -> None:
    steps = Steps(screen=ScreenSpec(0.6))
    situation = IndexSituation(IndexScheme(TREE, steps), DATA)
    gone = Scenario.of("gone", {("A", "a"): None, ("A", "b"): None})
    item = what_if(situation, gone).of("A")
    assert (item.place_before, item.place_after, item.points_after, item.tier_after) == (1, None, None, False)
    assert compare(situation, [gone]).places[0] == (1, None)


NAN = IndexSituation(IndexScheme(TREE), DATA)
BAD: list[tuple[str, Any]] = [
    ("unknown_unit", lambda: marginals(NAN, "Z")),
    ("unknown_unit", lambda: neighbourhood(NAN, "Z")),
    ("unknown_unit", lambda: what_if(NAN, Scenario.of("x", {("Z", "a"): 1.0}))),
    ("unknown_unit", lambda: what_if(NAN, Scenario.of("x", {("A", "a"): 1.0})).of("Z")),
    ("unknown_indicator", lambda: what_if(NAN, Scenario.of("x", {("A", "z"): 1.0}))),
    ("unknown_indicator", lambda: compare(NAN, [Scenario.of("x", {("A", "z"): 1.0})])),
    ("unknown_indicator", lambda: marginals(NAN, "A", steps={"z": 1.0})),
    ("unknown_option", lambda: what_if(NAN, Scenario.of("x", {Cell("A", "a", "targets"): 1.0}))),
    ("unknown_option", lambda: what_if(NAN, Scenario.of("x", {Cell("A", "a", "growth"): 1.0}))),
    ("unknown_node", lambda: marginals(NAN, "A", Scope("z"))),
    ("unknown_node", lambda: neighbourhood(NAN, "A", Scope("a"))),
    ("unknown_node", lambda: compare(NAN, [], block="z")),
    ("unknown_node", lambda: compare(NAN, [], block="a")),
    ("unknown_node", lambda: what_if(NAN, Scenario.of("x", {})).of("A", "z")),
    ("no_groups", lambda: marginals(NAN, "A", Scope(within_group=True))),
    ("no_groups", lambda: neighbourhood(NAN, "A", Scope(within_group=True))),
    ("not_finite", lambda: what_if(NAN, Scenario.of("x", {("A", "a"): 1e200}))),
    ("all_missing", lambda: what_if(NAN, Scenario.of("x", dict.fromkeys([(unit, "a") for unit in "ABCD"])))),
    ("step_not_positive", lambda: marginals(NAN, "A", steps={"a": 0.0})),
    ("other_figures", lambda: Scenario.from_dict(Scenario.of("x", {}).to_dict(NAN), _other())),
    ("unit_screened", lambda: marginals(_thin(), "A")),
    ("unit_screened", lambda: neighbourhood(_thin(), "A")),
]


def _other() -> IndexSituation:
    return IndexSituation(IndexScheme(TREE, Steps(normalise=NormaliseSpec("zscore"))), DATA)


def _thin() -> IndexSituation:
    values = np.array(FIGURES)
    values[0, :2] = math.nan
    return IndexSituation(IndexScheme(TREE, Steps(screen=ScreenSpec(0.6))), DATA.replaced(values))


@pytest.mark.parametrize(("code", "call"), BAD)
def test_bad_input_is_named(code: str, call: Any) -> None:
    with pytest.raises(EngineError) as caught:
        call()
    assert caught.value.code == code


def test_what_cannot_be_scored_after_the_step_is_said() -> None:
    """Two units, one indicator: at the other's figure nothing varies any more."""
    tree = Hierarchy((Node("a", "top"), Node("top")))
    data = Dataset(("A", "B"), ("a",), [[2.0], [1.0]])
    situation = IndexSituation(IndexScheme(tree, Steps(normalise=NormaliseSpec("zscore"))), data)
    left = marginals(situation, "A")[0].left
    assert (left.how, left.slope, left.lead_slope, left.jump, left.points, left.places) == ("refused", *[None] * 5)


@pytest.mark.parametrize("steps", [Steps(), Steps.standard("grp1")], ids=["plain", "standard"])
def test_the_example_index(steps: Steps) -> None:
    tree, data = read_tables(EXAMPLES / "meta.csv", EXAMPLES / "data.csv")
    situation = IndexSituation(IndexScheme(tree, steps), data)
    lines = marginals(situation, "R06")
    hows = {side.how for line in lines for side in (line.left, line.right)} - {"no_room"}
    assert hows == ({"exact"} if steps.treat is None else {"rebuilt"})
    near = neighbourhood(situation, "R06")
    assert [other.place for other in near.above + near.below] == [near.place - 1, near.place + 1]
    proved = {move.proved for other in near.above + near.below for move in other.moves}
    assert proved == {steps.treat is None}
    for move in near.slack:
        after = rebuilt(situation, {("R06", move.lever.indicator): move.value})
        assert after is not None
        assert standing(after, "R06", tree.root)[1] > near.place
    assert Lever("i1") in {move.lever for move in near.slack}

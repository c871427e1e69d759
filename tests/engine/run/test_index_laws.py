"""Laws that hold for any index, and for which methods they do not."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.engine.trees import POSITIVE, Case, cases, steps
from yiqi.engine import IndexScheme, run
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy, Node
from yiqi.engine.scheme.index import Steps
from yiqi.engine.scheme.methods import MEANS as AGGREGATIONS
from yiqi.engine.scheme.methods.outrank import outrank_matrix
from yiqi.engine.scheme.steps import AggregateSpec, NormaliseSpec
from yiqi.engine.tell import explain, notices

MEANS = ("amean", "gmean", "hmean", "genmean")
EXACT = ("amean", "gmean", "hmean", "genmean", "copeland")  # the net flow adds up over units, so its order shows
KEEPING_ORDER = ("minmax", "dist2max", "rank", "borda", "prank", "scaled")


def same(ours: np.ndarray, theirs: np.ndarray) -> None:
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)


@given(cases(directions=True), st.sampled_from(EXACT), st.randoms(use_true_random=False))
def test_permuting_units_permutes_results_bit_for_bit(case: Case, method: str, random: object) -> None:
    order = list(range(len(case.data.units)))
    random.shuffle(order)
    straight = run(IndexScheme(case.hierarchy, steps(method)), case.data)
    mixed = run(IndexScheme(case.hierarchy, steps(method)), case.data.taken(order))
    np.testing.assert_array_equal(mixed.scores, straight.scores[order])
    np.testing.assert_array_equal(mixed.ranks, straight.ranks[order])


@given(cases(directions=True), st.sampled_from(sorted(AGGREGATIONS)), st.randoms(use_true_random=False))
def test_permuting_elements_permutes_results(case: Case, method: str, random: object) -> None:
    nodes = list(case.hierarchy.nodes)
    random.shuffle(nodes)
    straight = run(IndexScheme(case.hierarchy, steps(method)), case.data)
    mixed = run(IndexScheme(Hierarchy(tuple(nodes)), steps(method)), case.data)
    for code in case.hierarchy.aggregates:
        same(mixed.scores[:, mixed.nodes.index(code)], straight.scores[:, straight.nodes.index(code)])


@given(cases(), st.sampled_from(sorted(AGGREGATIONS)), st.floats(1e-3, 1e3))
def test_rescaling_weights_changes_nothing(case: Case, method: str, factor: float) -> None:
    weights = {code: case.hierarchy.node(code).weight * factor for code in case.hierarchy.codes}
    straight = run(IndexScheme(case.hierarchy, steps(method)), case.data)
    rescaled = run(IndexScheme(case.hierarchy.with_weights(weights), steps(method)), case.data)
    same(rescaled.scores, straight.scores)


TWO_LEVELS = (Node("a", "P", 0.3), Node("b", "P", 0.3), Node("c", "P", 0.3), Node("d", "top"), Node("P", "top"))


@st.composite
def small_integers(draw: st.DrawFn) -> Dataset:
    """Few values of few digits: scores that are equal by their formula abound, and differ in the last digit."""
    units = draw(st.integers(3, 7))
    cells = draw(st.lists(st.integers(0, 5), min_size=4 * units, max_size=4 * units))
    table = np.array(cells, dtype=np.float64).reshape(units, 4)
    table[:2, 0] = (0.0, 5.0)
    return Dataset(tuple(f"u{number}" for number in range(units)), tuple("abcd"), table)


@pytest.mark.parametrize("upper", ["copeland", "netflow"])
@pytest.mark.parametrize("lower", ["amean", "copeland", "netflow"])
@pytest.mark.parametrize("scale", ["minmax", "zscore"])
@given(data=small_integers(), factor=st.sampled_from((1 / 3, 0.7, 10 / 3, 7.3)), random=st.randoms())
def test_the_last_digit_decides_no_pair_above_other_levels(
    lower: str, upper: str, scale: str, data: Dataset, factor: float, random: object
) -> None:
    """Neither weights on another scale nor units in another order turn a pair that is even."""
    used = Steps(normalise=NormaliseSpec(scale), aggregate=(AggregateSpec(lower), AggregateSpec(upper)))
    tree = Hierarchy((*TWO_LEVELS, Node("top")))
    straight = run(IndexScheme(tree, used), data)
    rescaled = run(IndexScheme(tree.with_weights(dict.fromkeys("abc", 0.3 * factor)), used), data)
    same(rescaled.scores, straight.scores)
    np.testing.assert_array_equal(rescaled.ranks, straight.ranks)
    order = list(range(len(data.units)))
    random.shuffle(order)
    mixed = run(IndexScheme(tree, used), data.taken(order))
    same(mixed.scores, straight.scores[order])
    np.testing.assert_array_equal(mixed.ranks, straight.ranks[order])
    for unit in straight.units:
        way = explain(straight, unit, "top")
        assert math.fsum(item.points for item in way.contributions) == way.score
        assert all(item.kind != "rounding" or abs(item.points) < 1e-12 for item in way.contributions)


def test_values_of_a_pair_are_equal_within_the_tolerance() -> None:
    """One tolerance for pairs and for places; 0 compares to the last digit."""
    values = [[0.1 + 0.2, 1.0], [0.3, 2.0], [0.2, 3.0]]
    exact = [[0.0, 0.5, 0.5], [0.5, 0.0, 0.5], [0.5, 0.5, 0.0]]
    assert outrank_matrix(values, tolerance=0.0).tolist() == exact
    assert outrank_matrix(values).tolist() == [[0.0, 0.25, 0.5], [0.75, 0.0, 0.5], [0.5, 0.5, 0.0]]
    small = np.array(values) * 1e-12
    assert outrank_matrix(small).tolist() == outrank_matrix(values).tolist()
    tree = Hierarchy((Node("x", "top"), Node("y", "top"), Node("top")))
    data = Dataset(("A", "B", "C"), ("x", "y"), values)
    scale = NormaliseSpec("fracmax")
    for tolerance, scores in ((1e-9, [-1.0, 1.0, 0.0]), (0.0, [0.0, 0.0, 0.0])):
        used = Steps(normalise=scale, aggregate=(AggregateSpec("copeland"),), tolerance=tolerance)
        assert run(IndexScheme(tree, used), data).index.tolist() == scores


@given(cases(), st.data(), st.sampled_from(MEANS), st.sampled_from(KEEPING_ORDER))
def test_improving_one_indicator_lowers_neither_score_nor_place(
    case: Case, draw: st.DataObject, method: str, scale: str
) -> None:
    """Holds for scales that keep distances or places and for every mean, without treatment and filling of gaps."""
    spec = POSITIVE if scale == "minmax" else NormaliseSpec(scale)
    used = steps("amean" if scale != "minmax" else method, spec)
    row, column = (
        draw.draw(st.integers(0, len(case.data.units) - 1)),
        draw.draw(st.integers(0, len(case.data.columns) - 1)),
    )
    before = case.data.values[row, column]
    assume(not math.isnan(before))
    better = case.data.values.copy()
    better[row, column] += draw.draw(st.integers(1, 400)) / 8 * case.hierarchy.node(case.data.columns[column]).direction
    old, new = (
        run(IndexScheme(case.hierarchy, used), case.data),
        run(IndexScheme(case.hierarchy, used), case.with_values(better)),
    )
    assert new.index[row] >= old.index[row] - 1e-9
    assert new.index_ranks[row] <= old.index_ranks[row]


def test_a_z_score_may_lower_the_place_of_who_improves() -> None:
    """C improves in x, the spread shrinks, and B, the best in x, gains more from it than C: the law does not hold."""
    tree = Hierarchy((Node("x", "top"), Node("y", "top", 0.925), Node("top")))

    def ranks(c: float) -> list[int]:
        data = Dataset(("A", "B", "C"), ("x", "y"), np.array([[0.0, 0.5], [1.0, 0.0], [c, 1.0]]))
        return run(IndexScheme(tree, steps(scale=NormaliseSpec("zscore"))), data).index_ranks.tolist()

    assert ranks(-10.0) == [1, 3, 2]
    assert ranks(-1.0) == [2, 1, 3]


def test_copeland_over_aggregates_may_lower_the_place_of_who_improves() -> None:
    """D's better a presses A and B together in g, their pair turns, and A comes past D."""
    nodes = (Node("a", "g"), Node("b", "g"), Node("c", "top"), Node("d", "top"), Node("g", "top"), Node("top"))
    used = Steps(aggregate=(AggregateSpec("amean"), AggregateSpec("copeland")))

    def ranks(a_of_d: float) -> list[int]:
        values = [[1.0, 3.0, 2.0, 4.0], [2.0, 2.0, 6.0, 1.0], [1.0, 3.0, 6.0, 1.0], [a_of_d, 3.0, 0.0, 3.0]]
        data = Dataset(tuple("ABCD"), tuple("abcd"), np.array(values))
        return run(IndexScheme(Hierarchy(nodes), used), data).index_ranks.tolist()

    assert ranks(2.0) == [1, 3, 3, 1]
    assert ranks(6.0) == [1, 4, 3, 2]


def test_distance_to_a_reference_may_lower_the_place_of_who_improves() -> None:
    """C stays the worst of x and moves nearer to the reference B: beyond B every distance grows. Capped it does not."""
    nodes = (Node("x", "top"), Node("y", "top"), Node("top"))

    def ranks(c: float, cap: bool) -> list[int]:
        scale = NormaliseSpec("dist2ref", {"unit": "B", "cap": cap}, {"y": NormaliseSpec("scaled")})
        data = Dataset(("A", "B", "C"), ("x", "y"), np.array([[10.0, 0.0], [2.0, 0.0], [c, 7.0]]))
        return run(IndexScheme(Hierarchy(nodes), steps(scale=scale)), data).index_ranks.tolist()

    assert (ranks(0.0, False), ranks(1.0, False)) == ([2, 3, 1], [1, 3, 2])
    assert (ranks(0.0, True), ranks(1.0, True)) == ([2, 2, 1], [2, 2, 1])


@given(cases(), st.integers(-4000, 4000), st.data())
def test_adding_a_constant_to_a_min_max_column_changes_nothing(case: Case, eighths: int, draw: st.DataObject) -> None:
    moved = case.data.values.copy()
    moved[:, draw.draw(st.integers(0, moved.shape[1] - 1))] += eighths / 8
    straight = run(IndexScheme(case.hierarchy, steps()), case.data)
    np.testing.assert_array_equal(
        run(IndexScheme(case.hierarchy, steps()), case.with_values(moved)).scores, straight.scores
    )


@given(cases(directions=True), st.sampled_from(MEANS))
def test_bounds_hold(case: Case, method: str) -> None:
    result = run(IndexScheme(case.hierarchy, steps(method)), case.data)
    known = result.scores[~np.isnan(result.scores)]
    assert ((known >= 1 - 1e-9) & (known <= 100 + 1e-9)).all()
    normalised = result.normalised[~np.isnan(result.normalised)]
    assert ((normalised >= 1) & (normalised <= 100)).all()
    assert ((result.ranks >= 0) & (result.ranks <= len(result.units))).all()
    np.testing.assert_array_equal(result.ranks == 0, np.isnan(result.scores))


@given(cases())
def test_bounds_of_pairs_hold(case: Case) -> None:
    others = len(case.data.units) - 1
    for method, bound in (("copeland", others), ("netflow", 1.0)):
        scores = run(IndexScheme(case.hierarchy, steps(method)), case.data).scores
        assert np.nanmax(np.abs(scores), initial=0.0) <= bound + 1e-12
        if not np.isnan(case.data.values).any():
            np.testing.assert_allclose(scores.sum(axis=0), 0.0, atol=1e-9)


@given(cases(missing=False))
def test_means_are_ordered_by_their_exponent(case: Case) -> None:
    low, middle, high, highest = (
        run(IndexScheme(case.hierarchy, steps(m)), case.data).index for m in ("hmean", "gmean", "amean", "genmean")
    )
    assert (low <= middle + 1e-9).all()
    assert (middle <= high + 1e-9).all()
    assert (high <= highest + 1e-9).all()


@given(cases(directions=True), st.sampled_from(sorted(AGGREGATIONS)), st.sampled_from(("minmax", "rank", "zscore")))
def test_contributions_add_up_to_the_score_exactly(case: Case, method: str, scale: str) -> None:
    spec = POSITIVE if scale == "minmax" else NormaliseSpec(scale)
    result = run(IndexScheme(case.hierarchy, steps(method if scale == "minmax" else "amean", spec)), case.data)
    for unit in result.units:
        for node in result.nodes:
            way = explain(result, unit, node)
            if way.score is None:
                assert way.contributions == way.children == ()
                continue
            assert math.fsum(item.points for item in way.contributions) == way.score
            assert math.fsum(item.points for item in way.children) == way.score
            rounding = [item.points for item in way.contributions if item.kind == "rounding"]
            assert sum(map(abs, rounding)) <= 1e-13 * max(1.0, *(abs(item.points) for item in way.contributions))


@given(cases(directions=True), st.data(), st.sampled_from(sorted(AGGREGATIONS)), st.sampled_from(("missing", "equal")))
def test_contributions_add_up_under_weights_of_zero(case: Case, draw: st.DataObject, method: str, policy: str) -> None:
    chosen = draw.draw(st.sets(st.sampled_from(case.hierarchy.codes)))
    tree = case.hierarchy.with_weights(dict.fromkeys(chosen, 0.0))
    used = Steps(normalise=POSITIVE, aggregate=steps(method).aggregate, zero_weights=policy)
    result = run(IndexScheme(tree, used), case.data)
    for unit in result.units:
        for node in result.nodes:
            way = explain(result, unit, node)
            assert (way.score is None) == (way.contributions == ())
            if way.score is not None:
                assert math.fsum(item.points for item in way.contributions) == way.score
                assert math.fsum(item.points for item in way.children) == way.score
    assert all(warning.message for warning in notices(result))


@given(cases(directions=True), st.sampled_from(sorted(AGGREGATIONS)))
def test_replay_is_exact(case: Case, method: str) -> None:
    used = steps(method)
    first = run(IndexScheme(case.hierarchy, used), case.data)
    again = run(
        IndexScheme(Hierarchy(case.hierarchy.nodes), Steps.from_dict(used.to_dict())),
        case.with_values(case.data.values),
    )
    assert again.digest == first.digest
    assert first.scores.tobytes() == again.scores.tobytes()
    assert [step.tobytes() for step in again.steps.values()] == [step.tobytes() for step in first.steps.values()]


@given(cases(), st.data())
def test_a_weight_of_zero_is_as_good_as_gone(case: Case, draw: st.DataObject) -> None:
    code = draw.draw(st.sampled_from([c for c in case.hierarchy.codes if c != case.hierarchy.root]))
    parent = case.hierarchy.node(code).parent
    assume(len(case.hierarchy.children(parent)) > 1)
    zero = run(IndexScheme(case.hierarchy.with_weights({code: 0.0}), steps()), case.data)
    rest = case.hierarchy.with_nodes_removed([code])
    assume(
        (
            np.nanmax(case.data.selected(rest.indicators), axis=0)
            > np.nanmin(case.data.selected(rest.indicators), axis=0)
        ).any()
    )
    gone = run(IndexScheme(rest, steps()), case.data)
    same(zero.index, gone.index)


@given(cases(missing=False), st.data())
def test_turning_an_aggregate_twice_is_turning_it_not(case: Case, draw: st.DataObject) -> None:
    """A pillar of direction −1 over indicators whose directions are turned too enters its parent unchanged."""
    inner = [c for c in case.hierarchy.aggregates if c != case.hierarchy.root]
    assume(inner)
    code = draw.draw(st.sampled_from(inner))
    assume(all(child in case.hierarchy.indicators for child in case.hierarchy.children(code)))
    turned = {code, *case.hierarchy.children(code)}
    nodes = tuple(
        Node(n.code, n.parent, n.weight, -n.direction if n.code in turned else n.direction)
        for n in case.hierarchy.nodes
    )
    same(
        run(IndexScheme(Hierarchy(nodes), steps()), case.data).index,
        run(IndexScheme(case.hierarchy, steps()), case.data).index,
    )


@pytest.mark.parametrize("method", sorted(AGGREGATIONS))
def test_results_are_closed_to_writing(method: str) -> None:
    data = Dataset(("A", "B"), ("i",), np.array([[1.0], [2.0]]))
    result = run(IndexScheme(Hierarchy((Node("i", "top"), Node("top"))), steps(method)), data)
    for array in (result.scores, result.ranks, *result.steps.values()):
        assert not array.flags.writeable

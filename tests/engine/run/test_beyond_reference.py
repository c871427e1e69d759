"""Where the reference implementation goes wrong, ours does what the design says: a test for each point."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from tests.engine.parity.reading import read, tree
from tests.engine.trees import NAN, POSITIVE, four, ragged
from yiqi.engine import IndexScheme, run
from yiqi.engine.run.aggregate import aggregate
from yiqi.engine.run.normalise import normalise
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy, Node
from yiqi.engine.scheme.index import Steps
from yiqi.engine.scheme.methods import MEANS
from yiqi.engine.scheme.methods.outrank import dominance, outrank_matrix
from yiqi.engine.scheme.steps import AggregateSpec, NormaliseSpec


def test_hierarchies_need_not_be_balanced() -> None:
    assert ragged().levels == (("a", "b", "c"), ("p",), ("top",))
    exact = run(IndexScheme(ragged()), four())
    normal = exact.normalised
    expected = (2 * normal[:, 2] + (normal[:, 0] + 3 * normal[:, 1]) / 4) / 3
    np.testing.assert_allclose(exact.index, expected, rtol=1e-14)
    assert exact.index.tolist() == pytest.approx([500 / 9, 650 / 36, 200 / 3, 650 / 9])


def test_levels_of_the_file_may_skip_one() -> None:
    nodes = (Node("a", "p", level=1), Node("b", "top", level=1), Node("p", "top", level=2), Node("top", level=4))
    assert Hierarchy(nodes).levels == (("a", "b"), ("p",), (), ("top",))


def _by_pairs(cells: np.ndarray, weights: np.ndarray) -> list[float]:
    """Copeland's score with missing cells, written out pair by pair."""
    scores = []
    for one, mine in enumerate(cells):
        balance = 0
        for two, theirs in enumerate(cells):
            both = ~np.isnan(mine) & ~np.isnan(theirs) & (weights > 0)
            if one == two or not both.any():
                continue
            share = weights[both] / weights[both].sum()
            lead = math.fsum(
                share * np.where(mine[both] > theirs[both], 1.0, np.where(mine[both] == theirs[both], 0.5, 0.0))
            )
            balance += 0 if abs(lead - 0.5) < 1e-12 else int(np.sign(lead - 0.5))
        scores.append(float(balance))
    return scores


def test_copeland_with_missing_cells_does_not_depend_on_the_order_of_rows() -> None:
    """The reference's file differs from its own result for the same rows in another order; ours is the same in any."""
    cells = read("33_agg_na_input").numbers()
    hierarchy = tree("30_weights_unequal")
    pillar = hierarchy.children("P1")
    columns = [hierarchy.indicators.index(code) for code in pillar]
    weights = np.array([hierarchy.node(code).weight for code in pillar])
    ours = aggregate(hierarchy, cells, AggregateSpec("copeland"))
    assert ours[:, hierarchy.aggregates.index("P1")].tolist() == _by_pairs(cells[:, columns], weights)
    order = np.random.default_rng(5).permutation(len(cells))
    np.testing.assert_array_equal(aggregate(hierarchy, cells[order], AggregateSpec("copeland")), ours[order])
    table = read("33_agg_na_copeland_w")
    theirs = table.numbers(*[code for code in table.columns if code in hierarchy.aggregates])
    assert not np.array_equal(theirs, ours)


def test_outranking_adds_up_to_one_in_each_pair() -> None:
    matrix = outrank_matrix(read("33_agg_na_input").numbers())
    both = matrix + matrix.T
    np.testing.assert_allclose(both[~np.eye(len(both), dtype=bool)], 1.0, rtol=1e-12)
    nothing = outrank_matrix(np.array([[1.0, NAN], [NAN, 2.0]]))
    assert np.isnan(nothing[0, 1])
    assert dominance(outrank_matrix(np.array([[2.0, 2.0], [1.0, 1.0], [3.0, 0.0]]))) == (1, 1 / 3)


def test_a_generalised_mean_renormalises_over_missing_cells() -> None:
    cells = np.array([[4.0, NAN, 9.0], [1.0, 2.0, 3.0], [NAN, NAN, 5.0]])
    hierarchy = Hierarchy((Node("a", "top"), Node("b", "top", 5.0), Node("c", "top", 3.0), Node("top")))
    found = aggregate(hierarchy, cells, AggregateSpec("genmean", {"p": 0.5}))[:, 0]
    assert found.tolist() == pytest.approx([((2 + 3 * 3) / 4) ** 2, ((1 + 5 * 2**0.5 + 3 * 3**0.5) / 9) ** 2, 5.0])


def test_copeland_works_at_any_level() -> None:
    specs = [AggregateSpec(name) for name in ("amean", "copeland", "netflow")]
    cells = read("30_agg_input_minmax_1_100").numbers()
    for order in itertools.permutations(specs):
        assert not np.isnan(aggregate(tree(), cells, order)).any()


def test_a_group_of_zero_weights_is_a_policy() -> None:
    hierarchy = ragged().with_weights({"a": 0.0, "b": 0.0})
    missing = run(IndexScheme(hierarchy, Steps(zero_weights="missing")), four())
    assert np.isnan(missing.scores[:, 0]).all()
    np.testing.assert_array_equal(missing.index, missing.normalised[:, 2])
    equal = run(IndexScheme(hierarchy, Steps(zero_weights="equal")), four())
    np.testing.assert_allclose(equal.scores[:, 0], equal.normalised[:, :2].mean(axis=1))


@pytest.mark.parametrize("method", sorted(MEANS))
@pytest.mark.parametrize("power", [-300.0, 300.0])
def test_no_exponent_overflows_in_silence(method: str, power: float) -> None:
    spec = AggregateSpec(method, {"p": power} if method == "genmean" else {})
    found = run(IndexScheme(ragged(), Steps(normalise=POSITIVE, aggregate=(spec,))), four()).index
    assert np.isfinite(found).all()


def test_large_exponents_come_near_the_extremes() -> None:
    cells = np.array([[20.0, 90.0], [1.0, 50.0]])
    hierarchy = Hierarchy((Node("a", "top"), Node("b", "top"), Node("top")))
    most = aggregate(hierarchy, cells, AggregateSpec("genmean", {"p": 500.0}))[:, 0]
    least = aggregate(hierarchy, cells, AggregateSpec("genmean", {"p": -500.0}))[:, 0]
    np.testing.assert_allclose(most, [90.0, 50.0], rtol=2e-3)
    np.testing.assert_allclose(least, [20.0, 1.0], rtol=2e-3)


def test_ties_have_a_tolerance() -> None:
    """0.1 + 0.2 and 0.3 are one place, in ranks of scores and in the rank scale."""
    cells = np.array([[0.1 + 0.2], [0.3], [0.5]])
    assert normalise(cells, NormaliseSpec("rank"))[:, 0].tolist() == [1.0, 1.0, 3.0]
    data = Dataset(("A", "B", "C"), ("a",), cells)
    result = run(
        IndexScheme(Hierarchy((Node("a", "top"), Node("top"))), Steps(normalise=NormaliseSpec("scaled"))), data
    )
    assert result.index_ranks.tolist() == [2, 2, 1]


def test_a_range_of_rounding_is_no_range() -> None:
    """A column that differs in the last digit only is constant, not 0 and 100."""
    cells = np.array([[0.1 + 0.2, 1.0], [0.3, 2.0]])
    assert normalise(cells)[:, 0].tolist() == [50.0, 50.0]


def test_the_reference_as_the_worst_unit_is_a_policy() -> None:
    cells = np.array([[1.0], [2.0], [4.0]])
    for policy, level in (("mid", 0.5), ("full", 1.0), ("missing", NAN)):
        spec = NormaliseSpec("dist2ref", {"unit": "A"}, zero_range=policy)
        np.testing.assert_array_equal(normalise(cells, spec, units=("A", "B", "C"))[:, 0], [level] * 3)


def test_one_known_value_has_no_percentile_rank() -> None:
    cells = np.array([[1.0, 5.0], [2.0, NAN], [4.0, NAN]])
    assert normalise(cells, NormaliseSpec("prank")).T.tolist()[0] == [0.0, 0.5, 1.0]
    np.testing.assert_array_equal(normalise(cells, NormaliseSpec("prank"))[:, 1], [0.5, NAN, NAN])


@pytest.mark.parametrize("power", [1e-3, 1e-9, 1e-17, 1e-300, -1e-3, -1e-17, -1e-300])
def test_exponents_near_zero_come_near_the_geometric_mean(power: float) -> None:
    cells = np.array([[4.0, 4.0, 9.0], [1.0, 16.0, 4.0], [NAN, 4.0, 1.0]])
    hierarchy = Hierarchy((Node("a", "top"), Node("b", "top"), Node("c", "top", 2.0), Node("top")))
    found = aggregate(hierarchy, cells, AggregateSpec("genmean", {"p": power}))[:, 0]
    plain = aggregate(hierarchy, cells, AggregateSpec("gmean"))[:, 0]
    spread = [
        np.average(np.log(row[~np.isnan(row)]) ** 2, weights=w)
        - np.average(np.log(row[~np.isnan(row)]), weights=w) ** 2
        for row, w in zip(cells, ([1, 1, 2], [1, 1, 2], [1, 2]), strict=True)
    ]
    np.testing.assert_allclose(
        found, plain * np.exp(power * np.array(spread) / 2), rtol=1e-5 if abs(power) > 1e-6 else 1e-12
    )
    zero = aggregate(hierarchy, np.zeros((1, 3)), AggregateSpec("genmean", {"p": 1e-9}))
    assert zero.tolist() == [[0.0]]


@pytest.mark.parametrize("factor", [5e-324, 1e-200, 1e200, 1.7e308])
def test_weights_of_any_size_keep_their_digits(factor: float) -> None:
    plain = run(IndexScheme(Hierarchy((Node("a", "top"), Node("b", "top"), Node("top")))), _pair()).index
    nodes = (Node("a", "top", factor), Node("b", "top", factor), Node("top"))
    np.testing.assert_allclose(run(IndexScheme(Hierarchy(nodes)), _pair()).index, plain, rtol=1e-12)


def _pair() -> Dataset:
    return Dataset(("A", "B", "C"), ("a", "b"), np.array([[1.0, 3.3], [2.0, 1.7], [5.0, 2.9]]))

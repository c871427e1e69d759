"""Elements taken out in turn, and two results side by side."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from tests.engine.uncertainty.cases import SEEDS, TREE, figures, index_steps
from yiqi.engine import EngineError, IndexScheme, run
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy, Node
from yiqi.engine.scheme.steps import AggregateSpec
from yiqi.engine.study.comparison import compare
from yiqi.engine.study.removal import remove_elements

quick = settings(max_examples=25, deadline=None)


@quick
@given(SEEDS)
def test_taking_out_is_building_without(seed: int) -> None:
    """Every element below the root, of any depth; the means differ by level."""
    steps = index_steps(aggregate=(AggregateSpec(), AggregateSpec("gmean"), AggregateSpec("hmean")))
    built = run(IndexScheme(TREE, steps), figures(seed, holes=0.1))
    codes = [code for code in TREE.codes if code != TREE.root]
    found = remove_elements(built, codes=codes)
    np.testing.assert_array_equal(found.scores[:, 0], built.index)
    for number, code in enumerate(codes, start=1):
        zero = run(
            IndexScheme(
                TREE.with_weights({code: 0.0}), steps.from_dict({**steps.to_dict(), "zero_weights": "missing"})
            ),
            built.data,
        )
        np.testing.assert_allclose(found.scores[:, number], zero.index, rtol=1e-12)
        np.testing.assert_array_equal(found.ranks[:, number], zero.index_ranks)
        shift = np.abs(zero.index_ranks - built.index_ranks).mean()
        assert found.mean_shift[number] == pytest.approx(shift, rel=1e-12)


def test_a_level_is_all_its_elements_below_the_node() -> None:
    built = run(IndexScheme(TREE, index_steps()), figures())
    assert remove_elements(built, 1).elements == TREE.levels[0]
    assert remove_elements(built, 1, node="S").elements == ("a", "b", "e")
    assert remove_elements(built, 2, codes=["S"]).elements == ("S", "P", "Q")


def test_an_only_child_takes_its_parent_along() -> None:
    tree = Hierarchy((Node("a", "P"), Node("b", "I"), Node("P", "I"), Node("I")))
    data = Dataset(("x", "y", "z"), ("a", "b"), [[1.0, 9.0], [2.0, 5.0], [4.0, 1.0]])
    found = remove_elements(run(IndexScheme(tree, index_steps()), data), codes=["a", "P"])
    assert found.ranks.tolist() == [[1, 1, 1], [3, 2, 2], [1, 3, 3]]


@pytest.mark.parametrize(
    ("level", "codes", "node", "code"),
    [
        (None, [], "", "no_elements"),
        (9, [], "", "level_invalid"),
        (0, [], "", "level_invalid"),
        (True, [], "", "level_invalid"),
        (None, ["nobody"], "", "unknown_node"),
        (None, ["Index"], "", "not_below"),
        (None, ["c"], "S", "not_below"),
        (1, [], "nobody", "unknown_node"),
    ],
)
def test_what_cannot_be_taken_out(level: Any, codes: list[str], node: str, code: str) -> None:
    with pytest.raises(EngineError) as caught:
        remove_elements(run(IndexScheme(TREE, index_steps()), figures()), level, codes, node)
    assert caught.value.code == code


def test_what_holds_all_the_weight_cannot_be_taken_out() -> None:
    tree = Hierarchy((Node("a", "I"), Node("b", "I", 0.0), Node("I")))
    data = Dataset(("x", "y"), ("a", "b"), [[1.0, 9.0], [2.0, 5.0]])
    with pytest.raises(EngineError) as caught:
        remove_elements(run(IndexScheme(tree, index_steps()), data), codes=["a"])
    assert caught.value.code == "nothing_left"


def test_units_are_compared_by_code_whatever_their_order() -> None:
    data = figures()
    other = data.taken([3, 1, 5, 0])
    first, second = run(IndexScheme(TREE, index_steps()), data), run(IndexScheme(TREE, index_steps()), other)
    found = compare(first, second, what="scores", node="S")
    assert found.units == ("u0", "u1", "u3", "u5")
    assert (found.only_first, found.only_second) == (("u2", "u4", "u6"), ())
    for row, unit in enumerate(found.units):
        assert found.first[row] == first.score(unit, "S")
        assert found.second[row] == second.score(unit, "S")
    np.testing.assert_array_equal(found.difference, found.first - found.second)
    np.testing.assert_array_equal(found.absolute, np.abs(found.difference))


def test_a_unit_without_a_place_has_no_difference() -> None:
    values = figures().values.copy()
    values[0] = np.nan
    data = Dataset(figures().units, TREE.indicators, values)
    found = compare(
        run(IndexScheme(TREE, index_steps()), figures()), run(IndexScheme(TREE, index_steps(impute=None)), data)
    )
    assert np.isnan(found.difference[0])
    assert not np.isnan(found.difference[1:]).any()


@pytest.mark.parametrize(
    ("arguments", "code"), [({"what": "colours"}, "unknown_option"), ({"node": "nobody"}, "unknown_node")]
)
def test_comparisons_that_cannot_be(arguments: dict[str, str], code: str) -> None:
    built = run(IndexScheme(TREE, index_steps()), figures())
    with pytest.raises(EngineError) as caught:
        compare(built, built, **arguments)
    assert caught.value.code == code


def test_results_without_a_common_unit() -> None:
    data = figures()
    other = Dataset(tuple(f"v{row}" for row in range(7)), TREE.indicators, data.values)
    with pytest.raises(EngineError) as caught:
        compare(run(IndexScheme(TREE, index_steps()), data), run(IndexScheme(TREE, index_steps()), other))
    assert caught.value.code == "no_common_units"

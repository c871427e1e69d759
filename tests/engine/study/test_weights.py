"""Weights: what they say and do, and the search for those that are wished."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from scipy.optimize import minimize

from tests.engine.parity.reading import read, tree
from yiqi.engine import EngineError, FloatArray
from yiqi.engine.run.aggregate import aggregate
from yiqi.engine.scheme.hierarchy import Hierarchy, Node
from yiqi.engine.scheme.steps import AggregateSpec
from yiqi.engine.study.weights import (
    Optimised,
    effective_weights,
    optimise_weights,
    stated_shares,
    weight_facts,
    weight_notices,
)
from yiqi.engine.study.weights.optimise import Descent
from yiqi.engine.study.weights.problem import Problem, elements_of, problem_of

RANDOM = np.random.default_rng(21)
RAGGED = Hierarchy(
    (
        Node("a", "p", 2.0),
        Node("b", "p"),
        Node("c", "s"),
        Node("d", "top", 3.0),
        Node("p", "s", direction=-1),
        Node("s", "top"),
        Node("top"),
    )
)
VALUES = RANDOM.normal(50.0, [10.0, 20.0, 5.0, 15.0], (40, 4)) + RANDOM.normal(0, 8, (40, 1))


@cache
def _reference() -> FloatArray:
    return read("14_normalised").numbers(*tree().indicators)


def _index_correlations(hierarchy: Hierarchy, values: FloatArray, found: Optimised) -> FloatArray:
    """From the scores themselves, by the weights found; aggregates of direction −1 turned."""
    weighted = hierarchy.with_weights(found.weights)
    scores = aggregate(weighted, values)
    table = np.hstack([values, scores * [weighted.node(code).direction for code in weighted.aggregates]])
    columns = [weighted.codes.index(code) for code in found.weights]
    return np.corrcoef(np.column_stack([table[:, columns], scores[:, -1]]).T)[-1, :-1]


def _objective(name: str, c: FloatArray, wished: FloatArray | float) -> float:
    return -float(c.sum()) if name == "infomax" else math.log(float(np.mean((wished - c / c.sum()) ** 2)))


# Stated, effective, importance


def test_effective_weights_sum_to_1_on_every_cut_of_a_ragged_tree() -> None:
    found = effective_weights(RAGGED)
    assert list(found) == list(RAGGED.codes)
    for cut in (("a", "b", "c", "d"), ("p", "c", "d"), ("s", "d"), ("top",)):
        assert sum(found[code] for code in cut) == pytest.approx(1.0, abs=1e-15)
    assert found["a"] == pytest.approx(2 / 3 * 1 / 2 * 1 / 4)


def test_effective_weights_are_what_a_point_adds() -> None:
    scores = aggregate(RAGGED, VALUES, mirror=100.0)[:, -1]
    for number, code in enumerate(RAGGED.indicators):
        more = VALUES.copy()
        more[:, number] += 1.0
        sign = -1.0 if code in {"a", "b"} else 1.0  # they are below an aggregate that is better when lower
        added = aggregate(RAGGED, more, mirror=100.0)[:, -1] - scores
        np.testing.assert_allclose(added, sign * effective_weights(RAGGED)[code], rtol=1e-9)


def test_rescaling_weights_changes_nothing() -> None:
    doubled = RAGGED.with_weights({"a": 20.0, "b": 10.0, "c": 7.0, "p": 7.0})
    assert effective_weights(doubled) == pytest.approx(effective_weights(RAGGED), rel=1e-15)


@pytest.mark.parametrize(("policy", "share"), [("equal", 0.5), ("missing", math.nan)])
def test_a_group_without_weight_is_a_policy(policy: str, share: float) -> None:
    empty = RAGGED.with_weights({"a": 0.0, "b": 0.0})
    with pytest.raises(EngineError, match="sum to 0"):
        stated_shares(empty)
    np.testing.assert_array_equal(stated_shares(empty, policy)["a"], share)
    np.testing.assert_array_equal(effective_weights(empty, policy)["b"], share * 1 / 2 * 1 / 4)


def test_facts_of_a_turned_aggregate() -> None:
    facts = {fact.code: fact for fact in weight_facts(RAGGED, VALUES, aggregate(RAGGED, VALUES, mirror=100.0))}
    assert list(facts) == [code for code in RAGGED.codes if code != "top"]
    scores = dict(zip(RAGGED.aggregates, aggregate(RAGGED, VALUES, mirror=100.0).T, strict=True))
    assert facts["p"].r_parent == pytest.approx(np.corrcoef(-scores["p"], scores["s"])[0, 1], rel=1e-12)
    assert facts["a"].r_parent == pytest.approx(np.corrcoef(VALUES[:, 0], scores["p"])[0, 1], rel=1e-12)
    assert facts["p"].r_parent > 0
    for parent in RAGGED.aggregates:
        below = [fact for fact in facts.values() if fact.parent == parent]
        assert sum(fact.stated for fact in below) == pytest.approx(1.0)
        assert sum(fact.importance for fact in below) == pytest.approx(1.0)
        assert sum(fact.contribution for fact in below) == pytest.approx(1.0)


def test_contribution_is_a_part_of_the_variance() -> None:
    tree_ = Hierarchy((Node("a", "top", 2.0), Node("b", "top"), Node("c", "top", 5.0), Node("top")))
    values = VALUES[:, :3]
    index = aggregate(tree_, values)[:, 0]
    for fact, column in zip(weight_facts(tree_, values, index[:, None]), values.T, strict=True):
        part = fact.stated * np.cov(column, index)[0, 1] / index.var(ddof=1)
        assert fact.contribution == pytest.approx(part, rel=1e-10)


def test_a_column_that_does_not_vary_is_silent() -> None:
    values = VALUES.copy()
    values[:, 2] = 7.0
    told = weight_notices(weight_facts(RAGGED, values, aggregate(RAGGED, values)), 40, factor=1e6)
    silent = [each for each in told if each.code == "weight_silent"]
    assert [each.indicator for each in silent] == ["c"]
    assert silent[0].data == {"parent": "s", "stated": 0.5, "effective": 0.125}


def test_nothing_is_told_of_a_weight_of_0() -> None:
    light = RAGGED.with_weights({"c": 0.0})
    facts = weight_facts(light, VALUES, aggregate(light, VALUES))
    assert [each.indicator for each in weight_notices(facts, 40, factor=1.0)].count("c") == 0


# Descent


def _problem(hierarchy: Hierarchy, values: FloatArray, level: int, **specs: AggregateSpec) -> Problem:
    return problem_of(hierarchy, values, elements_of(hierarchy, level, None), specs.get("specs"), None)


@pytest.mark.parametrize("elements", [("a", "b", "c", "d"), ("p", "c"), ("c", "d"), ("s", "d"), ("a", "d")])
def test_covariances_give_the_correlations_of_the_scores(elements: tuple[str, ...]) -> None:
    problem = problem_of(RAGGED, VALUES, elements, None, 100.0)
    assert problem.linear
    weights = RANDOM.random((5, len(problem.elements)))
    np.testing.assert_allclose(
        problem.correlations(weights), [problem._by_scores(row) for row in weights], rtol=1e-10, atol=1e-12
    )


@pytest.mark.parametrize("elements", [tree().levels[0], tree().levels[1], ("a", "b", "c", "d"), ("c", "d"), ("p", "d")])
def test_derivatives(elements: tuple[str, ...]) -> None:
    """Of a level of the reference and of the ragged tree, with elements at different depths and a turned aggregate."""
    hierarchy, values = (RAGGED, VALUES) if "d" in elements else (tree(), _reference())
    problem, step = problem_of(hierarchy, values, elements, None, 100.0), 1e-6
    weights = RANDOM.random(len(problem.elements)) + 0.1
    moved = weights + step * np.eye(len(weights)), weights - step * np.eye(len(weights))
    numeric = (problem.correlations(moved[0]) - problem.correlations(moved[1])).T / (2 * step)
    np.testing.assert_allclose(problem.jacobian(weights), numeric, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(
        problem.slope_of_sum(weights), problem.jacobian(weights).sum(axis=0), rtol=1e-9, atol=1e-12
    )


@pytest.mark.parametrize("columns", [3, 8, 50])
def test_other_data(columns: int) -> None:
    """More elements than few, on one level: −Σc is least at weights 1/sd, which is found by hand for a flat tree."""
    flat = Hierarchy((*(Node(f"x{number}", "top") for number in range(columns)), Node("top")))
    values = RANDOM.normal(size=(60, columns)) * RANDOM.uniform(1, 5, columns) + RANDOM.normal(size=(60, 1))
    found = optimise_weights(flat, values, level=1, objective="infomax", starts=2)
    by_hand = 1.0 / values.std(axis=0)
    ours = np.array(list(found.weights.values()))
    np.testing.assert_allclose(ours / ours.sum(), by_hand / by_hand.sum(), rtol=1e-4)
    assert found.certificate.agreed == 4


@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize("objective", ["balance", "infomax"])
def test_no_worse_than_the_best_of_60_random_starts(level: int, objective: str) -> None:
    """The other search: SLSQP on the simplex, from 60 random points, with numeric derivatives."""
    found = optimise_weights(tree(), _reference(), level=level, objective=objective)
    problem = _problem(tree(), _reference(), level)
    k = len(problem.elements)
    search = Descent(problem, np.full(k, 1 / k) if objective == "balance" else None)

    def value(weights: FloatArray) -> float:
        return search.value(np.maximum(weights, 0.0))

    best = math.inf
    for weights in np.random.default_rng(60).dirichlet(np.ones(k), 60):
        sums = {"type": "eq", "fun": lambda w: w.sum() - 1.0}
        end = minimize(value, weights, method="SLSQP", bounds=[(0.0, 1.0)] * k, constraints=[sums])
        best = min(best, value(end.x))
    assert found.certificate.objective <= best + 1e-9
    assert min(found.weights.values()) >= 0.0


@pytest.mark.parametrize("objective", ["balance", "infomax"])
@pytest.mark.parametrize("level", [1, 2, 3])
def test_the_result_is_what_its_weights_give(objective: str, level: int) -> None:
    """COINr's column Obtained is that of the last trial, not of the weights it returns."""
    found = optimise_weights(tree(), _reference(), level=level, objective=objective)
    c = _index_correlations(tree(), _reference(), found)
    np.testing.assert_allclose(list(found.correlations.values()), c, rtol=1e-9)
    np.testing.assert_allclose(list(found.obtained.values()), c / c.sum(), rtol=1e-9)
    if math.exp(found.certificate.objective) > 1e-20:
        assert found.certificate.objective == pytest.approx(_objective(objective, c, 1 / len(c)), rel=1e-6)
    assert sum(found.weights.values()) == pytest.approx(len(c))  # as the weights stated, all 1


def test_the_certificate() -> None:
    found = optimise_weights(tree(), _reference(), level=1, starts=5).certificate
    assert found.objective == pytest.approx(min(found.starts))
    assert found.objective <= found.stated
    assert (len(found.starts), found.agreed, found.draws) == (7, 7, 1024)
    assert found.evaluations > found.draws
    assert found.slope < 1e-6
    assert found.zero == ("i1", "i3", "i5")


def test_the_same_arguments_give_the_same_result_and_another_seed_the_same_optimum() -> None:
    first, again, other = (optimise_weights(tree(), _reference(), level=2, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert other.certificate.objective == pytest.approx(first.certificate.objective, abs=1e-9)
    assert other.certificate.starts != first.certificate.starts


def test_permuting_units_changes_nothing() -> None:
    order = RANDOM.permutation(24)
    found, turned = (optimise_weights(tree(), values, level=2) for values in (_reference(), _reference()[order]))
    assert turned.weights == pytest.approx(found.weights, rel=1e-6)


def test_targets_are_relative() -> None:
    one, ten = (optimise_weights(tree(), _reference(), level=3, targets={"S1": n, "S2": 2 * n}) for n in (1.0, 10.0))
    assert one.wished == ten.wished == {"S1": 1 / 3, "S2": 2 / 3}
    assert one.obtained == pytest.approx(one.wished)


def test_a_ragged_tree_with_a_turned_aggregate() -> None:
    """Level 1 of COINr reaches only the trees whose branches are all as deep; d hangs on the top here."""
    found = optimise_weights(RAGGED, VALUES, level=1)
    assert list(found.weights) == ["a", "b", "c", "d"]
    c = _index_correlations(RAGGED, VALUES, found)
    np.testing.assert_allclose(list(found.correlations.values()), c, rtol=1e-9)
    assert found.weights["a"] + found.weights["b"] == pytest.approx(3.0)  # siblings keep their sum
    single = optimise_weights(RAGGED, VALUES, elements=["c", "d"])
    np.testing.assert_allclose(
        list(single.correlations.values()), _index_correlations(RAGGED, VALUES, single), rtol=1e-9
    )
    assert single.obtained == pytest.approx({"c": 0.5, "d": 0.5}, abs=1e-6)


def test_means_of_other_kinds_and_missing_cells() -> None:
    values = _reference() + 1.0
    values[3, 4] = math.nan
    for specs in (AggregateSpec("gmean"), AggregateSpec("amean")):
        problem = _problem(tree(), values, 2, specs=specs)
        assert problem.linear == (specs.method == "amean")  # the pillars are complete, though an indicator is not
        found = optimise_weights(tree(), values, level=2, specs=specs)
        scores = aggregate(tree().with_weights(found.weights), values, specs)
        columns = scores[:, [tree().aggregates.index(code) for code in (*found.weights, tree().root)]]
        c = np.corrcoef(columns.T)[-1, :-1]
        np.testing.assert_allclose(list(found.correlations.values()), c, rtol=1e-9)
        assert found.certificate.objective < found.certificate.stated


def test_an_indicator_with_gaps_is_weighed_over_the_units_that_have_it() -> None:
    values = VALUES.copy()
    values[:5, 3] = math.nan
    found = optimise_weights(RAGGED, values, level=1, starts=2)
    weighted = RAGGED.with_weights(found.weights)
    index = aggregate(weighted, values)[:, -1]
    expected = np.corrcoef(values[5:, 3], index[5:])[0, 1]
    assert found.correlations["d"] == pytest.approx(expected, rel=1e-9)
    assert math.isnan(found.certificate.slope)  # no derivatives here, and the certificate says so


def test_weights_that_start_at_0_can_rise() -> None:
    nothing = tree().with_weights({"P1": 0.0, "P2": 0.0})
    found = optimise_weights(nothing, _reference(), level=2)
    expected = optimise_weights(tree(), _reference(), level=2)
    assert found.certificate.objective == pytest.approx(expected.certificate.objective, abs=1e-9)
    assert math.isinf(found.certificate.stated)
    assert found.weights == pytest.approx(expected.weights, rel=1e-5)

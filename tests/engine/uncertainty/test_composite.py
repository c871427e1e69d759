"""Drawn indices against the index built anew for each draw: ragged tree, reversed aggregate, gaps, every method."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.uncertainty.cases import (
    ASSUMPTIONS,
    MEANS,
    NORMALISATIONS,
    SEEDS,
    TREE,
    WEIGHTS,
    figures,
    index_steps,
)
from yiqi.engine import EngineError, IndexScheme, run
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy, Node
from yiqi.engine.scheme.index import Steps
from yiqi.engine.scheme.steps import AggregateSpec, TreatSpec
from yiqi.engine.uncertainty import (
    Alternatives,
    IndexModel,
    Sample,
    ValueNoise,
    WeightNoise,
    changed,
    simulate,
)

quick = settings(max_examples=30, deadline=None)
METHODS = [AggregateSpec(name) for name in ("amean", "gmean", "hmean", "copeland", "netflow")]
METHODS.append(AggregateSpec("genmean", {"p": 2.5}))


def anew(steps: Steps, hierarchy: Hierarchy, data: Dataset, sample: Sample, number: int, model: Any) -> np.ndarray:
    """Root scores of one draw, with nothing reused."""
    options = zip(model.design.alternatives, sample.choices[number], strict=True)
    steps = changed(steps, {one.path: one.options[option] for one, option in options})
    if sample.weights is not None:
        hierarchy = hierarchy.with_weights(dict(zip(hierarchy.codes, sample.weights[number].tolist(), strict=True)))
    return run(IndexScheme(hierarchy, steps), data).index


@quick
@given(SEEDS, st.sampled_from(METHODS), st.sampled_from(METHODS), st.sampled_from([0.0, 0.6]), st.booleans())
def test_each_draw_is_the_index_built_anew(
    seed: int, low: AggregateSpec, high: AggregateSpec, coverage: float, impute: bool
) -> None:
    low, high = (AggregateSpec(spec.method, spec.params, coverage) for spec in (low, high))
    steps = index_steps(aggregate=(low, low, high), **({} if impute else {"impute": None}))
    data = figures(seed, units=6, holes=0.1)
    model = IndexModel(IndexScheme(TREE, steps), data, [NORMALISATIONS, WEIGHTS])
    sample = model.design.sample(np.random.default_rng(seed).random((5, model.design.width)))
    batch = model.evaluate(sample)
    refused: set[int] = set()
    for number in range(5):
        try:
            expected = anew(steps, TREE, data, sample, number, model)
        except EngineError:
            refused.add(number)
            continue
        np.testing.assert_allclose(batch.scores[number], expected, rtol=1e-12, atol=1e-12)
    assert refused == {failure.run for failure in batch.failed}


def test_each_draw_with_other_means_and_treatment() -> None:
    steps = index_steps(treat=TreatSpec())
    data = figures(4, units=30, holes=0.05)
    model = IndexModel(
        IndexScheme(TREE, steps), data, [Alternatives("winmax", "treat.winmax", (0, 1, 3)), *ASSUMPTIONS]
    )
    sample = model.design.sample(np.random.default_rng(4).random((40, model.design.width)))
    batch = model.evaluate(sample)
    assert batch.failed == ()
    for number in range(40):
        expected = anew(steps, TREE, data, sample, number, model)
        np.testing.assert_allclose(batch.scores[number], expected, rtol=1e-12)


def test_weights_of_zero_follow_the_policy_in_each_draw() -> None:
    weights = np.vstack([TREE.weights] * 3)
    weights[1, [TREE.codes.index("c"), TREE.codes.index("d")]] = 0.0
    sample = Sample(np.zeros((3, 0), dtype=np.int64), weights)
    for policy in ("error", "missing", "equal"):
        steps = index_steps(zero_weights=policy)
        model = IndexModel(IndexScheme(TREE, steps), figures(), [WEIGHTS])
        batch = model.evaluate(sample)
        assert [failure.run for failure in batch.failed] == ([1] if policy == "error" else [])
        for number in [0, 2] if policy == "error" else range(3):
            expected = anew(steps, TREE, figures(), sample, number, model)
            np.testing.assert_allclose(batch.scores[number], expected, rtol=1e-12)


def test_noise_on_values_builds_on_the_noisy_figures() -> None:
    steps, data = index_steps(), figures(2)
    noise = ValueNoise({"a": 0.1, "c": 0.3}, "sd", "normal")
    model = IndexModel(IndexScheme(TREE, steps), data, [noise, MEANS])
    sample = model.design.sample(np.random.default_rng(1).random((6, model.design.width)))
    batch = model.evaluate(sample)
    assert sample.errors is not None
    for number in range(6):
        values = data.values + noise.amplitude(TREE.indicators, data.values) * sample.errors[number]
        noisy = data.replaced(values)
        np.testing.assert_allclose(batch.scores[number], anew(steps, TREE, noisy, sample, number, model), rtol=1e-12)
        np.testing.assert_array_equal(values[:, [1, 3, 4]], data.values[:, [1, 3, 4]])


def test_units_left_out_by_screening_in_a_draw_have_no_place_in_it() -> None:
    values = figures().values.copy()
    values[0, :3] = np.nan
    data = Dataset(figures().units, TREE.indicators, values)
    screens = Alternatives("screen", "screen", (None, {"available": 0.9}))
    found = simulate(
        IndexModel(IndexScheme(TREE, index_steps(impute=None, normalise={"method": "rank"})), data, [screens]), 200, 1
    )
    assert 0 < found.unplaced[0] < 1
    assert (found.unplaced[1:] == 0).all()


def test_an_inner_node_can_be_looked_at_and_a_reversed_one_is_ranked_reversed() -> None:
    data = figures()
    for node in ("S", "Q"):
        model = IndexModel(IndexScheme(TREE, index_steps()), data, [WeightNoise(0.0)], node=node)
        found, built = simulate(model, 5), run(IndexScheme(TREE, index_steps()), data)
        column = built.nodes.index(node)
        np.testing.assert_array_equal(found.nominal_places, built.ranks[:, column])
        assert all(found.counts[row, place] == 5 for row, place in enumerate(built.ranks[:, column]))


def test_two_noises_on_weights_multiply() -> None:
    model = IndexModel(
        IndexScheme(TREE, index_steps()), figures(), [WeightNoise({"S": 0.5}, "one"), WeightNoise({"S": 0.5}, "two")]
    )
    sample = model.design.sample(np.array([[1.0, 1.0], [0.5, 0.0]]))
    assert sample.weights is not None
    np.testing.assert_allclose(sample.weights[:, TREE.codes.index("S")], [4.5, 1.0], rtol=1e-15)


def test_alternatives_are_drawn_over_all_of_0_to_1() -> None:
    options = Alternatives("n", "treat.winmax", (1, 2, 3, 4, 5))
    assert [options.option_at(u) for u in (0.0, 0.199, 0.2, 0.599, 0.6, 0.999999, 1.0)] == [0, 0, 1, 2, 3, 4, 4]
    draws = np.random.default_rng(0).random(20_000)
    shares = np.bincount([options.option_at(u) for u in draws]) / len(draws)
    assert np.abs(shares - 0.2).max() < 0.01


NOTHING: Any = ()


@pytest.mark.parametrize(
    ("assumptions", "changes", "code"),
    [
        (NOTHING, {}, "nothing_varied"),
        ([WEIGHTS, WEIGHTS], {}, "duplicate_code"),
        ([ValueNoise(0.1), ValueNoise(0.1, name="more")], {}, "several_noises"),
        ([WEIGHTS], {"node": "a"}, "unknown_node"),
        ([WEIGHTS], {"node": "nobody"}, "unknown_node"),
        ([WeightNoise({"9": 0.1})], {}, "unknown_element"),
        ([ValueNoise({"zz": 0.1})], {}, "unknown_indicator"),
        ([Alternatives("n", "nothing", (1,))], {}, "unknown_field"),
        ([Alternatives("n", "treat.winmax", (1,))], {}, "unknown_field"),
        ([Alternatives("n", "normalise", ({"method": "odd"},))], {}, "unknown_option"),
        ([Alternatives("n", "ties", ("dense", "odd"))], {}, "unknown_option"),
    ],
)
def test_assumptions_that_cannot_be(assumptions: Any, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(EngineError) as caught:
        IndexModel(IndexScheme(TREE, index_steps()), figures(), assumptions, **changes)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("sample", "code"),
    [
        (Sample(np.zeros((2, 1), dtype=np.int64)), "shape_mismatch"),
        (Sample(np.zeros((2, 2), dtype=np.int64), np.ones((2, 3))), "shape_mismatch"),
        (Sample(np.zeros((2, 2), dtype=np.int64), None, np.ones((1, 7, 5))), "shape_mismatch"),
        (Sample(np.array([[0, 0], [0, 3]])), "unknown_option"),
        (Sample(np.array([[-1, 0]])), "unknown_option"),
    ],
)
def test_recorded_draws_are_checked(sample: Sample, code: str) -> None:
    model = IndexModel(IndexScheme(TREE, index_steps()), figures(), ASSUMPTIONS)
    with pytest.raises(EngineError) as caught:
        model.evaluate(sample)
    assert caught.value.code == code


def test_a_flat_tree_of_one_level() -> None:
    tree = Hierarchy((Node("a", "I"), Node("b", "I"), Node("I")))
    data = Dataset(("x", "y", "z"), ("a", "b"), [[1.0, 5.0], [2.0, 3.0], [3.0, 1.0]])
    found = simulate(IndexModel(IndexScheme(tree, index_steps()), data, [WeightNoise({"1": 1.0})]), 4000, 3)
    assert found.chance("y", 2) == 1.0
    assert abs(found.chance("x", 1) - 0.5) < 0.03

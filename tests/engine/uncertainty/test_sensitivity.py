"""Indices against functions whose indices are known, and what is said when they rest on little."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.uncertainty.cases import ASSUMPTIONS, SEEDS, TREE, figures, index_steps
from yiqi.engine import EngineError, IndexScheme
from yiqi.engine.uncertainty import (
    Alternatives,
    IndexModel,
    ValueNoise,
    WeightNoise,
    sensitivity,
    sobol_indices,
)

quick = settings(max_examples=20, deadline=None)


def runs_of(function: object, variables: int, draws: int, seed: int) -> np.ndarray:
    """y of A, B, AB_1, … for a function of uniform numbers."""
    a, b = np.random.default_rng(seed).random((2, draws, variables))
    mixed = []
    for number in range(variables):
        one = a.copy()
        one[:, number] = b[:, number]
        mixed.append(one)
    return np.array([function(matrix) for matrix in (a, b, *mixed)])


def test_a_sum_has_its_known_indices() -> None:
    """y = 3u₁ + u₂ + 0·u₃: shares 9/10, 1/10, 0, first order and total alike."""
    found = sobol_indices(runs_of(lambda u: 3 * u[:, 0] + u[:, 1], 3, 200_000, 0))
    np.testing.assert_allclose(found.first, [0.9, 0.1, 0.0], atol=0.01)
    np.testing.assert_allclose(found.total, [0.9, 0.1, 0.0], atol=0.01)


def test_a_product_has_a_total_above_its_first_order() -> None:
    """y = (u₁ − ½)(u₂ − ½): no first order, all of it together."""
    found = sobol_indices(runs_of(lambda u: (u[:, 0] - 0.5) * (u[:, 1] - 0.5), 2, 200_000, 1))
    np.testing.assert_allclose(found.first, [0.0, 0.0], atol=0.01)
    np.testing.assert_allclose(found.total, [1.0, 1.0], atol=0.02)


def test_the_function_of_ishigami() -> None:
    """a = 7, b = 0.1 (Ishigami and Homma 1990): S 0.3139, 0.4424, 0; T 0.5576, 0.4424, 0.2437."""

    def ishigami(u: np.ndarray) -> np.ndarray:
        x = np.pi * (2 * u - 1)
        return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])

    found = sobol_indices(runs_of(ishigami, 3, 400_000, 2))
    np.testing.assert_allclose(found.first, [0.3139, 0.4424, 0.0], atol=0.015)
    np.testing.assert_allclose(found.total, [0.5576, 0.4424, 0.2437], atol=0.015)


@quick
@given(SEEDS, st.integers(2, 30), st.integers(1, 4))
def test_totals_are_not_negative_and_scale_does_not_matter(seed: int, draws: int, variables: int) -> None:
    y = np.random.default_rng(seed).random((variables + 2, draws))
    found, scaled = sobol_indices(y), sobol_indices(8 * y)
    assert (found.total >= 0).all()
    np.testing.assert_allclose(scaled.first, found.first, rtol=1e-9)
    np.testing.assert_allclose(scaled.total, found.total, rtol=1e-9)


def test_nothing_moves_means_zero_and_says_so() -> None:
    found = sensitivity(IndexModel(IndexScheme(TREE, index_steps()), figures(), [WeightNoise(0.0)]), 200, 1)
    assert found.indices.first.tolist() == [0.0]
    assert found.indices.total.tolist() == [0.0]
    assert [warning.code for warning in found.warnings] == ["no_change"]


def test_an_assumption_that_cannot_move_a_place_has_no_effect() -> None:
    """Two scales of the same normalisation order alike under an arithmetic mean."""
    scales = Alternatives("scale", "normalise", ({"method": "minmax"}, {"method": "minmax", "params": {"upper": 50}}))
    found = sensitivity(IndexModel(IndexScheme(TREE, index_steps()), figures(), [WeightNoise(0.6), scales]), 256, 1)
    assert found.indices.total[1] == 0.0
    assert found.indices.total[0] > 0.5
    assert found.first_interval[0, 0] <= found.indices.first[0] <= found.first_interval[0, 1]


def test_all_kinds_of_assumption_at_once() -> None:
    model = IndexModel(IndexScheme(TREE, index_steps()), figures(), [*ASSUMPTIONS, ValueNoise(0.05)], tier_size=2)
    found = sensitivity(model, 40, 4, pairs=True)
    assert found.names == ("norm", "weights", "mean", "values")
    assert found.y.shape == (6, 40)
    assert (found.standing.draws, found.standing.good, found.used) == (80, 80, 40)
    np.testing.assert_allclose(found.standing.probability.sum(axis=1), 1.0, rtol=1e-12)
    assert [warning.code for warning in found.warnings] == ["few_rows"]


def test_rows_with_a_failed_run_are_left_out_and_named() -> None:
    """0 under a geometric mean fails; the runs are numbered along A, B, AB_1, …"""
    model = IndexModel(IndexScheme(TREE, index_steps(normalise={"method": "minmax"})), figures(1), ASSUMPTIONS[1:])
    found = sensitivity(model, 300, 1)
    missing = np.isnan(found.y)
    assert [failure.run for failure in found.failed] == np.flatnonzero(missing.ravel()).tolist()
    assert found.used == int((~missing.any(axis=0)).sum())
    assert found.standing.good == 600 - int(missing[:2].sum())
    codes = [warning.code for warning in found.warnings]
    assert codes[-2:] == ["rows_left_out", "few_rows"] if found.used < 100 else codes[-1:] == ["rows_left_out"]


def test_only_failed_rows_is_an_error() -> None:
    model = IndexModel(IndexScheme(TREE, index_steps(normalise={"method": "minmax"})), figures(1), ASSUMPTIONS[1:])
    with pytest.raises(EngineError) as caught:
        sensitivity(model, 2, 3)
    assert caught.value.code == "no_good_rows"
    assert "rows are without a failed run, two are needed: raise draws; the first run that failed: unit" in str(
        caught.value
    )


def test_one_row_is_refused_before_the_runs() -> None:
    with pytest.raises(EngineError) as caught:
        sensitivity(IndexModel(IndexScheme(TREE, index_steps()), figures(), ASSUMPTIONS), 1)
    assert caught.value.code == "draws_invalid"
    assert "raise draws (--draws) to 2 or more, not 1" in str(caught.value)


@pytest.mark.parametrize("size", [0, -1, 99, True, 2.0])
def test_a_tier_has_from_one_place_to_all(size: Any) -> None:
    data = figures()
    for units in (1, len(data.units)):
        IndexModel(IndexScheme(TREE, index_steps()), data, ASSUMPTIONS, tier_size=units)
    with pytest.raises(EngineError) as caught:
        IndexModel(IndexScheme(TREE, index_steps()), data, ASSUMPTIONS, tier_size=size)
    assert (caught.value.code, caught.value.data["units"]) == ("tier_invalid", len(data.units))


@pytest.mark.parametrize(
    ("y", "code"),
    [
        (np.zeros((2, 5)), "shape_mismatch"),
        (np.zeros((3, 1)), "shape_mismatch"),
        (np.zeros(9), "shape_mismatch"),
        (np.full((3, 4), np.nan), "not_finite"),
    ],
)
def test_outcomes_are_checked(y: np.ndarray, code: str) -> None:
    with pytest.raises(EngineError) as caught:
        sobol_indices(y)
    assert caught.value.code == code


def test_a_variable_is_an_assumption_however_many_numbers_it_takes() -> None:
    model = IndexModel(IndexScheme(TREE, index_steps()), figures(), ASSUMPTIONS)
    assert [part.stop - part.start for part in model.design.slices] == [1, 4, 1]
    assert replace(model, assumptions=ASSUMPTIONS[:1]).design.width == 1

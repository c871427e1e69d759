"""Laws of the scores."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from yiqi.engine import EngineError, FloatArray
from yiqi.engine.outlook import brier, covered, crps, interval

FIGURES = st.floats(-1e6, 1e6, allow_subnormal=False)
SAMPLES = arrays(np.float64, st.integers(1, 40), elements=FIGURES)
CLOSE = {"rtol": 1e-9, "atol": 1e-6}


@given(SAMPLES, FIGURES)
def test_crps_is_the_definition(samples: FloatArray, truth: float) -> None:
    pairs = np.abs(samples[:, None] - samples[None, :]).mean()
    np.testing.assert_allclose(crps(samples, truth), np.abs(samples - truth).mean() - pairs / 2, **CLOSE)


@given(SAMPLES, FIGURES)
def test_crps_is_the_area_between_the_steps(samples: FloatArray, truth: float) -> None:
    """∫ (F(x) − 1{x ≥ y})² dx, added up between the points where anything changes."""
    points = np.sort(np.append(samples, truth))
    below = (samples[None, :] <= points[:-1, None]).mean(axis=1) - (points[:-1] >= truth)
    np.testing.assert_allclose(crps(samples, truth), (below**2 * np.diff(points)).sum(), **CLOSE)


@given(SAMPLES, FIGURES)
def test_crps_lies_between_nothing_and_the_mean_absolute_error(samples: FloatArray, truth: float) -> None:
    score = float(crps(samples, truth))
    assert 0 <= score <= np.abs(samples - truth).mean() * (1 + 1e-12)


@given(SAMPLES, FIGURES, st.floats(-1e3, 1e3), st.floats(0.01, 100))
def test_crps_moves_scales_and_does_not_mind_order(
    samples: FloatArray, truth: float, shift: float, factor: float
) -> None:
    score = crps(samples, truth)
    np.testing.assert_allclose(crps(samples + shift, truth + shift), score, **CLOSE)
    np.testing.assert_allclose(crps(samples * -factor, truth * -factor), score * factor, **CLOSE)
    np.testing.assert_allclose(crps(samples[::-1], truth), score, **CLOSE)
    np.testing.assert_allclose(crps(np.repeat(samples, 3), truth), score, **CLOSE)


@given(FIGURES, FIGURES)
def test_crps_of_a_certain_forecast_is_its_error(said: float, truth: float) -> None:
    np.testing.assert_allclose(crps([said] * 7, truth), abs(said - truth), **CLOSE)


def test_crps_is_proper() -> None:
    """On average nobody does better than the truth: too narrow, too wide and off the mark all score worse."""
    chance = np.random.default_rng(3)
    truth = chance.normal(0, 1, 400)
    samples = chance.normal(0, 1, (400, 400))
    honest = crps(samples, truth).mean()
    assert honest == pytest.approx(1 / np.sqrt(np.pi), rel=0.08)
    for other in (samples * 0.3, samples * 3, samples + 0.7):
        assert crps(other, truth).mean() > honest * 1.05


@given(SAMPLES, FIGURES)
def test_wider_intervals_cover_what_narrower_ones_do(samples: FloatArray, truth: float) -> None:
    inside = covered(samples, truth, (0.1, 0.5, 0.8, 0.95))
    assert inside.tolist() == sorted(inside.tolist())
    low, high = interval(samples, 0.5)
    assert samples.min() <= low <= high <= samples.max()


@given(st.floats(0, 1), st.booleans())
def test_brier(share: float, happened: bool) -> None:
    score = float(brier(share, happened))
    assert 0 <= score <= 1
    np.testing.assert_allclose(brier(1 - share, not happened), score, atol=1e-12)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: crps([], 1.0), "draws_invalid"),
        (lambda: crps([1.0, np.nan], 1.0), "not_finite"),
        (lambda: crps([1.0], np.inf), "not_finite"),
        (lambda: crps([[1.0, 2.0]], [1.0]), "shape_mismatch"),
        (lambda: brier([0.5], [0, 1]), "shape_mismatch"),
        (lambda: brier([1.5], [1]), "probability_invalid"),
        (lambda: brier([0.5], [0.5]), "probability_invalid"),
        (lambda: covered([1.0], 1.0, ()), "levels_invalid"),
        (lambda: covered([1.0], 1.0, (0.5, 0.5)), "levels_invalid"),
        (lambda: covered([1.0], 1.0, (0.5, 1.0)), "levels_invalid"),
    ],
)
def test_errors(call: object, code: str) -> None:
    with pytest.raises(EngineError) as raised:
        call()
    assert raised.value.code == code

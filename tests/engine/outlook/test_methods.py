"""Methods: what they need, what they promise, and that they keep it."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiqi.engine import EngineError
from yiqi.engine.outlook import METHODS, MonthlyPanel, Series, forecast
from yiqi.engine.outlook.baselines import NotFitted
from yiqi.engine.outlook.methods import checked_methods, fit


def _series(values: Any, kind: str = "level", start: str = "2019-01") -> Series:
    return MonthlyPanel(("A",), ("x",), start, np.asarray(values, dtype=float)[:, None, None], kind).series("A", "x")


@pytest.mark.parametrize(
    ("method", "kind", "months", "able"),
    [
        ("drift", "flow", 2, False), ("drift", "flow", 3, True), ("drift", "level", 3, False),
        ("drift", "level", 4, True),
        ("seasonal_naive", "flow", 14, False), ("seasonal_naive", "flow", 15, True),
        ("seasonal_naive", "level", 15, True),
        ("ets", "level", 4, False), ("ets", "level", 5, True), ("ets", "flow", 9, True), ("ets", "flow", 10, True),
    ],
)  # fmt: skip
def test_the_least_history(method: str, kind: str, months: int, able: bool) -> None:
    values = np.cumsum(np.random.default_rng(2).normal(5, 1, months))
    series = _series(values, kind)
    if able:
        assert fit(series, method).paths(4, 20, np.random.default_rng(1)).shape == (20, 4)
    else:
        with pytest.raises(NotFitted, match=f"{'changes' if method == 'drift' else 'months'} are too few"):
            fit(series, method)


def test_smoothing_says_why_it_is_not_fitted() -> None:
    with pytest.raises(NotFitted, match="does not vary"):
        fit(_series([3.0] * 30), "ets")
    with pytest.raises(EngineError) as raised:
        forecast(_series([3.0] * 30), "ets", 3)
    assert (raised.value.code, raised.value.data["method"]) == ("not_fitted", "ets")
    assert "A · x: ets: the history does not vary" in raised.value.message


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", ["flow", "level"])
def test_a_new_unit_changes_nothing(method: str, kind: str) -> None:
    """Forecasts move with the data: in ten thousands or in units, the same forecast."""
    values = np.cumsum(np.random.default_rng(4).normal(5, 1, 30))
    first = forecast(_series(values, kind), method, 6, draws=50, seed=3)
    second = forecast(_series(values * 1e4, kind), method, 6, draws=50, seed=3)
    np.testing.assert_allclose(second.paths, first.paths * 1e4, rtol=1e-6)


def test_smoothing_finds_the_season() -> None:
    """Four years of a clean season: the forecast follows it, closer than either baseline."""
    months = np.arange(48)
    season = 10 * np.sin(months * np.pi / 6) + 0.5 * months
    noise = np.random.default_rng(8).normal(0, 0.5, 60)
    came = 10 * np.sin(np.arange(48, 60) * np.pi / 6) + 0.5 * np.arange(48, 60)
    series = _series(season + noise[:48])
    errors = {method: np.abs(forecast(series, method, 12, draws=200).mean - came).mean() for method in METHODS}
    assert errors["ets"] < 2
    assert errors["ets"] < min(errors["drift"], errors["seasonal_naive"]) / 2


@pytest.mark.parametrize(("months", "horizon"), [(4, 8), (8, 4), (11, 1), (24, 12)])
def test_drift_keeps_its_promise_on_short_histories(months: int, horizon: int) -> None:
    """Independent monthly steps: intervals of the year's end hold what they promise, from four months on too."""
    chance = np.random.default_rng(17)
    inside = np.zeros(2)
    for _ in range(300):
        steps = chance.normal(10, 3, months + horizon)
        series = _series(
            np.concatenate([np.cumsum(year) for year in np.split(steps[:months], range(12, months, 12))]), "flow"
        )
        made = fit(series, "drift").paths(horizon, 400, chance).sum(axis=1)
        low50, low95, high50, high95 = np.quantile(made, [0.25, 0.025, 0.75, 0.975])
        came = steps[months:].sum()
        inside += [low50 <= came <= high50, low95 <= came <= high95]
    share = inside / 300
    assert share[0] == pytest.approx(0.5, abs=0.09)
    assert share[1] == pytest.approx(0.95, abs=0.03)


def test_a_shorter_history_gives_wider_intervals() -> None:
    values = np.random.default_rng(5).normal(100, 4, 60)
    widths = []
    for months in (6, 12, 60):
        low, high = forecast(_series(values[:months]), "ets", 3, draws=4000, seed=1).interval(0.95)
        widths.append(float((high - low)[-1] / values[:months].std(ddof=1)))
    assert widths[0] > widths[1] > widths[2]


@settings(max_examples=25)
@given(st.integers(5, 40), st.sampled_from(["flow", "level"]), st.integers(0, 999), st.sampled_from([1e-3, 1.0, 1e7]))
def test_nothing_but_numbers_comes_out(months: int, kind: str, seed: int, size: float) -> None:
    """Rough histories with steps, spikes and standstills: a finite forecast or a reason, and no warning."""
    chance = np.random.default_rng(seed)
    values = np.where(chance.random(months) < 0.3, 0, chance.standard_cauchy(months)) * size
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for method in METHODS:
            try:
                fitted = fit(_series(values, kind), method)
            except NotFitted:
                continue
            assert np.isfinite(fitted.paths(14, 30, np.random.default_rng(1))).all()
            assert np.isfinite(fitted.mean(14)).all()


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda s: forecast(s, "oracle", 3), "method_unknown"),
        (lambda s: forecast(s, "drift", 0), "horizon_invalid"),
        (lambda s: forecast(s, "drift", 121), "horizon_invalid"),
        (lambda s: forecast(s, "drift", 3, draws=0), "draws_invalid"),
        (lambda s: forecast(s, "drift", 3, draws=True), "draws_invalid"),
        (lambda s: forecast(s, "drift", 120, draws=10**8), "too_many_draws"),
        (lambda s: forecast(s, "drift", 3, seed=-1), "seed_invalid"),
        (lambda s: forecast(s, "drift", 3, seed=1.0), "seed_invalid"),
        (lambda s: checked_methods(["ets"]), "no_baseline"),
        (lambda s: checked_methods(["ets", "magic"]), "method_unknown"),
    ],
)
def test_errors(call: Any, code: str) -> None:
    with pytest.raises(EngineError) as raised:
        call(_series([1.0, 2.0, 4.0, 3.0]))
    assert raised.value.code == code

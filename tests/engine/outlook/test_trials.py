"""Where the past is looked at from, what is asked there, and how uncertainty grows with the years."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.engine.outlook.build import contest_scheme, counties, employment
from yiqi.engine.outlook import (
    Choice,
    Contest,
    Forecasting,
    MonthlyPanel,
    Series,
    forecasts,
    month_name,
    month_number,
)
from yiqi.engine.outlook.contest import digest
from yiqi.engine.outlook.drawing import past_origins
from yiqi.engine.outlook.methods import fit
from yiqi.engine.outlook.trials import event_for, scale, threshold


def _series(values: list[float], kind: str) -> Series:
    return MonthlyPanel(("A",), ("x",), "2020-01", np.array(values)[:, None, None], kind).series("A", "x")


@pytest.mark.parametrize(
    ("months", "month", "count", "origins"),
    [
        (8, "2021-08", 3, ["2021-05", "2021-06", "2021-07"]),
        (8, "2021-06", 3, ["2021-05"]),
        (8, "2021-05", 3, []),
        (12, "2021-12", 3, []),
        (44, "2024-08", 3, ["2024-03", "2024-04", "2024-05"]),
        (44, "2024-01", 2, ["2023-02", "2023-03"]),
    ],
)
def test_months_to_compare_at(months: int, month: str, count: int, origins: list[str]) -> None:
    """Those nearest to one full look-ahead before, with five months of history behind them."""
    found = past_origins(counties(months, 1), month_number(month), count)
    assert [month_name(origin) for origin in found] == origins


def test_the_event_is_one_for_all() -> None:
    panel = employment()
    assert event_for(panel, [month_number("2006-12"), month_number("2010-01")]) == "last_year"
    assert event_for(panel, [month_number("2006-11"), month_number("2010-01")]) == "pace"


def test_what_the_event_asks_to_be_exceeded() -> None:
    level, flow = _series([3.0, 5.0, 4.0], "level"), _series([3.0, 5.0, 9.0], "flow")
    assert threshold(level, 3, "pace").tolist() == [4.0, 4.0, 4.0]
    assert threshold(flow, 3, "pace").tolist() == [3.0, 6.0, 9.0]
    assert np.isnan(threshold(level, 2, "last_year")).all()
    year = _series([float(month) for month in range(1, 15)], "level")
    assert threshold(year, 13, "last_year").tolist() == [*range(3, 15), 3]
    summed = _series(np.cumsum([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]).tolist(), "flow")
    assert threshold(summed, 3, "last_year").tolist() == [1.0, 3.0, 6.0]


def test_scale_is_the_usual_monthly_change() -> None:
    assert scale(_series([3.0, 5.0, 4.0], "level")) == 1.5
    assert scale(_series([3.0, 5.0, 9.0], "flow")) == 1.5
    assert np.isnan(scale(_series([3.0], "level")))


def test_the_error_of_last_years_month_grows_with_the_years() -> None:
    """Spread s within a year, s·√2 in the second, s·√3 in the third; the same month twice is correlated, others not."""
    chance = np.random.default_rng(4)
    fitted = fit(
        _series((10 + np.tile(np.arange(12.0), 20) + chance.normal(0, 1, 240)).tolist(), "level"), "seasonal_naive"
    )
    paths = fitted.paths(30, 60_000, np.random.default_rng(6)) - fitted.mean(30)
    spread = paths.std(axis=0)
    np.testing.assert_allclose(spread[12:24] / spread[:12], np.sqrt(2), rtol=0.03)
    np.testing.assert_allclose(spread[24:30] / spread[:6], np.sqrt(3), rtol=0.03)
    assert np.corrcoef(paths[:, 0], paths[:, 12])[0, 1] == pytest.approx(np.sqrt(0.5), abs=0.02)
    assert np.corrcoef(paths[:, 0], paths[:, 13])[0, 1] == pytest.approx(0, abs=0.02)


def _digest(origin: str = "2021-08", seed: int = 1, shift: float = 0.0, **changes: Any) -> str:
    panel = counties(8, units=2)
    moved = MonthlyPanel(panel.units, panel.indicators, panel.start, panel.values + shift, panel.kinds)
    return digest(Contest(**{"scheme": contest_scheme(), **changes}), moved, Forecasting(seed=seed), origin)


def test_whatever_decides_an_outlook_changes_its_digest() -> None:
    ones = np.ones((2, 2))
    found = [
        _digest(), _digest(origin="2021-07"), _digest(seed=2), _digest(shift=1.0),
        _digest(scheme=contest_scheme(tier_size=1)),
        _digest(targets=ones), _digest(previous=ones), _digest(groups=("a", "b")), _digest(vetoed=(True, False)),
        _digest(fixed={"gdp": [1, 2]}), _digest(fixed={"gdp": [1, 3]}), _digest(fixed={"rate": [1, 2]}),
        _digest(growth={"gdp": "rate"}), _digest(bounds={"gdp": (0, 9)}), _digest(block="b"),
    ]  # fmt: skip
    assert len(set(found)) == len(found)
    assert _digest() == found[0]


def test_series_are_drawn_apart() -> None:
    """Two units with the same figures: the same method and mean, and paths of their own."""
    panel = counties(8, units=1)
    twice = MonthlyPanel(("A", "B"), panel.indicators, panel.start, np.repeat(panel.values, 2, axis=1), panel.kinds)
    choices = [Choice("gdp", "drift", "drift", None, None, 0, "no_backtest")]
    made = {one.unit: one for one in forecasts(twice, choices, horizon=4)[0] if one.indicator == "gdp"}
    assert made["A"].mean.tolist() == made["B"].mean.tolist()
    assert abs(np.corrcoef(made["A"].paths[:, -1], made["B"].paths[:, -1])[0, 1]) < 0.15

"""The backtest on a real monthly panel, its table, its laws and its errors."""

from __future__ import annotations

import csv
import json
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.engine.outlook.build import INDUSTRIES, counties, employment
from yiqi.engine import EngineError
from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.ground.seeds import generator
from yiqi.engine.outlook import (
    Backtest,
    Forecasting,
    MonthlyPanel,
    Row,
    backtest,
    brier,
    covered,
    crps,
    forecasts,
    read_panel,
)
from yiqi.engine.outlook.chance import spread
from yiqi.engine.outlook.methods import fit

HOW = Forecasting(draws=200, seed=20, origins=3)


@pytest.fixture(scope="module")
def real() -> Backtest:
    """Employees by industry in the United States (Bureau of Labor Statistics), a year ahead, from three past months."""
    return backtest(employment(), HOW, horizon=12, step=12)


def _rows(tested: Backtest, horizon: int, indicator: str = "all") -> dict[str, Row]:
    return {row.method: row for row in tested.table() if (row.horizon, row.indicator) == (horizon, indicator)}


def test_the_real_panel(real: Backtest) -> None:
    """Smoothing beats both baselines by far at every horizon; its intervals hold at least about what they promise."""
    assert real.origins == ("2012-12", "2013-12", "2014-12")
    assert (real.event, real.warnings) == ("last_year", ())
    assert (real.choices[0].method, real.choices[0].reason) == ("ets", "model_better")
    for horizon in range(13):
        rows = _rows(real, horizon)
        assert {row.cases for row in rows.values()} == {12 * 3 * (12 if horizon == 0 else 1)}
        assert {row.left_out for row in rows.values()} == {0}
        skills = {method: row.skill for method, row in rows.items()}
        assert max(skills["drift"] or 0, skills["seasonal_naive"] or 0) == 0
        assert (skills["ets"] or 0) > 0.2
    ets, drift = _rows(real, 0)["ets"], _rows(real, 0)["drift"]
    assert (ets.brier or 1) < (drift.brier or 0) / 2
    for promised, held in zip(HOW.levels, ets.coverage, strict=True):
        assert held is not None
        assert promised - 0.05 < held <= 1


def test_every_score_is_the_score_of_its_own_forecast(real: Backtest) -> None:
    """One case worked again by hand: fit on what was known, draw with the case's own key, score what came."""
    panel, number, place = employment(), 3, 1
    series = panel.series(INDUSTRIES[number], "employees")
    known = series.until(series.first + 12 * 8 - 1)
    for row, method in enumerate(HOW.methods):
        paths = fit(known, method).paths(12, 200, generator(20, number, known.last))
        came = series.values[12 * 8 : 12 * 9]
        assert np.array_equal(real.crps[row, number, place], crps(paths, came))
        assert np.array_equal(real.covered[row, number, place], covered(paths, came, HOW.levels))
        last_year = known.values[-12:]
        expected = brier((paths > last_year).mean(axis=0), came > last_year)
        assert np.array_equal(real.brier[row, number, place], expected)
        assert np.array_equal(real.error[row, number, place], np.abs(np.median(paths, axis=0) - came))


def test_the_example_file_is_the_same_panel() -> None:
    example = read_panel(Path(__file__).parents[3] / "examples" / "engine" / "us-employment.csv")
    assert (example.units, example.start) == (INDUSTRIES, "2006-01")
    assert np.array_equal(example.values, employment().values)


def test_the_other_example_keeps_its_seasons() -> None:
    """Fourteen series over ten years; the month of the year tells much of their changes."""
    folder = Path(__file__).parents[3] / "examples" / "engine"
    unadjusted, adjusted = (read_panel(folder / f"us-{name}.csv") for name in ("unemployment", "employment"))
    assert (unadjusted.values.shape, unadjusted.start) == ((122, 14, 1), "2000-01")
    assert not np.isnan(unadjusted.values).any()
    assert np.median(_told_by_month(unadjusted)) > 0.3
    assert _told_by_month(adjusted).max() < 0.15


def _told_by_month(panel: MonthlyPanel) -> FloatArray:
    """Share (series,) of the variance of monthly changes between the twelve months of the year."""
    changes = np.diff(panel.values[:, :, 0], axis=0)
    changes = changes - changes.mean(axis=0)
    months = (panel.first + 1 + np.arange(len(changes))) % 12
    means = np.array([changes[months == month].mean(axis=0) for month in range(12)])[months]
    found: FloatArray = (means**2).sum(axis=0) / (changes**2).sum(axis=0)
    return found


def test_laws_of_the_table(real: Backtest) -> None:
    for row in real.table():
        shares = [*row.coverage, row.brier, row.event_share]
        assert all(share is not None and 0 <= share <= 1 for share in shares)
        assert list(row.coverage) == sorted(row.coverage, key=float)
        assert row.crps is not None
        assert row.error is not None
        assert row.crps >= 0
    for method, row in _rows(real, 0).items():
        apart = [_rows(real, horizon)[method].crps for horizon in range(1, 13)]
        assert row.crps == pytest.approx(np.mean([one for one in apart if one is not None]))


def test_the_table_as_text_and_json(real: Backtest) -> None:
    lines = real.csv_rows()
    assert lines[0] == [
        "indicator", "horizon", "method", "cases", "left_out", "scaled_crps", "skill", "brier", "event_share",
        "coverage_0.5", "coverage_0.8", "coverage_0.95", "crps", "error",
    ]  # fmt: skip
    assert len(lines) == 1 + 13 * 3
    again = list(csv.reader(",".join(line) for line in lines))
    ets = _rows(real, 0)["ets"]
    assert (float(again[3][5]), float(again[3][-2])) == (ets.scaled_crps, ets.crps)
    told = json.loads(json.dumps(real.to_dict(), allow_nan=False))
    assert told["table"][2]["coverage"]["0.95"] == _rows(real, 0)["ets"].coverage[2]
    assert told["choices"][0]["sentence"].startswith("employees: ets beat the baseline")


def test_a_real_flow() -> None:
    """Net new jobs, added up from January (the monthly change of the same source), over the turn of the year."""
    from vega_datasets import local_data

    change = local_data.us_employment()["nonfarm_change"].to_numpy(dtype=np.float64)
    flow = np.cumsum(change.reshape(-1, 12), axis=1).reshape(-1)
    panel = MonthlyPanel(("United States",), ("new_jobs",), "2006-01", flow[:, None, None], "flow")
    np.testing.assert_allclose(panel.series("United States", "new_jobs").steps(), change)
    tested = backtest(panel, Forecasting(draws=200, seed=1, origins=4), horizon=6, step=5)
    assert {row.cases for row in _rows(tested, 0).values()} == {24}
    assert {row.event_share for row in _rows(tested, 6).values()} == {
        float(np.mean([change[at + 1 : at + 7].sum() > change[at - 11 : at - 5].sum() for at in (98, 103, 108, 113)]))
    }


def test_workers_change_nothing() -> None:
    panel = counties(26, units=2, start="2019-01")
    how = Forecasting(draws=50, seed=3, origins=2)
    alone = backtest(panel, how, horizon=3)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as workers:
        shared = backtest(panel, how, horizon=3, executor=workers)
        far = forecasts(panel, alone.choices, how, horizon=3, executor=workers)
    assert alone.csv_rows() == shared.csv_rows()
    assert np.array_equal(alone.crps, shared.crps, equal_nan=True)
    near = forecasts(panel, alone.choices, how, horizon=3)
    assert all(np.array_equal(one.paths, other.paths) for one, other in zip(near[0], far[0], strict=True))
    assert len(near[0]) == 4


def _end(_: object) -> None:
    import os

    os._exit(1)


def test_lost_workers_are_named() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as workers, pytest.raises(EngineError) as raised:
        spread(_end, [1, 2], workers)
    assert raised.value.code == "workers_lost"


def test_short_panels_leave_the_yearly_baseline_out_and_say_so() -> None:
    """Eight months: two methods are compared on the cases they share, the third is named with its reason."""
    tested = backtest(counties(8), Forecasting(draws=100, seed=1, origins=2), horizon=2)
    assert tested.event == "pace"
    rows = _rows(tested, 0, "gdp")
    assert [rows[name].cases for name in ("seasonal_naive", "drift", "ets")] == [0, 20, 20]
    assert rows["seasonal_naive"].left_out == 20
    assert (rows["seasonal_naive"].crps, rows["seasonal_naive"].coverage) == (None, (None, None, None))
    assert len(tested.warnings) == 10
    assert "seasonal_naive not fitted from 2021-05, 2021-06: 5 months are too few" in tested.warnings[0].message
    assert {row.indicator for row in tested.table()} == {"all", "gdp", "rate"}


def test_forecasts_name_what_they_had_to_replace() -> None:
    panel = counties(30, units=3, start="2019-01")
    values = panel.values.copy()
    values[:27, 1, 1], values[:, 2, 1] = np.nan, np.nan
    cut = MonthlyPanel(panel.units, panel.indicators, panel.start, values, panel.kinds)
    choices = outlook_choices(panel)
    made, warnings = forecasts(cut, choices, HOW, horizon=4)
    assert [(one.unit, one.indicator) for one in made if one.unit == "R1"] == [("R1", "gdp")]
    assert {(one.code, one.unit) for one in warnings} == {("not_forecast", "R1"), ("not_forecast", "R2")}
    assert made[0].periods == ("2021-07", "2021-08", "2021-09", "2021-10")


def outlook_choices(panel: MonthlyPanel) -> Any:
    return backtest(panel, Forecasting(draws=50, seed=1, origins=1), horizon=1).choices


def _cut(months: int, **changes: Any) -> MonthlyPanel:
    panel = counties(months)
    values = panel.values.copy()
    if "still" in changes:
        values[:, 2, 1] = 4.0
    if "late" in changes:
        values[:10, 3, 0] = np.nan
    return MonthlyPanel(panel.units, panel.indicators, panel.start, values, panel.kinds)


def _still() -> MonthlyPanel:
    """A level that stands, a flow of equal months (0.1 each, but for the rounding of its sums), and an empty series."""
    level, flow = np.full(20, 4.0), np.concatenate([np.cumsum(np.full(12, 0.1)), np.cumsum(np.full(8, 0.1))])
    values = np.stack([np.stack([level, np.full(20, np.nan)], axis=1), np.stack([np.full(20, np.nan), flow], axis=1)])
    return MonthlyPanel(("A", "B"), ("rate", "gdp"), "2020-01", values.transpose(1, 0, 2), {"gdp": "flow"})


def test_a_constant_series_is_left_out_with_a_warning() -> None:
    """The other series have the same numbers as without it; the table does not count it."""
    how = Forecasting(draws=50, seed=1, origins=2)
    tested, whole = (backtest(_cut(20, **still), how, horizon=2) for still in ({"still": 1}, {}))
    assert [(one.code, one.unit, one.indicator) for one in tested.warnings] == [("series_constant", "R2", "rate")]
    others = np.arange(10) != 5
    assert np.array_equal(tested.crps[:, others], whole.crps[:, others], equal_nan=True)
    assert np.isnan(tested.crps[:, 5]).all()
    assert [_rows(one, 0, "rate")["drift"].cases for one in (tested, whole)] == [4 * 2 * 2, 5 * 2 * 2]


def test_what_is_written_is_enough_to_run_it_again(real: Backtest) -> None:
    panel = MonthlyPanel(*(getattr(counties(26), name) for name in ("units", "indicators", "start", "values", "kinds")))
    first = backtest(panel, Forecasting(draws=40, seed=8, origins=2, levels=(0.9,)), horizon=3, step=4)
    told = json.loads(json.dumps(first.to_dict()))
    assert (told["step"], told["kinds"], told["late_january"]) == (4, {"gdp": "flow", "rate": "level"}, False)
    assert (told["units"], told["first_month"], told["last_month"]) == (list(panel.units), "2021-01", "2023-02")
    given: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in told["how"].items()}
    how = Forecasting(**given)
    same = MonthlyPanel(panel.units, panel.indicators, panel.start, panel.values, told["kinds"], told["late_january"])
    again = backtest(same, how, horizon=told["horizon"], step=told["step"])
    assert again.to_dict() == first.to_dict()


def test_scaled_scores_belong_to_the_skill(real: Backtest) -> None:
    rows = _rows(real, 0)
    best = min(rows[name].scaled_crps or 0 for name in ("seasonal_naive", "drift"))
    for row in rows.values():
        assert row.scaled_crps is not None
        assert row.skill == pytest.approx(1 - row.scaled_crps / best)


@pytest.mark.parametrize(
    ("call", "code", "said"),
    [
        (lambda: backtest(_cut(12), HOW), "too_short", "R0 · gdp"),
        (lambda: backtest(_cut(8), HOW, horizon=2), "too_short", "at the first origin 2021-04 it has 4 and needs 5"),
        (lambda: backtest(_cut(20, late=1), HOW, horizon=4), "too_short", "R3 · gdp: 10 months are too few"),
        (lambda: backtest(_still(), HOW, horizon=2), "no_variance", "none of the 2 series varies"),
        (lambda: backtest(_cut(20), HOW, horizon=0), "horizon_invalid", "from 1 to 120"),
        (lambda: backtest(_cut(20), HOW, horizon=2, step=0), "step_invalid", "from 1"),
        (lambda: backtest(_cut(20), Forecasting(draws=10**8), horizon=3), "too_many_draws", "take at most"),
        (lambda: forecasts(_cut(8), (), HOW, horizon=0), "horizon_invalid", "from 1"),
    ],
)
def test_errors(call: Any, code: str, said: str) -> None:
    with pytest.raises(EngineError) as raised:
        call()
    assert raised.value.code == code
    assert said in raised.value.message

"""The worked numbers of docs/algorithms/outlook.md, read from the document and asserted cell by cell."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from tests.engine.worked import DASH, Table, agrees, number, tables
from yiqi.engine.outlook import (
    Forecasting,
    MonthlyPanel,
    Series,
    backtest,
    brier,
    covered,
    crps,
    read_panel,
    turning,
)
from yiqi.engine.outlook.baselines import Drift, SeasonalNaive
from yiqi.engine.outlook.choosing import choose
from yiqi.engine.outlook.methods import METHODS, fit
from yiqi.engine.outlook.push import place_probabilities
from yiqi.engine.outlook.smoothing import FORMS

TABLES = tables("outlook.md")


def _table(*header: str) -> Table:
    return next(table for table in TABLES if table.header == header)


def _numbers(text: str) -> list[float]:
    return [number(part) for part in text.split("、")]


def _series(table: Table, column: str) -> Series:
    assert table.settings is not None
    values = [[[float(text)]] for text in table.column(column)]
    return MonthlyPanel(("A",), ("甲",), table.column("月份")[0], values, table.settings["kind"]).series("A", "甲")


def test_steps_of_a_flow() -> None:
    table = _table("月份", "累计", "当月")
    steps = _series(table, "累计").steps().tolist()
    assert [math.nan, *steps] == pytest.approx([number(text) for text in table.column("当月")], nan_ok=True)


@pytest.mark.parametrize("table", [one for one in TABLES if "年末" in one.header], ids=lambda one: str(one.settings))
def test_baselines(table: Table) -> None:
    settings = table.settings
    assert settings is not None
    series = _series(table, "数")
    if "当月" in table.header:
        assert series.steps().tolist() == [number(text) for text in table.column("当月")]
    fitted = fit(series, settings["method"])
    assert isinstance(fitted, Drift | SeasonalNaive)
    horizon = settings["horizon"]
    mean = fitted.mean(horizon)
    last = dict(zip(table.header, table.rows[-1], strict=True))
    assert agrees(last["s"], fitted.scale)
    assert agrees(last["年末"], series.ahead(mean[None])[0, -1])
    if isinstance(fitted, Drift):
        assert agrees(last["b"], fitted.pace)
        spread = fitted.scale * math.sqrt(horizon * (1 + horizon / fitted.count))
    else:
        spread = fitted.scale * math.sqrt(horizon)
    assert agrees(last["年末标准差"], spread)


def test_the_spread_that_is_drawn_is_the_one_that_is_printed() -> None:
    """With n large the t is the normal: the paths then have the printed standard deviation."""
    for kind, grows in (("flow", 12), ("level", 240)):
        chance = np.random.default_rng(5)
        steps = chance.normal(10, 2, 240).reshape(-1, 12)
        values = np.cumsum(steps, axis=1).reshape(-1) if kind == "flow" else np.cumsum(steps)
        series = MonthlyPanel(("A",), ("甲",), "2001-01", values[:, None, None], kind).series("A", "甲")
        fitted = fit(series, "drift")
        assert isinstance(fitted, Drift)
        drawn = series.ahead(fitted.paths(6, 40_000, np.random.default_rng(1)))[:, -1]
        dof = fitted.count - 1
        widening = dof / (dof - 2)  # variance of Student's t
        assert fitted.count == (12 if grows == 12 else 239)
        assert drawn.var() == pytest.approx(fitted.scale**2 * 6 * (1 + 6 / fitted.count) * widening, rel=0.05)


def test_forms_of_smoothing() -> None:
    table = _table("形式", "内容", "至少几个月", "平滑参数", "起始状态")
    printed = {row[0]: tuple(int(text) for text in row[2:]) for row in table.rows}
    assert printed == {form: facts[1:] for form, facts in FORMS.items()}


def test_crps() -> None:
    table = _table("抽样值", "实际值", "CRPS")
    wrong = [row for row in table.rows if not agrees(row[2], float(crps(_numbers(row[0]), float(row[1]))))]
    assert wrong == []


def test_brier() -> None:
    table = _table("p", "o", "Brier")
    found = brier([float(row[0]) for row in table.rows], [float(row[1]) for row in table.rows])
    assert [agrees(text, value) for text, value in zip(table.column("Brier"), found, strict=True)] == [True] * 5


def test_coverage() -> None:
    table = _table("实际值", "50%", "80%", "95%")
    for row in table.rows:
        inside = covered(np.arange(101.0), float(row[0]), (0.5, 0.8, 0.95)).tolist()
        assert inside == [text == "是" for text in row[1:]]


def test_choice() -> None:
    table = _table("例", *METHODS, "选用", "原因")
    for name, *scores, method, reason in table.rows:
        made = choose("甲", METHODS, np.array([_numbers(text) for text in scores]), np.array([True] * 3))
        assert (name, made.method, made.reason) == (name, method, reason)
        assert made.is_baseline == (method != "ets")


def test_place_probabilities() -> None:
    table = _table("地区", "名次", "第1", "第2", "第3", "前2")
    places = np.array([[int(place) for place in row[1].split("、")] for row in table.rows]).T
    shares = place_probabilities(places, 3)
    assert shares.tolist() == [[float(text) for text in row[2:5]] for row in table.rows]
    assert shares[:, :2].sum(axis=1).tolist() == [float(text) for text in table.column("前2")]


def test_turning() -> None:
    table = _table("例", "各月概率", "转折月", "此后")
    months = ["2021-01", "2021-02", "2021-03", "2021-04"]
    for name, shares, month, after in table.rows:
        turn = turning("A", months, np.array(_numbers(shares)))
        found = (DASH, DASH) if turn is None else (str(int(turn.month[-2:])), "有望" if turn.likely else "无望")
        assert (name, *found) == (name, month, after)


@pytest.mark.parametrize(
    ("data", "until"), [("us-employment", "2015-12"), ("us-unemployment", "2007-12"), ("us-unemployment", "2010-02")]
)
def test_backtests_of_real_panels(data: str, until: str) -> None:
    """Rounded to two digits in the document; the optimiser's last digits differ between processors."""
    names = ("cases", "scaled_crps", "skill")
    table = _table("数据", "截至", "方法", "情形", "scaled CRPS", "skill", "50%", "80%", "95%")
    told = {
        row[2]: [float(text.replace("−", "-")) for text in row[3:]] for row in table.rows if row[:2] == (data, until)
    }
    panel = read_panel(Path(__file__).parents[3] / "examples" / "engine" / f"{data}.csv").until(until)
    tested = backtest(panel, Forecasting(draws=200, seed=1, origins=3), horizon=6, step=6)
    rows = [row for row in tested.table() if row.horizon == 0]
    assert [row.method for row in rows] == list(told) == list(METHODS)
    for row in rows:
        found = [*(getattr(row, name) for name in names), *row.coverage]
        assert found == pytest.approx(told[row.method], abs=0.02)

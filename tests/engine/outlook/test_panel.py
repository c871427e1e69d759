"""Panels: what is taken, what is refused, and how series are read from files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.outlook.build import counties
from yiqi.engine import EngineError
from yiqi.engine.outlook import MonthlyPanel, month_name, month_number, read_panel

NAN = float("nan")


@pytest.mark.parametrize(
    "text", ["2021-08", "2021-8", "2021-08-01", "2021-08-31", "2021/8", "2021.08", "2021年8月", "202108", "2021M08",
             " 2021-08 ", "2021-08-01 00:00:00"],
)  # fmt: skip
def test_ways_to_write_a_month(text: str) -> None:
    assert month_name(month_number(text)) == "2021-08"


@pytest.mark.parametrize(
    "text", ["", "2021", "2021-13", "2021-00", "202113", "21-08", "August 2021", "2021-08-32", "2021-Q3", "0000-01",
             "２０２１-08", "2021-08x"],
)  # fmt: skip
def test_what_is_no_month(text: str) -> None:
    with pytest.raises(EngineError) as raised:
        month_number(text)
    assert raised.value.code == "period_unknown"


@given(st.integers(12, 9999 * 12 + 11))
def test_months_there_and_back(number: int) -> None:
    assert month_number(month_name(number)) == number


def _panel(values: Any, kinds: Any = "level", units: Any = ("A",), indicators: Any = ("x",)) -> MonthlyPanel:
    return MonthlyPanel(units, indicators, "2021-01", values, kinds)


@pytest.mark.parametrize(
    ("make", "code", "said"),
    [
        (lambda: _panel([[[1]], [[NAN]], [[3]]]), "gap_in_months", "A · x · 2021-02 is missing"),
        (lambda: _panel([[[1]], [[np.inf]]]), "not_finite", "A · x · 2021-02"),
        (lambda: _panel([[[-1e101]]]), "not_finite", "A · x · 2021-01"),
        (lambda: _panel([[["viel"]]]), "not_a_number", "not a number"),
        (lambda: _panel([[[NAN]]]), "no_observations", "not a single value"),
        (lambda: _panel([[1.0]]), "shape_mismatch", "(months, 1, 1)"),
        (lambda: _panel([[[1, 2]]], units=("A",), indicators=("x", "x")), "duplicate_indicator", "'x' stands twice"),
        (lambda: _panel([[[1], [2]]], units=("A", "A")), "duplicate_unit", "'A' stands twice"),
        (lambda: _panel([[]], units=()), "no_units", "no units"),
        (lambda: _panel([[[1]]], units=("",)), "code_missing", "unit 1 has no name"),
        (lambda: _panel([[[1]]], "stock"), "kind_unknown", "flow or level"),
        (lambda: _panel([[[1]]], {"y": "flow"}), "unknown_indicator", "'y'"),
        (lambda: _panel([[[1]]]).series("B", "x"), "unknown_unit", "'B'; the panel has A"),
        (lambda: _panel([[[1]]]).until("2020-12"), "period_outside", "2020-12"),
    ],
)
def test_refused(make: Any, code: str, said: str) -> None:
    with pytest.raises(EngineError) as raised:
        make()
    assert raised.value.code == code
    assert said in raised.value.message


def test_series_may_begin_late_and_end_early() -> None:
    panel = _panel([[[NAN]], [[3]], [[5]], [[NAN]]], "flow")
    series = panel.series("A", "x")
    assert (month_name(series.first), month_name(series.last)) == ("2021-02", "2021-03")
    assert series.steps().tolist() == [2.0], "February of a flow that does not begin in January holds two months"


def test_january_that_comes_with_february() -> None:
    """Half of February's flow, the same level; nobody knows it in January; without the word it is a gap."""
    values = [[[10.0, 5.0]], [[12.0, 6.0]], [[NAN, NAN]], [[8.0, 7.0]], [[NAN, 9.0]]]
    arguments = (("A",), ("sum", "rate"), "2020-11", values, {"sum": "flow"})
    with pytest.raises(EngineError) as raised:
        MonthlyPanel(*arguments)
    assert raised.value.message.endswith("or say that January comes with February (late_january)")
    panel = MonthlyPanel(*arguments, late_january=True)
    assert panel.values[2, 0].tolist() == [4.0, 7.0]
    assert panel.series("A", "sum").steps().tolist() == [2.0, 4.0, 4.0]
    assert panel.series("A", "sum").until(month_number("2021-01")).last == month_number("2020-12")
    assert panel.until("2021-01").last == month_number("2020-12")
    assert [one.message for one in panel.notices()] == [
        "sum: January, which is not given, is taken as half of February for 1 units",
        "rate: January, which is not given, is taken as the same as February for 1 units",
    ]
    assert panel.until("2021-02").notices() == panel.only(["sum"]).notices() == []


def test_values_are_a_closed_copy() -> None:
    given_values = np.ones((2, 1, 1))
    panel = _panel(given_values)
    given_values[0] = 9
    assert panel.values[0, 0, 0] == 1
    with pytest.raises(ValueError, match="read-only"):
        panel.values[0, 0, 0] = 2


@given(st.integers(1, 30), st.integers(0, 11))
def test_steps_and_sums_undo_each_other(months: int, begin: int) -> None:
    """A flow is what its steps add up to, whatever month it begins in and however many years it runs."""
    panel = counties(months, 1, seed=months, start=f"2020-{begin + 1:02}")
    values = np.random.default_rng(begin).normal(5, 3, (months, 1, 1))
    series = MonthlyPanel(panel.units, ("x",), panel.start, values, "flow").series("R0", "x")
    steps, known = series.steps(), series.until(series.first)
    assert len(steps) == months - (1 if begin else 0)
    later = steps[known.last + 1 - series.first_step :]
    if months > 1:
        np.testing.assert_allclose(known.ahead(later[None])[0], series.values[1:], atol=1e-12)


def _file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "panel.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_long_and_wide_say_the_same(tmp_path: Path) -> None:
    lines = ("period,unit,value,indicator", "2021年2月,翼城,3,value", "2021-01,翼城,1,value", "", "2021-02,曲沃,,value",
             "2021-01,曲沃,5,value")  # fmt: skip
    long = read_panel(_file(tmp_path, "\n".join(lines)))
    wide = read_panel(_file(tmp_path, "Month,翼城,曲沃\n202102,3,\n202101,1,5\n", "utf-8-sig"))
    assert (long.units, long.indicators, long.start) == (wide.units, wide.indicators, "2021-01")
    assert long.values[:, :, 0].tolist()[0] == wide.values[:, :, 0].tolist()[0] == [1.0, 5.0]
    assert np.array_equal(long.values, wide.values, equal_nan=True)
    old = read_panel(_file(tmp_path, "month,翼城\n202101,1\n", "gb18030"), "flow")
    assert (old.units, old.kind("value")) == (("翼城",), "flow")


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("", "layout_unknown", "first line"),
        ("a,b\n1,2\n", "layout_unknown", "unit,indicator,period,value"),
        ("month,A\n", "no_observations", "no lines"),
        ("month,A\n2021-01,\n", "no_observations", "not a single value"),
        ("month,A\n2021-01\n", "row_length", "line 2 has 1 cells"),
        ("month,A\n2021-14,1\n", "period_unknown", "line 2: '2021-14' is not a month"),
        ("month,A\n2021-01,1\n2021-02,about 3\n", "not_a_number", "line 3, A · value · 2021-02: 'about 3'"),
        ("month,A\n2021-01,1e999\n", "not_finite", "line 2, A · value"),
        ("month,A\n2021-01,nan\n", "not_finite", "'nan' is not a finite number"),
        ("month,A\n2021-01,1\n2021-01,2\n", "duplicate_period", "on lines 2 and 3"),
        ("month,A,A\n2021-01,1,2\n", "duplicate_unit", "column 3"),
        ("month,A,\n2021-01,1,2\n", "code_missing", "column 3"),
        ("month,A\n2021-01,1\n2021-03,2\n", "gap_in_months", "A · value · 2021-02"),
        ("month,A\n0021-01,1\n2021-03,2\n", "span_too_long", "0021-01"),
        ("unit,indicator,period,value\n,x,2021-01,1\n", "code_missing", "line 2: the unit is empty"),
        ('month,A\n2021-01,"1\n', "file_unreadable", "panel.csv"),
    ],
)
def test_refused_files(tmp_path: Path, text: str, code: str, said: str) -> None:
    with pytest.raises(EngineError) as raised:
        read_panel(_file(tmp_path, text))
    assert raised.value.code == code
    assert said in raised.value.message


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "panel.csv"
    path.write_bytes(b"\xff\xfe\x00m")
    with pytest.raises(EngineError) as raised:
        read_panel(path)
    assert raised.value.code in {"file_unreadable", "layout_unknown"}
    with pytest.raises(EngineError) as raised:
        read_panel(tmp_path / "none.csv")
    assert raised.value.code == "file_unreadable"

"""Numbers and places as hands write them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from yiqi.kit.sheets import Cell, CellKind, ReadState, Shown, read_number, read_number_text, read_rank, worst
from yiqi.kit.sheets.numbers import numeral

READ, GUESSED, ERROR = ReadState.READ, ReadState.GUESSED, ReadState.ERROR


@pytest.mark.parametrize(
    ("text", "value", "unit", "state"),
    [
        ("4.0", 4.0, "", READ),
        ("4.0%", 4.0, "%", READ),
        ("4.0 %", 4.0, "%", READ),
        ("４．０％", 4.0, "%", READ),
        ("－3.2", -3.2, "", READ),
        ("−3.2", -3.2, "", READ),
        ("—3.2%", -3.2, "%", READ),
        ("+5", 5.0, "", READ),
        (".5", 0.5, "", READ),
        ("12,345.6", 12345.6, "", READ),
        ("1，234，567", 1234567.0, "", READ),
        ("1.2E+3", 1200.0, "", READ),
        ("(3.2)", -3.2, "", GUESSED),
        ("（3.2%）", -3.2, "%", GUESSED),
        ("下降3.2%", -3.2, "%", GUESSED),
        ("同比增长 4.1%", 4.1, "%", GUESSED),
        ("↓2", -2.0, "", GUESSED),
        ("35微克/立方米", 35.0, "微克/立方米", GUESSED),
        ("35μg/m3", 35.0, "μg/m3", GUESSED),
        ("3.5个百分点", 3.5, "个百分点", GUESSED),
        *(
            (text, None, "", READ)
            for text in ("", " ", "-", "—", "——", "…", "……", "/", "／", "无", "暂无数据", "N/A", "*")
        ),
        *(
            (text, None, "", ERROR)
            for text in (
                *("4.O", "abc", "4.0.1", "1,2", "12,34", "NaN", "inf", "∞", "1e400", "-1e400", "4.0①", "4²"),
                *("3月", "4左右", "5万多", "4.0/3", "--3", "8.2(3)", "=1+1"),
            )
        ),
    ],
)
def test_a_text_is_read_as_a_number(text: str, value: float | None, unit: str, state: ReadState) -> None:
    found = read_number_text(text)
    assert (found.value, found.unit, found.state) == (value, unit, state)
    assert bool(found.notes) == (state is not READ)


def test_a_percent_format_is_applied_and_said() -> None:
    found = read_number(Cell(0.041, CellKind.NUMBER, shown=Shown.PERCENT))
    assert (found.value, found.unit, found.state) == (4.1, "%", GUESSED)
    assert found.notes == ("按单元格的百分比格式换算：0.041 读作 4.1%",)


@pytest.mark.parametrize(
    ("cell", "value", "state"),
    [
        (Cell(), None, READ),
        (Cell(7, CellKind.NUMBER), 7.0, READ),
        (Cell("#REF!", CellKind.ERROR, "坏了"), None, ERROR),
        (Cell(True, CellKind.BOOL), None, ERROR),
    ],
)
def test_a_cell_is_read_by_its_kind(cell: Cell, value: float | None, state: ReadState) -> None:
    found = read_number(cell)
    assert (found.value, found.state) == (value, state)


@settings(deadline=None)
@given(some.text(max_size=30))
def test_any_text_gives_a_finite_number_or_none(text: str) -> None:
    found = read_number_text(text)
    assert found.value is None or math.isfinite(found.value)
    assert found.value is None or found.state is not ERROR


@settings(deadline=None)
@given(some.floats(allow_nan=False, allow_infinity=False), some.sampled_from(["", "%", " %", "％"]))
def test_a_written_number_comes_back(value: float, tail: str) -> None:
    assert read_number_text(f"{value!r}{tail}").value == value


@settings(deadline=None)
@given(some.integers(-(10**12), 10**12))
def test_thousands_commas_do_not_matter(value: int) -> None:
    assert read_number_text(f"{value:,}").value == value


@pytest.mark.parametrize(
    ("text", "rank"),
    [
        *(
            (text, 3)
            for text in (
                "3",
                "第3",
                "第3名",
                "第3位",
                "并列3",
                "并列第3",
                "3=",
                "=3",
                "第三",
                "第 3 位",
                "３",
                "3/17",
                "3（并列）",
                "全市第3",
            )
        ),
        ("第十七", 17),
        ("第二十", 20),
        *((text, None) for text in ("", "0", "3.5", "前三", "甲", "第〇", "一百")),
    ],
)
def test_a_place_is_read(text: str, rank: int | None) -> None:
    assert read_rank(Cell(text, CellKind.TEXT)) == rank


@pytest.mark.parametrize(("value", "rank"), [(3, 3), (0, None), (3.5, None), (True, None)])
def test_a_place_may_be_a_number(value: float, rank: int | None) -> None:
    assert read_rank(Cell(value, CellKind.NUMBER)) == rank


@pytest.mark.parametrize(
    ("text", "number"), [("一", 1), ("十", 10), ("十二", 12), ("二十", 20), ("九十九", 99), ("百", 0), ("", 0)]
)
def test_numerals(text: str, number: int) -> None:
    assert numeral(text) == number


def test_the_worst_reading_wins() -> None:
    assert [worst(), worst(READ, GUESSED), worst(ERROR, GUESSED)] == [READ, GUESSED, ERROR]

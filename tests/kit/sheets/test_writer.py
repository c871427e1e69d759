"""Exports: what is written comes back, and nothing in them acts as a formula."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from openpyxl.worksheet.worksheet import Worksheet

from yiqi.kit.sheets import ColumnKind, SheetColumn, Table, neutralise, read_tables, to_csv, to_xlsx

ATTACK = "=cmd|' /C calc'!A0"


def table(*rows: list[object], title: str = "任务清单") -> Table:
    columns = [
        SheetColumn("任务", 30),
        SheetColumn("数", 10, ColumnKind.NUMBER, 1),
        SheetColumn("日期", 12, ColumnKind.DATE),
    ]
    return Table(title, columns, rows, notes=["截至2021年9月6日", "来源：县考核办"], mark="演示数据")


def opened(data: bytes) -> Worksheet:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert isinstance(sheet, Worksheet)
    return sheet


@pytest.mark.parametrize(
    "text",
    [ATTACK, "+1+1", "-1+cmd|x", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＠x", "  =1", "=", "%PATH%", "|x"],
)
def test_text_that_would_run_gets_an_apostrophe(text: str) -> None:
    assert neutralise(text) == "'" + text


@pytest.mark.parametrize("text", ["", "-", "—", "--", "-3.2", "+4.0%", "-1,234.5", "任务", "a=b", "第3位", "’=1"])
def test_harmless_text_stays(text: str) -> None:
    assert neutralise(text) == text


def test_control_characters_are_left_out() -> None:
    assert neutralise("甲\x00\x1f乙\ud800") == "甲乙"


def test_a_workbook_holds_title_mark_notes_header_and_rows() -> None:
    sheet = opened(to_xlsx(table(["甲", Decimal("4.05"), date(2021, 9, 30)], ["乙", None, None])))
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["任务清单", None, None],
        ["演示数据", None, None],
        ["截至2021年9月6日", None, None],
        ["来源：县考核办", None, None],
        ["任务", "数", "日期"],
        ["甲", 4.05, datetime(2021, 9, 30)],  # noqa: DTZ001 - Excel knows no zones
        ["乙", None, None],
    ]
    assert (sheet.freeze_panes, sheet.cell(6, 2).number_format, sheet.cell(6, 3).number_format) == (
        "A6",
        "#,##0.0",
        "yyyy-mm-dd",
    )
    assert sheet.column_dimensions["A"].width == pytest.approx(30.7, abs=0.1)


@pytest.mark.parametrize("place", ["title", "label", "cell", "number cell"])
def test_no_text_of_a_workbook_is_a_formula(place: str) -> None:
    columns = [SheetColumn(ATTACK if place == "label" else "a"), SheetColumn("b", 9, ColumnKind.NUMBER)]
    row = [ATTACK if place == "cell" else "x", ATTACK if place == "number cell" else 1]
    data = to_xlsx(Table(ATTACK if place == "title" else "t", columns, [row], name="表"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    values = [str(cell.value) for row in opened(data).iter_rows() for cell in row]
    assert values.count("'" + ATTACK) == 1
    assert [value for value in values if value.startswith("=")] == []


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (True, "是"),
        (False, "否"),
        (float("nan"), None),
        (float("inf"), None),
        (10**16, "10000000000000000"),
        (3, 3),
        ("12", "12"),
    ],
)
def test_values_are_written_as_what_they_are(value: object, written: object) -> None:
    sheet = opened(to_xlsx(Table("t", [SheetColumn("a", 9, ColumnKind.NUMBER)], [[value]])))
    assert sheet.cell(3, 1).value == written


def test_a_moment_loses_its_zone() -> None:
    moment = datetime(2021, 9, 6, 8, 30, tzinfo=UTC)
    assert opened(to_xlsx(table(["甲", 1, moment]))).cell(6, 3).value == moment.replace(tzinfo=None)


def test_several_tables_are_several_sheets_with_allowed_names() -> None:
    names = ["a/b:c" + "长" * 40, "", "同", "同"]
    book = openpyxl.load_workbook(
        io.BytesIO(to_xlsx(*(Table(name, [SheetColumn("x")], [], name=name) for name in names)))
    )
    assert book.sheetnames == ["a b c" + "长" * 26, "表2", "同", "表4"]


def test_text_is_for_excel_in_chinese() -> None:
    data = to_csv(table([ATTACK, Decimal("4.05"), date(2021, 9, 30)], ['a,"b"', None, None], ["丙", -1, True]))
    assert data.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig")))) == [
        ["任务", "数", "日期"],
        ["'" + ATTACK, "4.05", "2021-09-30"],
        ['a,"b"', "", ""],
        ["丙", "-1", "是"],
        ["任务清单"],
        ["演示数据"],
        ["截至2021年9月6日"],
        ["来源：县考核办"],
    ]


@settings(deadline=None, max_examples=50)
@given(some.text(max_size=40))
def test_what_is_written_comes_back(text: str) -> None:
    data = to_xlsx(Table("t", [SheetColumn("a"), SheetColumn("b")], [[text, "末"]]))
    [sheet] = read_tables(data, filename="a.xlsx")
    cell = sheet.cell(3, 1)
    assert sheet.cell(3, 2).text == "末"
    assert not cell.formula
    assert not str(cell.value or "").lstrip().startswith(("=", "@", "＝"))

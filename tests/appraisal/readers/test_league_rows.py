"""Rows and columns of league sheets that are rare, each as a city printed it."""

from __future__ import annotations

from typing import Any

from tests.appraisal.readers.test_league_sheet import BUDGET, INDICATORS, INDUSTRY, REGIONS, YICHENG, figures, sheet
from tests.kit.sheets.books import book
from yiqi.appraisal.readers.league_sheet import IndicatorName, LeagueCell, parse_league_sheet
from yiqi.kit.sheets import EMPTY, Cell, CellKind, Sheet, read_tables

LONG = ["县（市、区）", "指标名称", "数值", "位次"]


def test_titles_blank_lines_and_remarks_of_the_long_shape() -> None:
    found = sheet(
        [
            ["2021年1—8月主要指标"],
            ["单位：%", "制表：市统计局"],
            LONG,
            ["翼城县", "规上工业增加值增速", 8.2, 3],
            [],
            ["侯马市", "规上工业增加值增速", 7.1, 5],
            ["注：数据为快报数", "注：数据为快报数", "注：数据为快报数", "注：数据为快报数"],
        ]
    )
    assert figures(found) == [(YICHENG, INDUSTRY, 8.2, 3), ("141081", INDUSTRY, 7.1, 5)]
    assert [(row.row, row.why, row.finding) for row in found.skipped] == [(7, "表后说明：注：数据为快报数", False)]


def one_column(title: str, heading: str, value: Any = 8.2) -> LeagueCell:
    [cell] = sheet([[title], ["县（市、区）", heading], ["翼城县", value]]).records
    return cell


def test_an_indicator_of_growth_is_found_by_its_stem_in_the_title() -> None:
    cell = one_column("全市规模以上工业增加值完成情况", "增速")
    assert (cell.indicator, cell.state.value) == (INDUSTRY, "guessed")
    assert cell.notes == ["指标名称取自标题“全市规模以上工业增加值完成情况”"]


def test_a_level_is_not_named_by_a_title_of_growth() -> None:
    assert one_column("全市规模以上工业增加值完成情况", "总量").indicator is None
    assert one_column("一张没有名称的表", "增速").indicator is None


def test_a_level_is_no_growth_of_the_same_name() -> None:
    cell = sheet([["县（市、区）", "一般公共预算收入", ""], ["", "总量", "增速"], ["翼城县", 5.1, 4.2]])
    assert [(found.indicator, found.value) for found in cell.records] == [(None, 5.1), (BUDGET, 4.2)]


def test_a_level_is_no_growth_that_goes_by_the_bare_name() -> None:
    growth = [IndicatorName("B9-01", "全社会用电量增速", ["用电量", "用电量增速"], "%")]
    head = [["县（市、区）", "用电量", "用电量"], ["", "总量", "增速"], ["翼城县", 5.1, 4.2]]
    tables = read_tables(book(head, merge=["B1:C1"]), filename="a.xlsx")
    found = parse_league_sheet(tables, regions=REGIONS, indicators=growth, period="2021-08")
    assert [(cell.indicator, cell.value) for cell in found.records] == [(None, 5.1), ("B9-01", 4.2)]


def test_a_unit_in_the_cell_is_taken_where_the_column_has_none() -> None:
    cell = one_column("通报", "某项未知指标", "12亿元")
    assert (cell.value, cell.unit, cell.state.value) == (12.0, "亿元", "guessed")


def test_the_result_of_a_formula_is_taken_and_said() -> None:
    def row(*values: Any) -> list[Cell]:
        return [Cell(value, CellKind.TEXT if isinstance(value, str) else CellKind.NUMBER) for value in values]

    line = [Cell("翼城县", CellKind.TEXT), Cell(8.2, CellKind.NUMBER, formula=True)]
    cells = [row("县（市、区）", "规上工业增加值增速（%）"), line, [EMPTY]]
    [cell] = parse_league_sheet([Sheet("表", cells)], regions=REGIONS, indicators=INDICATORS, period="2021-08").records
    assert (cell.value, cell.notes) == (8.2, ["B2：由公式得出，取文件中保存的结果“8.2”"])


def test_figures_without_any_name_are_no_doubles() -> None:
    found = sheet([["县（市、区）", "", ""], ["翼城县", 1.5, 2.5]])
    assert [(cell.indicator, cell.indicator_name, cell.state.value) for cell in found.records] == [
        (None, "", "read")
    ] * 2

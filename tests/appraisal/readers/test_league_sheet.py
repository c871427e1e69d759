"""League sheets in the shapes that cities send them in."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.kit.sheets.books import book, document, repacked, saved
from yiqi.appraisal.readers.league_sheet import IndicatorName, LeagueCell, LeagueSheet, parse_league_sheet
from yiqi.appraisal.readers.league_sheet.names import IndicatorIndex, canonical, split_unit
from yiqi.appraisal.readers.league_sheet.periods import period_months, same_period
from yiqi.core.readers.regions import RegionIndex
from yiqi.kit.errors import InvalidInputError
from yiqi.kit.sheets import EMPTY, Cell, CellKind, Sheet, read_tables

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "yiqi" / "demo" / "data"
INDICATORS = [
    IndicatorName(one["code"], one["name"], one["aliases"], one["unit"])
    for one in json.loads((DATA / "framework.json").read_text(encoding="utf-8"))["indicators"]
]
with (DATA / "linfen_regions.csv").open(encoding="utf-8") as stream:
    REGIONS = {row["code"]: [row["name"]] for row in csv.DictReader(stream) if row["kind"] == "county"}
YICHENG, HOUMA, JI = "141022", "141081", "141028"
INDUSTRY, INVESTMENT, BUDGET, AIR = "B2-02", "B2-03", "B2-05", "B5-01"


def read(data: bytes, filename: str = "a.xlsx", period: str = "2021-08") -> LeagueSheet:
    sheets = read_tables(data, filename=filename)
    return parse_league_sheet(sheets, regions=REGIONS, indicators=INDICATORS, period=period, whole=["临汾市"])


def sheet(
    rows: Sequence[Sequence[Any]], merge: Sequence[str] = (), finish: Callable[[Worksheet], None] | None = None
) -> LeagueSheet:
    return read(book(rows, merge=merge, finish=finish))


def figures(found: LeagueSheet) -> list[tuple[str, str | None, float | None, int | None]]:
    return [(cell.region, cell.indicator, cell.value, cell.rank) for cell in found.records]


def one(
    written: Any, heading: str = "规上工业增加值增速（%）", finish: Callable[[Worksheet], None] | None = None
) -> LeagueCell:
    """The figure of a sheet with one county."""
    [cell] = sheet([["县（市、区）", heading], ["翼城县", written]], finish=finish).records
    return cell


def test_a_figure_has_exactly_the_promised_keys() -> None:
    found = sheet([["县", "规上工业增加值增速（%）", "位次"], ["翼城县", 4.0, 3]])
    assert found.to_json() == {
        "cells": [
            {
                "region": "141022",
                "indicator": "B2-02",
                "indicator_name": "规上工业增加值增速",
                "unit": "%",
                "value": 4.0,
                "rank": 3,
                "state": "read",
                "notes": [],
            }
        ],
        "skipped": [],
        "errors": 0,
    }
    assert {key: value for key, value in found.to_preview()["cells"][0].items() if key in {"sheet", "cell"}} == {
        "sheet": "表",
        "cell": "B2",
    }


UNTIDY = [
    ["临汾市2021年1—8月主要经济指标完成情况"],
    ["单位：亿元、%"],
    ["县（市、区）", "规上工业增加值", None, None, "一般公共预算收入", None, None, "PM2.5（微克/立方米）"],
    [None, "总量", "增速", "位次", "总量（万元）", "增速", "增速位次", "数值"],
    ["全  市", 100, 5.0, None, 1, 2, None, 30],
    ["吉 县", 12.5, "4.0%", "并列第3", "12,345.6", "－3.2", "第3", "３５"],
    ["翼城", None, "—", "", "1", "4.O", "3", "40"],
    ["绛县", 1, 2, 3, 4, 5, 6, 7],
    ["经济开发区", 1, 2, 3, 4, 5, 6, 7],
    ["注：数据为快报"],
]
UNTIDY_MERGED = ["A1:H1", "A2:H2", "A3:A4", "B3:D3", "E3:G3", "A10:H10"]


def test_counties_down_with_heads_in_two_rows() -> None:
    found = sheet(UNTIDY, UNTIDY_MERGED)
    assert [
        (cell.place, cell.region, cell.indicator, cell.indicator_name, cell.unit, cell.value, cell.rank)
        for cell in found.records
    ] == [
        ("B6", JI, None, "规上工业增加值总量", "亿元", 12.5, None),
        ("C6", JI, INDUSTRY, "规上工业增加值增速", "%", 4.0, 3),
        ("E6", JI, None, "一般公共预算收入总量", "万元", 12345.6, None),
        ("F6", JI, BUDGET, "一般公共预算收入增速", "%", -3.2, 3),
        ("H6", JI, AIR, "PM2.5", "微克/立方米", 35.0, None),
        ("B7", YICHENG, None, "规上工业增加值总量", "亿元", None, None),
        ("C7", YICHENG, INDUSTRY, "规上工业增加值增速", "%", None, None),
        ("E7", YICHENG, None, "一般公共预算收入总量", "万元", 1.0, None),
        ("F7", YICHENG, BUDGET, "一般公共预算收入增速", "%", None, 3),
        ("H7", YICHENG, AIR, "PM2.5", "微克/立方米", 40.0, None),
    ]
    assert [(cell.place, cell.state.value, cell.notes) for cell in found.records if cell.notes] == [
        ("B6", "read", ["指标体系中没有“规上工业增加值总量”"]),
        ("E6", "read", ["指标体系中没有“一般公共预算收入总量”"]),
        ("B7", "read", ["无数据", "指标体系中没有“规上工业增加值总量”"]),
        ("C7", "read", ["无数据"]),
        ("E7", "read", ["指标体系中没有“一般公共预算收入总量”"]),
        ("F7", "error", ["F7：“4.O”不是数"]),
    ]
    assert [(line.row, line.why) for line in found.skipped] == [
        (5, "A5：“全 市”是合计或平均，不是县（市、区）"),
        (8, "A8：区划中没有“绛县”，该行未读取，请核对名称"),
        (9, "A9：“经济开发区”不在参加排名的县（市、区）之内"),
        (10, "表后说明：注：数据为快报"),
    ]
    assert found.errors == 2


def test_a_block_heading_above_does_not_hide_the_indicator() -> None:
    rows = [
        ["县", "高质量发展", None, None, None],
        [None, "规上工业增加值", None, "固定资产投资", None],
        [None, "增速", "位次", "增速", "位次"],
        ["翼城县", 4, 3, 5, 2],
    ]
    found = sheet(rows, ["A1:A3", "B1:E1", "B2:C2", "D2:E2"])
    assert figures(found) == [(YICHENG, INDUSTRY, 4.0, 3), (YICHENG, INVESTMENT, 5.0, 2)]


def test_heads_written_once_without_merging_hold_to_the_right() -> None:
    written = "县,规上工业增加值,,,固定资产投资,\n,总量,增速,位次,增速,位次\n翼城县,1,2,3,4,5\n".encode("gb18030")
    assert figures(read(written, "a.csv")) == [
        (YICHENG, None, 1.0, None),
        (YICHENG, INDUSTRY, 2.0, 3),
        (YICHENG, INVESTMENT, 4.0, 5),
    ]


def test_indicators_down_and_counties_across() -> None:
    rows = [
        ["2021年1—8月主要指标"],
        ["序号", "类别", "指标名称", "单位", "年度目标", "全市", "翼城县", "侯马市"],
        [1, "经济", "固定资产投资增速", "%", 10, 5, 4.0, "3.5%"],
        [2, "生态", "空气质量综合指数", "", 5, 4, 5.1, "—"],
    ]
    found = sheet(rows, ["A1:H1"])
    assert [(cell.place, cell.unit) for cell in found.records] == [
        ("G3", "%"),
        ("G4", "无量纲"),
        ("H3", "%"),
        ("H4", "无量纲"),
    ]
    assert figures(found) == [
        (YICHENG, INVESTMENT, 4.0, None),
        (YICHENG, "B5-02", 5.1, None),
        (HOUMA, INVESTMENT, 3.5, None),
        (HOUMA, "B5-02", None, None),
    ]
    assert [(line.row, line.why) for line in found.skipped] == [(2, "F2：“全市”是合计或平均，不是县（市、区）")]


def test_counties_across_with_value_and_place_below_each() -> None:
    rows = [
        ["指标名称", "计量单位", "翼城县", None, "侯马市", None],
        [None, None, "数值", "位次", "数值", "位次"],
        ["固投增速", "%", 4.0, 3, 5, "第1"],
        ["GDP增速", "%", 7, 2, 8, 1],
    ]
    found = sheet(rows, ["A1:A2", "B1:B2", "C1:D1", "E1:F1"])
    assert figures(found) == [
        (YICHENG, INVESTMENT, 4.0, 3),
        (YICHENG, "B2-01", 7.0, 2),
        (HOUMA, INVESTMENT, 5.0, 1),
        (HOUMA, "B2-01", 8.0, 1),
    ]


def test_one_figure_a_line() -> None:
    rows = [
        ["县", "指标", "单位", "数值", "位次", "期间"],
        ["翼城县", "GDP增速", "%", 4, 3, "2021年1-8月"],
        [None, "登记失业率", "%", "2.1%", 5, "1-8月"],
        ["侯马市", "GDP增速", "%", 4, 3, "2021年1-7月"],
        ["全市", "GDP增速", "%", 4, None, "2021年1-8月"],
        ["沁水县", "GDP增速", "%", 4, 3, "2021年1-8月"],
    ]
    found = sheet(rows)
    assert figures(found) == [(YICHENG, "B2-01", 4.0, 3), (YICHENG, "B2-09", 2.1, 5)]
    assert [(line.row, line.finding) for line in found.skipped] == [(4, False), (5, False), (6, True)]


def test_tables_side_by_side_each_in_the_order_of_its_places() -> None:
    rows = [
        ["规上工业增加值增速", None, None, "固定资产投资增速"],
        ["县", "增速（%）", "位次", "县", "增速（%）", "位次"],
        ["翼城县", 9.0, 1, "侯马市", 8, 1],
        ["侯马市", 8.5, 2, "翼城县", 7, 2],
    ]
    found = sheet(rows, ["A1:C1", "D1:F1"])
    assert figures(found) == [
        (YICHENG, INDUSTRY, 9.0, 1),
        (HOUMA, INDUSTRY, 8.5, 2),
        (HOUMA, INVESTMENT, 8.0, 1),
        (YICHENG, INVESTMENT, 7.0, 2),
    ]


def test_one_indicator_to_a_sheet_is_named_by_the_title_and_said() -> None:
    title = "2021年1—8月各县（市、区）规模以上工业增加值增速排名表"
    found = sheet(
        [
            [title],
            ["位次", "县", "增速（%）", "位次", "县", "增速（%）"],
            [1, "翼城县", 9.0, 3, "侯马市", 8],
            [2, "曲沃县", 8.5, 4, "霍州市", 7],
        ]
    )
    assert figures(found) == [
        (YICHENG, INDUSTRY, 9.0, 1),
        ("141021", INDUSTRY, 8.5, 2),
        (HOUMA, INDUSTRY, 8.0, 3),
        ("141082", INDUSTRY, 7.0, 4),
    ]
    assert {(cell.state.value, *cell.notes) for cell in found.records} == {("guessed", f"指标名称取自标题“{title}”")}


def test_stacked_tables_have_their_own_titles() -> None:
    rows = [
        ["规上工业增加值增速"],
        ["县", "数值", "位次"],
        ["翼城县", 9, 1],
        ["侯马市", 8, 2],
        [],
        ["固定资产投资增速"],
        ["县", "数值", "位次"],
        ["翼城县", 7, 2],
        ["侯马市", 6, 1],
    ]
    assert figures(sheet(rows)) == [
        (YICHENG, INDUSTRY, 9.0, 1),
        (HOUMA, INDUSTRY, 8.0, 2),
        (YICHENG, INVESTMENT, 7.0, 2),
        (HOUMA, INVESTMENT, 6.0, 1),
    ]


def test_one_indicator_to_each_tab() -> None:
    workbook = Workbook()
    for number, name in enumerate(["规上工业增加值增速", "固定资产投资增速"]):
        tab = workbook.create_sheet(name)
        tab.append(["县", "数值"])
        tab.append(["翼城县", number + 4])
        tab.append(["侯马市", number + 5])
    hidden = workbook.create_sheet("底稿")
    hidden.append(["翼城县", 1])
    hidden.sheet_state = "hidden"
    found = read(saved(workbook))
    assert figures(found) == [
        (YICHENG, INDUSTRY, 4.0, None),
        (HOUMA, INDUSTRY, 5.0, None),
        (YICHENG, INVESTMENT, 5.0, None),
        (HOUMA, INVESTMENT, 6.0, None),
    ]
    assert [line.why for line in found.skipped] == [
        "“Sheet”里没有县（市、区）的数据，未读取",
        "工作表“底稿”已隐藏，未读取",
    ]


def test_a_table_of_a_document_names_its_places_by_row_and_column() -> None:
    [cell] = read(document("单位：%", [["县", "固定资产投资增速"], ["翼城县", "x"]]), "a.docx").records
    assert (cell.place, cell.unit, cell.notes) == ("第2行第2列", "%", ["第2行第2列：“x”不是数"])


@pytest.mark.parametrize(
    ("written", "value", "state", "note"),
    [
        (4, 4.0, "read", None),
        ("4.0 %", 4.0, "read", None),
        ("－3.2", -3.2, "read", None),
        ("12,345.6", 12345.6, "read", None),
        ("(3.2)", -3.2, "guessed", "B2：括号里的数按负数读取：“(3.2)”"),
        ("—", None, "read", "无数据"),
        ("/", None, "read", "无数据"),
        (None, None, "read", "无数据"),
        ("4.O", None, "error", "B2：“4.O”不是数"),
        ("NaN", None, "error", "B2：“NaN”不是数"),
        ("1e400", None, "error", "B2：“1e400”超出可表示的范围"),
        (1e300, None, "error", "B2：“1e+300”超出可记录的范围"),
        (float("nan"), None, "error", "B2：不是有限的数"),
        (float("inf"), None, "error", "B2：不是有限的数"),
        ("=1+1", None, "error", "B2：公式没有缓存的计算结果，请在 Excel 中打开并保存后再上传"),
        ("4.0亿元", 4.0, "error", "B2：单元格里的单位“亿元”与该列的“%”不同"),
    ],
)
def test_a_value_is_read_or_named_with_its_cell(
    written: Any, value: float | None, state: str, note: str | None
) -> None:
    cell = one(written)
    assert (cell.indicator, cell.value, cell.state.value) == (INDUSTRY, value, state)
    assert note is None or note in cell.notes


@pytest.mark.parametrize("raw", [b"1e400", b"NaN", b"-INF"])
def test_a_number_cell_that_is_not_finite_is_an_error(raw: bytes) -> None:
    data = book([["县", "固定资产投资增速"], ["翼城县", 77]])
    broken = repacked(data, {"xl/worksheets/sheet1.xml": lambda xml: xml.replace(b"<v>77</v>", b"<v>" + raw + b"</v>")})
    [cell] = read(broken).records
    assert (cell.value, cell.state.value, cell.notes) == (None, "error", ["B2：不是有限的数"])


def test_a_percent_format_is_applied_and_said() -> None:
    def show(tab: Worksheet) -> None:
        tab["B2"].number_format = "0.0%"

    cell = one(0.041, finish=show)
    assert (cell.value, cell.unit, cell.state.value) == (4.1, "%", "guessed")
    assert cell.notes == ["B2：按单元格的百分比格式换算：0.041 读作 4.1%"]


def test_fractions_under_percent_are_doubted_not_changed() -> None:
    found = sheet(
        [
            ["县", "固定资产投资增速（%）", "GDP增速（%）"],
            ["翼城县", 0.04, 0.4],
            ["侯马市", 0.05, 4],
            ["曲沃县", -0.01, 5],
        ]
    )
    doubt = "单位是“%”而整列数值都小于1，可能是未乘以100的小数，请核对"
    assert [(cell.value, cell.notes) for cell in found.records if cell.indicator == INVESTMENT] == [
        (0.04, [doubt]),
        (0.05, [doubt]),
        (-0.01, [doubt]),
    ]
    assert [cell.notes for cell in found.records if cell.indicator == "B2-01"] == [[], [], []]


@pytest.mark.parametrize(
    ("written", "rank", "note"),
    [
        (3, 3, None),
        ("并列第3", 3, None),
        ("3=", 3, None),
        ("第三", 3, None),
        ("—", None, None),
        (18, None, "C2：位次18超过参加排名的17个县（市、区），未读取"),
        ("靠前", None, "C2：位次“靠前”无法识别，未读取"),
    ],
)
def test_a_place_is_read_or_left_out_and_said(written: Any, rank: int | None, note: str | None) -> None:
    [cell] = sheet([["县", "固定资产投资增速", "位次"], ["翼城县", 4, written]]).records
    assert (cell.value, cell.rank, cell.notes) == (4.0, rank, [note] if note else [])
    assert cell.state.value == ("guessed" if note else "read")


def test_a_place_inside_the_value_is_split_off() -> None:
    cell = one("8.2%（第3位）")
    assert (cell.value, cell.rank, cell.state.value) == (8.2, 3, "guessed")
    assert one("8.2（3）").state.value == "error"


def test_changes_of_place_and_remarks_are_no_figures() -> None:
    found = sheet(
        [
            ["序号", "县", "固定资产投资增速", "位次", "位次变化", "备注", "原因分析"],
            [1, "翼城县", 4, 3, "↑2", "x", "项目少"],
            [2, "侯马市", 5, 2, "↓1", "", "—"],
        ]
    )
    assert figures(found) == [(YICHENG, INVESTMENT, 4.0, 3), (HOUMA, INVESTMENT, 5.0, 2)]
    assert [line.why for line in found.skipped] == ["“原因分析”一列是文字，不是数据，未读取"]


def test_the_place_of_last_month_and_a_row_of_units_are_understood() -> None:
    rows = [
        ["县", "固定资产投资", None, None],
        [None, "增长", "位次", "上月位次"],
        [None, "%", None, None],
        ["尧都区（含开发区）", 4, 3, 9],
    ]
    [cell] = sheet(rows, ["A1:A3", "B1:D1"]).records
    assert (cell.region, cell.indicator, cell.unit, cell.value, cell.rank) == ("141002", INVESTMENT, "%", 4.0, 3)


def test_a_second_figure_for_one_key_names_both_cells() -> None:
    found = sheet([["县", "固定资产投资增速", "固投增速"], ["翼城县", 4, 5], ["翼城县", 6, None]])
    assert [(cell.place, cell.state.value) for cell in found.records] == [
        ("B2", "read"),
        ("C2", "error"),
        ("B3", "error"),
        ("C3", "error"),
    ]
    assert found.records[2].notes == ["B3 与 B2 是同一个县（市、区）的同一项指标，请只保留一处"]
    assert found.errors == 3


def test_an_unknown_name_is_listed_without_a_code() -> None:
    [cell] = sheet([["县", "全社会用电量（亿千瓦时）"], ["翼城县", 4]]).records
    assert (cell.indicator, cell.indicator_name, cell.unit, cell.value) == (None, "全社会用电量", "亿千瓦时", 4.0)
    assert cell.notes == ["指标体系中没有“全社会用电量”"]


@pytest.mark.parametrize(
    ("heading", "indicator", "state"),
    [
        ("规上工业增加值增长率（%）", INDUSTRY, "read"),
        ("规模以上工业增加值增幅", INDUSTRY, "read"),
        ("固投 增速", INVESTMENT, "read"),
        ("社消零总额增速", "B2-04", "read"),
        ("固定资产投资（不含农户）同比增长", INVESTMENT, "read"),
        ("固定资产投资（%）", INVESTMENT, "guessed"),
        ("固定资产投资（亿元）", None, "read"),
        ("固定资产投资增速（亿元）", None, "read"),
        ("新增规上工业企业数（家）", "B2-11", "read"),
        ("生产安全事故死亡人数（万人）", "B4-01", "error"),
        ("1-8月固定资产投资增速", INVESTMENT, "read"),
        ("1-7月固定资产投资增速", None, "read"),
        ("固定资产投资比上年同期增长±%", INVESTMENT, "read"),
        ("固定资产投资增速%", INVESTMENT, "read"),
    ],
)
def test_headings_are_matched_by_meaning_and_unit(heading: str, indicator: str | None, state: str) -> None:
    cell = one(4, heading=heading)
    assert (cell.indicator, cell.state.value) == (indicator, state)


def test_the_month_alone_is_not_the_year_so_far() -> None:
    found = sheet([["县", "固定资产投资增速", None], [None, "8月", "1-8月"], ["翼城县", 4, 5]], ["A1:A2", "B1:C1"])
    assert [(cell.indicator, cell.indicator_name, cell.value) for cell in found.records] == [
        (None, "固定资产投资增速（8月）", 4.0),
        (INVESTMENT, "固定资产投资增速", 5.0),
    ]


@pytest.mark.parametrize(
    ("title", "doubted"),
    [
        ("临汾市2021年1-8月主要指标", False),
        ("主要指标（截至8月底）", False),
        ("主要指标", False),
        ("临汾市2021年1-7月主要指标", True),
        ("2020年1-8月主要指标", True),
        ("2021年上半年主要指标", True),
    ],
)
def test_a_title_of_another_period_is_said(title: str, doubted: bool) -> None:
    [cell] = sheet([[title], ["县", "固定资产投资增速"], ["翼城县", 4]]).records
    note = f"标题“{title}”与导入的期别 2021-08 不一致，请核对"
    assert (cell.notes, cell.state.value) == (([note], "guessed") if doubted else ([], "read"))


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("2021年1—8月", [(2021, 8)]),
        ("1-8月", [(None, 8)]),
        ("2021-08", [(2021, 8)]),
        ("202108", [(2021, 8)]),
        ("前三季度", [(None, 9)]),
        ("2021年9月6日", []),
        ("规上", []),
    ],
)
def test_periods_are_found_in_text(text: str, months: list[tuple[int | None, int]]) -> None:
    assert period_months(text) == months


def test_an_unwritten_period_is_any() -> None:
    assert [same_period(text, "2021-08") for text in ("", "8月", "2021年8月", "7月")] == [True, True, True, False]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("翼城县", YICHENG),
        ("翼城", YICHENG),
        ("翼 城 县", YICHENG),
        ("临汾市翼城县", YICHENG),
        ("3.翼城县", YICHENG),
        ("141022", YICHENG),
        ("吉　县", JI),
        ("吉", None),
        ("侯马", HOUMA),
        ("侯马市", HOUMA),
        ("绛县", None),
        ("临汾市", None),
    ],
)
def test_counties_are_found_by_name(written: str, code: str | None) -> None:
    assert RegionIndex.of(REGIONS, ["临汾市"]).find(written) == code


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("规模以上工业增加值 增长率（%）", "规上工业增加值增速"),
        ("ＧＤＰ同比增长", "gdp增速"),
        ("国内生产总值增速", "gdp增速"),
        ("城镇常住居民人均可支配收入增速", "城镇居民人均可支配收入增速"),
    ],
)
def test_ways_of_writing_become_one(written: str, plain: str) -> None:
    assert canonical(written) == plain


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("用电量（亿千瓦时）", ("用电量", "亿千瓦时")),
        ("增速(单位：%)", ("增速", "%")),
        ("细颗粒物（PM2.5）浓度（μg/m³）", ("细颗粒物(PM2.5)浓度", "μg/m³")),
        ("投资", ("投资", "")),
    ],
)
def test_a_unit_in_brackets_is_split_off(written: str, parts: tuple[str, str]) -> None:
    assert split_unit(written) == parts


def test_an_alias_that_two_indicators_claim_names_neither() -> None:
    index = IndicatorIndex.of([IndicatorName("A", "甲率", ["收入"]), IndicatorName("B", "乙率", ["收入"])])
    assert [index.find("收入"), getattr(index.find("甲率"), "code", None)] == [None, "A"]


@pytest.mark.parametrize("name", [name for one in INDICATORS for name in (one.name, *one.aliases)])
def test_every_name_of_the_template_finds_its_indicator(name: str) -> None:
    found = IndicatorIndex.of(INDICATORS).find(name)
    assert found is not None
    assert name in {found.name, *found.aliases}


WORDS = some.sampled_from(
    [
        *(
            None,
            None,
            4,
            0.04,
            7.5,
            "4.0%",
            "—",
            "4.O",
            "第3",
            "翼城县",
            "侯马市",
            "吉 县",
            "绛县",
            "全市",
            "县（市、区）",
            "指标",
            "数值",
        ),
        *(
            "单位",
            "%",
            "增速",
            "总量（亿元）",
            "位次",
            "规上工业增加值",
            "固定资产投资增速",
            "单位：亿元、%",
            "注：快报",
            "2021年1—8月",
        ),
    ]
)


@settings(deadline=None, max_examples=150)
@given(some.lists(some.lists(WORDS, min_size=1, max_size=7), min_size=1, max_size=8))
def test_whatever_a_table_holds_figures_are_finite_and_doubts_are_said(rows: list[list[Any]]) -> None:
    cells = [
        [Cell(word, CellKind.TEXT if isinstance(word, str) else CellKind.NUMBER) if word else EMPTY for word in row]
        for row in rows
    ]
    try:
        found = parse_league_sheet([Sheet("表", cells)], regions=REGIONS, indicators=INDICATORS, period="2021-08")
    except InvalidInputError:
        return
    assert all(cell.region in REGIONS for cell in found.records)
    assert all(cell.value is None or math.isfinite(cell.value) for cell in found.records)
    assert all(cell.notes for cell in found.records if cell.state.value != "read" or cell.value is None)
    json.dumps(found.to_json(), allow_nan=False)


@pytest.mark.parametrize("rows", [[["任务", "时限"], ["甲", "9月底"]], [["说明：翼城县等17县（市、区）"]]])
def test_a_file_without_counties_is_refused(rows: list[list[Any]]) -> None:
    with pytest.raises(InvalidInputError) as refused:
        sheet(rows)
    assert refused.value.code == "no_league_table"


def test_the_example_reads_as_it_was_meant() -> None:
    name = "league-sheet-2021-08.xlsx"
    found = parse_league_sheet(
        read_tables(ROOT / "examples" / name, filename=name),
        regions=REGIONS,
        indicators=INDICATORS,
        period="2021-08",
        whole=["临汾市"],
    )
    assert (len(found.records), found.errors, {cell.region for cell in found.records}) == (391, 0, set(REGIONS))
    known = {cell.indicator for cell in found.records if cell.indicator}
    assert len(known) == 18
    assert {cell.indicator_name for cell in found.records if not cell.indicator} == {
        "固定资产投资总量",
        "社会消费品零售总额总量",
        "一般公共预算收入总量",
        "全社会用电量总量",
        "全社会用电量增速",
    }
    ranks = sorted(cell.rank or 0 for cell in found.records if cell.indicator == INDUSTRY)
    assert (len(ranks), ranks[0], ranks[-1] <= 17) == (17, 1, True)
    assert [line.row for line in found.skipped] == [6, 24, 25]

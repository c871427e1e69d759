"""Rows of breakdown tables that are rare, each as a county wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.kit.sheets.books import book
from tests.plan.readers.test_task_sheet import ACTIONS, HEAD, SPRINT, UNITS, one, read
from yiqi.core.readers.units import UnitIndex, UnitName, read_roles
from yiqi.kit.sheets import EMPTY, Cell, CellKind, Sheet
from yiqi.plan.readers.task_sheet import TaskSheet, parse_task_sheet

LINE = [1, SPRINT, "抓好投资", "", "县发改局", "", "2021-09-30", ""]
BARE = ["序号", "工作任务", "牵头单位", "完成时限"]


def table(*rows: Sequence[Any], head: Sequence[str] = HEAD) -> TaskSheet:
    return read(book([head, *rows]))


def test_ditto_marks_are_followed_over_several_rows() -> None:
    rows = [
        [number, SPRINT, f"任务{number}", "", unit, "", "2021-09-30", ""]
        for number, unit in enumerate(["县发改局", "同上", "同上"], 1)
    ]
    found = table(*rows).records
    assert [(row.lead_code, row.state.value) for row in found] == [
        ("FGJ", "read"),
        ("FGJ", "guessed"),
        ("FGJ", "guessed"),
    ]
    assert found[2].notes == ["E4：“同上”按第2行读取"]


def test_the_result_of_a_formula_is_taken_and_said() -> None:
    def cell(value: Any) -> Cell:
        return Cell(value, CellKind.TEXT) if value else EMPTY

    head, line = [cell(text) for text in HEAD], [cell(str(value)) if value else EMPTY for value in LINE]
    line[2] = Cell("抓好投资", CellKind.TEXT, formula=True)
    [row] = parse_task_sheet([Sheet("表", [head, line])], units=UNITS, actions=ACTIONS, year=2021).records
    assert (row.title, row.state.value, row.notes) == (
        "抓好投资",
        "read",
        ["C2：由公式得出，取文件中保存的结果“抓好投资”"],
    )


def test_a_task_without_a_name_takes_the_first_clause_of_its_measure() -> None:
    row = one(工作任务="", 具体举措="开展入户核查。逐户登记")
    assert (row.title, row.state.value, row.notes) == (
        "开展入户核查", "guessed", ["没有任务名称，取举措的第一句为名称"],
    )  # fmt: skip


def test_two_rows_without_any_name_are_errors_and_no_doubles() -> None:
    nameless = [1, SPRINT, "", "", "县发改局", "", "2021-09-30", ""]
    found = table(nameless, [2, *nameless[1:]]).records
    assert [row.notes for row in found] == [["没有任务名称，请补填"]] * 2


def test_only_support_without_a_lead_is_an_error() -> None:
    row = one(牵头单位="配合单位：县统计局")
    assert "只写了配合单位，没有写牵头单位，请补填" in row.notes
    assert row.state.value == "error"


def test_rows_of_numbers_and_lone_numbers_are_no_tasks() -> None:
    found = table([1, 2, 3, 4, 5, 6, 7, 8], LINE, [2, "", "", "", "", "", "", ""])
    assert [(row.row, row.why) for row in found.skipped] == [(1, "表头"), (2, "栏号行"), (4, "只有序号，没有任务")]
    assert len(found.records) == 1


def test_a_section_of_no_action_makes_its_tasks_errors() -> None:
    found = table(["一、修路大会战"], [1, "修路", "县发改局", "2021-09-30"], ["（一）乡村道路"], ["乡村"], head=BARE)
    assert [row.notes for row in found.records] == [["“一、修路大会战”不是本次行动中的行动，请改正名称"]]
    assert [row.why for row in found.skipped][1:] == [
        "分节标题：一、修路大会战",
        "分节标题：（一）乡村道路",
        "分节标题：乡村",
    ]


def test_a_short_word_is_no_action() -> None:
    row = one(行动="投资")
    assert (row.action, row.notes) == (None, ["B2：“投资”不是本次行动中的行动，请改正名称"])


def test_a_blank_row_above_the_header_is_not_listed() -> None:
    found = read(book([["任务分解表"], [], HEAD, LINE]))
    assert [(row.row, row.why) for row in found.skipped] == [(1, "表头之前的标题或说明：任务分解表"), (3, "表头")]


def test_a_name_that_two_units_claim_names_neither() -> None:
    units = UnitIndex.of([UnitName("A", "甲局", "综合科"), UnitName("B", "乙局", "综合科")])
    assert (units.find("综合科"), units.find("甲局")) == (None, UnitName("A", "甲局", "综合科"))
    assert units.read("综合科").unknown == ["综合科"]


def test_what_stands_before_a_label_leads() -> None:
    assert read_roles("发改局 配合单位：统计局") == ("发改局", "统计局")

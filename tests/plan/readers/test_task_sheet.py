"""Task breakdowns in the shapes that counties send them in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from scripts.make_examples import TASKS, build
from tests.kit.sheets.books import book, document, saved
from yiqi.core.readers.units import UnitIndex, UnitName, read_roles
from yiqi.kit.errors import InvalidInputError
from yiqi.kit.sheets import EMPTY, Cell, CellKind, Sheet, read_tables
from yiqi.kit.sheets.numbering import clean_code, split_prefix
from yiqi.plan.readers.task_sheet import ActionName, TaskRow, TaskSheet, parse_task_sheet
from yiqi.plan.readers.task_sheet.headings import HEADINGS, TaskColumn

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "yiqi" / "demo" / "data"
UNITS = UnitIndex.of(
    UnitName(unit["code"], unit["name"], unit["short_name"], unit["aliases"], unit["kind"])
    for unit in json.loads((DATA / "units.json").read_text(encoding="utf-8"))
)
ACTIONS = [
    ActionName(action["code"], action["zh"])
    for action in json.loads((DATA / "yicheng_2021.json").read_text(encoding="utf-8"))["actions"]
]
SPRINT, INDUSTRY = "目标任务大冲刺", "产业发展大转型"
HEAD = ["序号", "行动", "工作任务", "具体举措", "牵头单位", "配合单位", "完成时限", "报送频次"]
TOWNS = [unit.code for unit in UNITS.towns]


def read(
    data: bytes, filename: str = "a.xlsx", *, start: date | None = None, actions: Sequence[ActionName] = ()
) -> TaskSheet:
    sheets = read_tables(data, filename=filename)
    return parse_task_sheet(sheets, units=UNITS, actions=actions or ACTIONS, year=2021, start=start)


def one(**changes: Any) -> TaskRow:
    """The task of a sheet with one row: a sound one but for the changes."""
    line = {
        "序号": 1,
        "行动": SPRINT,
        "工作任务": "抓好投资",
        "具体举措": "",
        "牵头单位": "县发改局",
        "配合单位": "",
        "完成时限": "2021-09-30",
        "报送频次": "",
    }
    [row] = read(book([HEAD, list((line | changes).values())])).records
    return row


def whys(sheet: TaskSheet) -> list[tuple[int | None, str]]:
    return [(line.row, line.why) for line in sheet.skipped]


def test_a_clean_row_is_read_with_exactly_the_promised_keys() -> None:
    row = one(具体举措="实施项目80个", 配合单位="县工信局、县财政局", 报送频次="每周")
    assert row.to_json() == {
        "row": 2,
        "action": "A01",
        "code": "1",
        "title": "抓好投资",
        "measure": "实施项目80个",
        "lead_unit": "翼城县发展和改革局",
        "support_units": ["翼城县工业和信息化局", "翼城县财政局"],
        "deadline": "2021-09-30",
        "ongoing": False,
        "frequency": "weekly",
        "state": "read",
        "notes": [],
    }
    extra = {key: value for key, value in row.to_preview().items() if key not in row.to_json()}
    assert extra == {
        "sheet": "表",
        "own_code": None,
        "lead_code": "FGJ",
        "support_codes": ["GXJ", "CZJ"],
        "nodes": ["2021-09-30"],
    }


UNTIDY = [
    ["附件1"],
    ["翼城县“十大行动”任务分解表"],
    ["填报单位：县考核办", None, None, None, None, "单位：万元"],
    ["序\n号", "重点任务", "具体 举措", "责任单位", None, "完成时限（月底）", "备注"],
    [None, None, None, "牵头单位", "配合单位", None, None],
    ["一、目标任务大冲刺（2项）"],
    [1, "1.固定资产投资", "（1）实施项目80个\n（2）投资35亿元", "发改局", "工信局", "9月底前"],
    [2, "税收\n增长", "", "翼城县 财政局", "税务局", "长期坚持"],
    [None, "小计", "2项"],
    [],
    ["序\n号", "重点任务", "具体 举措", "责任单位", None, "完成时限（月底）", "备注"],
    ["（二）", "产业发展大转型"],
    ["①", "钢铁改造", "", "发展改革局", "", "2021/9/30"],
    ["②", "铸造改造", "", "工信局", "", 44469],
    ["注：本表一式三份，由县考核办解释。"],
]
UNTIDY_MERGED = ["A1:G1", "A2:G2", "A4:A5", "B4:B5", "C4:C5", "D4:E4", "F4:F5", "G4:G5", "A6:G6", "A15:G15"]


def test_titles_sections_sums_and_remarks_are_told_from_tasks() -> None:
    found = read(book(UNTIDY, merge=UNTIDY_MERGED))
    assert [(row.row, row.action, row.code, row.title, row.lead_code, row.support_codes) for row in found.records] == [
        (7, "A01", "1", "固定资产投资", "FGJ", ["GXJ"]),
        (8, "A01", "2", "税收增长", "CZJ", ["SWU"]),
        (13, "A03", "1", "钢铁改造", "FGJ", []),
        (14, "A03", "2", "铸造改造", "GXJ", []),
    ]
    assert [(row.due, row.ongoing, row.state.value) for row in found.records] == [
        (date(2021, 9, 30), False, "guessed"),
        (None, True, "read"),
        (date(2021, 9, 30), False, "read"),
        (date(2021, 9, 30), False, "guessed"),
    ]
    assert found.records[0].measure == "（1）实施项目80个\n（2）投资35亿元"
    assert whys(found) == [
        (1, "表头之前的标题或说明：附件1"),
        (2, "表头之前的标题或说明：翼城县“十大行动”任务分解表"),
        (3, "表头之前的标题或说明：填报单位：县考核办 单位：万元"),
        (4, "表头"),
        (5, "表头"),
        (6, "分节标题：一、目标任务大冲刺（2项）"),
        (9, "合计行，不是任务"),
        (11, "重复的表头"),
        (12, "分节标题：（二） 产业发展大转型"),
        (15, "表后说明：注：本表一式三份，由县考核办解释。"),
    ]
    assert found.errors == 0


@pytest.mark.parametrize(
    ("text", "role"),
    [
        *((text, TaskColumn.CODE) for text in ("序号", "序 号", "编号", "任务编号", "No.")),
        *((text, TaskColumn.ACTION) for text in ("行动", "十大行动", "专项行动名称")),
        *(
            (text, TaskColumn.TITLE)
            for text in ("工作任务", "重点任务", "任务名称", "主要任务", "目标任务", "重点事项", "项目名称")
        ),
        *(
            (text, TaskColumn.MEASURE)
            for text in ("具体举措", "工作举措", "主要内容", "目标要求", "任务内容", "工作目标", "推进措施")
        ),
        *((text, TaskColumn.LEAD) for text in ("牵头单位", "牵头部门", "主办单位", "牵头单位及责任人")),
        *((text, TaskColumn.SUPPORT) for text in ("配合单位", "协办单位", "责任配合单位", "参与部门")),
        *((text, TaskColumn.OWNER) for text in ("责任单位", "落实单位", "责任分工")),
        *((text, TaskColumn.PERSON) for text in ("牵头领导", "责任领导", "责任人", "分管县领导")),
        *((text, TaskColumn.DUE) for text in ("完成时限", "完成时间", "时间节点", "办结时限", "完成\n时间")),
        *((text, TaskColumn.FREQUENCY) for text in ("报送频次", "调度频次", "调度周期")),
        *((text, TaskColumn.START) for text in ("开始时间", "启动时间")),
        *((text, TaskColumn.OTHER) for text in ("备注", "进展情况", "完成情况")),
        *((text, None) for text in ("", "甲", "县发改局", "2021年9月底前完成全县固定资产投资任务目标要求及时间节点")),
    ],
)
def test_headings_are_known_by_what_they_say(text: str, role: TaskColumn | None) -> None:
    assert HEADINGS.role(text) is role


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *(
            (text, "FGJ")
            for text in (
                "县发改局",
                "发改局",
                "发展改革局",
                "翼城县发展和改革局",
                "县发展 和改革局",
                "翼城县发改局",
                "发展和改革局（张三）",
                "牵头单位：县发改局",
            )
        ),
        *((text, "STJ") for text in ("临汾市生态环境局翼城分局", "生态环境分局", "生态环境局翼城分局")),
        *((text, "141022100") for text in ("唐兴镇", "唐兴镇人民政府", "唐兴镇党委、政府", "唐兴镇政府")),
        ("县委办", "XWB"),
        ("县政府办", "ZFB"),
        ("县发改委", "FGJ"),
    ],
)
def test_a_unit_is_found_by_any_of_its_names(written: str, code: str) -> None:
    row = one(牵头单位=written)
    assert (row.lead_code, row.state.value, row.notes) == (code, "read", [])


def test_an_abbreviation_that_fits_one_unit_is_guessed() -> None:
    row = one(牵头单位="住房局", 配合单位="医疗局")
    assert (row.lead_code, row.support_codes, row.state.value) == ("ZJJ", ["YBJ"], "guessed")
    assert row.notes == [
        "E2：“住房局”按“翼城县住房和城乡建设管理局”读取",
        "F2：“医疗局”按“翼城县医疗保障局”读取",
    ]


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("县工信局、县财政局", ["GXJ", "CZJ"]),
        ("县工信局，县财政局；税务局/审计局", ["GXJ", "CZJ", "SWU", "SJJ"]),
        ("县工信局\n县财政局", ["GXJ", "CZJ"]),
        ("县工信局 县财政局　审计局", ["GXJ", "CZJ", "SJJ"]),
        ("县工信局和县财政局", ["GXJ", "CZJ"]),
        ("县人力资源\n和社会保障局", ["RSJ"]),
        ("县工信局、县工信局", ["GXJ"]),
        ("县工信局、县发改局", ["GXJ"]),
        ("", []),
    ],
)
def test_lists_of_units_are_split(written: str, codes: list[str]) -> None:
    row = one(配合单位=written)
    assert (row.support_codes, row.state.value) == (codes, "read")


@pytest.mark.parametrize(
    ("written", "codes", "note"),
    [
        ("各乡镇", TOWNS, "F2：“各乡镇”按全部9个乡镇读取"),
        ("各乡（镇）", TOWNS, "F2：“各乡镇”按全部9个乡镇读取"),
        ("各乡镇人民政府", TOWNS, None),
        ("县财政局等有关部门", ["CZJ"], "F2：“等有关部门”没有指明单位，未列入"),
        ("县直各有关单位", [], "F2：“县直各有关单位”没有指明单位，未列入"),
        ("县财政局、县国安办", ["CZJ"], "F2：单位表中没有“县国安办”，未列入，请核对名称或补建单位"),
        ("县财政局县税务局", ["CZJ", "SWU"], "F2：“县财政局县税务局”按翼城县财政局、国家税务总局翼城县税务局读取"),
    ],
)
def test_groups_and_unknown_units_are_said(written: str, codes: list[str], note: str | None) -> None:
    row = one(配合单位=written)
    if note is None:
        assert row.state.value == "guessed"
        return
    assert (row.support_codes, row.state.value, row.notes) == (codes, "guessed", [note])


@pytest.mark.parametrize(
    ("written", "lead", "note"),
    [
        ("县国安办", "县国安办", "E2：牵头单位“县国安办”不在单位表中，请核对名称或补建单位"),
        ("各乡镇", "各乡镇", "E2：“各乡镇”是多个单位，请指定一个牵头单位，或者按乡镇拆成多项任务"),
        ("", None, "没有写牵头单位，请补填"),
        ("=A1", None, "E2：公式没有缓存的计算结果，请在 Excel 中打开并保存后再上传"),
    ],
)
def test_a_lead_that_cannot_be_found_is_an_error_as_written(written: str, lead: str | None, note: str) -> None:
    row = one(牵头单位=written)
    assert (row.lead_unit, row.lead_code, row.state.value, row.notes[0]) == (lead, None, "error", note)


def test_of_several_leads_the_first_leads() -> None:
    row = one(牵头单位="县发改局、县工信局", 配合单位="县财政局")
    assert (row.lead_code, row.support_codes, row.state.value) == ("FGJ", ["GXJ", "CZJ"], "guessed")
    assert row.notes == ["E2：写有多个牵头单位，以第一个为牵头，翼城县工业和信息化局列为配合"]


@pytest.mark.parametrize(
    ("written", "roles"),
    [
        ("牵头：甲；配合：乙、丙", ("甲", "乙、丙")),
        ("牵头单位：甲\n配合单位：乙", ("甲", "乙")),
        ("牵头单位:甲 责任单位:乙", ("甲", "乙")),
        ("甲牵头，乙、丙配合", ("甲", "乙、丙")),
        ("由甲牵头负责", ("甲", "")),
        ("甲（牵头）、乙", ("甲", "乙")),
        ("甲、乙", ("甲、乙", "")),
        ("", ("", "")),
    ],
)
def test_roles_inside_one_column_are_told_apart(written: str, roles: tuple[str, str]) -> None:
    assert read_roles(written) == roles


def test_a_column_of_responsible_units_leads_alone_and_supports_beside_a_lead() -> None:
    head = ["行动", "任务", "牵头单位", "责任单位", "时限"]
    alone = read(
        book([["行动", "任务", "责任单位", "时限"], [SPRINT, "甲", "牵头：发改局；配合：工信局", "2021-09-30"]])
    )
    beside = read(book([head, [SPRINT, "甲", "发改局", "工信局", "2021-09-30"]]))
    assert [(row.lead_code, row.support_codes) for row in (*alone.records, *beside.records)] == [("FGJ", ["GXJ"])] * 2


@pytest.mark.parametrize(
    ("due", "frequency", "state", "note"),
    [
        ("9月31日", None, "error", "G2：“9月31日”不存在（2021年9月没有31日），请改正"),
        ("待定", None, "error", "G2：“待定”看不出是哪一天，请写成“2021-09-30”的形式，或写“长期坚持”"),
        ("", None, "error", "没有写完成时限，请补填；没有时限的请写“长期坚持”"),
        ("2020-09-30", None, "guessed", "G2：时限 2020-09-30 早于工作开始的 2021-01-01，请核对"),
        ("每月底", "monthly", "guessed", "G2：“每月底”按定期报送、没有最后时限读取"),
        ("9月底前", None, "guessed", "G2：未写年份，按2021年读取"),
    ],
)
def test_doubts_about_a_deadline_name_the_cell(due: str, frequency: str | None, state: str, note: str) -> None:
    row = one(完成时限=due)
    assert (row.frequency, row.state.value, row.notes) == (frequency, state, [note])


def test_an_unknown_frequency_is_left_out_and_said() -> None:
    row = one(报送频次="双周")
    assert (row.frequency, row.state.value) == (None, "guessed")
    assert row.notes == ["H2：报送频次“双周”不是每日、每周、每月或按节点，未填"]


@pytest.mark.parametrize(
    ("written", "code", "state"),
    [
        ("目标任务大冲刺", "A01", "read"),
        ("一、目标任务\n大冲刺行动", "A01", "read"),
        ("“目标任务大冲刺”", "A01", "read"),
        ("A01", "A01", "read"),
        ("生态环境", "A04", "guessed"),
        ("工业经济大提速", None, "error"),
        ("", None, "error"),
    ],
)
def test_an_action_is_found_by_name_or_code(written: str, code: str | None, state: str) -> None:
    row = one(行动=written)
    assert (row.action, row.state.value) == (code, state)


def test_an_action_merged_or_written_once_holds_for_the_rows_below() -> None:
    rows = [HEAD, *([None if n else SPRINT if block == 0 else INDUSTRY] for block in range(2) for n in range(2))]
    for number, row in enumerate(rows[1:]):
        row[:] = [number + 1, *row, f"任务{number}", "", "发改局", "", "2021-09-30", ""]
    found = read(book(rows, merge=["B2:B3"]))
    assert [(row.action, row.state.value) for row in found.records] == [
        ("A01", "read"),
        ("A01", "read"),
        ("A03", "read"),
        ("A03", "guessed"),
    ]
    assert found.records[3].notes == ["B5：未写行动，沿用上一行的“产业发展大转型”"]


def test_the_action_may_stand_in_the_title_or_on_the_tab() -> None:
    head = ["任务", "责任单位", "时限"]
    line = ["甲", "发改局", "2021-09-30"]
    titled = read(book([["“产业发展大转型”行动任务表"], head, line]))
    tabbed = read(book([head, line], name="产业发展大转型"))
    single = read(book([head, line]), actions=[ActionName("X", "大会战")])
    assert [row.action for row in (*titled.records, *tabbed.records, *single.records)] == ["A03", "A03", "X"]
    assert single.records[0].notes == ["没有写行动，归入仅有的“大会战”"]


def test_a_column_of_tasks_that_holds_actions_is_the_action() -> None:
    found = read(
        book([["重点任务", "工作内容", "责任单位", "时限"], [SPRINT, "抓投资。要快。", "发改局", "2021-09-30"]])
    )
    assert [(row.action, row.title, row.measure) for row in found.records] == [("A01", "抓投资。要快。", "")]


def test_a_long_measure_without_a_title_gives_its_first_clause() -> None:
    text = "实施重点项目建设攻坚。" + "强化要素保障，" * 12
    [row] = read(book([["行动", "具体举措", "责任单位", "时限"], [SPRINT, text, "发改局", "2021-09-30"]])).records
    assert (row.title, row.measure, row.state.value) == ("实施重点项目建设攻坚", text, "guessed")


def doubled(*codes_and_titles: tuple[Any, str, str]) -> list[tuple[str, list[str]]]:
    rows = [[code, SPRINT, title, measure, "发改局", "", "2021-09-30", ""] for code, title, measure in codes_and_titles]
    return [(row.state.value, row.notes) for row in read(book([HEAD, *rows])).records]


@pytest.mark.parametrize(
    ("second", "state", "note"),
    [
        ((1, "乙", "m"), "read", None),
        ((2, "乙", "m"), "read", None),
        ((2, "甲", "m"), "error", "任务与第2行重复，请只保留一行"),
        ((2, "甲 ", ""), "error", "任务与第2行重复，请只保留一行"),
        ((2, "甲", "n"), "guessed", "任务名称与第2行相同而举措不同，作为另一项任务读取"),
    ],
)
def test_two_rows_of_one_task_are_said(second: tuple[Any, str, str], state: str, note: str | None) -> None:
    assert doubled((1, "甲", "m"), second) == [("read", []), (state, [note] if note else [])]


def test_two_rows_of_one_number_are_said_but_numbers_may_begin_anew() -> None:
    found = doubled(
        (1, "a", ""),
        (2, "b", ""),
        (2, "c", ""),
        (1, "d", ""),
        (2, "e", ""),
        ("A01-03", "f", ""),
        ("1", "g", ""),
        ("A01-03", "h", ""),
    )
    assert [state for state, _notes in found] == ["read", "read", "error", "read", "read", "read", "read", "error"]
    assert found[2][1] == ["编号“2”与第3行重复，请删去其中一行或改正编号"]
    assert found[7][1] == ["编号“A01-03”与第7行重复，请删去其中一行或改正编号"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1", "1"),
        ("1.", "1"),
        ("（1）", "1"),
        ("①", "1"),
        ("⑿", "12"),
        ("一、", "1"),
        ("十二", "12"),
        ("A01-03", "A01-03"),
        ("a01-03", "A01-03"),
        ("1.1", "1.1"),
        ("", None),
        ("１", "1"),
    ],
)
def test_numbers_are_cleaned(text: str, code: str | None) -> None:
    assert clean_code(text) == code


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1.抓投资", ("1", "抓投资")),
        ("（一）抓投资", ("1", "抓投资")),
        ("③抓投资", ("3", "抓投资")),
        ("A01-03 抓投资", ("A01-03", "抓投资")),
        ("1.1抓投资", ("1.1", "抓投资")),
        ("1.5万亩造林", (None, "1.5万亩造林")),
        ("2021年工作", (None, "2021年工作")),
        ("一枚印章管审批", (None, "一枚印章管审批")),
        ("抓投资", (None, "抓投资")),
    ],
)
def test_a_number_before_a_title_is_taken_off(text: str, found: tuple[str | None, str]) -> None:
    assert split_prefix(text) == found


def test_ditto_hidden_rows_and_formulas_are_said() -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = True

    rows = [[1, SPRINT, "甲", "", "发改局", "", "2021-09-30", ""], [2, "同上", "乙", "", "同上", "", "2021-09-30", ""]]
    found = read(book([HEAD, *rows], finish=hide)).records[1]
    assert (found.action, found.lead_code, found.state.value) == ("A01", "FGJ", "guessed")
    assert found.notes == ["该行在表中被隐藏，请确认是否仍然有效", "B3：“同上”按第2行读取", "E3：“同上”按第2行读取"]


def test_several_sheets_are_read_and_others_passed_over_by_name() -> None:
    workbook = Workbook()
    first = workbook.active
    assert isinstance(first, Worksheet)
    first.append(["说明"])
    for name, task in (("一", "甲"), ("二", "乙"), ("底稿", "丙")):
        sheet = workbook.create_sheet(name)
        sheet.append(HEAD)
        sheet.append([1, SPRINT, task, "", "发改局", "", "2021-09-30", ""])
    workbook["底稿"].sheet_state = "hidden"
    found = read(saved(workbook))
    assert [(row.sheet, row.row, row.title, row.state.value) for row in found.records] == [
        ("一", 2, "甲", "read"),
        ("二", 2, "乙", "read"),
    ]
    assert whys(found) == [
        (None, "“Sheet”里没有任务表的表头，未读取"),
        (1, "一：表头"),
        (1, "二：表头"),
        (None, "工作表“底稿”已隐藏，未读取"),
    ]


def test_a_table_of_a_document_goes_on_in_the_next_one() -> None:
    head = ["行动", "任务", "责任单位", "时限"]
    found = read(
        document("任务表", [head, [SPRINT, "甲", "发改局", "2021-09-30"]], [[INDUSTRY, "乙", "国安办", "9月31日"]]),
        "a.docx",
    )
    assert [(row.sheet, row.row, row.action, row.title) for row in found.records] == [
        ("表1", 2, "A01", "甲"),
        ("表2", 1, "A03", "乙"),
    ]
    assert found.records[1].notes == [
        "第1行第3列：牵头单位“国安办”不在单位表中，请核对名称或补建单位",
        "第1行第4列：“9月31日”不存在（2021年9月没有31日），请改正",
    ]


@pytest.mark.parametrize("rows", [[["甲", "乙"], ["1", "2"]], [["任务名称"], ["甲"]], [["县", "增速"], ["翼城县", 4]]])
def test_a_file_without_a_task_table_is_refused(rows: list[list[Any]]) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read(book(rows))
    assert refused.value.code == "no_task_table"


def test_a_month_number_under_a_heading_of_months_is_that_month() -> None:
    head = ["行动", "任务", "责任单位", "完成时限（月）"]
    found = read(book([head, [SPRINT, "甲", "发改局", 9], ["填表人：张三", "审核人：李四", "日期：8月16日"]]))
    assert [(row.due, row.state.value) for row in found.records] == [(date(2021, 9, 30), "guessed")]
    assert whys(found)[1:] == [(3, "表后说明：填表人：张三")]


def test_text_files_are_read_alike() -> None:
    written = f"行动,任务,责任单位,时限\n{SPRINT},甲,发改局牵头、工信局配合,2021-09-30\n".encode("gb18030")
    [row] = read(written, "a.csv").records
    assert (row.action, row.lead_code, row.support_codes, row.due) == ("A01", "FGJ", ["GXJ"], date(2021, 9, 30))


WORDS = some.sampled_from(
    [
        *(
            None,
            "",
            1,
            2,
            44469,
            9.3,
            "1.",
            "①",
            "一、",
            "（二）",
            "同上",
            "合计",
            "注：无",
            "序号",
            "行动",
            "工作任务",
            "具体举措",
            "责任单位",
        ),
        *(
            "牵头单位",
            "配合单位",
            "完成时限",
            "报送频次",
            SPRINT,
            "一、产业发展大转型（3项）",
            "县发改局",
            "牵头：甲；配合：各乡镇",
            "9月31日",
            "每月底",
        ),
    ]
)


@settings(deadline=None, max_examples=150)
@given(some.lists(some.lists(WORDS, min_size=1, max_size=7), min_size=1, max_size=8))
def test_whatever_a_table_holds_each_row_is_a_task_or_passed_over(rows: list[list[Any]]) -> None:
    cells = [
        [Cell(word, CellKind.TEXT if isinstance(word, str) else CellKind.NUMBER) if word else EMPTY for word in row]
        for row in rows
    ]
    try:
        found = parse_task_sheet([Sheet("表", cells)], units=UNITS, actions=ACTIONS, year=2021)
    except InvalidInputError:
        return
    told = {row.row for row in found.records} | {line.row for line in found.skipped}
    assert told == {number for number, row in enumerate(rows, start=1) if any(row)}
    assert all(row.notes for row in found.records if row.state.value != "read")


@pytest.mark.parametrize("name", ["task-breakdown-2021.xlsx", "task-breakdown-2021.docx"])
def test_the_examples_read_as_they_were_meant(name: str) -> None:
    path = ROOT / "examples" / name
    found = parse_task_sheet(
        read_tables(path, filename=name), units=UNITS, actions=ACTIONS, year=2021, start=date(2021, 7, 5)
    )
    meant = [(code, line.title) for code, lines in TASKS.items() for line in lines]
    assert [(row.action, row.title) for row in found.records] == meant
    assert [row.title for row in found.records if row.state.value == "error"] == ["机关效能评议", "高新技术企业培育"]
    assert [row.lead_unit for row in found.records if row.lead_code is None] == ["县直工委"]


@pytest.mark.parametrize("name", sorted(build(2021)))
def test_the_checked_in_examples_are_those_of_the_script(name: str) -> None:
    made = build(2021)[name]
    assert made == build(2021)[name]
    assert read_tables(made, filename=name) == read_tables(ROOT / "examples" / name, filename=name)

"""What a document may say, and the words that are made of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.documents.samples import MINUTES, REPORT, TABLE, table
from yiqi.kit.documents import Attachments, Enclosure, Heading, OfficialDocument, Paragraph, Run, TableBlock
from yiqi.kit.documents.text import chinese_date, chinese_number, numbered, printable, signature_indents, width
from yiqi.kit.documents.title import title_lines
from yiqi.kit.errors import InvalidInputError


@pytest.mark.parametrize("number", ["翼考办〔2021〕3号", "翼考办〔2021〕120号", "晋政〔1999〕1号"])
def test_a_proper_number_is_taken(number: str) -> None:
    assert replace(REPORT, number=number).number == number


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("", "请填写发文字号，例如“翼考办〔2021〕3号”。"),
        ("翼考办[2021]3号", "发文字号的年份应当用六角括号“〔〕”括入。"),
        ("翼考办（2021）3号", "发文字号的年份应当用六角括号“〔〕”括入。"),
        ("翼考办【2021】3号", "发文字号的年份应当用六角括号“〔〕”括入。"),
        ("翼考办〔2021〕第3号", "发文字号的序号不加“第”字。"),
        ("翼考办〔2021〕03号", "发文字号的序号不编虚位，即1不编为01。"),
        ("翼考办〔2021〕0号", "发文字号的序号不编虚位，即1不编为01。"),
        ("翼考办〔21〕3号", "发文字号应由机关代字、年份、序号组成，例如“翼考办〔2021〕3号”。"),
        ("〔2021〕3号", "发文字号应由机关代字、年份、序号组成，例如“翼考办〔2021〕3号”。"),
        ("翼考办〔2021〕3号\n", "发文字号应由机关代字、年份、序号组成，例如“翼考办〔2021〕3号”。"),
    ],
)
def test_a_faulty_number_is_refused_with_its_fault(number: str, message: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        replace(REPORT, number=number)
    assert (caught.value.code, str(caught.value), caught.value.data["field"]) == ("document_invalid", message, "number")


@pytest.mark.parametrize(
    ("document", "changes", "field"),
    [
        (REPORT, {"kind": "letter"}, "kind"),
        (REPORT, {"issuer": " "}, "issuer"),
        (REPORT, {"signer": ""}, "signer"),
        (REPORT, {"title": ""}, "title"),
        (MINUTES, {"addressee": "市考核办"}, "addressee"),
        (MINUTES, {"number": "第06期"}, "number"),
        (REPORT, {"number": "第6期"}, "number"),
        (REPORT, {"body": (Attachments(()), Attachments(()))}, "body"),
        (REPORT, {"body": (Attachments(()), Paragraph("正文"))}, "body"),
    ],
)
def test_what_a_kind_needs_or_bars(document: OfficialDocument, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        replace(document, **changes)
    assert caught.value.data["field"] == field


def test_one_text_is_no_list_of_texts() -> None:
    with pytest.raises(TypeError, match="lists of texts"):
        replace(REPORT, copy_to="县委办公室")


@pytest.mark.parametrize("level", [0, 5])
def test_a_heading_has_one_of_four_levels(level: int) -> None:
    with pytest.raises(InvalidInputError, match="只有四级"):
        Heading(level, "总体情况")


@pytest.mark.parametrize(
    ("header", "rows", "align", "message"),
    [
        ((), (), (), "公文表格至少要有一列。"),
        (("甲", "乙"), (("1", "2"), ("3",)), (), "表格“表1”第2行有1格，表头有2格，两者应当一致。"),
        (("甲", "乙"), (), ("left",), "表格的对齐方式应当逐列给出，列数与表头一致。"),
    ],
)
def test_a_table_is_rectangular(header: tuple[str, ...], rows: Any, align: Any, message: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        TableBlock("表1", header, rows, align)
    assert str(caught.value) == message


def test_columns_of_figures_go_right() -> None:
    assert TABLE.alignment() == ["left", "left", "right", "right", "left"]
    assert TableBlock("", ("甲",), (("1",),), ("center",)).alignment() == ["center"]
    assert TableBlock("", ("甲", "乙"), (("1,204", ""), ("—", ""), ("-3.5%", ""))).alignment() == ["right", "left"]


def test_headings_are_numbered_by_level() -> None:
    headings = [(1, "甲"), (2, "乙"), (2, "丙"), (3, "丁"), (4, "戊"), (4, "己"), (1, "庚"), (2, "辛")]
    expected = ["一、甲", "（一）乙", "（二）丙", "1.丁", "（1）戊", "（2）己", "二、庚", "（一）辛"]
    assert list(numbered(headings)) == expected


def test_a_heading_keeps_the_number_it_brings_and_the_next_goes_on_from_it() -> None:
    headings = [
        (1, "三、甲"),
        (1, "乙"),
        (2, "（九）丙"),
        (2, "丁"),
        (3, "11．戊"),
        (3, "己"),
        (4, "（2）庚"),
        (4, "辛"),
    ]
    expected = ["三、甲", "四、乙", "（九）丙", "（十）丁", "11．戊", "12.己", "（2）庚", "（3）辛"]
    assert list(numbered(headings)) == expected


@pytest.mark.parametrize(
    ("value", "text"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (99, "九十九")]
)
def test_chinese_numbers(value: int, text: str) -> None:
    assert chinese_number(value) == text


@given(st.integers(min_value=1, max_value=98))
def test_a_chinese_number_is_read_back(value: int) -> None:
    following = list(numbered([(1, f"{chinese_number(value)}、甲"), (1, "乙")]))[1]
    assert following == f"{chinese_number(value + 1)}、乙"


def test_a_date_has_no_leading_zeros() -> None:
    assert chinese_date(date(2021, 9, 6)) == "2021年9月6日"


@pytest.mark.parametrize(
    ("unit", "day", "sealed", "expected"),
    [
        (6, 6, True, (4, 4)),
        (4, 6, True, (5, 4)),
        (13, 6, True, (0.5, 4)),
        (20, 6, True, (0, 4)),
        (4, 6, False, (6, 2)),
        (8, 6, False, (2, 2)),
        (13, 6, False, (2, 2)),
    ],
)
def test_the_place_of_signature_and_date(unit: float, day: float, sealed: bool, expected: tuple[float, float]) -> None:
    assert signature_indents(unit, day, sealed=sealed) == expected


@pytest.mark.parametrize(("title", "broken"), table("标题回行"))
def test_titles_break_as_the_page_says(title: str, broken: str) -> None:
    assert "/".join(title_lines(title, 442.2 / 22)) == broken


def test_the_author_breaks_the_title() -> None:
    assert title_lines("关于晋位争先工作\n进展情况的报告", 20) == ["关于晋位争先工作", "进展情况的报告"]


@given(st.text(alphabet="关于的工作进展情况报告2021年、（）《》", min_size=1, max_size=58))
def test_breaking_loses_nothing_and_fits(title: str) -> None:
    lines = title_lines(title, 20.0)
    assert "".join(lines) == title
    assert len(lines) == 1 or max(width(line) for line in lines) <= 20


def test_a_paragraph_breaks_at_line_breaks_and_keeps_its_weights() -> None:
    paragraph = Paragraph(runs=(Run("甲\n乙", bold=True), Run("丙\r\n\n丁")))
    assert paragraph.lines() == [[Run("甲", bold=True)], [Run("乙", bold=True), Run("丙")], [Run("丁")]]


def test_what_xml_cannot_carry_is_left_out() -> None:
    assert printable("甲\x00乙\x0b丙\ud800丁\t戊\uffff") == "甲乙\n丙丁\t戊"


def test_the_day_of_printing_is_the_day_of_signing_unless_given() -> None:
    assert (REPORT.printed(), replace(REPORT, printed_on=date(2021, 9, 8)).printed()) == (
        date(2021, 9, 6),
        date(2021, 9, 8),
    )


def test_attachments_are_taken_out_of_the_text() -> None:
    document = replace(REPORT, body=(Paragraph("甲"), Attachments((Enclosure("乙"),))))
    assert (document.text_blocks(), document.attachments()) == ([Paragraph("甲")], [Enclosure("乙")])

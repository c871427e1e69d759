"""The Word file, opened again: every layout number of the page, fonts, order of the XML, equal bytes."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from io import BytesIO
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn

from tests.kit.documents.samples import MINUTES, NUMBERS, REPORT, TABLE, table
from yiqi.kit.documents import Attachments, Enclosure, OfficialDocument, Paragraph, TableBlock, layout, render_docx

TWIPS_PER_MM = 1440 / 25.4
FONTS = {row[0]: row[1] for row in table("字体")}


def opened(document: OfficialDocument) -> Document:
    return docx.Document(BytesIO(render_docx(document)))


def attribute(node: Any, path: str, name: str = "val") -> str | None:
    """Attribute of the first element at a path such as w:pPr/w:ind, or None."""
    found = node.find("/".join(qn(part) for part in path.split("/")))
    return None if found is None else found.get(qn(f"w:{name}"))


def paragraph(word: Document, text: str) -> Any:
    return next(one for one in word.paragraphs if one.text == text)


@pytest.fixture(scope="module")
def report() -> Document:
    return opened(REPORT)


def test_the_page_and_the_code_agree_on_every_number() -> None:
    tops = {f"mark_top_{kind}": value for kind, value in layout.MARK_TOP_MM.items()}
    assert {
        "page_width": layout.PAGE_WIDTH_MM,
        "page_height": layout.PAGE_HEIGHT_MM,
        "margin_top": layout.MARGIN_TOP_MM,
        "margin_bottom": layout.MARGIN_BOTTOM_MM,
        "margin_left": layout.MARGIN_LEFT_MM,
        "margin_right": layout.MARGIN_RIGHT_MM,
        "lines_per_page": layout.LINES_PER_PAGE,
        "chars_per_line": layout.CHARS_PER_LINE,
        "line_pitch": layout.LINE_PITCH_PT,
        "char_spacing": layout.CHAR_SPACING_PT,
        "overhang": layout.OVERHANG_PT,
        "body": layout.BODY_PT,
        "title": layout.TITLE_PT,
        "imprint": layout.IMPRINT_PT,
        "page_number": layout.PAGE_NUMBER_PT,
        "table_normal": layout.TABLE_PT["小四"],
        "table_small": layout.TABLE_PT["五号"],
        "first_line": 2,
        **tops,
        "rule_gap": layout.RULE_GAP_MM,
        "rule_red": layout.RULE_RED_MM,
        "rule_outer": layout.RULE_OUTER_MM,
        "rule_inner": layout.RULE_INNER_MM,
        "page_number_gap": layout.PAGE_NUMBER_GAP_MM,
        "sealed_indent": layout.SEALED_INDENT_CHARS,
        "unsealed_indent": layout.UNSEALED_INDENT_CHARS,
    } == NUMBERS


def test_the_sheet_its_margins_and_its_grid(report: Document) -> None:
    section = report.sections[0]
    found = {
        "page_width": section.page_width,
        "page_height": section.page_height,
        "margin_top": section.top_margin,
        "margin_bottom": section.bottom_margin,
        "margin_left": section.left_margin,
        "margin_right": section.right_margin,
    }
    assert {key: round(value.mm, 1) for key, value in found.items() if value} == {key: NUMBERS[key] for key in found}
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid is not None
    pitch = NUMBERS["line_pitch"] * 20
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", str(round(pitch)))
    height = section.page_height.twips - section.top_margin.twips - section.bottom_margin.twips
    assert int(height / pitch) == NUMBERS["lines_per_page"]


def test_twenty_eight_characters_fit_between_the_margins_and_the_overhang() -> None:
    step = NUMBERS["body"] + NUMBERS["char_spacing"]
    needed = (NUMBERS["chars_per_line"] - 1) * step + NUMBERS["body"]
    assert needed <= layout.TEXT_WIDTH_PT + NUMBERS["overhang"] < needed + 1


@pytest.mark.parametrize(
    ("style", "font", "facts"),
    [
        ("Normal", "body", (16, -0.2, 28.9)),
        ("公文正文", "body", (16, -0.2, 28.9)),
        ("Heading 1", "heading_1", (16, -0.2, 28.9)),
        ("Heading 2", "heading_2", (16, -0.2, 28.9)),
        ("Heading 3", "heading_3", (16, -0.2, 28.9)),
        ("Heading 4", "heading_4", (16, -0.2, 28.9)),
        ("公文标题", "title", (22, 0, 36)),
        ("版记", "body", (14, 0, 26)),
        ("表格文字", "body", (12, 0, 20)),
        ("Footer", "page_number", (14, 0, 14)),
    ],
)
def test_the_styles(report: Document, style: str, font: str, facts: tuple[float, float, float]) -> None:
    size, spacing, line = facts  # in points
    node = report.styles[style].element
    assert attribute(node, "w:rPr/w:rFonts", "eastAsia") == FONTS[font]
    assert attribute(node, "w:rPr/w:rFonts", "asciiTheme") is None
    assert attribute(node, "w:rPr/w:sz") == str(size * 2)
    assert attribute(node, "w:rPr/w:spacing") == str(round(spacing * 20))
    assert attribute(node, "w:pPr/w:spacing", "line") == str(round(line * 20))
    assert attribute(node, "w:pPr/w:spacing", "lineRule") == "exact"
    assert attribute(node, "w:pPr/w:widowControl") == "0"


@pytest.mark.parametrize("style", ["公文正文", "Heading 1", "Heading 2", "Heading 3", "Heading 4"])
def test_text_begins_two_characters_in_and_may_stand_out_at_the_right(report: Document, style: str) -> None:
    node = report.styles[style].element
    assert attribute(node, "w:pPr/w:ind", "firstLineChars") == str(round(NUMBERS["first_line"] * 100))
    assert attribute(node, "w:pPr/w:ind", "firstLine") == str(round(2 * 15.8 * 20))
    assert attribute(node, "w:pPr/w:ind", "right") == str(round(-NUMBERS["overhang"] * 20))


def test_no_theme_font_is_left_to_win_over_the_named_ones(report: Document) -> None:
    defaults = report.styles.element.find(qn("w:docDefaults"))
    assert defaults is not None
    assert attribute(defaults, "w:rPrDefault/w:rPr/w:rFonts", "eastAsia") == FONTS["body"]
    assert attribute(defaults, "w:rPrDefault/w:rPr/w:rFonts", "eastAsiaTheme") is None
    assert attribute(defaults, "w:rPrDefault/w:rPr/w:lang", "eastAsia") == "zh-CN"


def test_the_mark_is_red_and_stands_35_mm_below_the_text_area(report: Document) -> None:
    mark = report.paragraphs[0]
    assert mark.text == "翼城县晋位争先指挥部办公室文件"
    assert attribute(mark.runs[0]._r, "w:rPr/w:rFonts", "eastAsia") == FONTS["mark"]
    assert attribute(mark.runs[0]._r, "w:rPr/w:color") == "FF0000"
    assert attribute(mark._p, "w:pPr/w:spacing", "before") == str(round(NUMBERS["mark_top_report"] * TWIPS_PER_MM))


@pytest.mark.parametrize(("chars", "size"), [(4, 44), (9, 44), (10, 42), (15, 28), (40, 22)])
def test_the_mark_is_as_large_as_one_line_allows(chars: int, size: float) -> None:
    assert layout.mark_size(chars) == size


def test_number_left_and_signer_right_one_character_in(report: Document) -> None:
    line = report.paragraphs[1]
    assert line.text == "翼考办〔2021〕3号\t签发人：张建国"
    assert (attribute(line._p, "w:pPr/w:ind", "left"), attribute(line._p, "w:pPr/w:ind", "right")) == ("320", "320")
    stop = line._p.find(f"{qn('w:pPr')}/{qn('w:tabs')}/{qn('w:tab')}")
    assert stop is not None
    assert (stop.get(qn("w:val")), stop.get(qn("w:pos"))) == ("right", str(layout.TEXT_WIDTH_TWIPS - 320))
    assert [attribute(run._r, "w:rPr/w:rFonts", "eastAsia") for run in line.runs] == [None, FONTS["signer"]]


def test_a_red_rule_as_wide_as_the_text_area_4_mm_below(report: Document) -> None:
    rule = report.paragraphs[2]
    border = rule._p.find(f"{qn('w:pPr')}/{qn('w:pBdr')}/{qn('w:bottom')}")
    assert border is not None
    assert (border.get(qn("w:color")), border.get(qn("w:sz"))) == (
        "FF0000",
        str(round(NUMBERS["rule_red"] * 72 / 25.4 * 8)),
    )
    assert attribute(rule._p, "w:pPr/w:ind", "left") is None
    below_number = 0.08 * NUMBERS["body"] * 20
    line = attribute(rule._p, "w:pPr/w:spacing", "line")
    assert line is not None
    assert int(line) == pytest.approx(NUMBERS["rule_gap"] * TWIPS_PER_MM - below_number, abs=1)


def test_title_addressee_and_text_in_their_order(report: Document) -> None:
    texts = [one.text for one in report.paragraphs if one.text and one.style and one.style.name != "表注"]
    assert texts[2:] == [
        "翼城县晋位争先指挥部办公室",
        "关于2021年8月下半月晋位争先",
        "工作进展情况的报告",
        "市考核办：",
        "1—8月，我县综合绩效得分81.37分，居全市第7位。",
        "一、总体情况",
        "（一）主要指标",
        TABLE.title,
        "1.工业运行",
        "（1）重点企业",
        "一是支撑有力。8户企业产值增长11.6%。",
        "二、存在问题",
        "部分项目用地手续未完成。",
        "附件：1.重点任务进展明细表",
        "2.存在问题清单",
        "翼城县晋位争先指挥部办公室",
        "2021年9月6日",
        "附件1",
        "重点任务进展明细表",
        TABLE.title,
    ]


def test_bold_words_are_bold_and_others_are_not(report: Document) -> None:
    runs = paragraph(report, "一是支撑有力。8户企业产值增长11.6%。").runs
    assert [(run.text, run.bold) for run in runs] == [("一是支撑有力。", True), ("8户企业产值增长11.6%。", None)]


@pytest.mark.parametrize(("sealed", "key"), [(True, "sealed_indent"), (False, "unsealed_indent")])
def test_the_date_stands_in_by_the_seal(sealed: bool, key: str) -> None:
    day = paragraph(opened(replace(REPORT, sealed=sealed)), "2021年9月6日")
    assert attribute(day._p, "w:pPr/w:ind", "right") == str(round(NUMBERS[key] * 15.8 * 20))
    assert attribute(day._p, "w:pPr/w:jc") == "right"


def test_the_signature_stays_with_the_end_of_the_text() -> None:
    word = opened(replace(REPORT, body=(Paragraph("短"),)))
    kept = [one.text for one in word.paragraphs if one.paragraph_format.keep_with_next]
    assert kept == ["短", "翼城县晋位争先指挥部办公室"]
    long = opened(replace(REPORT, body=(Paragraph("长" * 200),)))
    assert paragraph(long, "长" * 200).paragraph_format.keep_with_next is None


def test_page_numbers_odd_right_even_left(report: Document) -> None:
    assert report.settings.odd_and_even_pages_header_footer is True
    section = report.sections[0]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        line = footer.paragraphs[0]
        assert line.text == "— 1 —"
        assert "".join(node.text or "" for node in line._p.iter(qn("w:instrText"))).strip() == "PAGE"
        assert attribute(line._p, "w:pPr/w:jc") == side
        assert attribute(line._p, "w:pPr/w:ind", side) == str(round(NUMBERS["page_number"] * 20))
        for run in line.runs:
            assert attribute(run._r, "w:rPr/w:rFonts", "eastAsia") == FONTS["page_number"]
            assert attribute(run._r, "w:rPr/w:sz") == str(round(NUMBERS["page_number"] * 2))
    dash = (NUMBERS["margin_bottom"] - NUMBERS["page_number_gap"]) * TWIPS_PER_MM - NUMBERS["page_number"] * 10
    assert section.footer_distance is not None
    assert section.footer_distance.twips == pytest.approx(dash, abs=1)


def test_marks_stand_quietly_at_the_head_of_every_page(report: Document) -> None:
    section = report.sections[0]
    for header in (section.header, section.even_page_header):
        assert header.paragraphs[0].text == "演示数据　截至2021年8月31日"
        assert attribute(header.paragraphs[0].runs[0]._r, "w:rPr/w:color") == "595959"
    bare = opened(replace(REPORT, marks=(), as_of=None)).sections[0]
    assert [bare.header.paragraphs[0].text, bare.even_page_header.paragraphs[0].text] == ["", ""]


def test_the_imprint_floats_to_the_foot_of_the_last_page(report: Document) -> None:
    imprint = report.tables[-1]
    texts = [[cell.text for cell in row.cells] for row in imprint.rows]
    assert texts == [["抄送：县委办公室，县政府办公室。"], ["翼城县晋位争先指挥部办公室\t2021年9月6日印发"]]
    place = imprint._tbl.tblPr.find(qn("w:tblpPr"))
    assert place is not None
    assert (place.get(qn("w:vertAnchor")), place.get(qn("w:tblpYSpec"))) == ("margin", "bottom")
    borders = {
        side: attribute(imprint._tbl.tblPr, f"w:tblBorders/w:{side}", "sz") for side in ("top", "insideH", "bottom")
    }
    outer, inner = (str(round(NUMBERS[key] * 72 / 25.4 * 8)) for key in ("rule_outer", "rule_inner"))
    assert borders == {"top": outer, "insideH": inner, "bottom": outer}
    first = imprint.cell(0, 0).paragraphs[0]._p
    assert [attribute(first, "w:pPr/w:ind", side) for side in ("left", "right", "hanging")] == ["1120", "280", "840"]
    assert report.element.body[-2].tag == qn("w:p")


def test_no_imprint_without_copies_and_printer() -> None:
    assert opened(replace(REPORT, body=(), copy_to=(), printed_by="")).tables == []


def test_a_table_repeats_its_heading_and_sets_figures_right(report: Document) -> None:
    found = report.tables[0]
    assert [[cell.text for cell in row.cells] for row in found.rows] == [
        list(row) for row in (TABLE.header, *TABLE.rows)
    ]
    repeated = [row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in found.rows]
    assert repeated == [True, False, False]
    align = [attribute(cell.paragraphs[0]._p, "w:pPr/w:jc") for cell in found.rows[1].cells]
    assert align == ["left", "left", "right", "right", "left"]
    assert attribute(found.cell(1, 0).paragraphs[0].runs[0]._r, "w:rPr/w:sz") == "24"
    columns = [column.width.twips for column in found.columns if column.width]
    assert (len(columns), sum(columns)) == (5, layout.TEXT_WIDTH_TWIPS)
    notes = [one.text for one in report.paragraphs if one.style and one.style.name == "表注"][:2]
    assert notes == ["注：位次为全市17个县（市、区）中的位次。", "来源：市统计局月报，快报数"]


def test_a_three_line_table_has_three_rules_and_small_type() -> None:
    block = TableBlock("表2", ("甲", "乙"), (("1", "2"), ("3", "4")), rules="three_line", size="五号")
    found = opened(replace(REPORT, body=(block,))).tables[0]
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    kinds = {side: attribute(found._tbl.tblPr, f"w:tblBorders/w:{side}") for side in sides}
    assert kinds == {
        "top": "single",
        "left": "nil",
        "bottom": "single",
        "right": "nil",
        "insideH": "nil",
        "insideV": "nil",
    }
    assert attribute(found.cell(0, 0)._tc, "w:tcPr/w:tcBorders/w:bottom", "sz") == "6"
    assert attribute(found.cell(1, 0).paragraphs[0].runs[0]._r, "w:rPr/w:sz") == "21"


def test_minutes_have_their_own_head_and_name_who_was_there() -> None:
    texts = [one.text for one in opened(MINUTES).paragraphs]
    assert texts[:3] == ["晋位争先周调度会议纪要", "第6期", "翼城县晋位争先指挥部办公室\t2021年9月6日"]
    assert texts[-3:] == ["出席：李某某、王某某", "请假：赵某某", ""]
    assert [text for text in texts if text.endswith("：")] == []


def test_one_attachment_has_no_number() -> None:
    word = opened(replace(REPORT, body=(Attachments((Enclosure("明细表", (Paragraph("内容"),)),)),)))
    texts = [one.text for one in word.paragraphs]
    assert [text for text in texts if text.startswith("附件")] == ["附件：明细表", "附件"]
    assert paragraph(word, "附件").paragraph_format.page_break_before is True


def test_the_same_document_gives_the_same_bytes() -> None:
    first, second = render_docx(REPORT), render_docx(REPORT)
    assert first == second
    assert {entry.date_time for entry in zipfile.ZipFile(BytesIO(first)).infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = docx.Document(BytesIO(first)).core_properties
    assert (properties.author, properties.comments) == ("翼城县晋位争先指挥部办公室", "演示数据")
    assert str(properties.created) == str(properties.modified) == "2021-09-06 00:00:00+00:00"


def test_pasted_control_characters_do_not_break_the_file() -> None:
    word = opened(replace(REPORT, body=(Paragraph("甲\x00乙\x0b丙\ud800"),)))
    texts = [one.text for one in word.paragraphs]
    assert ("甲乙" in texts, "丙" in texts) == (True, True)


ORDER = {
    "w:pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr "
    "shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE "
    "autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents "
    "suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl",
    "w:rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof "
    "snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd "
    "fitText vertAlign rtl cs em lang",
    "w:tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc "
    "tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook",
    "w:tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "w:tblBorders": "top left start bottom right end insideH insideV",
}


@pytest.mark.parametrize("tag", ORDER)
@pytest.mark.parametrize("document", [REPORT, MINUTES], ids=lambda document: document.kind)
def test_properties_come_in_the_order_of_the_schema(document: OfficialDocument, tag: str) -> None:
    """Word calls a file with another order damaged; LibreOffice does not notice."""
    word = opened(document)
    section = word.sections[0]
    roots = [word.element, section.footer._element, section.header._element]
    roots += [
        style.element
        for style in word.styles
        if style.name and not style.name.startswith(("Light", "Medium", "Dark", "Colorful"))
    ]
    order = [qn(f"w:{name}") for name in ORDER[tag].split()]
    for root in roots:
        for node in root.iter(qn(tag)):
            places = [order.index(child.tag) for child in node]
            assert places == sorted(set(places)), [child.tag for child in node]

"""The preview of the web page: its blocks, its HTML, and the numbers of its style sheet."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.template.loader import render_to_string

from tests.kit.documents.samples import MINUTES, NUMBERS, PAGE, REPORT, TABLE
from yiqi.kit.documents import Attachments, Enclosure, OfficialDocument, Paragraph, Run, layout, preview_blocks
from yiqi.kit.documents.preview import MARK_STEPS

CSS = (PAGE.parents[2] / "yiqi" / "static" / "yiqi" / "official.css").read_text(encoding="utf-8")


def html(document: OfficialDocument) -> str:
    text = render_to_string("kit/official_document.html", {"blocks": preview_blocks(document)})
    return re.sub(r">\s+<", "><", text)


def rule(selector: str) -> dict[str, str]:
    """Declarations of the first rule whose selector list ends with ``selector``."""
    found = re.search(rf"(?:^|\n){re.escape(selector)} {{([^}}]*)}}", CSS)
    assert found is not None, selector
    body = re.sub(r"/\*.*?\*/", "", found[1])
    return {name.strip(): value.strip() for name, value in (one.split(":", 1) for one in body.split(";") if ":" in one)}


def test_the_blocks_come_in_the_order_of_the_page() -> None:
    kinds = [block["kind"] for block in preview_blocks(REPORT)]
    assert kinds == [
        "marks", "mark", "pair", "rule", "title", "addressee", "paragraph", "heading", "heading", "table", "heading",
        "heading", "paragraph", "heading", "paragraph", "attachments", "signature", "attachment", "title", "table",
        "imprint",
    ]  # fmt: skip
    assert [block["kind"] for block in preview_blocks(MINUTES)] == [
        "mark", "number", "pair", "rule", "title", "paragraph", "heading", "attendance", "imprint",
    ]  # fmt: skip


def test_the_blocks_hold_what_the_word_file_holds() -> None:
    blocks = {block["kind"]: block for block in reversed(preview_blocks(REPORT))}
    assert blocks["marks"]["text"] == "演示数据　截至2021年8月31日"
    assert blocks["pair"] == {
        "kind": "pair", "left": "翼考办〔2021〕3号", "signer": {"label": "签发人：", "name": "张建国"},
    }  # fmt: skip
    assert blocks["heading"] == {"kind": "heading", "level": 1, "text": "一、总体情况"}
    assert [cell["align"] for cell in blocks["table"]["rows"][0]] == TABLE.alignment()
    assert blocks["signature"]["place"] == "unsealed"
    assert blocks["imprint"] == {
        "kind": "imprint",
        "copies": "县委办公室，县政府办公室。",
        "unit": "翼城县晋位争先指挥部办公室",
        "printed": "2021年9月6日印发",
    }


@pytest.mark.parametrize(("unit", "place"), [("翼城县人民政府", "sealed"), ("翼" * 16, "edge")])
def test_the_place_of_a_sealed_signature(unit: str, place: str) -> None:
    blocks = preview_blocks(replace(REPORT, sealed=True, signature=unit))
    assert next(block["place"] for block in blocks if block["kind"] == "signature") == place


def test_the_html_is_escaped_and_carries_no_inline_style() -> None:
    text = html(replace(REPORT, body=(Paragraph("<script>甲</script>"), Paragraph(runs=(Run("乙&", bold=True),)))))
    assert '<p class="official-text">&lt;script&gt;甲&lt;/script&gt;</p>' in text
    assert '<p class="official-text"><strong>乙&amp;</strong></p>' in text
    assert re.findall(r"\sstyle=|<script|\son\w+=", text) == []


def test_the_html_of_a_table_has_a_heading_and_alignment() -> None:
    text = html(REPORT)
    assert '<th scope="col">增速（%）</th>' in text
    assert '<td class="official-right">-1.2</td>' in text
    assert "<p>来源：市统计局月报，快报数</p>" in text


def test_one_attachment_has_no_number() -> None:
    text = html(replace(REPORT, body=(Attachments((Enclosure("明细表"),)),)))
    assert '<span>附件：</span><ol class="official-single"><li><span>明细表</span></li></ol>' in text


def test_every_class_of_the_page_is_in_the_style_sheet() -> None:
    used = {
        name
        for text in (html(REPORT), html(MINUTES))
        for group in re.findall(r'class="([^"]*)"', text)
        for name in group.split()
    }
    neutral = {
        "official-mark-report",
        "official-mark-minutes",
        "official-normal",
        "official-single",
        "official-three_line",
    }
    neutral |= {"official-level-3", "official-level-4", "official-unit"}
    assert sorted(name for name in used - neutral if f".{name}" not in CSS) == []


def test_the_style_sheet_has_the_numbers_of_the_page() -> None:
    sheet = rule(".official-sheet")
    margins = " ".join(f"{NUMBERS[f'margin_{side}']:g}mm" for side in ("top", "right", "bottom", "left"))
    pitch = NUMBERS["line_pitch"]
    found = {
        key: sheet[key] for key in ("width", "min-height", "padding", "font-size", "line-height", "letter-spacing")
    }
    assert found == {
        "width": f"{NUMBERS['page_width']:g}mm",
        "min-height": f"{NUMBERS['page_height']:g}mm",
        "padding": margins,
        "font-size": f"{NUMBERS['body']:g}pt",
        "line-height": f"{pitch:g}pt",
        "letter-spacing": f"{NUMBERS['char_spacing']:g}pt",
    }
    assert rule("@page official")["margin"] == margins
    assert rule(".official-sheet .official-text")["text-indent"] == f"{NUMBERS['first_line']:g}em"
    assert f"margin-right: -{NUMBERS['overhang']:g}pt" in CSS
    assert rule(".official-sheet .official-title")["font-size"] == f"{NUMBERS['title']:g}pt"
    assert rule(".official-sheet .official-mark")["padding-top"] == f"{NUMBERS['mark_top_report']:g}mm"
    assert rule(".official-sheet .official-mark-brief")["padding-top"] == f"{NUMBERS['mark_top_brief']:g}mm"
    red = rule(".official-sheet .official-rule")
    assert red["margin"] == f"{NUMBERS['rule_gap']:g}mm 0 0"
    assert red["border-top"] == f"{NUMBERS['rule_red']:g}mm solid var(--official-red)"
    imprint = rule(".official-sheet .official-imprint")
    assert (imprint["border-block"], imprint["font-size"]) == (
        "0.35mm solid var(--official-ink)",
        f"{NUMBERS['imprint']:g}pt",
    )
    assert rule(".official-sheet .official-imprint p + p")["border-top"] == "0.25mm solid var(--official-ink)"
    assert rule(".official-sheet .official-sealed")["margin-right"] == f"{NUMBERS['sealed_indent']:g}em"
    assert (
        rule(".official-sheet .official-signature")["margin"] == f"{pitch:g}pt {NUMBERS['unsealed_indent']:g}em 0 auto"
    )
    assert rule(".official-sheet .official-table")["font-size"] == f"{NUMBERS['table_normal']:g}pt"
    assert f"font: {NUMBERS['page_number']:g}pt/{NUMBERS['page_number']:g}pt" in CSS
    padding = NUMBERS["page_number_gap"] - layout.PAGE_NUMBER_PT / 2 / 72 * 25.4
    assert f"padding: {padding:.2f}mm" in CSS


def test_the_style_sheet_has_every_size_of_the_mark() -> None:
    assert {int(size) for size in re.findall(r"\.official-mark-(\d+) {", CSS)} == set(MARK_STEPS)

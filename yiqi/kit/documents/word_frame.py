"""What surrounds the text in the Word file: red head, running head, page numbers, imprint."""

from __future__ import annotations

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.section import _Footer, _Header
from docx.shared import Pt, Twips
from docx.table import Table, _Cell

from yiqi.kit.documents import layout, styles
from yiqi.kit.documents.document import OfficialDocument
from yiqi.kit.documents.text import chinese_date, width
from yiqi.kit.documents.wordml import Face, border_set, element, indent, rule_below, write, write_field

_HEAD = Face(layout.FANGSONG, layout.BODY_PT)
_PAGE = Face(layout.SONGTI, layout.PAGE_NUMBER_PT, latin=layout.SONGTI)
_QUIET = Face(layout.FANGSONG, layout.NOTE_PT, color="595959")


def add_red_head(word: Document, document: OfficialDocument) -> None:
    """The red mark, the number with the signer (or the unit with the date), the red rule."""
    mark = word.add_paragraph(style=styles.MARK)
    size = layout.mark_size(width(document.issuer))
    write(mark, document.issuer, Face(layout.XIAOBIAOSONG, size, color=layout.RED, latin=layout.XIAOBIAOSONG))
    mark.paragraph_format.line_spacing = Pt(size)
    mark.paragraph_format.space_before = Pt(layout.pt(layout.MARK_TOP_MM[document.kind]))
    if document.kind == "report":
        _add_pair(word, document.number, ("签发人：", document.signer), layout.LINE_PITCH_PT * 2)
    else:
        if document.number:
            _add_number(word, document.number)
        _add_pair(word, document.signature, (chinese_date(document.signed_on), ""), layout.LINE_PITCH_PT)
    _add_rule(word)


def _add_number(word: Document, number: str) -> None:
    paragraph = word.add_paragraph(style=styles.HEAD)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_before = Pt(layout.LINE_PITCH_PT)
    write(paragraph, number)


def _add_pair(word: Document, left: str, right: tuple[str, str], before: float) -> None:
    """One line: left in one character, right in one character; the second part of the right one in 楷体."""
    paragraph = word.add_paragraph(style=styles.HEAD)
    character = layout.twips(layout.BODY_PT)
    indent(paragraph._p.get_or_add_pPr(), left=character, right=character)
    paragraph.paragraph_format.space_before = Pt(before)
    stop = Twips(layout.TEXT_WIDTH_TWIPS - character)
    paragraph.paragraph_format.tab_stops.add_tab_stop(stop, WD_TAB_ALIGNMENT.RIGHT)
    write(paragraph, f"{left}\t{right[0]}")
    if right[1]:
        write(paragraph, right[1], Face(layout.KAITI, layout.BODY_PT))


def _add_rule(word: Document) -> None:
    """An empty paragraph as high as the gap: a border of the number's own paragraph would take on its indents."""
    paragraph = word.add_paragraph(style=styles.HEAD)
    below_glyphs = layout.BODY_PT * 0.08  # part of the number's line that lies under its characters
    paragraph.paragraph_format.line_spacing = Pt(layout.pt(layout.RULE_GAP_MM) - below_glyphs)
    rule_below(paragraph, layout.RULE_RED_MM, layout.RED)


def add_page_furniture(word: Document, document: OfficialDocument) -> None:
    """Page numbers, odd at the right and even at the left, and the quiet marks at the head of each page."""
    section = word.sections[0]
    _number_page(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _number_page(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)
    words = [*document.marks, *([f"截至{chinese_date(document.as_of)}"] if document.as_of else [])]
    for header in (section.header, section.even_page_header):
        _head_page(header, "　".join(words))


def _number_page(footer: _Footer, align: WD_ALIGN_PARAGRAPH) -> None:
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = align
    side = "right" if align == WD_ALIGN_PARAGRAPH.RIGHT else "left"
    indent(paragraph._p.get_or_add_pPr(), **{side: layout.twips(layout.PAGE_NUMBER_PT)})
    write(paragraph, "— ", _PAGE)
    write_field(paragraph, "PAGE", _PAGE)
    write(paragraph, " —", _PAGE)


def _head_page(header: _Header, words: str) -> None:
    header.is_linked_to_previous = False
    paragraph = header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if words:
        write(paragraph, words, _QUIET)


def add_imprint(word: Document, document: OfficialDocument) -> None:
    """版记 at the foot of the last page: a table that floats to the lower edge of the text area.

    It is anchored to the empty paragraph after it, the last of the file, and so goes where the text ends. Its place is
    counted from the page's edge: LibreOffice does not float a table as wide as the text area that hangs on the margin.
    """
    rows = [row for row in (_copy_row(document), _print_row(document)) if row]
    if rows:
        table = word.add_table(rows=len(rows), cols=1)
        _float(table)
        for cell, (left, right, hanging) in zip(table.columns[0].cells, rows, strict=True):
            _write_row(cell, left, right, hanging)
    anchor = word.add_paragraph(style=styles.IMPRINT)
    anchor.paragraph_format.line_spacing = Pt(1)


def _copy_row(document: OfficialDocument) -> tuple[str, str, int] | None:
    return (f"抄送：{'，'.join(document.copy_to)}。", "", 3) if document.copy_to else None


def _print_row(document: OfficialDocument) -> tuple[str, str, int] | None:
    if not document.printed_by:
        return None
    return document.printed_by, f"{chinese_date(document.printed())}印发", 0


def _write_row(cell: _Cell, left: str, right: str, hanging: int) -> None:
    cell.width = Twips(layout.TEXT_WIDTH_TWIPS)
    paragraph = cell.paragraphs[0]
    paragraph.style = styles.IMPRINT
    character = layout.twips(layout.IMPRINT_PT)
    sides = {"left": character * (1 + hanging), "right": character, "hanging": character * hanging}
    indent(paragraph._p.get_or_add_pPr(), **sides)
    write(paragraph, f"{left}\t{right}" if right else left)
    stop = Twips(layout.TEXT_WIDTH_TWIPS - character)
    paragraph.paragraph_format.tab_stops.add_tab_stop(stop, WD_TAB_ALIGNMENT.RIGHT)


def _float(table: Table) -> None:
    table.autofit = False
    properties = table._tbl.tblPr
    for old in properties.findall(qn("w:tblW")) + properties.findall(qn("w:tblLook")):
        properties.remove(old)
    place = element(
        "tblpPr", leftFromText=0, rightFromText=0, topFromText=0, bottomFromText=0, vertAnchor="margin",
        horzAnchor="page", tblpX=layout.twips(layout.pt(layout.MARGIN_LEFT_MM)), tblpYSpec="bottom",
    )  # fmt: skip
    after = ("w:tblOverlap", "w:bidiVisual", "w:tblStyleRowBandSize", "w:tblStyleColBandSize", "w:tblW", "w:jc",
             "w:tblCellSpacing", "w:tblInd", "w:tblBorders", "w:shd", "w:tblLayout")  # fmt: skip
    properties.insert_element_before(place, *after)
    properties.insert_element_before(element("tblW", w=layout.TEXT_WIDTH_TWIPS, type="dxa"), *after[5:])
    rules = border_set(
        "tblBorders", top=layout.RULE_OUTER_MM, bottom=layout.RULE_OUTER_MM, insideH=layout.RULE_INNER_MM
    )
    properties.insert_element_before(rules, "w:shd", "w:tblLayout")
    margins = element("tblCellMar")
    margins.extend(element(side, w=0, type="dxa") for side in ("left", "right"))
    properties.append(margins)

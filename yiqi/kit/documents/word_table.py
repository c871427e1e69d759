"""Tables of the Word file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt, Twips
from docx.table import Table, _Cell, _Row

from yiqi.kit.documents import layout, styles
from yiqi.kit.documents.document import Align, TableBlock
from yiqi.kit.documents.text import width
from yiqi.kit.documents.wordml import Face, border_set, element, write

_ALIGN: Final = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
_THIN_MM: Final = 0.18
_PADDING_PT: Final = 4
_WHOLE_ROWS: Final = 12  # a table up to this long is not broken over pages


def add_table(word: Document, block: TableBlock) -> None:
    """Title above, table across the text area, note and source below."""
    if block.title:
        caption = word.add_paragraph(style=styles.TABLE_TITLE)
        write(caption, block.title)
        caption.paragraph_format.space_before, caption.paragraph_format.space_after = Pt(8), Pt(4)
    table = word.add_table(rows=0, cols=len(block.header))
    _set_properties(table, block)
    _set_widths(table, column_widths(block))
    alignment = block.alignment()
    _fill(
        table.add_row(), block.header, ["center"] * len(block.header), Face(layout.HEITI, layout.TABLE_PT[block.size])
    )
    _repeat(table.rows[0], three_line=block.rules == "three_line")
    for row in block.rows:
        _fill(table.add_row(), row, alignment, Face(layout.FANGSONG, layout.TABLE_PT[block.size]))
    _set_lines(table, layout.TABLE_LINE_PT[block.size])
    if len(block.rows) <= _WHOLE_ROWS:
        _keep_whole(table, with_note=bool(block.note or block.source))
    _add_notes(word, block)


def column_widths(block: TableBlock) -> list[int]:
    """Twips of each column: in proportion to the longest text, within bounds, filling the text area."""
    longest = [max(width(row[column]) for row in (block.header, *block.rows)) for column in range(len(block.header))]
    shares = [min(max(chars + 1, 3.0), 22.0) for chars in longest]
    widths = [int(layout.TEXT_WIDTH_TWIPS * share / sum(shares)) for share in shares]
    widths[-1] += layout.TEXT_WIDTH_TWIPS - sum(widths)
    return widths


def _set_properties(table: Table, block: TableBlock) -> None:
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    properties = table._tbl.tblPr
    for old in properties.findall(qn("w:tblW")) + properties.findall(qn("w:tblLook")):
        properties.remove(old)
    properties.insert_element_before(
        element("tblW", w=layout.TEXT_WIDTH_TWIPS, type="dxa"), "w:jc", "w:tblCellSpacing", "w:tblInd", "w:tblBorders"
    )
    heavy = layout.RULE_OUTER_MM
    sides = {"top": heavy, "left": 0.0, "bottom": heavy, "right": 0.0, "insideH": 0.0, "insideV": 0.0}
    if block.rules == "grid":
        sides |= {"left": heavy, "right": heavy, "insideH": _THIN_MM, "insideV": _THIN_MM}
    properties.insert_element_before(border_set("tblBorders", **sides), "w:shd", "w:tblLayout", "w:tblCellMar")
    margins = element("tblCellMar")
    margins.extend(element(side, w=layout.twips(_PADDING_PT), type="dxa") for side in ("left", "right"))
    properties.append(margins)


def _set_widths(table: Table, widths: list[int]) -> None:
    for column, twips in zip(table.columns, widths, strict=True):
        column.width = Twips(twips)


def _fill(row: _Row, texts: Sequence[str], alignment: Sequence[Align], face: Face) -> None:
    row_properties = row._tr.get_or_add_trPr()
    row_properties.append(element("cantSplit"))
    for cell, text, align in zip(row.cells, texts, alignment, strict=True):
        cell.width = cell._tc.width or cell.width
        _centre_vertically(cell)
        paragraph = cell.paragraphs[0]
        paragraph.style = styles.CELL
        paragraph.alignment = _ALIGN[align]
        write(paragraph, text, face)


def _centre_vertically(cell: _Cell) -> None:
    cell._tc.get_or_add_tcPr().append(element("vAlign", val="center"))


def _repeat(row: _Row, *, three_line: bool) -> None:
    """Print the heading again on each page, with the second rule of a three-line table below it."""
    row._tr.get_or_add_trPr().append(element("tblHeader"))
    if three_line:
        for cell in row.cells:
            borders = border_set("tcBorders", bottom=layout.RULE_INNER_MM)
            cell._tc.get_or_add_tcPr().insert_element_before(borders, "w:shd", "w:noWrap", "w:tcMar", "w:vAlign")


def _set_lines(table: Table, points: float) -> None:
    for row in table.rows:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.line_spacing = Pt(points)


def _keep_whole(table: Table, *, with_note: bool) -> None:
    for row in table.rows if with_note else list(table.rows)[:-1]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _add_notes(word: Document, block: TableBlock) -> None:
    notes = [label + text for label, text in (("注：", block.note), ("来源：", block.source)) if text]
    for note in notes or [""]:
        write(word.add_paragraph(style=styles.NOTE), note)
    last = word.paragraphs[-1].paragraph_format
    if notes:
        last.space_after = Pt(8)
    else:  # an empty line keeps the table off the text and off a table that follows
        last.line_spacing = Pt(10)

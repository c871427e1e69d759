"""Tables of a Word document as sheets: merged cells filled, tracked deletions left out, the lines before kept."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any, Final

from django.utils.translation import gettext as _
from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from yiqi.kit.sheets.cells import EMPTY, Cell, CellKind, Range, Sheet, TableSource, fill_merged, tidy
from yiqi.kit.sheets.guard import FileLimits, damaged, too_many

_TABLE, _ROW, _CELL, _PARAGRAPH = qn("w:tbl"), qn("w:tr"), qn("w:tc"), qn("w:p")
_LEFT_OUT: Final = {
    qn("w:pPr"),
    qn("w:rPr"),
    qn("w:del"),
    qn("w:moveFrom"),
    qn("w:pict"),
    qn("w:drawing"),
    qn("w:object"),
}
_BREAKS: Final = {qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): " ", qn("w:noBreakHyphen"): "-"}


def read_docx(data: bytes, *, limits: FileLimits) -> list[Sheet]:
    """A sheet for each outermost table of the body; ``lead`` holds the paragraphs before it."""
    try:
        body = Document(io.BytesIO(data)).element.body
    except (KeyError, ValueError, zipfile.BadZipFile, SyntaxError, PackageNotFoundError) as fault:
        raise damaged() from fault
    sheets: list[Sheet] = []
    lead: list[str] = []
    for block in _blocks(body):
        if block.tag == _PARAGRAPH:
            lead.extend(line for line in tidy(_text(block)).split("\n") if line)
        else:
            name = _("表%(number)d") % {"number": len(sheets) + 1}
            sheets.append(_sheet(block, name, tuple(lead), limits))
            lead = []
    return sheets


def _blocks(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables in document order, looking into content controls and tracked insertions."""
    for child in parent.iterchildren():
        if child.tag in {_TABLE, _PARAGRAPH}:
            yield child
        elif child.tag in {qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml")}:
            yield from _blocks(child)


def _sheet(table: Any, name: str, lead: tuple[str, ...], limits: FileLimits) -> Sheet:
    rows: list[list[Cell]] = []
    merged: list[Range] = []
    open_areas: dict[int, int] = {}  # column -> first row of the cell that may go on below
    for number, row in enumerate(_own(table, _ROW, _TABLE), start=1):
        cells: list[Cell] = [EMPTY] * _number(row, "w:trPr/w:gridBefore")
        for cell in _own(row, _CELL, _ROW):
            column, width = len(cells) + 1, max(1, min(_number(cell, "w:tcPr/w:gridSpan"), limits.columns))
            if not _continues(cell) or column not in open_areas:
                open_areas[column] = number
            first = open_areas[column]
            if number > first or width > 1:
                merged.append(Range(first, column, number, column + width - 1))
            cells.append(_read(cell) if first == number else EMPTY)
            cells.extend([EMPTY] * (width - 1))
        rows.append(cells)
        if number > limits.rows or len(cells) > limits.columns:
            raise too_many(number, len(cells), name, limits)
    fill_merged(rows, merged)
    return Sheet(name, rows, merged, origin=TableSource.DOCUMENT, lead=lead)


def _own(parent: Any, tag: str, stop: str) -> Iterator[Any]:
    """Descendants with the tag that do not belong to a nested table or row."""
    for child in parent.iterchildren():
        if child.tag == tag:
            yield child
        elif child.tag not in {stop, _TABLE, _ROW, _CELL, _PARAGRAPH}:
            yield from _own(child, tag, stop)


def _number(element: Any, path: str) -> int:
    found = element.find("/".join(qn(step) for step in path.split("/")))
    text = found.get(qn("w:val"), "0") if found is not None else "0"
    return int(text) if text.isdigit() else 0


def _continues(cell: Any) -> bool:
    """Whether the cell goes on the one above (``w:vMerge`` without ``restart``)."""
    found = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return found is not None and found.get(qn("w:val"), "continue") == "continue"


def _read(cell: Any) -> Cell:
    text = tidy("\n".join(_text(paragraph) for paragraph in cell.iter(_PARAGRAPH)))
    return Cell(text, CellKind.TEXT) if text else EMPTY


def _text(element: Any) -> str:
    """Text as it stands after accepting all tracked changes."""
    parts: list[str] = []
    for child in element.iterchildren():
        if child.tag == qn("w:t"):
            parts.append(child.text or "")
        elif child.tag in _BREAKS:
            parts.append(_BREAKS[child.tag])
        elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT:
            parts.append(_text(child))
    return "".join(parts)

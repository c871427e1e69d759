"""Workbooks and documents built for the tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from docx import Document
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet


def book(
    rows: Sequence[Sequence[Any]] = (),
    *,
    merge: Sequence[str] = (),
    name: str = "表",
    finish: Callable[[Worksheet], None] | None = None,
) -> bytes:
    """An .xlsx with one sheet: rows from A1, areas to merge, and a last touch."""
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = name
    for row in rows:
        sheet.append(list(row))
    for area in merge:
        sheet.merge_cells(area)
    if finish:
        finish(sheet)
    return saved(workbook)


def saved(workbook: Workbook) -> bytes:
    """The bytes of a workbook."""
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def document(*blocks: str | Sequence[Sequence[str]]) -> bytes:
    """A .docx of paragraphs (texts) and tables (rows of texts)."""
    paper = Document()
    for block in blocks:
        if isinstance(block, str):
            paper.add_paragraph(block)
            continue
        table = paper.add_table(len(block), len(block[0]))
        for row, texts in zip(table.rows, block, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    stream = io.BytesIO()
    paper.save(stream)
    return stream.getvalue()


def repacked(data: bytes, change: dict[str, bytes | Callable[[bytes], bytes]]) -> bytes:
    """The container with parts replaced, rewritten or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            found = change.get(part)
            new.writestr(
                part, old.read(part) if found is None else found if isinstance(found, bytes) else found(old.read(part))
            )
        for part, content in change.items():
            if part not in old.namelist() and isinstance(content, bytes):
                new.writestr(part, content)
    return out.getvalue()

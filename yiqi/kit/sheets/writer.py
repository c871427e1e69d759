"""Tables out: .xlsx and .csv with title, notes and header, in which no text can act as a formula."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

import xlsxwriter
from django.utils.functional import Promise
from django.utils.translation import gettext as _

_ACTIVE: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")
_HARMLESS: Final = re.compile(r"[-－—+]{0,2}\Z|[+-]?\d[\d,]*(?:\.\d+)?%?\Z")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_MOST_DIGITS: Final = 10**15  # Excel keeps 15 digits of a number
_MOST_TEXT: Final = 32_000  # Excel's cells end at 32,767 characters
_FORBIDDEN_IN_NAME: Final = re.compile(r"[\[\]:*?/\\']")


class ColumnKind(StrEnum):
    """How the cells of a column are written."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: ``width`` in characters of the default font, ``places`` decimals of numbers (None: as they are)."""

    label: str | Promise
    width: float = 14
    kind: ColumnKind = ColumnKind.TEXT
    places: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """What one exported sheet holds. ``notes`` stand under the title (as-of day, source), ``mark`` in its own row."""

    title: str | Promise
    columns: Sequence[SheetColumn]
    rows: Iterable[Sequence[Any]]
    notes: Sequence[str | Promise] = field(default_factory=list)
    mark: str | Promise = ""
    name: str = ""


def neutralise(text: str) -> str:
    """Text that a spreadsheet would run as a formula gets a leading apostrophe; plain numbers and dashes stay.

    Source: OWASP, CSV injection. Full-width signs count too: Excel in Chinese takes them for their half-width ones.
    """
    text = _CONTROL.sub("", text) if _CONTROL.search(text) else text
    if text.lstrip(" \u00a0\u3000").startswith(_ACTIVE) and not _HARMLESS.match(text.strip()):
        return "'" + text
    return text


def to_xlsx(*tables: Table) -> bytes:
    """A workbook with a sheet for each table, written row by row in constant memory."""
    stream = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}
    with xlsxwriter.Workbook(stream, options) as book:
        writer = _Workbook(book)
        for number, table in enumerate(tables, start=1):
            writer.add(table, number)
    return stream.getvalue()


def to_csv(table: Table) -> bytes:
    """UTF-8 with a byte order mark, so that Excel opens it; header first, title and notes in the last lines."""
    stream = io.StringIO(newline="")
    out = csv.writer(stream)
    out.writerow([neutralise(str(column.label)) for column in table.columns])
    for row in table.rows:
        out.writerow([_plain(value) for value in row])
    for line in (table.title, table.mark, *table.notes):
        if line:
            out.writerow([neutralise(str(line))])
    return stream.getvalue().encode("utf-8-sig")


class _Workbook:
    """Formats are made once for a workbook."""

    def __init__(self, book: Any) -> None:
        self.book = book
        base = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
        boxed = {**base, "border": 1, "border_color": "#BFBFBF"}
        self.title = book.add_format({**base, "bold": True, "font_size": 16, "align": "center"})
        self.note = book.add_format({**base, "font_size": 10, "font_color": "#595959"})
        self.mark = book.add_format({**base, "bold": True, "font_color": "#7F3F00", "bg_color": "#FFF2CC"})
        self.header = book.add_format(
            {**boxed, "bold": True, "bg_color": "#E7EDF3", "align": "center", "text_wrap": True}
        )
        self.text = book.add_format({**boxed, "text_wrap": True})
        self.date = book.add_format({**boxed, "num_format": "yyyy-mm-dd", "align": "center"})
        self.boxed = boxed
        self.numbers: dict[int | None, Any] = {None: book.add_format({**boxed, "align": "right"})}

    def number(self, places: int | None) -> Any:
        if places not in self.numbers:
            pattern = "#,##0" + ("." + "0" * places if places else "")
            self.numbers[places] = self.book.add_format({**self.boxed, "num_format": pattern, "align": "right"})
        return self.numbers[places]

    def add(self, table: Table, number: int) -> None:
        fallback = _("表%(number)d") % {"number": number}
        name = _FORBIDDEN_IN_NAME.sub(" ", table.name or str(table.title)).strip()[:31].strip() or fallback
        sheet = self.book.add_worksheet(name if name.lower() not in self.book.sheetnames else fallback)
        for index, column in enumerate(table.columns):
            sheet.set_column(index, index, column.width)
        row = self.head(sheet, table)
        for values in table.rows:
            for index, (column, value) in enumerate(zip(table.columns, values, strict=True)):
                self.write(sheet, row, index, column, value)
            row += 1

    def head(self, sheet: Any, table: Table) -> int:
        """Title, mark, notes and header; the panes freeze below. Returns the first row of data, counted from 0."""
        lines = [(table.title, self.title), (table.mark, self.mark), *((note, self.note) for note in table.notes)]
        row = 0
        for text, style in lines:
            if not text:
                continue
            sheet.set_row(row, 30 if style is self.title else 18)
            if len(table.columns) > 1:
                sheet.merge_range(row, 0, row, len(table.columns) - 1, "", style)
            sheet.write_string(row, 0, neutralise(str(text)), style)
            row += 1
        for index, column in enumerate(table.columns):
            sheet.write_string(row, index, neutralise(str(column.label)), self.header)
        sheet.freeze_panes(row + 1, 0)
        sheet.repeat_rows(row)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return row + 1

    def write(self, sheet: Any, row: int, index: int, column: SheetColumn, value: Any) -> None:
        if isinstance(value, bool):
            value = _yes_no(value)
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            sheet.write_blank(row, index, None, self.text)
        elif isinstance(value, date):
            plain = value.replace(tzinfo=None) if isinstance(value, datetime) else value
            sheet.write_datetime(row, index, plain, self.date)
        elif column.kind is not ColumnKind.TEXT and _is_number(value):
            sheet.write_number(row, index, value, self.number(column.places))
        else:
            sheet.write_string(row, index, neutralise(str(value))[:_MOST_TEXT], self.text)


def _is_number(value: Any) -> bool:
    try:
        return not isinstance(value, str) and abs(value) < _MOST_DIGITS
    except TypeError:
        return False


def _plain(value: Any) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, bool):
        return _yes_no(value)
    if isinstance(value, date):
        return value.isoformat()
    return neutralise(str(value))


def _yes_no(value: bool) -> str:
    return _("是") if value else _("否")

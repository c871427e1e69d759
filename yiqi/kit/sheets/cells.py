"""What a table is after reading: cells with their value, kind and doubts, in rows numbered as the person sees them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

Value = str | int | float | bool | date | datetime | None

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
_BLANKS = re.compile(r"[ \t\u00a0\u3000\u2000-\u200a]+")


class CellKind(StrEnum):
    """What was found in a cell."""

    EMPTY = "empty"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOL = "bool"
    ERROR = "error"


class Shown(StrEnum):
    """How the cell's number format shows the value, where that changes what a reader understands."""

    PLAIN = ""
    PERCENT = "percent"
    MONTH = "month"  # a date shown as year and month: the stored day means nothing
    MONTH_DAY = "month_day"  # a date shown without its year: the stored year is that of the typing


class TableSource(StrEnum):
    """Where a table comes from: it decides how a place in it is named."""

    WORKBOOK = "workbook"
    TEXT = "text"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. ``note`` says what is wrong with an error cell; ``merged`` marks a copy of a merged area's value."""

    value: Value = None
    kind: CellKind = CellKind.EMPTY
    note: str = ""
    formula: bool = False
    merged: bool = False
    shown: Shown = Shown.PLAIN

    @property
    def text(self) -> str:
        """The value as one would read it aloud: trimmed, without invisible characters, line breaks as ``\\n``."""
        if self.value is None:
            return ""
        if isinstance(self.value, str):
            return tidy(self.value)
        if isinstance(self.value, float):
            return f"{self.value:.15g}"
        if isinstance(self.value, datetime | date):
            return self.value.isoformat()
        return str(self.value)

    @property
    def is_blank(self) -> bool:
        """Nothing to read: no value and no error either."""
        return self.kind is CellKind.EMPTY


EMPTY: Final = Cell()


@dataclass(frozen=True, slots=True)
class Range:
    """A rectangle of cells, first and last row and column counted from 1, both ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. ``rows[0]`` is row 1 as shown by Excel or, in a document, the first row of the table.

    ``lead`` holds the lines of a document between the table before and this one: its title, unit and date lines.
    """

    name: str
    rows: list[list[Cell]]
    merged: list[Range] = field(default_factory=list)
    hidden: bool = False
    origin: TableSource = TableSource.WORKBOOK
    lead: tuple[str, ...] = ()
    hidden_rows: frozenset[int] = frozenset()

    def cell(self, row: int, column: int) -> Cell:
        """The cell at a place counted from 1; empty outside of the table."""
        if 1 <= row <= len(self.rows) and 1 <= column <= len(self.rows[row - 1]):
            return self.rows[row - 1][column - 1]
        return EMPTY

    def place(self, row: int, column: int) -> str:
        """How a person finds the cell: F7, in a document the row and column of its table."""
        if self.origin is TableSource.DOCUMENT:
            return _("第%(row)d行第%(column)d列") % {"row": row, "column": column}
        return address(row, column)

    def texts(self, row: int) -> list[str]:
        """The different texts of a row, from left to right."""
        cells = self.rows[row - 1] if 1 <= row <= len(self.rows) else []
        return list(dict.fromkeys(cell.text for cell in cells if not cell.is_blank))

    @property
    def width(self) -> int:
        """Columns of the widest row."""
        return max((len(row) for row in self.rows), default=0)


def address(row: int, column: int) -> str:
    """``(7, 6)`` is ``F7``."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def tidy(text: str) -> str:
    """Trim, drop invisible characters, unify line breaks and collapse runs of blanks; the wording stays."""
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = [_BLANKS.sub(" ", line).strip() for line in text.split("\n")]
    return "\n".join(line for line in lines if line)


def fill_merged(rows: list[list[Cell]], merged: Sequence[Range]) -> None:
    """Write the top left value of each merged area into its other cells, flagged as copies; cut to the rows given."""
    for area in merged:
        if not (1 <= area.first_row <= len(rows) and 1 <= area.first_column <= len(rows[area.first_row - 1])):
            continue
        top = rows[area.first_row - 1][area.first_column - 1]
        copy = Cell(top.value, top.kind, top.note, top.formula, merged=True, shown=top.shown)
        for index in range(area.first_row - 1, min(area.last_row, len(rows))):
            row = rows[index]
            for column in range(area.first_column - 1, min(area.last_column, len(row))):
                if (index, column) != (area.first_row - 1, area.first_column - 1):
                    row[column] = copy

"""A sheet looked at with its regions down, and what is found in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from yiqi.kit.sheets import Cell, CellKind, ReadState, Sheet, SkippedRow, read_number
from yiqi.kit.sheets.names import narrow

_UNIT_LINE: Final = re.compile(r"(?:计量)?单位\s*[:：]\s*(?P<units>[^\s()（）]+)")
UNIT_LABELS: Final = {"单位", "计量单位"}


@dataclass(frozen=True, slots=True)
class RegionCell:
    """A cell of a region under headings.

    ``line`` counts region lines, ``column`` tells the columns of stacked and neighbouring tables apart; ``titles`` and
    ``units_line`` are what stands above its table.
    """

    region: str
    parts: tuple[str, ...]
    unit: str
    cell: Cell
    place: str
    line: int
    column: tuple[int, int]
    titles: tuple[str, ...] = ()
    units_line: tuple[str, ...] = ()


@dataclass(slots=True)
class SheetContent:
    """What a sheet gives: entries, lines passed over, and the titles that name a period."""

    entries: list[RegionCell] = field(default_factory=list)
    skipped: list[SkippedRow] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    lead: tuple[str, ...] = ()
    lines: int = 0


@dataclass(frozen=True, slots=True)
class View:
    """A sheet with its regions down, as it stands or turned over; places stay those on screen."""

    sheet: Sheet
    turned: bool
    height: int
    width: int

    @classmethod
    def of(cls, sheet: Sheet, *, turned: bool) -> View:
        """The sheet, turned over or not."""
        size = (len(sheet.rows), sheet.width)
        return cls(sheet, turned, *(size[::-1] if turned else size))

    def cell(self, row: int, column: int) -> Cell:
        """The cell at a place of the view, from 1."""
        return self.sheet.cell(column, row) if self.turned else self.sheet.cell(row, column)

    def place(self, row: int, column: int) -> str:
        """Its name on screen."""
        return self.sheet.place(column, row) if self.turned else self.sheet.place(row, column)

    def screen_row(self, row: int, column: int) -> int:
        """Its row on screen."""
        return column if self.turned else row


def is_figure(cell: Cell) -> bool:
    """A number, or a text that reads as one."""
    if cell.kind is CellKind.NUMBER:
        return True
    reading = read_number(cell) if cell.kind is CellKind.TEXT else None
    return reading is not None and reading.value is not None and reading.state is not ReadState.ERROR


def units_in(text: str) -> list[str]:
    """The units of a line such as ``单位：亿元、%``."""
    match = _UNIT_LINE.search(narrow(text))
    return [unit for unit in re.split(r"[、,;和]", match["units"]) if unit] if match else []

"""What a reader says of what it read: the one vocabulary of every import, from the cell to the page.

A reading is ``read``, ``guessed`` or ``error``, with notes for people; what holds no record is skipped with a reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Final, Generic, TypeVar

from django.utils.translation import gettext as _

from yiqi.kit.sheets.cells import Cell, Sheet
from yiqi.kit.sheets.names import short


class ReadState(StrEnum):
    """How sure a reading is; ordered by ``worst``."""

    READ = "read"
    GUESSED = "guessed"
    ERROR = "error"


_ORDER: Final = (ReadState.READ, ReadState.GUESSED, ReadState.ERROR)


def worst(*states: ReadState) -> ReadState:
    """The least sure of the states."""
    return max(states, key=_ORDER.index, default=ReadState.READ)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFacts:
    """How sure the reading of one cell is, and what is to be said about it."""

    state: ReadState = ReadState.READ
    notes: tuple[str, ...] = ()


def from_formula(cell: Cell) -> CellFacts:
    """What is said of a cell whose value a formula has left behind."""
    return CellFacts(notes=(_("由公式得出，取文件中保存的结果“%(text)s”") % {"text": short(cell.text)},))


@dataclass(slots=True, kw_only=True)
class Record:
    """One thing read from a sheet, such as a task or a figure. ``sheet`` is the name on the tab."""

    KEYS: ClassVar[tuple[str, ...]] = ()

    sheet: str = ""
    state: ReadState = ReadState.READ
    notes: list[str] = field(default_factory=list)

    def note(self, text: str, state: ReadState = ReadState.READ, *, at: str = "") -> None:
        """Add a note, with its place in front where one is given, and make the record no surer than ``state``."""
        told = _("%(place)s：%(text)s") % {"place": at, "text": text} if text and at else text
        if told and told not in self.notes:
            self.notes.append(told)
        self.state = worst(self.state, state)

    def take(self, facts: CellFacts, *, at: str) -> None:
        """Add what is said of a cell."""
        for text in facts.notes:
            self.note(text, facts.state, at=at)
        self.state = worst(self.state, facts.state)

    def where(self, other: Record, place: str) -> str:
        """``place`` as this record names it to ``other``: with the sheet when that is another one."""
        return place if self.sheet == other.sheet else _("“%(sheet)s”%(place)s") % {"sheet": self.sheet, "place": place}

    def to_preview(self) -> dict[str, Any]:
        """All that a preview keeps, as JSON."""
        raise NotImplementedError

    def to_json(self) -> dict[str, Any]:
        """The keys that the command line promises."""
        kept = self.to_preview()
        return {key: kept[key] for key in self.KEYS}


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that holds no record, and why; ``row`` is None for a whole sheet; a finding stands in the way."""

    row: int | None
    why: str
    finding: bool = False

    def to_json(self) -> dict[str, Any]:
        """The keys that the command line promises."""
        return {"row": self.row, "why": self.why}


RECORD = TypeVar("RECORD", bound=Record)


@dataclass(slots=True)
class ReadFile(Generic[RECORD]):
    """The records of a file and what was passed over. ``name`` is what JSON calls them: rows, cells."""

    name: str
    records: list[RECORD] = field(default_factory=list)
    skipped: list[SkippedRow] = field(default_factory=list)

    @property
    def errors(self) -> int:
        """How many records are in error, with the findings among what was skipped."""
        wrong = sum(record.state is ReadState.ERROR for record in self.records)
        return wrong + sum(row.finding for row in self.skipped)

    def to_preview(self) -> dict[str, Any]:
        """What a preview keeps."""
        return self._told([record.to_preview() for record in self.records])

    def to_json(self) -> dict[str, Any]:
        """What the command line prints."""
        return self._told([record.to_json() for record in self.records])

    def _told(self, records: list[dict[str, Any]]) -> dict[str, Any]:
        return {self.name: records, "skipped": [row.to_json() for row in self.skipped], "errors": self.errors}

    def visible(self, sheets: Iterable[Sheet]) -> Iterator[Sheet]:
        """The sheets in their order; a hidden one is skipped and said so."""
        for sheet in sheets:
            if sheet.hidden:
                self.skipped.append(SkippedRow(None, _("工作表“%(name)s”已隐藏，未读取") % {"name": sheet.name}))
            else:
                yield sheet

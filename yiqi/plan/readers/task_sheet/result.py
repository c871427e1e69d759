"""What a breakdown table says, row by row."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from yiqi.kit.sheets import Reading, worst


@dataclass(slots=True)
class TaskRow:
    """One task as read. ``row`` is the row on screen; ``lead_code`` and ``support_codes`` are codes of known units.

    ``lead_unit`` is the unit's full name, or the text as written when it is unknown; ``nodes`` are all days named.
    """

    row: int
    sheet: str
    action: str | None = None
    code: str | None = None
    title: str = ""
    measure: str = ""
    lead_unit: str | None = None
    lead_code: str | None = None
    support_units: list[str] = field(default_factory=list)
    support_codes: list[str] = field(default_factory=list)
    deadline: date | None = None
    nodes: tuple[date, ...] = ()
    ongoing: bool = False
    frequency: str | None = None
    state: Reading = Reading.READ
    notes: list[str] = field(default_factory=list)

    @property
    def own_code(self) -> str | None:
        """The code that names the task beyond its table: one with a letter, such as A01-03; not a running number."""
        return self.code if self.code and any(letter.isalpha() for letter in self.code) else None

    def note(self, text: str, state: Reading = Reading.READ) -> None:
        """Add a note, and make the row no surer than ``state``."""
        if text not in self.notes:
            self.notes.append(text)
        self.state = worst(self.state, state)

    def to_json(self) -> dict[str, Any]:
        """The keys that the command line promises."""
        return {
            "row": self.row,
            "action": self.action,
            "code": self.code,
            "title": self.title,
            "measure": self.measure,
            "lead_unit": self.lead_unit,
            "support_units": self.support_units,
            "deadline": self.deadline.isoformat() if self.deadline else None,
            "ongoing": self.ongoing,
            "frequency": self.frequency,
            "state": self.state.value,
            "notes": self.notes,
        }

    def to_preview(self) -> dict[str, Any]:
        """``to_json`` with what applying needs besides: the code to keep, unit codes, nodes and the sheet's name."""
        return {
            **self.to_json(),
            "sheet": self.sheet,
            "own_code": self.own_code,
            "lead_code": self.lead_code,
            "support_codes": self.support_codes,
            "nodes": [day.isoformat() for day in self.nodes],
        }


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that is no task, and why; ``row`` is None for a whole sheet."""

    row: int | None
    why: str

    def to_json(self) -> dict[str, Any]:
        """The keys that the command line promises."""
        return {"row": self.row, "why": self.why}


@dataclass(slots=True)
class TaskSheet:
    """The tasks of a file, what was passed over, and how many tasks cannot be taken as they are."""

    rows: list[TaskRow] = field(default_factory=list)
    skipped: list[SkippedRow] = field(default_factory=list)

    @property
    def errors(self) -> int:
        """How many rows are in error."""
        return sum(row.state is Reading.ERROR for row in self.rows)

    def to_json(self) -> dict[str, Any]:
        """The object that ``yiqi import tasks --json`` prints."""
        return {
            "rows": [row.to_json() for row in self.rows],
            "skipped": [row.to_json() for row in self.skipped],
            "errors": self.errors,
        }

    def to_preview(self) -> dict[str, Any]:
        """``to_json`` with the additional keys of each row."""
        return {**self.to_json(), "rows": [row.to_preview() for row in self.rows]}

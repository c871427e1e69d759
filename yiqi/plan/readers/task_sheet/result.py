"""What a breakdown table says, row by row."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from yiqi.kit.sheets import ReadFile, Record

ROWS = "rows"


@dataclass(slots=True, kw_only=True)
class TaskRow(Record):
    """One task as read. ``row`` is the row on screen; ``lead_code`` and ``support_codes`` are codes of known units.

    ``lead_unit`` is the unit's full name, or the text as written when it is unknown; ``nodes`` are all days named.
    """

    KEYS: ClassVar = (
        *("row", "action", "code", "title", "measure", "lead_unit", "support_units", "deadline", "ongoing"),
        *("frequency", "state", "notes"),
    )

    row: int
    action: str | None = None
    code: str | None = None
    title: str = ""
    measure: str = ""
    lead_unit: str | None = None
    lead_code: str | None = None
    support_units: list[str] = field(default_factory=list)
    support_codes: list[str] = field(default_factory=list)
    due: date | None = None
    nodes: tuple[date, ...] = ()
    ongoing: bool = False
    frequency: str | None = None

    @property
    def own_code(self) -> str | None:
        """The code that names the task beyond its table: one with a letter, such as A01-03; not a running number."""
        return self.code if self.code and any(letter.isalpha() for letter in self.code) else None

    def place_for(self, other: TaskRow) -> str:
        """Where the row stands, as seen from another one."""
        return self.where(other, _("第%(row)d行") % {"row": self.row})

    def to_preview(self) -> dict[str, Any]:
        """All keys, by the names of exports; applying needs code to keep, unit codes, nodes and the sheet's name."""
        return {
            "row": self.row,
            "action": self.action,
            "code": self.code,
            "title": self.title,
            "measure": self.measure,
            "lead_unit": self.lead_unit,
            "support_units": self.support_units,
            "deadline": self.due.isoformat() if self.due else None,
            "ongoing": self.ongoing,
            "frequency": self.frequency,
            "state": self.state.value,
            "notes": self.notes,
            "sheet": self.sheet,
            "own_code": self.own_code,
            "lead_code": self.lead_code,
            "support_codes": self.support_codes,
            "nodes": [day.isoformat() for day in self.nodes],
        }


TaskSheet = ReadFile[TaskRow]

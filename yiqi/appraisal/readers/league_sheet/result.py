"""What a league sheet says, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from yiqi.kit.sheets import Reading, worst


@dataclass(slots=True)
class LeagueCell:
    """One figure: a region's value of an indicator, with its place as printed. ``place`` is the cell on screen."""

    region: str
    indicator: str | None
    indicator_name: str
    unit: str
    value: float | None = None
    rank: int | None = None
    state: Reading = Reading.READ
    notes: list[str] = field(default_factory=list)
    sheet: str = ""
    place: str = ""

    def note(self, text: str, state: Reading = Reading.READ) -> None:
        """Add a note, and make the cell no surer than ``state``."""
        if text and text not in self.notes:
            self.notes.append(text)
        self.state = worst(self.state, state)

    def to_json(self) -> dict[str, Any]:
        """The keys that the command line promises."""
        return {
            "region": self.region,
            "indicator": self.indicator,
            "indicator_name": self.indicator_name,
            "unit": self.unit,
            "value": self.value,
            "rank": self.rank,
            "state": self.state.value,
            "notes": self.notes,
        }

    def to_preview(self) -> dict[str, Any]:
        """``to_json`` with the place of the figure in the file: sheet and cell."""
        return {**self.to_json(), "sheet": self.sheet, "cell": self.place}


@dataclass(frozen=True, slots=True)
class SkippedLine:
    """A line that holds no county's figures, and why; an unknown region is a finding."""

    row: int | None
    why: str
    finding: bool = False

    def to_json(self) -> dict[str, Any]:
        """The keys that the command line promises."""
        return {"row": self.row, "why": self.why}


@dataclass(slots=True)
class LeagueSheet:
    """The figures of a file, what was passed over, and how many findings stand in the way."""

    cells: list[LeagueCell] = field(default_factory=list)
    skipped: list[SkippedLine] = field(default_factory=list)

    @property
    def errors(self) -> int:
        """Cells in error and lines of unknown regions."""
        return sum(cell.state is Reading.ERROR for cell in self.cells) + sum(line.finding for line in self.skipped)

    def to_json(self) -> dict[str, Any]:
        """The object that ``yiqi import observations --json`` prints."""
        return {
            "cells": [cell.to_json() for cell in self.cells],
            "skipped": [line.to_json() for line in self.skipped],
            "errors": self.errors,
        }

    def to_preview(self) -> dict[str, Any]:
        """``to_json`` with the place of each cell."""
        return {**self.to_json(), "cells": [cell.to_preview() for cell in self.cells]}

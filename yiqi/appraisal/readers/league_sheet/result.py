"""What a league sheet says, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from yiqi.kit.sheets import ReadFile, Record

CELLS = "cells"


@dataclass(slots=True, kw_only=True)
class LeagueCell(Record):
    """One figure: a region's value of an indicator, with its place as printed. ``place`` is the cell on screen."""

    KEYS: ClassVar = ("region", "indicator", "indicator_name", "unit", "value", "rank", "state", "notes")

    region: str
    indicator: str | None
    indicator_name: str
    unit: str
    value: float | None = None
    rank: int | None = None
    place: str = ""

    def to_preview(self) -> dict[str, Any]:
        """All keys, with the place of the figure in the file: sheet and cell."""
        return {
            "region": self.region,
            "indicator": self.indicator,
            "indicator_name": self.indicator_name,
            "unit": self.unit,
            "value": self.value,
            "rank": self.rank,
            "state": self.state.value,
            "notes": self.notes,
            "sheet": self.sheet,
            "cell": self.place,
        }


LeagueSheet = ReadFile[LeagueCell]

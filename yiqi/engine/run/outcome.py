"""What every result is, whether of an appraisal or of an index: units with scores and places on a whole and its parts.

The whole is the total of an appraisal and the root of an index; parts are blocks, and the aggregates below the root.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import NamedTuple

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray
from yiqi.engine.ground.errors import EngineError


class Seen(NamedTuple):
    """Points, place and tier of a unit on one score; None without one (``tier``: of the whole only)."""

    points: float | None
    place: int | None
    tier: bool | None


class Outcome(ABC):
    """One way to read a result. ``part`` None is the whole; arrays are (units,)."""

    units: tuple[str, ...]

    @property
    @abstractmethod
    def parts(self) -> tuple[str, ...]:
        """Codes of the scores below the whole."""

    @property
    @abstractmethod
    def digest(self) -> str:
        """SHA-256 (hex) of what was scored and how."""

    @abstractmethod
    def check_part(self, part: str | None) -> None:
        """Refuse a code that is no score: ``unknown_block``, of an index ``unknown_node``."""

    @abstractmethod
    def scores_of(self, part: str | None) -> FloatArray:
        """Unrounded scores, nan without one."""

    @abstractmethod
    def places_of(self, part: str | None) -> IntArray:
        """Places over all units, 1 best, 0 without one."""

    @abstractmethod
    def first_places(self, size: int) -> BoolArray:
        """Who is in the tier of ``size`` first places of the whole."""

    def row(self, unit: str) -> int:
        """Row number of a unit; ``unknown_unit`` otherwise."""
        if unit not in self.units:
            raise EngineError("unknown_unit", f"unknown unit {unit!r}", {"unit": unit})
        return self.units.index(unit)

    def has(self, unit: str) -> bool:
        """Whether the unit is scored; ``unknown_unit`` for one that nobody knows."""
        return self.row(unit) >= 0

    def seen(self, unit: str, part: str | None, tier_size: int) -> Seen:
        """A unit on one score. Errors: ``unknown_unit``, those of ``check_part``."""
        self.check_part(part)
        if not self.has(unit):
            return Seen(None, None, False if part is None else None)
        row = self.row(unit)
        points = float(self.scores_of(part)[row])
        tier = bool(self.first_places(tier_size)[row]) if part is None else None
        return Seen(None if math.isnan(points) else points, int(self.places_of(part)[row]) or None, tier)

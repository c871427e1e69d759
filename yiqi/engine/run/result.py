"""What every result is, whether of an appraisal or of an index: units with scores and places on a whole and its parts.

The whole is the total of an appraisal and the root of an index; parts are blocks, and the aggregates below the root.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from functools import cached_property
from typing import NamedTuple

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.digest import digest_of
from yiqi.engine.scheme.scheme import Scheme


class Seen(NamedTuple):
    """Points, place and tier of a unit on one score; None without one (``tier``: of the whole only)."""

    points: float | None
    place: int | None
    tier: bool | None


class Result(ABC):
    """A scheme applied to figures, and one way to read what came of it.

    ``units``: those that are scored. ``part`` None is the whole; arrays are (units,).
    """

    scheme: Scheme
    data: Dataset
    units: tuple[str, ...]

    @abstractmethod
    def scores_of(self, part: str | None) -> FloatArray:
        """Unrounded scores, nan without one."""

    @abstractmethod
    def places_of(self, part: str | None) -> IntArray:
        """Places over all units, 1 best, 0 without one."""

    @abstractmethod
    def first_places(self, size: int) -> BoolArray:
        """Who is in the tier of ``size`` first places of the whole."""

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the scheme and the figures: the same digest gives the same arrays bit for bit."""
        return digest_of(self.scheme, self.data)

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {unit: row for row, unit in enumerate(self.units)}

    def row(self, unit: str) -> int:
        """Row number of a unit; ``unknown_unit`` otherwise, ``unit_screened`` if it was left out."""
        if self.has(unit):
            return self._rows[unit]
        raise EngineError("unit_screened", f"{unit!r} was left out: too little data", {"unit": unit})

    def has(self, unit: str) -> bool:
        """Whether the unit is scored; ``unknown_unit`` for one that is not in the data."""
        return self.data.row(unit) >= 0 and unit in self._rows

    def seen(self, unit: str, part: str | None, tier_size: int) -> Seen:
        """A unit on one score. Errors: ``unknown_unit``, those of ``Scheme.check_part``."""
        self.scheme.check_part(part)
        if not self.has(unit):
            return Seen(None, None, False if part is None else None)
        row = self.row(unit)
        points = float(self.scores_of(part)[row])
        tier = bool(self.first_places(tier_size)[row]) if part is None else None
        return Seen(None if math.isnan(points) else points, int(self.places_of(part)[row]) or None, tier)

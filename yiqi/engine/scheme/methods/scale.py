"""What a normalisation of an index is: all that anybody needs to know of it stands in one place, its own file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, FloatArray, ends, flat_columns
from yiqi.engine.ground.checks import label
from yiqi.engine.ground.errors import EngineError

SCALES: Final[dict[str, Scale]] = {}  # every scale enters itself


@dataclass(frozen=True, eq=False)
class Columns:
    """Columns under one specification: ``values`` (u, k) as given with their ``signs`` and ``targets`` (k,); ``low``
    and ``high`` their ends."""

    values: FloatArray
    signs: FloatArray
    targets: FloatArray
    units: Sequence[str]
    codes: Sequence[str]
    low: FloatArray
    high: FloatArray
    params: Mapping[str, Any]
    zero_range: str

    @cached_property
    def z(self) -> FloatArray:
        """Values turned so that higher is better."""
        return self.values if (self.signs > 0).all() else self.values * self.signs

    @cached_property
    def worst(self) -> FloatArray:
        """Least z (k,)."""
        return np.where(self.signs > 0, self.low, -self.high)

    @cached_property
    def best(self) -> FloatArray:
        """Greatest z (k,)."""
        return np.where(self.signs > 0, self.high, -self.low)

    @cached_property
    def flat(self) -> BoolArray:
        """Columns (k,) without a range."""
        return flat_columns(self.low, self.high)

    def flatten(self, found: FloatArray, flat: BoolArray, middle: float, top: float) -> FloatArray:
        """Write the policy for columns without range into ``found``; missing cells stay missing."""
        if not flat.any():
            return found
        if self.zero_range == "error":
            code = label(self.codes, int(np.flatnonzero(flat)[0]), "column")
            text = f"indicator {code!r} has no variance: remove it, or set zero_range to 'mid', 'full' or 'missing'"
            raise EngineError("no_variance", text, {"indicator": code})
        level = {"mid": middle, "full": top, "missing": np.nan}[self.zero_range]
        found[:, flat] = np.where(np.isnan(self.values[:, flat]), np.nan, level)
        return found


@dataclass(frozen=True)
class Scale:
    """A normalisation: formula (with z = x·direction), parameters with their defaults, and how it behaves.

    ``options``: what a parameter may be where it is not a number. ``steady``: between two thresholds every normalised
    value rises or falls as one figure moves. ``ranked``: it looks at places only. ``linear``: straight lines between
    worst and best. ``fixed``: it looks at no other unit. ``bounded``: it cannot leave its scale. ``fraction``: of the
    best value, so its sign matters.

    Source: OECD/JRC handbook (2008), part 1, section 5; the methods of COINr 1.1 that bear these names. Missing cells
    are passed over in every minimum, maximum, mean, standard deviation (n − 1) and rank, and stay missing.
    """

    id: str
    formula: str
    defaults: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    steady: bool = False
    ranked: bool = False
    linear: bool = False
    fixed: bool = False
    bounded: bool = False
    fraction: bool = False

    def __post_init__(self) -> None:
        SCALES[self.id] = self

    def convert(self, columns: Columns) -> FloatArray:
        """The columns (u, k) on the scale, as a new array."""
        raise NotImplementedError

    def check(self, params: Mapping[str, Any]) -> None:
        """What must hold between checked parameters."""

    def mirror(self, params: Mapping[str, Any]) -> float | None:
        """Lowest + highest of the scale, where it states them."""
        return None


__all__ = ["SCALES", "Columns", "Scale", "ends"]

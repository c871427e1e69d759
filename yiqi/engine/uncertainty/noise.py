"""What is uncertain about weights and values, as checked data, and how it is drawn."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.ground.checks import choice, finite
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.spec import Spec

SCALES: Final = ("share", "sd", "unit")
SHAPES: Final = ("uniform", "normal")

Size = float | Mapping[str, float]


def _size(name: str, size: Any, highest: float) -> Size:
    if isinstance(size, Mapping):
        return {
            str(code): finite(f"{name} of {code!r}", value, 0.0, highest, code="noise_invalid")
            for code, value in size.items()
        }
    return finite(name, size, 0.0, highest, code="noise_invalid")


@dataclass(frozen=True)
class WeightNoise(Spec):
    """Each weight w becomes w·(1 + u), u uniform over [−size, size], each weight by itself.

    ``size`` from 0 to 1: one number for every element, or numbers by code of the element or by its level written as
    text (``{"2": 0.25, "i7": 0.1}``; the code wins over the level; what is not named stays as it is).
    """

    size: Size
    name: str = "weights"

    def __post_init__(self) -> None:
        self._set(size=_size("weight noise", self.size, 1.0))

    def spread(self, codes: Sequence[str], levels: Sequence[int] | None = None) -> FloatArray:
        """The size for each code (codes,); ``unknown_element`` for a name that is neither a code nor a level."""
        if not isinstance(self.size, Mapping):
            return np.full(len(codes), self.size)
        heights = [str(level) for level in levels] if levels is not None else [""] * len(codes)
        for name in self.size:
            if name not in codes and name not in heights:
                text = f"weight noise for {name!r}, which is neither an element nor a level"
                raise EngineError("unknown_element", text, {"element": name})
        found = [self.size.get(code, self.size.get(level, 0.0)) for code, level in zip(codes, heights, strict=True)]
        return np.array(found)


@dataclass(frozen=True)
class ValueNoise(Spec):
    """Each value x becomes x + size·scale·e, each cell by itself; missing stays missing.

    ``scale``: ``share`` = |x| of the cell, ``sd`` = standard deviation of the column (n − 1), ``unit`` = 1 in the unit
    of the indicator. ``shape`` of e: ``uniform`` over [−1, 1], or ``normal`` (mean 0, standard deviation 1).
    ``size``: one number, or numbers by indicator (what is not named stays as it is).
    """

    size: Size
    scale: str = "share"
    shape: str = "uniform"
    name: str = "values"

    def __post_init__(self) -> None:
        self._set(size=_size("value noise", self.size, math.inf))
        choice("scale", self.scale, SCALES)
        choice("shape", self.shape, SHAPES)

    def amplitude(self, codes: Sequence[str], values: FloatArray) -> FloatArray:
        """What e is multiplied with, in each cell (units, codes)."""
        sizes = self._sizes(codes)
        if self.scale == "share":
            return sizes * np.abs(values)
        if self.scale == "unit":
            return np.broadcast_to(sizes, values.shape)
        known = (~np.isnan(values)).sum(axis=0)
        centred = values - np.nansum(values, axis=0) / np.maximum(known, 1)
        spread = np.sqrt(np.nansum(centred**2, axis=0) / np.maximum(known - 1, 1))
        return np.broadcast_to(sizes * spread, values.shape)

    def _sizes(self, codes: Sequence[str]) -> FloatArray:
        if not isinstance(self.size, Mapping):
            return np.full(len(codes), self.size)
        for name in self.size:
            if name not in codes:
                raise EngineError("unknown_indicator", f"value noise for {name!r}, no indicator", {"indicator": name})
        return np.array([self.size.get(code, 0.0) for code in codes])

    def errors(self, uniform: FloatArray) -> FloatArray:
        """e from numbers uniform over [0, 1), of any shape: so that a design of any kind can drive it."""
        if self.shape == "uniform":
            return 2.0 * uniform - 1.0
        # SciPy loads slowly; most of the engine does without
        from scipy.special import ndtri

        found: FloatArray = ndtri((np.floor(uniform * 2.0**52) + 0.5) * 2.0**-52)  # never 0 or 1, hence finite
        return found


def drawn_weights(weights: FloatArray, spread: FloatArray, uniform: FloatArray) -> FloatArray:
    """w·(1 + spread·(2u − 1)) for ``uniform`` (draws, k) -> (draws, k)."""
    return weights * (1.0 + spread * (2.0 * uniform - 1.0))

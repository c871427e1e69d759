"""Which units have enough data to be judged, and ratios to denominators.

Source: OECD/JRC handbook (2008), part 1, section 3; screening of units as in COINr 1.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray
from yiqi.engine.ground.checks import LARGEST
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy
from yiqi.engine.scheme.steps import ScreenSpec


@dataclass(frozen=True, eq=False)
class Screened:
    """For each unit: cells missing, cells of 0, share present, share not 0 of those present, flags, and the verdict."""

    units: tuple[str, ...]
    missing: IntArray
    zeros: IntArray
    available: FloatArray
    nonzero: FloatArray
    low_data: BoolArray
    low_nonzero: BoolArray

    @property
    def included(self) -> BoolArray:
        """Units that stay: (units,)."""
        return ~(self.low_data | self.low_nonzero)


def screen(values: FloatArray, spec: ScreenSpec, units: Sequence[str]) -> Screened:
    """Judge each row of ``values`` (units, indicators). A unit without any value has ``nonzero`` nan."""
    gaps = np.isnan(values)
    missing, zeros = gaps.sum(axis=1), (values == 0).sum(axis=1)
    present = values.shape[1] - missing
    available = present / values.shape[1]
    nonzero = np.where(present > 0, 1.0 - zeros / np.maximum(present, 1), np.nan)
    none = np.zeros(len(values), dtype=np.bool_)
    low_data = none if spec.available is None else available < spec.available
    low_nonzero = none if spec.nonzero is None else ~(nonzero >= spec.nonzero)
    return Screened(tuple(units), missing, zeros, available, nonzero, low_data, low_nonzero)


def denominate(values: FloatArray, hierarchy: Hierarchy, data: Dataset) -> FloatArray:
    """Values (units, indicators of the hierarchy) over their denominators; the array itself where there are none.

    A cell whose denominator is missing is missing.
    Errors: ``unknown_denominator``, ``denominator_zero``, ``not_finite``.
    """
    if not hierarchy.divided:
        return values
    found = values.copy()
    for number, code, name in hierarchy.divided:
        if name not in data.denominators:
            text = f"indicator {code!r}: the data have no denominator {name!r}"
            raise EngineError("unknown_denominator", text, {"indicator": code, "denominator": name})
        below = data.denominators[name]
        if (below == 0).any():
            unit = data.units[int(np.flatnonzero(below == 0)[0])]
            text = f"unit {unit!r}: the denominator {name!r} of {code!r} is 0; correct it or leave it missing"
            raise EngineError("denominator_zero", text, {"unit": unit, "denominator": name, "indicator": code})
        with np.errstate(over="ignore"):
            found[:, number] = values[:, number] / below
        check_finite(found[:, [number]], data.units, (code,), f"divided by {name!r}")
    return found


def check_finite(values: FloatArray, units: Sequence[str], codes: Sequence[str], what: str) -> None:
    """``not_finite`` for a number (units, k) beyond 1e100 that a step made out of smaller ones."""
    with np.errstate(invalid="ignore"):
        wild = np.abs(values) > LARGEST
    if wild.any():
        row, column = (int(place) for place in np.argwhere(wild)[0])
        unit, code, value = units[row], codes[column], float(values[row, column])
        text = f"unit {unit!r}, indicator {code!r}: {what} it is {value:g}, too large to reckon with; check the figures"
        raise EngineError("not_finite", text, {"unit": unit, "indicator": code, "value": repr(value)})

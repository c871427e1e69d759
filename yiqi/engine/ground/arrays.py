"""Array types of the engine. All matrices are float64 shaped (units, indicators); nan is missing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

SAME: Final = 4 * np.finfo(np.float64).eps  # a range below this share of the values is rounding

_Scalar = TypeVar("_Scalar", bound=np.generic)


def frozen(array: NDArray[_Scalar]) -> NDArray[_Scalar]:
    """The same array, closed to writing, so that a result cannot be changed behind its digest."""
    array.setflags(write=False)
    return array


def exact_row_sums(cells: FloatArray) -> FloatArray:
    """Correctly rounded sum of each row, nan counted as nothing: the sum does not depend on the order of columns.

    ``cells`` (units, k) -> (units,). It is ``math.fsum`` on purpose: contributions must add up to the score exactly.
    """
    rows = np.where(np.isnan(cells), 0.0, cells).tolist()
    return np.fromiter(map(math.fsum, rows), dtype=np.float64, count=len(rows))


def group_indices(groups: Sequence[str] | None, units: int) -> tuple[IntArray, ...]:
    """Row numbers of each ranking group, in order of first appearance; one group of all rows without ``groups``."""
    if groups is None:
        return (np.arange(units, dtype=np.int64),)
    labels = np.asarray(groups, dtype=object)
    return tuple(np.flatnonzero(labels == label).astype(np.int64) for label in dict.fromkeys(groups))


def flat_columns(low: FloatArray, high: FloatArray) -> BoolArray:
    """Which columns have no range beyond rounding; nan ends (nothing known) count as none."""
    return np.asarray(~((high - low) > SAME * np.maximum(np.abs(low), np.abs(high))))


def ends(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Least and greatest known value of each column, nan where nothing is known."""
    low, high = values.min(axis=0), values.max(axis=0)
    if np.isnan(low).any():
        holed = np.flatnonzero(np.isnan(low))
        part = values[:, holed]
        gaps = np.isnan(part)
        low[holed] = np.where(gaps, np.inf, part).min(axis=0)
        high[holed] = np.where(gaps, -np.inf, part).max(axis=0)
        empty = holed[gaps.all(axis=0)]
        low[empty] = high[empty] = np.nan
    return low, high

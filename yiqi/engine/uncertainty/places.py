"""Places of many draws at once. A row is a draw, a column a unit; place 1 is best, 0 is none (no score)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from yiqi.engine.ground.arrays import BoolArray, FloatArray
from yiqi.engine.ground.ranking import NO_RANK, rank_columns

PlaceArray = NDArray[np.int32]


def place_rows(scores: FloatArray, ties: str = "competition", tolerance: float = 1e-9) -> PlaceArray:
    """Rank each row of ``scores`` (draws, units), higher is better -> int32 (draws, units); nan gets 0.

    The rules of ``ranking.rank_columns``, which also does the rows with a tie or a missing score; every other row
    needs no more than its order, at a quarter of the time.
    """
    order = np.argsort(scores, axis=1)
    rising = np.take_along_axis(scores, order, axis=1)
    places = np.empty(scores.shape, dtype=np.int32)
    np.put_along_axis(places, order, np.arange(scores.shape[1], 0, -1, dtype=np.int32)[None, :], axis=1)
    special = _special(rising, tolerance)
    if special.any():
        places[special] = rank_columns(scores[special].T, ties, tolerance).T
    return places


def _special(rising: FloatArray, tolerance: float) -> BoolArray:
    """Rows (draws,) with neighbours that may be tied, or with a missing score: nan is sorted to the end."""
    if rising.shape[1] == 0:
        return np.zeros(len(rising), dtype=np.bool_)
    with np.errstate(invalid="ignore"):
        near = np.any(np.diff(rising, axis=1) <= tolerance, axis=1)
    found: BoolArray = near | ~np.isfinite(rising[:, -1]) | ~np.isfinite(rising[:, 0])
    return found


def count_places(counts: NDArray[np.int32], places: PlaceArray) -> None:
    """Add the places (draws, units) to ``counts`` (units, units + 1) in place; column 0 counts draws without one.

    One draw at a time: a unit has one place in it, so no cell is hit twice and plain indexing adds right.
    """
    cells = counts.reshape(-1)
    start = np.arange(counts.shape[0], dtype=np.int64) * counts.shape[1]
    for row in places:
        cells[start + row] += 1


def count_above(above: NDArray[np.int32], places: PlaceArray) -> None:
    """Add to ``above`` (units, units), in place, the draws in which the row's unit stands before the column's.

    A unit without a place stands before nobody, and nobody stands before it: such a pair is not compared.
    """
    narrow = places.astype(np.uint16) if places.shape[1] < np.iinfo(np.uint16).max else places.astype(np.uint32)
    for row in narrow:
        before = row[:, None] < row[None, :]
        if (row == NO_RANK).any():
            before[row == NO_RANK] = False
        above += before

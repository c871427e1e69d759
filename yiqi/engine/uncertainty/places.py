"""Places of many draws at once. A row is a draw, a column a unit; place 1 is best, 0 is none (no score)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from yiqi.engine.ground.ranking import NO_RANK, PlaceArray


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

"""Statistics of places from their counts: exact, and of a size that the number of draws does not change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yiqi.engine.ground.arrays import FloatArray, IntArray, frozen

COLUMNS = ("Nominal", "Mean", "Median", "Q5", "Q95")


@dataclass(frozen=True, eq=False)
class RankStatistics:
    """Each (units,): the nominal place and mean, median, 5 % and 95 % quantile over the draws; nan without any place.

    Quantiles are linear between order statistics (type 7 of Hyndman and Fan 1996), as in NumPy and COINr.
    """

    nominal: IntArray
    mean: FloatArray
    median: FloatArray
    q5: FloatArray
    q95: FloatArray

    def table(self) -> FloatArray:
        """All of them side by side (units, 5), in the order of ``COLUMNS``; nominal 0 where there is no place."""
        return np.column_stack([self.nominal, self.mean, self.median, self.q5, self.q95])


def rank_statistics(nominal: IntArray, counts: NDArray[np.int32]) -> RankStatistics:
    """From ``counts`` (units, units + 1) of each place, column 0 = draws without a place, which are left out."""
    placed = counts[:, 1:]
    numbers = placed.sum(axis=1, dtype=np.int64)
    levels = np.arange(1, placed.shape[1] + 1, dtype=np.int64)
    summed = np.array([int(row @ levels) for row in placed], dtype=np.float64)
    mean = np.divide(summed, numbers, out=np.full(len(counts), np.nan), where=numbers > 0)
    found = quantiles(np.cumsum(placed, axis=1, dtype=np.int32), (0.5, 0.05, 0.95))
    median, q5, q95 = (frozen(np.ascontiguousarray(column)) for column in found.T)
    return RankStatistics(frozen(np.array(nominal, dtype=np.int64)), frozen(mean), median, q5, q95)


def quantiles(cumulated: NDArray[np.int32], shares: Sequence[float]) -> FloatArray:
    """Type-7 quantiles of the places whose cumulated counts are (units, places) -> (units, shares); nan without any."""
    if cumulated.shape[1] == 0:
        return np.full((len(cumulated), len(shares)), np.nan)
    last = np.maximum(cumulated[:, -1:].astype(np.int64) - 1, 0)
    position = last * np.array(shares)
    lower = np.floor(position).astype(np.int64)
    wanted = np.concatenate([lower, np.minimum(lower + 1, last)], axis=1)
    # The k-th smallest place (k from 0) is the first one whose cumulated count is above k.
    found = [np.searchsorted(row, at, side="right") for row, at in zip(cumulated, wanted, strict=True)]
    below, above = np.split(np.array(found, dtype=np.float64) + 1.0, 2, axis=1)
    return np.where(cumulated[:, -1:] > 0, below + (above - below) * (position - lower), np.nan)

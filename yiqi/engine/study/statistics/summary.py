"""What each column looks like, and how much of the data is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray, frozen
from yiqi.engine.ground.checks import finite, known, labels, matrix
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.run.impute import column_mean, column_median
from yiqi.engine.run.moments import extremes, skew_kurt
from yiqi.engine.scheme.hierarchy import Hierarchy


@dataclass(frozen=True)
class FlagLimits:
    """When a column is flagged: known cells, non-zero cells and different values as a part of all units; outliers if
    |skewness| > ``skew`` and kurtosis > ``kurt``. Error ``option_invalid``.
    """

    available: float = 0.65
    non_zero: float = 0.5
    unique: float = 0.5
    skew: float = 2.0
    kurt: float = 3.5

    def __post_init__(self) -> None:
        for item in fields(self):
            share = item.name in ("available", "non_zero", "unique")
            finite(
                item.name, getattr(self, item.name), 0.0 if item.name != "kurt" else -np.inf, 1.0 if share else np.inf
            )


@dataclass(frozen=True, eq=False)
class Statistics:
    """One entry a column. ``sd`` with n − 1; ``skew``, ``kurt`` as in ``moments``; nan where there are too few cells.

    ``available``, ``non_zero``, ``unique`` count cells, ``same`` those of the commonest value; ``flags`` says for each
    of ``available``, ``non_zero``, ``unique``, ``outliers`` whether the column is conspicuous.
    """

    columns: tuple[str, ...]
    units: int
    low: FloatArray
    high: FloatArray
    mean: FloatArray
    median: FloatArray
    sd: FloatArray
    skew: FloatArray
    kurt: FloatArray
    available: IntArray
    non_zero: IntArray
    unique: IntArray
    same: IntArray
    flags: dict[str, BoolArray]

    def share(self, counts: IntArray) -> FloatArray:
        """A count as a part of the known cells; nan where there are none."""
        return np.where(self.available > 0, counts / np.maximum(self.available, 1), np.nan)


def statistics(values: ArrayLike, columns: Sequence[str] = (), limits: FlagLimits | None = None) -> Statistics:
    """Statistics of each column of ``values`` (units, indicators) over its known cells."""
    table = matrix(values, (), columns)
    limits = limits or FlagLimits()
    units = len(table)
    available = known(table).sum(axis=0)
    non_zero = (known(table) & (table != 0)).sum(axis=0)
    unique, same = _repeated(table)
    skew, kurt = skew_kurt(table)
    low, high = (np.where(available > 0, edge, np.nan) for edge in extremes(table))
    with np.errstate(invalid="ignore"):
        outliers = (np.abs(skew) > limits.skew) & (kurt > limits.kurt)
    flags = {
        "available": available / units < limits.available,
        "non_zero": non_zero / units < limits.non_zero,
        "unique": unique / units < limits.unique,
        "outliers": outliers,
    }
    names = tuple(labels(columns, range(table.shape[1]), "column"))
    return Statistics(
        columns=names,
        units=units,
        low=frozen(low),
        high=frozen(high),
        mean=frozen(column_mean(table)),
        median=frozen(column_median(table)),
        sd=frozen(_sd(table)),
        skew=frozen(skew),
        kurt=frozen(kurt),
        available=frozen(available.astype(np.int64)),
        non_zero=frozen(non_zero.astype(np.int64)),
        unique=frozen(unique),
        same=frozen(same),
        flags=flags,
    )


def _repeated(table: FloatArray) -> tuple[IntArray, IntArray]:
    """Number of different known values of each column, and how often the commonest stands there."""
    unique, same = np.zeros(table.shape[1], dtype=np.int64), np.zeros(table.shape[1], dtype=np.int64)
    for column in range(table.shape[1]):
        cells = table[known(table[:, column]), column]
        if len(cells):
            counts = np.unique_counts(cells).counts
            unique[column], same[column] = len(counts), counts.max()
    return unique, same


def _sd(table: FloatArray) -> FloatArray:
    there = known(table)
    n = there.sum(axis=0)
    centred = np.where(there, table - column_mean(table), 0.0)
    return np.where(n > 1, np.sqrt((centred * centred).sum(axis=0) / np.maximum(n - 1, 1)), np.nan)


@dataclass(frozen=True, eq=False)
class Availability:
    """A unit each: ``missing``, ``zero``, ``missing_or_zero`` cells; ``available`` = known cells as a part of all;
    ``non_zero`` = non-zero cells as a part of the known (nan where nothing is known).
    """

    missing: IntArray
    zero: IntArray
    missing_or_zero: IntArray
    available: FloatArray
    non_zero: FloatArray


def availability(values: ArrayLike, columns: Sequence[str] = ()) -> Availability:
    """How much of each unit's row of ``values`` (units, indicators) is there. Error ``no_indicators``."""
    table = matrix(values, (), columns)
    width = table.shape[1]
    if not width:
        raise EngineError("no_indicators", "there is no indicator to count")
    missing = (~known(table)).sum(axis=1).astype(np.int64)
    zero = (table == 0).sum(axis=1).astype(np.int64)
    counted = width - missing
    non_zero = np.where(counted > 0, 1.0 - zero / np.maximum(counted, 1), np.nan)
    arrays = frozen(missing), frozen(zero), frozen(missing + zero)
    return Availability(*arrays, frozen(1.0 - missing / width), frozen(non_zero))


def availability_by_group(hierarchy: Hierarchy, columns: Sequence[str], values: ArrayLike) -> FloatArray:
    """Part of the indicators below each aggregate that a unit knows -> (units, aggregates), bottom up.

    Errors: ``unknown_indicator`` for an indicator of the hierarchy without a column; those of ``checks.matrix``.
    """
    table = matrix(values, (), columns)
    place = {code: number for number, code in enumerate(columns)}
    for code in hierarchy.indicators:
        if code not in place:
            text = f"there is no column for indicator {code!r}"
            raise EngineError("unknown_indicator", text, {"indicator": code})
    there = known(table)
    shares = [there[:, [place[leaf] for leaf in hierarchy.leaves(code)]].mean(axis=1) for code in hierarchy.aggregates]
    return np.column_stack(shares)

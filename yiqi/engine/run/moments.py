"""Skewness and kurtosis of columns, as treatment tests them (type 2: G1 and G2 of Joanes and Gill 1998)."""

from __future__ import annotations

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, FloatArray
from yiqi.engine.ground.checks import known


def skew_kurt(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Sample skewness and excess kurtosis of each column of ``values`` (units, k) -> two arrays (k,).

    With centred x and n known cells: skew = √n·Σx³/(Σx²)^1.5·√(n(n−1))/(n−2) and
    kurt = ((n+1)(r−3)+6)(n−1)/((n−2)(n−3)), r = nΣx⁴/(Σx²)². nan where the column has no variance, or fewer than 3
    (skew) or 4 (kurtosis) known cells.
    """
    there = known(values)
    n = there.sum(axis=0).astype(np.float64)
    full = bool(there.all())
    total = values.sum(axis=0) if full else np.where(there, values, 0.0).sum(axis=0)
    centred = values - total / np.maximum(n, 1.0)
    if not full:
        centred[~there] = 0.0
    size = np.maximum(centred.max(axis=0, initial=0.0), -centred.min(axis=0, initial=0.0))
    centred /= np.where(size > 0, size, 1.0)  # neither is changed by the scale; powers of tiny numbers would vanish
    square = centred * centred
    m2 = square.sum(axis=0)
    m3, m4 = np.einsum("uk,uk->k", square, centred), np.einsum("uk,uk->k", square, square)
    varied = ~constant_columns(values) & (m2 > 0)  # neighbouring doubles may all round to their mean
    return _skew(n, m2, m3, varied), _kurt(n, m2, m4, varied)


def _skew(n: FloatArray, m2: FloatArray, m3: FloatArray, varied: BoolArray) -> FloatArray:
    found = np.full(len(n), np.nan)
    w = np.flatnonzero((n >= 3) & varied)
    c = n[w]
    found[w] = np.sqrt(c) * m3[w] / m2[w] ** 1.5 * np.sqrt(c * (c - 1)) / (c - 2)
    return found


def _kurt(n: FloatArray, m2: FloatArray, m4: FloatArray, varied: BoolArray) -> FloatArray:
    found = np.full(len(n), np.nan)
    w = np.flatnonzero((n >= 4) & varied)
    c = n[w]
    ratio = c * m4[w] / m2[w] ** 2
    found[w] = ((c + 1) * (ratio - 3) + 6) * (c - 1) / ((c - 2) * (c - 3))
    return found


def constant_columns(values: FloatArray) -> BoolArray:
    """Columns without variance: no known cell, or all known cells equal (compared exactly, not by a tiny variance)."""
    low, high = extremes(values)
    return ~(high > low)


def extremes(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Least and greatest known cell of each column; +∞ and −∞ where nothing is known."""
    low, high = np.fmin.reduce(values, axis=0), np.fmax.reduce(values, axis=0)
    nothing = np.isnan(low)
    return np.where(nothing, np.inf, low), np.where(nothing, -np.inf, high)

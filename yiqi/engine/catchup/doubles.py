"""Double-precision numbers as consecutive whole numbers, so that "the next one" and "half-way" are exact."""

from __future__ import annotations

import math

import numpy as np

from yiqi.engine.ground.arrays import FloatArray, IntArray

_LEAST = np.iinfo(np.int64).min
NEAR = 3  # doubles on each side: subtraction of close numbers is exact, so a tolerance is met within one or two


def ordinals(values: FloatArray) -> IntArray:
    """Number the doubles in rising order, 0 for 0.0 and −0.0; neighbours differ by one. Finite input of any shape."""
    bits = np.ascontiguousarray(values, dtype=np.float64).view(np.int64)
    return np.where(bits >= 0, bits, _LEAST - bits)


def doubles(numbers: IntArray) -> FloatArray:
    """The inverse of ``ordinals``."""
    whole = np.ascontiguousarray(numbers, dtype=np.int64)
    return np.ascontiguousarray(np.where(whole >= 0, whole, _LEAST - whole)).view(np.float64) + 0.0


def ordinal(value: float) -> int:
    """The number of one double."""
    return int(ordinals(np.array([value]))[0])


def double(number: int) -> float:
    """The double of one number."""
    return float(doubles(np.array([number], dtype=np.int64))[0])


def partials(values: list[float]) -> list[float]:
    """Few doubles with exactly the same sum (Shewchuk 1997): ``fsum`` of them and of the whole list agree for ever.

    Any further number may be added before the one rounding: ``fsum([*partials(a), x]) == fsum([*a, x])``.
    """
    kept: list[float] = []
    for value in values:
        count, carried = 0, value
        for part in kept:
            large, small = (carried, part) if abs(carried) >= abs(part) else (part, carried)
            total = large + small
            rest = small - (total - large)
            if rest:
                kept[count] = rest
                count += 1
            carried = total
        kept[count:] = [carried]
    return kept


def exact_sum(parts: list[float], value: float) -> float:
    """Correctly rounded sum of the parts and one more number, nan counted as nothing."""
    return math.fsum(parts) if math.isnan(value) else math.fsum((*parts, value))


def grid(thresholds: list[float], first: int, last: int, way: int) -> IntArray:
    """Positions to try, rising from ``first`` to ``last``, both included: every threshold and its nearest doubles.

    A position is the ordinal of a double, or its negative where the value falls (``way`` −1), so that a search always
    runs upward.
    """
    points = np.array(thresholds, dtype=np.float64)
    spread = (ordinals(points)[:, None] * way + np.arange(-NEAR, NEAR + 1)).reshape(-1)
    inside = spread[(spread > first) & (spread < last)]
    return np.unique(np.concatenate([inside, np.array([first, last], dtype=np.int64)]))

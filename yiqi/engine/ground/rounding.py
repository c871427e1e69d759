"""Publishing: decimal half-up rounding, away from zero, as a person does it on paper."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from numpy.typing import ArrayLike

from yiqi.engine.ground.arrays import FloatArray

SIGNIFICANT = 15  # digits that a double always keeps, and that a spreadsheet shows
_NEAR_HALF = 1e-3
_EXACT_WHOLE = 2.0**40


def round_half_up(values: ArrayLike, places: int) -> FloatArray:
    """Round to ``places`` decimals, halves away from zero; nan stays nan, −0 becomes 0. Any shape.

    The decimal value is rounded, not the binary one: 2.675 -> 2.68. The number is first read at 15 significant digits,
    as a spreadsheet shows it, so that 2.6749999999999998 (a half with the dust of a product) rounds up as well.
    """
    given = np.asarray(values, dtype=np.float64)
    array = given.reshape(-1)
    scale = 10.0**places
    scaled = np.abs(array) * scale
    whole = np.floor(scaled)
    rest = scaled - whole
    rounded = np.copysign((whole + (rest > 0.5)) / scale, array)
    doubtful = (np.abs(rest - 0.5) < _NEAR_HALF) | (scaled > _EXACT_WHOLE)
    for position in np.flatnonzero(doubtful):
        rounded[position] = _decimal(float(array[position]), places)
    return (rounded + 0.0).reshape(given.shape)


def _decimal(value: float, places: int) -> float:
    if not np.isfinite(value):
        return value
    read = Decimal(f"{value:.{SIGNIFICANT - 1}e}")
    if read.adjusted() >= SIGNIFICANT:
        return float(read)
    return float(read.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))

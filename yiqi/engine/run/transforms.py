"""Monotone transformations of columns that draw in a long tail.

Source: OECD/JRC COIN Tool (log_CT), COINr 1.1 (its modified forms), Box and Cox (1964).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.ground.checks import finite
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.run.moments import extremes, skew_kurt

MARGIN: Final = 0.01  # part of the range that keeps the least value away from the logarithm of nothing


def log_ct(values: FloatArray) -> FloatArray:
    """ln(x − min + 0.01·(max − min)) of each column of (units, k). Error ``no_variance`` for a constant column."""
    low, high = _range(values, "log_ct")
    return _log(values - low + MARGIN * (high - low))


def log_ct_plus(values: FloatArray) -> FloatArray:
    """``log_ct`` where the column's skewness is positive, else its mirror −ln(max + 0.01·(max − min) − x).

    The mirror draws in a long lower tail; both keep the order of units. Error ``no_variance``.
    """
    low, high = _range(values, "log_ct_plus")
    positive = skew_kurt(values)[0] > 0
    span = MARGIN * (high - low)
    sign = np.where(positive, 1.0, -1.0)
    return sign * _log(np.where(positive, values - low, high - values) + span)


def log_ct_orig(values: FloatArray) -> FloatArray:
    """ln(x − min + 1) of each column: the COIN Tool's first form, which depends on the unit of measure."""
    return np.log(values - extremes(values)[0] + 1.0)


def boxcox(values: FloatArray, power: float) -> FloatArray:
    """Box–Cox with x − min + 1: (yᵖ − 1)/p, or ln y for p = 0. Errors: ``option_invalid``, ``overflow``."""
    power = finite("boxcox power", power)
    shifted = values - extremes(values)[0] + 1.0
    if power == 0:
        return np.log(shifted)
    with np.errstate(over="ignore"):
        found: FloatArray = (shifted**power - 1.0) / power
    if np.isinf(found).any():
        column = int(np.flatnonzero(np.isinf(found).any(axis=0))[0])
        text = f"Box–Cox with power {power:g} overflows in column {column + 1}: choose a smaller power"
        raise EngineError("overflow", text, {"column": column + 1, "power": power})
    return found


def _log(values: FloatArray) -> FloatArray:
    """Logarithm; −∞ where a range is so small that its hundredth is nothing (the caller names the cell)."""
    with np.errstate(divide="ignore"):
        return np.log(values)


def _range(values: FloatArray, name: str) -> tuple[FloatArray, FloatArray]:
    low, high = extremes(values)
    flat = np.flatnonzero(low == high)
    if len(flat):
        text = f"{name}: column {flat[0] + 1} has one value only, of which there is no logarithm; leave it as it is"
        raise EngineError("no_variance", text, {"column": int(flat[0]) + 1, "transform": name})
    return low, high


TRANSFORMS: Final[dict[str, Callable[[FloatArray], FloatArray]]] = {
    "log_ct": log_ct,
    "log_ct_plus": log_ct_plus,
    "log_ct_orig": log_ct_orig,
}


def transform(values: FloatArray, name: str, power: float = 0.0) -> FloatArray:
    """Apply a transformation by name: those of ``TRANSFORMS``, or ``boxcox`` with ``power``."""
    return boxcox(values, power) if name == "boxcox" else TRANSFORMS[name](values)

"""Short decimals beside exact doubles, rounded so that what is promised of the double holds of them too."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, FloatArray

FEWEST = 6  # significant digits
MOST = 17  # as many as tell every double from its neighbours
SHARE = 0.01  # of the change that rounding may add at most


def outward(value: float, way: int, digits: int = FEWEST, size: float = 0.0) -> float:
    """The value up (``way`` +1) or down (−1), to so many digits that would be significant of the larger of it and
    ``size``."""
    exact = Decimal(repr(value))
    whole_size = max(abs(exact), Decimal(repr(abs(size))))
    if not whole_size:
        return 0.0
    step = Decimal(1).scaleb(whole_size.adjusted() - digits + 1)
    whole = (exact / step).to_integral_value(ROUND_CEILING if way > 0 else ROUND_FLOOR)
    return float(whole * step) + 0.0


def shortest(
    value: float,
    way: int,
    change: float | None,
    limits: tuple[float, float],
    holds: Callable[[FloatArray], BoolArray],
    proved: Callable[[float], bool],
) -> float:
    """The shortest decimal from ``value`` on in the direction ``way``, inside the limits, of which both hold.

    ``holds`` answers for many values (m,) at once, ``proved`` for the one chosen; the value itself where none does.
    """
    room = SHARE * abs(change) if change else abs(value) * SHARE
    found = [outward(value, way, digits, change or 0.0) for digits in range(FEWEST, MOST)]
    fit = [one for one in found if limits[0] <= one <= limits[1] and abs(one - value) <= room]
    if not fit:
        return value
    good = np.flatnonzero(holds(np.array(fit, dtype=np.float64)))
    if not len(good):
        return value
    chosen = fit[int(good[0])]
    return chosen if chosen == value or proved(chosen) else value

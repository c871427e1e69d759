"""Winsorising: the outermost value, with its ties, takes the next value, until skewness or kurtosis is as it should be.

Source: OECD/JRC handbook (2008), section 4; COINr 1.1 (which points count, and when it stops).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray, frozen
from yiqi.engine.ground.checks import matrix
from yiqi.engine.run.moments import skew_kurt
from yiqi.engine.scheme.steps import SAME, Limits

UNTOUCHED, HIGH, LOW = 0, 1, 2
MARKS: Final = ("", "winsorised_high", "winsorised_low")


@dataclass(frozen=True, eq=False)
class Winsorised:
    """``values`` (u, k); ``counts`` (k,) changed points; ``marks`` (u, k) index into ``MARKS``; ``skew``, ``kurt`` (k,)
    and ``passed`` (k,) of the values as they are now.
    """

    values: FloatArray
    counts: IntArray
    marks: IntArray
    skew: FloatArray
    kurt: FloatArray
    passed: BoolArray


def winsorise(
    values: ArrayLike,
    winmax: int | None = 5,
    *,
    skew: float = 2.0,
    kurt: float = 3.5,
    force: bool = False,
    strict: bool = False,
) -> Winsorised:
    """Winsorise each column of ``values`` (units, k) by itself.

    One step: at the top if skewness ≥ 0, else at the bottom, all cells that share the outermost value take the next
    one. A step is made while the column fails (or ``force``) and fewer than ``winmax`` points are changed; ties can
    carry the count past ``winmax``, unless ``strict``, which makes no such step. No step is made that would leave a
    column of one value: what has no variance cannot be scored. Errors: ``option_invalid``, ``checks.matrix``.
    """
    limits = Limits(skew, kurt, winmax, force, strict).checked()
    given = matrix(values)
    return winsorise_columns(given, limits, *skew_kurt(given))


def winsorise_columns(values: FloatArray, limits: Limits, skew: FloatArray, kurt: FloatArray) -> Winsorised:
    """``winsorise`` without its checks, with the moments of the columns at hand. Touches none of its arguments."""
    work, skew, kurt = values.copy(), skew.copy(), kurt.copy()
    marks = np.zeros(values.shape, dtype=np.int8)
    counts = np.zeros(values.shape[1], dtype=np.int64)
    stuck = np.isnan(skew)
    while True:
        wanted = (limits.force | ~limits.passes(skew, kurt)) & ~stuck & limits.may_go_on(counts)
        now = np.flatnonzero(wanted)
        if not len(now):
            break
        moved = _step(work, marks, counts, now, skew, limits)
        stuck[now[~moved]] = True
        skew[now], kurt[now] = skew_kurt(work[:, now])
    return Winsorised(
        frozen(work), frozen(counts), frozen(marks.astype(np.int64)), skew, kurt, limits.passes(skew, kurt)
    )


def _step(
    work: FloatArray, marks: np.ndarray, counts: IntArray, now: IntArray, skew: FloatArray, limits: Limits
) -> BoolArray:
    """One step on the columns ``now``, in place; says which of them moved."""
    top = skew[now] >= -SAME
    sign = np.where(top, 1.0, -1.0)
    side = np.where(top, HIGH, LOW).astype(np.int8)
    seen = work[:, now] * sign
    seen[np.isnan(seen)] = -np.inf
    tied = seen == seen.max(axis=0)
    target = np.where(tied, -np.inf, seen).max(axis=0)
    least = np.where(np.isinf(seen), np.inf, seen).min(axis=0)
    marked = marks[:, now]
    after = tied.sum(axis=0) + ((marked > 0) & (marked != side)).sum(axis=0)
    moved: BoolArray = (target > least) & ~(limits.strict & ~_within(after, limits.winmax))
    tied &= moved
    work[:, now] = np.where(tied, target * sign, work[:, now])
    marks[:, now] = np.where(tied, side, marked)
    counts[now] = np.where(moved, after, counts[now])
    return moved


def _within(counts: IntArray, winmax: int | None) -> BoolArray:
    return np.ones(len(counts), dtype=np.bool_) if winmax is None else counts <= winmax

"""The formulas, pure and broadcasting: float64 in, points out, nan passes through, nothing is checked here.

x actual values, target T, weight W (points), sign +1 where higher is better and −1 where lower is. Prose and worked
numbers: ``docs/algorithms/scoring-rules.md``.
"""

from __future__ import annotations

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, FloatArray


def ratio(x: FloatArray, target: FloatArray, weight: FloatArray, sign: FloatArray, *, cap: FloatArray) -> FloatArray:
    """目标完成率. Lower is better: T/x, and x = 0 earns the cap. T > 0."""
    share = np.where(sign > 0, x / target, np.where(x == 0, np.inf, target / x))
    kept: FloatArray = np.clip(np.where(np.isnan(x) | np.isnan(target), np.nan, share), 0.0, cap)
    return weight * kept


def gap(
    x: FloatArray, target: FloatArray, weight: FloatArray, sign: FloatArray, *, g: FloatArray, cap: FloatArray
) -> FloatArray:
    """差距计分, x and T in percentage points; g is the shortfall that loses all points."""
    return weight * np.clip(1.0 - sign * (target - x) / g, 0.0, cap)


def efficacy(
    x: FloatArray, x_s: FloatArray, x_h: FloatArray, weight: FloatArray, *, c: FloatArray, d: FloatArray, lo: FloatArray
) -> FloatArray:
    """功效系数: c at the unacceptable value x_s, c + d at the satisfactory one x_h, clipped to [lo, 1]."""
    return weight * np.clip(c + d * ((x - x_s) / (x_h - x_s)), lo, 1.0)


def minmax(x: FloatArray, worst: FloatArray, best: FloatArray, weight: FloatArray) -> FloatArray:
    """极差: 0 at the worst of the group, W at the best."""
    return weight * ((x - worst) / (best - worst))


def rank_linear(rank: FloatArray, n: FloatArray, weight: FloatArray, f: FloatArray) -> FloatArray:
    """排名计分: W at place 1, f·W at place n; a single unit is first."""
    return weight * (1.0 - (rank - 1.0) / np.maximum(n - 1.0, 1.0) * (1.0 - f))


def rank_step(rank: FloatArray, weight: FloatArray, k: FloatArray, m: FloatArray) -> FloatArray:
    """位次递减: k points less with each place, m at least."""
    return np.maximum(weight - k * (rank - 1.0), m)


def bands(x: FloatArray, weight: float, lowers: FloatArray, shares: FloatArray) -> FloatArray:
    """分档: bands [lowers[i], lowers[i+1]); ``shares`` has one entry more, the first is for x below every bound."""
    points = weight * shares[np.searchsorted(lowers, x, side="right")]
    return np.where(np.isnan(x), np.nan, points)


def reached(
    x: FloatArray, target: FloatArray, weight: FloatArray, sign: FloatArray, *, share: FloatArray, tolerance: float
) -> FloatArray:
    """达标: W when the target is met (to the tolerance), else share·W."""
    points = np.where(sign * (x - target) >= -tolerance, weight, share * weight)
    return np.where(np.isnan(x) | np.isnan(target), np.nan, points)


def deduct(x: FloatArray, weight: FloatArray, each: FloatArray, floor: FloatArray) -> FloatArray:
    """扣分: x is a count of faults, or points to take off when each is 1."""
    return np.maximum(weight - x * each, floor)


def bonus(x: FloatArray, cap: FloatArray) -> FloatArray:
    """加分: x is the sum of points granted, no evidence (nan) is no bonus."""
    return np.minimum(np.where(np.isnan(x), 0.0, x), cap)


def level_and_growth(level: FloatArray, growth: FloatArray, a: FloatArray) -> FloatArray:
    """水平与增幅: the points of two rules, mixed."""
    return a * level + (1.0 - a) * growth


def at_zero_range(points: FloatArray, flat: BoolArray, policy: str, full: FloatArray, last: FloatArray) -> FloatArray:
    """Points where a group has no range: ``full`` as the best, ``mid`` half-way between best and last, else nan.

    ``flat`` marks the cells with a value in such a group.
    """
    values = {"full": full, "mid": (full + last) / 2.0}
    return np.where(flat, values.get(policy, np.full_like(points, np.nan)), points)

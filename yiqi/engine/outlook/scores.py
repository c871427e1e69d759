"""Scores of a forecast given by simulated values, against what came: CRPS, Brier, coverage of intervals."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from yiqi.engine.ground.arrays import BoolArray, FloatArray
from yiqi.engine.ground.errors import EngineError


def _pair(samples: ArrayLike, truth: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Samples (draws, …) and truth (…) as doubles that fit each other, all finite."""
    drawn, came = np.asarray(samples, dtype=np.float64), np.asarray(truth, dtype=np.float64)
    if drawn.ndim == 0 or not len(drawn):
        raise EngineError("draws_invalid", "there are no simulated values to score; draw at least one", {"draws": 0})
    if drawn.shape[1:] != came.shape:
        text = f"truth must be shaped {drawn.shape[1:]} for samples shaped {drawn.shape}, not {came.shape}"
        raise EngineError("shape_mismatch", text, {"array": "truth", "got": list(came.shape)})
    for name, array in (("samples", drawn), ("truth", came)):
        if not np.isfinite(array).all():
            raise EngineError("not_finite", f"{name} must hold finite numbers only", {"array": name})
    return drawn, came


def crps(samples: ArrayLike, truth: ArrayLike) -> FloatArray:
    """Continuous ranked probability score (…), in the unit of the data; 0 is perfect, lower is better.

    mean|X − y| − ½·mean|X − X′| over the samples (draws, …), truth (…) (Gneiting & Raftery 2007). The second mean runs
    over all pairs, each value with itself included, so a single draw scores its absolute error.

    Errors: ``draws_invalid``, ``shape_mismatch``, ``not_finite``.
    """
    drawn, came = _pair(samples, truth)
    n = len(drawn)
    # centring first keeps the digits of large figures; draws side by side in memory, so that the last digit of a sum
    # depends neither on how the samples lay nor on what is scored beside them
    moved = np.sort(np.ascontiguousarray(np.moveaxis(drawn - came, 0, -1)), axis=-1)
    weights = 2.0 * np.arange(1, n + 1) - n - 1
    score = np.abs(moved).mean(axis=-1) - (weights * moved).sum(axis=-1) / n**2
    return np.asarray(np.maximum(score, 0.0), dtype=np.float64)


def brier(probability: ArrayLike, happened: ArrayLike) -> FloatArray:
    """(p − o)² for probabilities p (…) of events o (…), 0 or 1 (Brier 1950); 0 is perfect, a coin scores 0.25.

    Errors: ``probability_invalid``, ``shape_mismatch``.
    """
    p, o = np.asarray(probability, dtype=np.float64), np.asarray(happened, dtype=np.float64)
    if p.shape != o.shape:
        text = f"events must be shaped {p.shape} like the probabilities, not {o.shape}"
        raise EngineError("shape_mismatch", text, {"array": "happened", "got": list(o.shape)})
    if not (((p >= 0) & (p <= 1)).all() and np.isin(o, (0.0, 1.0)).all()):
        raise EngineError("probability_invalid", "probabilities lie within 0 and 1, events are 0 or 1")
    return np.asarray((p - o) ** 2, dtype=np.float64)


def checked_levels(levels: Sequence[float]) -> tuple[float, ...]:
    """Shares of central intervals, each inside (0, 1), rising; ``levels_invalid`` otherwise."""
    given = tuple(levels)
    numbers = all(isinstance(level, (int, float)) and 0 < level < 1 for level in given)
    if not given or not numbers or any(low >= high for low, high in pairwise(given)):
        text = f"levels must rise and lie between 0 and 1, for example 0.5 0.8 0.95, not {list(given)!r}"
        raise EngineError("levels_invalid", text, {"levels": repr(list(given))})
    return given


def interval(samples: ArrayLike, level: float) -> tuple[FloatArray, FloatArray]:
    """Ends of the central interval that holds ``level`` of the samples (draws, …) -> two arrays (…)."""
    low, high = np.quantile(np.asarray(samples, dtype=np.float64), [(1 - level) / 2, (1 + level) / 2], axis=0)
    return low, high


def covered(samples: ArrayLike, truth: ArrayLike, levels: Sequence[float]) -> BoolArray:
    """Whether each central interval holds what came -> (levels, …). Wider ones hold what narrower ones hold."""
    drawn, came = _pair(samples, truth)
    shares = np.array(checked_levels(levels))
    ends = np.quantile(drawn, np.concatenate([(1 - shares) / 2, (1 + shares) / 2]), axis=0)
    return np.asarray((ends[: len(shares)] <= came) & (came <= ends[len(shares) :]), dtype=np.bool_)

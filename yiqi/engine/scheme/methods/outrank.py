"""Comparing units in pairs: the outranking matrix, dominance, Copeland's score and the net flow.

Source: OECD/JRC handbook (2008), part 1, section 6 (non-compensatory methods); Munda and Nardo (2009); Brans and
Vincke (1985) for the net flow with the usual criterion. A pair is judged by the criteria that both units have, their
weights brought to 1; with nothing in common it is undecided. So the order of the units does not matter.

Values of a criterion within ``tolerance`` of one another count as equal: scores that are equal by their formula differ
in the last binary digits, and a digit must not decide a pair. See ``classes`` for what the tolerance is a share of.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import ArrayLike

from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.ranking import NO_RANK, rank_columns

PAIRS = 262_144  # compared at a time, so that memory grows with the units and not with their square
TIED = 1e-12  # of the weight: a balance of ½ to rounding is ½
TOLERANCE = 1e-9  # of a criterion's scale
UNITY = 1.0  # least scale of scores: rounding of parts that cancel leaves crumbs around 0, which are no scale


class Dominance(NamedTuple):
    """Pairs in which one unit is better on every criterion, and their share of all pairs."""

    pairs: int
    share: float


def outrank_matrix(values: ArrayLike, weights: ArrayLike | None = None, *, tolerance: float = TOLERANCE) -> FloatArray:
    """o[i, j] = Σ w[x_i > x_j] + ½ Σ w[x_i = x_j] with Σ w = 1; (units, units), 0 on the diagonal.

    ``values`` (units, criteria), higher is better, nan missing; ``weights`` (criteria,), equal without. A pair with
    no common criterion is nan. ``tolerance``: share of the greatest absolute value of a criterion; 0 compares to the
    last digit. Errors: ``weights_sum_zero``, ``weight_negative``, ``shape_mismatch``.
    """
    cells = classes(np.asarray(values, dtype=np.float64), tolerance)
    shares = _weights(weights, cells.shape[1])
    found = np.vstack([rows for rows, _ in balances(cells, shares)])
    np.fill_diagonal(found, 0.0)
    return found


def dominance(matrix: FloatArray) -> Dominance:
    """How many pairs of an outranking matrix are decided by every criterion: o[i, j] = 1."""
    units = len(matrix)
    pairs = int((matrix >= 1.0 - TIED).sum())
    return Dominance(pairs, pairs / (units * (units - 1) / 2) if units > 1 else 0.0)


def classes(cells: FloatArray, tolerance: float = TOLERANCE, least: float = 0.0) -> FloatArray:
    """Classes of equal values of each column (units, criteria), whole numbers, higher is better, nan missing.

    Values within ``tolerance`` × scale of the best of their class are one class, by the rule of the ranks. Scale: the
    greatest absolute value of the column, ``least`` at the least. Tolerance 0: only equal doubles are equal.
    """
    scale = np.maximum(np.where(np.isnan(cells), 0.0, np.abs(cells)).max(axis=0, initial=0.0), least)
    shares = cells if tolerance == 0 else cells / np.where(scale > 0, scale, 1.0)
    places = rank_columns(shares, "dense", tolerance)
    return np.where(places == NO_RANK, np.nan, -places.astype(np.float64))


def known_only(scores: FloatArray, cells: FloatArray, weights: FloatArray) -> FloatArray:
    """nan for a unit without a value that counts."""
    return cast(FloatArray, np.where((~np.isnan(cells) & (weights > 0)).any(axis=1), scores, np.nan))


def balances(cells: FloatArray, weights: FloatArray) -> Iterator[tuple[FloatArray, int]]:
    """Rows of the outranking matrix (a few at a time, all units) with the number of the first; ½ on the diagonal."""
    units = len(cells)
    step = max(1, PAIRS // units)
    counted = np.flatnonzero(weights > 0)
    complete = not np.isnan(cells[:, counted]).any()
    for start in range(0, units, step):
        block = cells[start : start + step]
        won = np.zeros((len(block), units))
        both = np.zeros_like(won)
        for column in counted:
            mine, theirs, weight = block[:, column, None], cells[None, :, column], weights[column]
            won += weight * (0.5 * (mine > theirs) + 0.5 * (mine >= theirs))
            both += weight if complete else weight * (~np.isnan(mine) & ~np.isnan(theirs))
        yield np.where(both > 0, won / np.where(both > 0, both, 1.0), np.nan), start


def _weights(given: ArrayLike | None, count: int) -> FloatArray:
    weights = np.ones(count) if given is None else np.asarray(given, dtype=np.float64)
    if weights.shape != (count,):
        raise EngineError("shape_mismatch", f"weights must be {count}, not {weights.shape}", {"array": "weights"})
    if not (weights >= 0).all():
        raise EngineError("weight_negative", "weights must be 0 or more", {"array": "weights"})
    if not weights.sum() > 0:
        raise EngineError("weights_sum_zero", "the weights sum to 0; give at least one above 0", {"array": "weights"})
    return weights

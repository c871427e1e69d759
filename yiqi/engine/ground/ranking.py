"""Ranks with tolerant ties. Rank 1 is best; 0 means no rank (the score is nan)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray
from yiqi.engine.ground.errors import EngineError

PlaceArray = NDArray[np.int32]

NO_RANK: Final = 0
TIES_POLICIES: Final = ("competition", "dense")


def rank_columns(scores: FloatArray, ties: str = "competition", tolerance: float = 1e-9) -> IntArray:
    """Rank each column of ``scores`` (units, k), higher is better -> int64 (units, k); nan gets ``NO_RANK``.

    A tie group is all units within ``tolerance`` of the *best of that group*: a chain of small differences does not
    drift through the whole field. ``competition`` skips places after a tie (1, 1, 3), ``dense`` does not (1, 1, 2).
    """
    rows = np.ascontiguousarray(scores.T)
    order = np.argsort(-rows, axis=1)
    leads = _leads(np.take_along_axis(rows, order, axis=1), tolerance)
    if ties == "dense":
        places = np.cumsum(leads, axis=1)
    else:
        places = np.maximum.accumulate(np.where(leads, np.arange(rows.shape[1]), 0), axis=1) + 1
    ranks = np.empty(rows.shape, dtype=np.int64)
    np.put_along_axis(ranks, order, places, axis=1)
    ranks[np.isnan(rows)] = NO_RANK
    return np.ascontiguousarray(ranks.T)


def place_rows(scores: FloatArray, ties: str = "competition", tolerance: float = 1e-9) -> PlaceArray:
    """Rank each row of ``scores`` (draws, units), higher is better -> int32 (draws, units); nan gets 0.

    The rules of ``rank_columns``, which also does the rows with a tie or a missing score; every other row
    needs no more than its order, at a quarter of the time.
    """
    order = np.argsort(scores, axis=1)
    rising = np.take_along_axis(scores, order, axis=1)
    places = np.empty(scores.shape, dtype=np.int32)
    np.put_along_axis(places, order, np.arange(scores.shape[1], 0, -1, dtype=np.int32)[None, :], axis=1)
    special = _special(rising, tolerance)
    if special.any():
        places[special] = rank_columns(scores[special].T, ties, tolerance).T
    return places


def places_of(scores: FloatArray, seat: int, ties: str = "competition", tolerance: float = 1e-9) -> IntArray:
    """Places (k,) of one row of ``scores`` (units, k): that row of ``rank_columns``.

    Who has nobody within the tolerance is a tie group alone, whose place is one after all above, without an order.
    """
    if ties == "dense":
        return np.asarray(rank_columns(scores, ties, tolerance)[seat])
    own = scores[seat]
    with np.errstate(invalid="ignore"):
        lead = scores - own
        near = (np.abs(lead) <= tolerance).sum(axis=0)
    places: IntArray = np.where(near == 1, (lead > 0).sum(axis=0) + 1, NO_RANK)
    open_ = (near != 1) & ~np.isnan(own)
    if open_.any():
        places[open_] = rank_columns(scores[:, open_], ties, tolerance)[seat]
    return places


def _special(rising: FloatArray, tolerance: float) -> BoolArray:
    """Rows (draws,) with neighbours that may be tied, or with a missing score: nan is sorted to the end."""
    if rising.shape[1] == 0:
        return np.zeros(len(rising), dtype=np.bool_)
    with np.errstate(invalid="ignore"):
        near = np.any(np.diff(rising, axis=1) <= tolerance, axis=1)
    found: BoolArray = near | ~np.isfinite(rising[:, -1]) | ~np.isfinite(rising[:, 0])
    return found


def _leads(falling: FloatArray, tolerance: float) -> BoolArray:
    """Which entries of each falling row open a new tie group. nan stands last and opens none."""
    leads = np.ones(falling.shape, dtype=np.bool_)
    with np.errstate(invalid="ignore"):  # −∞ − −∞ among missing tie-breakers is a tie
        leads[:, 1:] = (falling[:, :-1] - falling[:, 1:]) > tolerance
        if leads.all():
            return leads
        opened = np.maximum.accumulate(np.where(leads, np.arange(falling.shape[1]), 0), axis=1)
        drift = (np.take_along_axis(falling, opened, axis=1) - falling) > tolerance
    for row in np.flatnonzero(drift.any(axis=1)):
        leads[row] = _leads_one_by_one(falling[row], tolerance)
    return leads


def _leads_one_by_one(falling: FloatArray, tolerance: float) -> BoolArray:
    """The same for a row in which neighbours are closer than the tolerance and the ends are not."""
    leads = np.zeros(falling.shape, dtype=np.bool_)
    best = np.inf
    for place, value in enumerate(falling.tolist()):
        if place == 0 or best - value > tolerance:
            leads[place], best = True, value
    return leads


def ranks(
    scores: FloatArray,
    ties: str = "competition",
    tolerance: float = 1e-9,
    breakers: Sequence[FloatArray] = (),
) -> IntArray:
    """Rank ``scores`` (units,), higher is better -> int64 (units,), ``NO_RANK`` = 0 where the score is nan.

    Units tied on the score are told apart by the first breaker, those still tied by the second, and so on. Breakers
    are (units,), higher is better; a missing one comes last among the tied. Who is tied to the end shares the place.
    Errors: ``unknown_option`` (ties), ``not_finite`` (an infinite score), ``shape_mismatch`` (a breaker).
    """
    values = np.asarray(scores, dtype=np.float64)
    _check(values, ties, breakers)
    classes = rank_columns(values[:, None], "dense", tolerance)[:, 0]
    for breaker in breakers:
        classes = _refine(classes, np.asarray(breaker, dtype=np.float64), tolerance)
    if ties == "dense":
        return classes
    sizes = np.bincount(classes, minlength=1)
    sizes[NO_RANK] = 0
    before = np.cumsum(sizes) - sizes
    return np.where(classes == NO_RANK, NO_RANK, before[classes] + 1).astype(np.int64)


def _check(values: FloatArray, ties: str, breakers: Sequence[FloatArray]) -> None:
    if ties not in TIES_POLICIES:
        raise EngineError("unknown_option", f"ties cannot be {ties!r}", {"option": "ties", "value": repr(ties)})
    if values.ndim != 1 or any(np.shape(breaker) != values.shape for breaker in breakers):
        raise EngineError("shape_mismatch", "scores and tie-breakers must be one value a unit", {"array": "scores"})
    if np.isinf(values).any():
        position = int(np.flatnonzero(np.isinf(values))[0])
        raise EngineError("not_finite", f"score {position} is infinite", {"array": "scores", "position": position})


def _refine(classes: IntArray, breaker: FloatArray, tolerance: float) -> IntArray:
    """Split each tied class by the breaker -> dense classes again."""
    worth = np.where(np.isnan(breaker), -np.inf, breaker)
    within = np.zeros_like(classes)
    for tied in np.flatnonzero(np.bincount(classes) > 1):
        members = np.flatnonzero(classes == tied)
        if tied != NO_RANK:
            within[members] = rank_columns(worth[members, None], "dense", tolerance)[:, 0]
    keys = classes * (len(classes) + 1) + within
    refined = np.zeros_like(classes)
    ranked = classes != NO_RANK
    refined[ranked] = np.unique(keys[ranked], return_inverse=True)[1].reshape(-1) + 1
    return refined


def mean_shift(nominal: NDArray[Any], places: NDArray[Any]) -> FloatArray:
    """Mean absolute change of place against ``nominal`` (units,), over the units placed in both.

    ``places`` (draws, units) -> (draws,).

    nan where no unit is. This is the output of the sensitivity analysis (OECD/JRC handbook 2008, step 7).
    """
    both = (places != NO_RANK) & (nominal != NO_RANK)
    moved = np.where(both, np.abs(places.astype(np.int64) - nominal), 0).sum(axis=1)
    number = both.sum(axis=1)
    shift = np.full(len(places), np.nan)
    np.divide(moved, number, out=shift, where=number > 0)
    return shift

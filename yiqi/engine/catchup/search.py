"""The first double at which a goal holds: breakpoints, then bounds on each piece, then halving where it is open.

Between two breakpoints every score rises or falls throughout, so the scores at the ends bound those inside. A piece is
left out when these bounds prove that the goal cannot hold in it, or that nothing that decides it changes; every other
piece is divided, first part first, down to neighbouring doubles. So it does not matter that a place can be gained,
lost and gained again on the way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from yiqi.engine.arrays import BoolArray, FloatArray, IntArray
from yiqi.engine.catchup.doubles import doubles, grid
from yiqi.engine.catchup.ground import MOST_TRIED, Mover, Outcomes
from yiqi.engine.catchup.wishes import NO_PLACE, Goal
from yiqi.engine.rounding import round_half_up

PARTS = 12  # a piece is divided into so many at a time
AT_ONCE = 4096  # where rounding blurs the order, so many neighbouring doubles are tried together
STEP = 32  # values tried between two words to who waits


@dataclass(frozen=True)
class Found:
    """``position`` of the first success or None; ``proved`` False when the search gave up dividing before the end."""

    position: int | None
    proved: bool = True


@dataclass(eq=False)
class Tried:
    """Positions already tried (n,), rising, with their outcomes."""

    positions: IntArray
    outcomes: Outcomes


@dataclass(eq=False)
class Search:
    """Looks along one lever in one direction, from position ``first`` to ``last``; ``told``: called as it goes on."""

    trial: Mover
    way: int
    first: int
    last: int
    told: Callable[[], object] | None = None
    tried: Tried = field(init=False)
    count: int = field(init=False, default=0)
    most: int = field(init=False, default=MOST_TRIED)

    def __post_init__(self) -> None:
        self.tried = self._try(grid(self.trial.thresholds(), self.first, self.last, self.way))

    def value(self, position: int) -> float:
        """The double at a position."""
        return float(self._values(np.array([position], dtype=np.int64))[0])

    def _values(self, positions: IntArray) -> FloatArray:
        return doubles(positions * self.way)

    def _try(self, positions: IntArray) -> Tried:
        self.count += len(positions)
        if self.told is None:
            return Tried(positions, self.trial.try_values(self._values(positions)))
        parts = []
        for start in range(0, max(1, len(positions)), STEP):
            parts.append(self.trial.try_values(self._values(positions[start : start + STEP])))
            self.told()
        return Tried(positions, _joined(parts))

    def find(self, goal: Goal, most: int = MOST_TRIED) -> Found:
        """The first position at which the goal holds. Errors: none; see ``Found.proved``."""
        self.count, self.most = 0, min(most, self.trial.patience)
        found = self._look(goal, self.tried)
        if found.proved or found.position is None:
            return found
        return Found(self._brought_forward(goal, found.position), proved=False)

    def _held(self, goal: Goal, outcomes: Outcomes) -> BoolArray:
        return goal.fulfilled(outcomes, self.trial.seat, self.trial.tolerance)

    def _brought_forward(self, goal: Goal, success: int) -> int:
        """A success whose predecessor is none, by halving between the breakpoint before and the success."""
        before = self.tried.positions[self.tried.positions < success]
        below = int(before[-1]) if len(before) else self.first
        while success - below > 1:
            middle = (below + success) // 2
            outcomes = self._try(np.array([middle], dtype=np.int64)).outcomes
            held = bool(self._held(goal, outcomes)[0])
            below, success = (below, middle) if held else (middle, success)
        return success

    def _look(self, goal: Goal, tried: Tried) -> Found:
        outcomes, positions = tried.outcomes, tried.positions
        holds = self._held(goal, outcomes)
        hits = np.flatnonzero(holds)
        end = int(hits[0]) if len(hits) else len(positions) - 1
        best = int(positions[hits[0]]) if len(hits) else None
        low, high = _envelope(outcomes, self.trial, end)
        wide = np.diff(positions[: end + 1]) > 1
        open_ = wide & ~_ruled_out(goal, low, high, self.trial, outcomes, end)
        for piece in np.flatnonzero(open_):
            if _settled(low[:, piece], high[:, piece], self.trial):
                continue
            if self.count > self.most:
                return Found(best, proved=False)
            inside = self._look(goal, self._divide(tried, int(piece)))
            if inside.position is not None or not inside.proved:
                return Found(best if inside.position is None else inside.position, inside.proved)
        return Found(best)

    def _divide(self, tried: Tried, piece: int) -> Tried:
        """The piece with evenly spaced positions inside."""
        start, end = int(tried.positions[piece]), int(tried.positions[piece + 1])
        loose = self.most == MOST_TRIED and bool(tried.outcomes.slop[:, piece : piece + 2].any())
        steps = min(end - start, AT_ONCE if loose and end - start <= AT_ONCE else PARTS)
        inner = np.array([start + (end - start) * part // steps for part in range(1, steps)], dtype=np.int64)
        fresh = self._try(inner)
        ends = [piece, piece + 1]
        merged = [
            np.insert(getattr(tried.outcomes, name)[..., ends], [1], getattr(fresh.outcomes, name), axis=-1)
            for name in ("points", "ranked", "slop", "places", "vetoed")
        ]
        return Tried(np.array([start, *inner.tolist(), end], dtype=np.int64), Outcomes(*merged))

    def most_points(self) -> int:
        """The first position with the most points of the subject: found at a breakpoint, then brought forward."""
        seat = self.trial.seat
        own = self.tried.outcomes.points[seat]
        if np.isnan(own).all():
            return self.first
        best = int(np.nanargmax(own))
        if best == 0:
            return int(self.tried.positions[0])
        below, above = int(self.tried.positions[best - 1]), int(self.tried.positions[best])
        while above - below > 1:
            middle = (below + above) // 2
            points = self.trial.try_values(self._values(np.array([middle], dtype=np.int64))).points[seat, 0]
            below, above = (below, middle) if points >= own[best] else (middle, above)
        return above

    def best_place(self) -> tuple[int, Found]:
        """The best place that can be reached, vetoed or not, and its first position; 0 when none has a place."""
        places = self.tried.outcomes.places
        ranked = places[places != NO_PLACE]
        best = int(ranked.min()) if len(ranked) else self.trial.count + 1
        while best > 1:
            better = self.find(Goal(best - 1))
            if better.position is None:
                break
            at = self._try(np.array([better.position], dtype=np.int64))
            best = int(at.outcomes.places[0])
        if best > self.trial.count:
            return NO_PLACE, Found(None)
        return best, self.find(Goal(best))


def _joined(parts: list[Outcomes]) -> Outcomes:
    if len(parts) == 1:
        return parts[0]
    names = ("points", "ranked", "slop", "places", "vetoed")
    return Outcomes(*(np.concatenate([getattr(part, name) for part in parts], axis=-1) for name in names))


def _envelope(outcomes: Outcomes, trial: Mover, end: int) -> tuple[FloatArray, FloatArray]:
    """Least and largest score of each member inside each piece up to ``end`` (k, end)."""
    before, after = slice(0, end), slice(1, end + 1)
    slop = np.maximum(outcomes.slop[:, before], outcomes.slop[:, after])
    if not slop.any():
        ends = outcomes.ranked[:, before], outcomes.ranked[:, after]
        return np.minimum(*ends), np.maximum(*ends)
    ends = outcomes.points[:, before], outcomes.points[:, after]
    low, high = np.minimum(*ends) - slop, np.maximum(*ends) + slop
    if trial.rounded is not None:
        return round_half_up(low, trial.rounded), round_half_up(high, trial.rounded)
    return low, high


def _ruled_out(goal: Goal, low: FloatArray, high: FloatArray, trial: Mover, outcomes: Outcomes, end: int) -> BoolArray:
    """Pieces (end,) in which the goal cannot hold, whatever happens between the bounds."""
    seat, tolerance = trial.seat, trial.tolerance
    if goal.worse:
        beside = (high - low[seat]) >= -tolerance  # not certainly below; the subject itself counts as one
        at_worst = beside.sum(axis=0)
        return np.asarray(~np.isnan(low[seat]) & (at_worst <= goal.place))
    above = (low - high[seat]) > tolerance
    least = above.sum(axis=0) + 1
    if trial.ties == "dense":
        least = np.array([_classes(low[above[:, n], n], high[above[:, n], n], tolerance) + 1 for n in range(end)])
    ruled: BoolArray = np.isnan(low[seat]) | (least > goal.place)
    if goal.tier:
        ruled |= outcomes.vetoed[:end] & outcomes.vetoed[1 : end + 1]
    return ruled


def _classes(low: FloatArray, high: FloatArray, tolerance: float) -> int:
    """At least so many classes of ties: scores that are certainly apart by more than the tolerance share none."""
    count, reach = 0, -np.inf
    for position in np.argsort(high, kind="stable"):
        if low[position] - reach > tolerance:
            count, reach = count + 1, float(high[position])
    return count


def _settled(low: FloatArray, high: FloatArray, trial: Mover) -> bool:
    """Whether nothing that decides the subject's place changes inside a piece: (k,) bounds of every score.

    Who is certainly below does not count. Who is certainly above counts by number only, unless it may take somebody
    who is tied with the subject into its own class of ties, or classes are what is counted (dense).
    """
    tolerance, seat = trial.tolerance, trial.seat
    if np.isnan(low[seat]):
        return True
    below = (low[seat] - high) > tolerance
    above = (low - high[seat]) > tolerance
    tied = ~below & ~above & ~np.isnan(low)
    apart = low[above][:, None] - high[tied][None, :] > tolerance
    chosen = tied if apart.all() and trial.ties != "dense" else tied | above
    if chosen.sum() == 1:
        return True
    least = low[chosen][:, None] - high[chosen][None, :]
    most = high[chosen][:, None] - low[chosen][None, :]
    np.fill_diagonal(least, 0.0)
    np.fill_diagonal(most, 0.0)
    if (np.maximum(most, -least) <= tolerance).all():
        return True
    return bool((_category(least, tolerance) == _category(most, tolerance)).all())


def _category(difference: FloatArray, tolerance: float) -> IntArray:
    far = (difference > tolerance).astype(np.int64) - (difference < -tolerance).astype(np.int64)
    return 2 * far + np.sign(difference).astype(np.int64)

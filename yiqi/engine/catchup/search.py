"""The first double at which a goal holds: breakpoints, then bounds on each piece, then halving where it is open.

Between two breakpoints every score rises or falls throughout, so the scores at the ends bound those inside. A piece is
left out when these bounds prove that the goal cannot hold in it, or that nothing that decides it changes; every other
piece is divided, first part first, down to neighbouring doubles. So it does not matter that a place can be gained,
lost and gained again on the way. Where scores follow lines or hyperbolas with one pole, the value at which the goal
begins to hold is worked out from the ends of a piece, which is then divided there: a few doubles remain to be tried.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields

import numpy as np

from yiqi.engine.catchup.doubles import doubles, grid, ordinals
from yiqi.engine.catchup.ground import MOST_TRIED, Mover, Outcomes
from yiqi.engine.catchup.wishes import NO_PLACE, Goal
from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray
from yiqi.engine.ground.ranking import places_of
from yiqi.engine.ground.rounding import round_half_up

PARTS = 12  # a piece is divided into so many at a time
NARROW = 48  # a piece of no more doubles is tried whole
AT_ONCE = 4096  # where rounding blurs the order, so many neighbouring doubles are tried together
AROUND = np.unique([side * step for side in (-1, 1) for step in (0, 1, 2, 3, 16, 128, 1024)])  # doubles
STEP = 32  # values tried between two words to who waits
NAMES = tuple(entry.name for entry in fields(Outcomes))


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
        """A success whose predecessor is none, found between the breakpoint before and the success."""
        before = self.tried.positions[self.tried.positions < success]
        below = int(before[-1]) if len(before) else self.first
        return self._first(lambda outcomes: self._held(goal, outcomes), below, success)

    def _look(self, goal: Goal, tried: Tried, *, aimed: bool = False) -> Found:
        outcomes, positions = tried.outcomes, tried.positions
        holds = self._held(goal, outcomes)
        hits = np.flatnonzero(holds)
        end = int(hits[0]) if len(hits) else len(positions) - 1
        best = int(positions[hits[0]]) if len(hits) else None
        pieces = Pieces.of(outcomes, self.trial, end)
        wide = np.diff(positions[: end + 1]) > 1
        for piece in np.flatnonzero(wide & ~pieces.ruled_out(goal)):
            if pieces.settled(int(piece)):
                continue
            if self.count > self.most:
                return Found(best, proved=False)
            inner = None if aimed else self._aim(goal, tried, int(piece))
            divided = self._divide(tried, int(piece), inner)
            inside = self._look(goal, divided, aimed=inner is not None)
            if inside.position is not None or not inside.proved:
                return Found(best if inside.position is None else inside.position, inside.proved)
        return Found(best)

    def _aim(self, goal: Goal, tried: Tried, piece: int) -> IntArray | None:
        """Positions around the one at which the goal begins to hold inside a piece, by the lines or hyperbolas through
        the scores at its ends; None where these do not reach it, or are not known."""
        trial, outcomes = self.trial, tried.outcomes
        if not trial.leads:
            return None
        before, after = outcomes.ranked[:, piece], outcomes.ranked[:, piece + 1]
        lead, rise = before[trial.seat] - before, (after[trial.seat] - after) - (before[trial.seat] - before)
        with np.errstate(divide="ignore", invalid="ignore"):
            shares = (np.array([[-trial.tolerance], [0.0], [trial.tolerance]]) - lead) / rise
        marks = np.array([0.0, *np.unique(shares[(shares > 0) & (shares < 1)]), 1.0])
        scores = before[:, None] + (after - before)[:, None] * ((marks[1:] + marks[:-1]) / 2.0)
        places = places_of(scores, trial.seat, trial.ties, trial.tolerance)
        vetoed = np.repeat(outcomes.vetoed[[piece]], len(places))
        hits = np.flatnonzero(self._held(goal, Outcomes(scores, scores, np.zeros_like(scores), places, vetoed)))
        if not len(hits) or not hits[0]:
            return None
        near, far = self._values(tried.positions[[piece, piece + 1]]).tolist()
        shares, pole = marks[max(1, hits[0] - 2) : hits[0] + 1], trial.pole((near + far) / 2.0)
        values = near + shares * (far - near)
        if pole is not None and near != pole != far:
            values = pole + 1.0 / (1.0 / (near - pole) + shares * (1.0 / (far - pole) - 1.0 / (near - pole)))
        around = np.unique(ordinals(values)[:, None] * self.way + AROUND)
        return np.asarray(around[(around > tried.positions[piece]) & (around < tried.positions[piece + 1])])

    def _divide(self, tried: Tried, piece: int, inner: IntArray | None) -> Tried:
        """The piece with positions inside, evenly spaced where none are given."""
        start, end = int(tried.positions[piece]), int(tried.positions[piece + 1])
        if inner is None:
            loose = self.most == MOST_TRIED and bool(tried.outcomes.slop[:, piece : piece + 2].any())
            whole = end - start <= (AT_ONCE if loose else NARROW)
            inner = _between(start, end, end - start if whole else PARTS)
        fresh = self._try(inner)
        before, after = (
            Outcomes(*(getattr(tried.outcomes, name)[..., [at]] for name in NAMES)) for at in (piece, piece + 1)
        )
        return Tried(np.concatenate([[start], inner, [end]]), _joined([before, fresh.outcomes, after]))

    def _first(self, holds: Callable[[Outcomes], BoolArray], below: int, above: int) -> int:
        """The first position where something holds that does not at ``below``, does at ``above``, and stays: many at a
        time, the more the nearer to ``above``, where it mostly is."""
        while above - below > 1:
            near = above - (1 << np.arange(0, int(above - below - 1).bit_length(), 4, dtype=np.int64))
            inner = np.union1d(near, _between(below, above, PARTS))
            held = np.flatnonzero(holds(self._try(inner).outcomes))
            first = int(held[0]) if len(held) else len(inner)
            below = below if first == 0 else int(inner[first - 1])
            above = above if first == len(inner) else int(inner[first])
        return above

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
        return self._first(lambda outcomes: np.asarray(outcomes.points[seat] >= own[best]), below, above)

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


def _between(start: int, end: int, parts: int) -> IntArray:
    """Evenly spaced positions inside a piece, its ends left out; every one where there are no more."""
    steps = min(end - start, parts)
    return np.array([start + (end - start) * part // steps for part in range(1, steps)], dtype=np.int64)


def _joined(parts: list[Outcomes]) -> Outcomes:
    if len(parts) == 1:
        return parts[0]
    return Outcomes(*(np.concatenate([getattr(part, name) for part in parts], axis=-1) for name in NAMES))


@dataclass(frozen=True, eq=False)
class Pieces:
    """What may happen inside pieces (n,) between neighbouring positions tried.

    ``low``, ``high`` (k, n): least and largest score of each member; ``worst``, ``best`` (k, n): least and largest lead
    of the subject over it. Where leads rise or fall throughout (``Mover.leads``) those at the ends bound them, which is
    sharper than what the scores of two members say that move together.
    """

    outcomes: Outcomes
    trial: Mover
    slop: FloatArray
    low: FloatArray
    high: FloatArray
    worst: FloatArray
    best: FloatArray

    @classmethod
    def of(cls, outcomes: Outcomes, trial: Mover, end: int) -> Pieces:
        """The pieces up to position number ``end``."""
        before, after, seat = slice(0, end), slice(1, end + 1), trial.seat
        slop = np.maximum(outcomes.slop[:, before], outcomes.slop[:, after])
        scores = outcomes.points if slop.any() else outcomes.ranked
        ends = scores[:, before], scores[:, after]
        low, high = np.minimum(*ends) - slop, np.maximum(*ends) + slop
        if slop.any() and trial.rounded is not None:
            low, high = round_half_up(low, trial.rounded), round_half_up(high, trial.rounded)
        worst, best = low[seat] - high, high[seat] - low
        if trial.leads and trial.certain:
            leads = scores[seat] - scores
            ends, blur = (leads[:, before], leads[:, after]), slop + slop[seat]
            worst, best = np.minimum(*ends) - blur, np.maximum(*ends) + blur
        return cls(outcomes, trial, slop, low, high, worst, best)

    def ruled_out(self, goal: Goal) -> BoolArray:
        """Pieces (n,) in which the goal cannot hold, whatever happens between the bounds."""
        tolerance, own = self.trial.tolerance, self.low[self.trial.seat]
        if goal.worse:
            at_worst = (self.worst <= tolerance).sum(axis=0)  # not certainly below; the subject itself counts as one
            return np.asarray(~np.isnan(own) & (at_worst <= goal.place))
        above = self.best < -tolerance
        least = above.sum(axis=0) + 1
        if self.trial.ties == "dense":
            low, high = self.low, self.high
            counts = [_classes(low[above[:, n], n], high[above[:, n], n], tolerance) for n in range(len(own))]
            least = np.array(counts, dtype=np.int64) + 1
        ruled: BoolArray = np.isnan(own) | (least > goal.place)
        if goal.alone:  # somebody is level throughout; the subject itself counts as one
            ruled |= ((self.worst >= -tolerance) & (self.best <= tolerance)).sum(axis=0) > 1
        if goal.tier:
            ruled |= self.outcomes.vetoed[: len(own)] & self.outcomes.vetoed[1 : len(own) + 1]
        return ruled

    def settled(self, piece: int) -> bool:
        """Whether nothing that decides the subject's place changes inside a piece.

        Who is certainly below does not count. Who is certainly above counts by number only, unless it may take somebody
        who is tied with the subject into its own class of ties, or classes are what is counted (dense).
        """
        tolerance, low = self.trial.tolerance, self.low[:, piece]
        if np.isnan(low[self.trial.seat]):
            return True
        below, above = self.worst[:, piece] > tolerance, self.best[:, piece] < -tolerance
        tied = ~below & ~above & ~np.isnan(low)
        apart = self._differences(piece, above, tied)[0] > tolerance
        chosen = tied if apart.all() and self.trial.ties != "dense" else tied | above
        if chosen.sum() == 1:
            return True
        least, most = self._differences(piece, chosen, chosen)
        np.fill_diagonal(least, 0.0)
        np.fill_diagonal(most, 0.0)
        if (np.maximum(most, -least) <= tolerance).all():
            return True
        return bool((_category(least, tolerance) == _category(most, tolerance)).all())

    def _differences(self, piece: int, of: BoolArray, to: BoolArray) -> tuple[FloatArray, FloatArray]:
        """Bounds of what scores of some members are above those of others inside a piece."""
        if not (self.trial.leads and self.trial.certain):
            low, high = self.low[:, piece], self.high[:, piece]
            return low[of][:, None] - high[to], high[of][:, None] - low[to]
        blur = self.slop[of, piece][:, None] + self.slop[to, piece]
        scores = (self.outcomes.points if blur.any() else self.outcomes.ranked)[:, [piece, piece + 1]]
        first, last = (scores[of, side][:, None] - scores[to, side] for side in (0, 1))
        return np.minimum(first, last) - blur, np.maximum(first, last) + blur


def _classes(low: FloatArray, high: FloatArray, tolerance: float) -> int:
    """At least so many classes of ties: scores that are certainly apart by more than the tolerance share none."""
    count, reach = 0, -np.inf
    for position in np.argsort(high, kind="stable"):
        if low[position] - reach > tolerance:
            count, reach = count + 1, float(high[position])
    return count


def _category(difference: FloatArray, tolerance: float) -> IntArray:
    far = (difference > tolerance).astype(np.int64) - (difference < -tolerance).astype(np.int64)
    return 2 * far + np.sign(difference).astype(np.int64)

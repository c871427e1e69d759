"""What is wished for: the next place, a given place, the tier; and the goal that a search then checks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yiqi.engine.catchup.ground import Outcomes
from yiqi.engine.catchup.situation import Scope
from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray
from yiqi.engine.ground.errors import EngineError

NO_PLACE = 0


@dataclass(frozen=True)
class Goal:
    """A condition on one unit's place: at ``place`` or better, or (``worse``) below it; ``tier``: not vetoed as well;
    ``alone``: nobody level with its score (see ``apart``).

    A unit without a score has no place: it is never at a place, and has lost the one it had; with ``scored`` it is lost
    to others only, as what cannot be built is no standing.
    """

    place: int
    worse: bool = False
    tier: bool = False
    alone: bool = False
    scored: bool = False

    def holds(self, places: IntArray, vetoed: BoolArray) -> BoolArray:
        """Which of many outcomes (m,) fulfil the goal."""
        if self.worse:
            return np.asarray((places > self.place) | ((places == NO_PLACE) & (not self.scored)))
        placed: BoolArray = (places != NO_PLACE) & (places <= self.place)
        return placed & ~vetoed if self.tier else placed

    def fulfilled(self, outcomes: Outcomes, seat: int, tolerance: float) -> BoolArray:
        """``holds`` of outcomes tried, and ``apart`` where that is asked for."""
        held = self.holds(outcomes.places, outcomes.vetoed)
        return held & apart(outcomes.ranked, seat, tolerance) if self.alone else held


def apart(ranked: FloatArray, seat: int, tolerance: float) -> BoolArray:
    """Where (m,) nobody else's score (k, m) lies within the tolerance of that of the seat."""
    return np.asarray((np.abs(ranked - ranked[seat]) <= tolerance).sum(axis=0) <= 1)


@dataclass(frozen=True)
class Wish:
    """``kind`` is ``next``, ``place`` (then ``place`` is given) or ``tier``; use the functions below to make one.

    ``block`` None means the total. ``within_group`` looks at the place inside the ranking group. The tier is that of
    the total over all units.
    """

    kind: str
    place: int | None = None
    block: str | None = None
    within_group: bool = False

    def __post_init__(self) -> None:
        if self.kind not in ("next", "place", "tier"):
            text = f"a wish is 'next', 'place' or 'tier', not {self.kind!r}"
            raise EngineError("unknown_option", text, {"option": "wish", "value": repr(self.kind)})
        whole = isinstance(self.place, int) and not isinstance(self.place, bool)
        if self.kind == "place" and not (whole and (self.place or 0) >= 1):
            text = f"a place is a whole number from 1, not {self.place!r}"
            raise EngineError("place_invalid", text, {"place": repr(self.place)})
        if self.kind == "tier" and (self.block is not None or self.within_group):
            raise EngineError("tier_is_of_the_total", "the tier is that of the total over all units", {})

    @property
    def scope(self) -> Scope:
        """What is ranked among whom."""
        return Scope(self.block, self.within_group)

    def to_dict(self) -> dict[str, object]:
        """Plain JSON values."""
        return {"kind": self.kind, "place": self.place, "block": self.block, "within_group": self.within_group}


def next_place(block: str | None = None, *, within_group: bool = False) -> Wish:
    """One place better than now; for a unit without a place, any place."""
    return Wish("next", None, block, within_group)


def at_place(place: int, block: str | None = None, *, within_group: bool = False) -> Wish:
    """That place or a better one. Errors: ``place_invalid``."""
    return Wish("place", place, block, within_group)


def first_tier() -> Wish:
    """Among the first ``tier_size`` of the total, and not vetoed."""
    return Wish("tier")

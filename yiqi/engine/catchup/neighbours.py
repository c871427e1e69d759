"""Who is caught next and who threatens from below, in points and in what it would take; how much is safe to lose."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from yiqi.engine.catchup.bounds import Bounds, GivenBounds, check_keys, limits
from yiqi.engine.catchup.ground import After, Lever, Mover
from yiqi.engine.catchup.grounds import Ground
from yiqi.engine.catchup.single import search_of
from yiqi.engine.catchup.situation import Scope, Situation
from yiqi.engine.catchup.wishes import NO_PLACE, Goal
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.plain import Plain

COMB = 257  # values tried where a search has given up
HALVINGS = 40


@dataclass(frozen=True)
class Move:
    """A least change of one figure of ``unit``: from ``current`` (None: not there) to ``value``."""

    unit: str
    lever: Lever
    current: float | None
    value: float
    change: float | None
    proved: bool


@dataclass(frozen=True)
class Neighbour:
    """A unit beside ours: ``gap`` in points is never negative. ``moves``: each single figure that would do it.

    Of the one above: changes of our own figures that gain its place. Of the one below: changes of *its* figures that
    cost us ours.
    """

    unit: str
    place: int
    points: float
    gap: float
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class Neighbourhood(Plain):
    """The unit between its neighbours. ``above``: those on the next place before; ``below``: on the next after.

    ``level``: units that share the place. ``slack``: for each own figure the least worsening that loses the place.
    """

    unit: str
    place: int
    points: float
    above: tuple[Neighbour, ...]
    level: tuple[str, ...]
    below: tuple[Neighbour, ...]
    slack: tuple[Move, ...]


def neighbourhood(
    situation: Situation, unit: str, scope: Scope | None = None, *, bounds: GivenBounds | None = None
) -> Neighbourhood:
    """Who stands next to the unit and what would change that; of an index, ``scope.block`` is an aggregate.

    ``bounds`` hold for the figures of every unit. Errors: ``unknown_unit``, ``unknown_block``, ``unknown_node``,
    ``unit_screened``, ``no_groups``, ``no_score`` (the unit has no place), those of the bounds.
    """
    ground = Ground(situation, unit, scope or Scope())
    check_keys(situation, bounds or {})
    view = _View(situation, ground, bounds or {})
    place, seat = view.place, ground.seat
    if place == NO_PLACE:
        raise EngineError("no_score", f"unit {unit!r} has no score here, so it has no neighbours", {"unit": unit})
    places = view.now.places.tolist()
    others = [other for other in range(len(places)) if other != seat and places[other] != NO_PLACE]
    before = max((places[other] for other in others if places[other] < place), default=0)
    after = min((places[other] for other in others if places[other] > place), default=0)
    return Neighbourhood(
        unit=unit,
        place=place,
        points=view.points(seat),
        above=tuple(view.neighbour(other, above=True) for other in others if places[other] == before),
        level=tuple(ground.names[other] for other in others if places[other] == place),
        below=tuple(view.neighbour(other, above=False) for other in others if places[other] == after),
        slack=view.slack(),
    )


@dataclass(frozen=True)
class _View:
    """Members are known by their seats on the ground of the unit."""

    situation: Situation
    ground: Ground
    bounds: GivenBounds

    @cached_property
    def now(self) -> After:
        return self.ground.after({})

    @property
    def place(self) -> int:
        return int(self.now.places[self.ground.seat])

    @property
    def lost(self) -> Goal:
        """The place of the unit is lost, in an appraisal also with its score."""
        return Goal(self.place, worse=True, scored=not self.situation.unscored_lose)

    def points(self, seat: int) -> float:
        """The score as published, whichever way is better."""
        return float(self.now.points[seat] * self.ground.sign) + 0.0

    def neighbour(self, other: int, *, above: bool) -> Neighbour:
        place, points = int(self.now.places[other]), self.points(other)
        gap = abs(points - self.points(self.ground.seat))
        name = self.ground.names[other]
        moves = self._moves(self.ground.unit, Goal(place)) if above else self._moves(name, self.lost)
        return Neighbour(name, place, points, gap, moves)

    def slack(self) -> tuple[Move, ...]:
        """The least worsening of each own figure that costs the place."""
        return self._moves(self.ground.unit, self.lost, worsen=True)

    def _moves(self, name: str, goal: Goal, *, worsen: bool = False) -> tuple[Move, ...]:
        found = [self._move(name, lever, goal, worsen) for lever in self.situation.levers()]
        return tuple(move for move in found if move is not None)

    def _move(self, name: str, lever: Lever, goal: Goal, worsen: bool) -> Move | None:
        mover = self.ground.rival(name, lever)
        if not mover.matters or math.isnan(mover.start):
            return None
        both = len(mover.ways) > 1
        ways = tuple(-way for way in mover.ways) if worsen and not both else mover.ways
        bounds = limits(self.situation, lever, self.bounds)
        best: Move | None = None
        for way in ways:
            move = _along(mover, name, bounds, way, goal)
            if move is not None and (best is None or _size(move) < _size(best)):
                best = move
        return best


def _along(mover: Mover, name: str, bounds: Bounds, way: int, goal: Goal) -> Move | None:
    search = search_of(mover, bounds, way)
    if search is None:
        return None
    found = search.find(goal)
    value = None if found.position is None else search.value(found.position)
    if value is None and not found.proved:
        value = _combed(mover, search.value(search.first), search.value(search.last), goal)
    if value is None:
        return None
    return Move(name, mover.lever, mover.start, value, value - mover.start, found.proved and mover.certain)


def _combed(mover: Mover, first: float, last: float, goal: Goal) -> float | None:
    """Where the search gave up in a tie that rounding blurs: the first of evenly spread values, brought forward."""
    values = np.linspace(first, last, COMB)
    outcomes = mover.try_values(values)
    hits = np.flatnonzero(goal.holds(outcomes.places, outcomes.vetoed))
    if not len(hits):
        return None
    found, before = float(values[hits[0]]), float(values[max(0, hits[0] - 1)])
    for _ in range(HALVINGS):
        middle = (found + before) / 2.0
        outcomes = mover.try_values(np.array([middle]))
        held = bool(goal.holds(outcomes.places, outcomes.vetoed)[0])
        found, before = (middle, before) if held else (found, middle)
    return found


def _size(move: Move) -> float:
    return math.inf if move.change is None else abs(move.change)

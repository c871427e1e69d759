"""Who is caught next and who threatens from below, in points and in what it would take; how much is safe to lose."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from yiqi.appraisal.engine.catchup.bounds import Bounds, GivenBounds, check_keys, limits
from yiqi.appraisal.engine.catchup.ground import Lever
from yiqi.appraisal.engine.catchup.judging import judging
from yiqi.appraisal.engine.catchup.moving import AppraisalMover
from yiqi.appraisal.engine.catchup.search import Search
from yiqi.appraisal.engine.catchup.single import search_of
from yiqi.appraisal.engine.catchup.situation import Scope, Situation
from yiqi.appraisal.engine.catchup.wishes import NO_PLACE, Goal
from yiqi.appraisal.engine.errors import EngineError


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
class Neighbourhood:
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

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)


def neighbourhood(
    situation: Situation, unit: str, scope: Scope | None = None, *, bounds: GivenBounds | None = None
) -> Neighbourhood:
    """Who stands next to the unit and what would change that.

    ``bounds`` hold for the figures of every unit. Errors: ``unknown_unit``, ``unknown_block``, ``no_groups``,
    ``no_score`` (the unit has no place), those of the bounds.
    """
    scope = scope or Scope()
    scope.check(situation)
    check_keys(situation, bounds or {})
    row, places = situation.row(unit), scope.ranks(situation.result)
    place = int(places[row])
    if place == NO_PLACE:
        raise EngineError("no_score", f"unit {unit!r} has no score here, so it has no neighbours", {"unit": unit})
    view = _View(situation, row, scope, bounds or {})
    others = [other for other in scope.members(situation, row).tolist() if other != row and places[other] != NO_PLACE]
    before = max((int(places[other]) for other in others if places[other] < place), default=0)
    after = min((int(places[other]) for other in others if places[other] > place), default=0)
    points = scope.points(situation.result)
    return Neighbourhood(
        unit=unit,
        place=place,
        points=float(points[row]),
        above=tuple(view.neighbour(other, above=True) for other in others if places[other] == before),
        level=tuple(situation.units[other] for other in others if places[other] == place),
        below=tuple(view.neighbour(other, above=False) for other in others if places[other] == after),
        slack=view.slack(),
    )


@dataclass(frozen=True)
class _View:
    situation: Situation
    row: int
    scope: Scope
    bounds: GivenBounds

    @property
    def place(self) -> int:
        return int(self.scope.ranks(self.situation.result)[self.row])

    def neighbour(self, other: int, *, above: bool) -> Neighbour:
        result = self.situation.result
        place = int(self.scope.ranks(result)[other])
        points = self.scope.points(result)
        gap = abs(float(points[other] - points[self.row]))
        goal = Goal(place) if above else Goal(self.place, worse=True)
        moves = self._moves(self.row if above else other, goal)
        return Neighbour(self.situation.units[other], place, float(points[other]), gap, moves)

    def slack(self) -> tuple[Move, ...]:
        """The least worsening of each own figure that costs the place."""
        return self._moves(self.row, Goal(self.place, worse=True), worsen=True)

    def _moves(self, mover: int, goal: Goal, *, worsen: bool = False) -> tuple[Move, ...]:
        found = [self._move(mover, lever, goal, worsen) for lever in self.situation.levers()]
        return tuple(move for move in found if move is not None)

    def _move(self, mover: int, lever: Lever, goal: Goal, worsen: bool) -> Move | None:
        trial = AppraisalMover(self.situation, mover, lever, self.scope, subject=self.row)
        if not trial.matters or math.isnan(trial.start):
            return None
        better = 1 if judging(trial.spec, lever).sign > 0 else -1
        both = trial.part.rule == "bands"
        ways: Sequence[int] = (better, -better) if both else (-better if worsen else better,)
        bounds = limits(self.situation, lever, self.bounds)
        best: Move | None = None
        for way in ways:
            move = self._along(trial, bounds, way, goal)
            if move is not None and (best is None or _size(move) < _size(best)):
                best = move
        return best

    def _along(self, trial: AppraisalMover, bounds: Bounds, way: int, goal: Goal) -> Move | None:
        search: Search | None = search_of(trial, bounds, way)
        if search is None:
            return None
        found = search.find(goal)
        if found.position is None:
            return None
        value = search.value(found.position)
        return Move(trial.cell.unit, trial.lever, trial.start, value, value - trial.start, found.proved)


def _size(move: Move) -> float:
    return math.inf if move.change is None else float(np.abs(move.change))

"""The least change of one figure that fulfils a wish, exact to the last double; or the best that the figure can do."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from yiqi.appraisal.engine.catchup.bounds import Bounds, check_keys, limits, ways
from yiqi.appraisal.engine.catchup.doubles import ordinal
from yiqi.appraisal.engine.catchup.search import Search
from yiqi.appraisal.engine.catchup.situation import Lever, Scope, Situation
from yiqi.appraisal.engine.catchup.trial import Trial
from yiqi.appraisal.engine.catchup.wishes import NO_PLACE, Goal, Wish
from yiqi.appraisal.engine.errors import EngineError
from yiqi.appraisal.engine.result import Result

GivenBounds = Mapping[str, Bounds] | Mapping[Lever, Bounds]


@dataclass(frozen=True)
class Reach:
    """Where a figure gets the unit: ``value`` needed, the place (None without one) and the points there."""

    value: float
    change: float | None
    place: int | None
    points: float | None


@dataclass(frozen=True)
class SingleChange:
    """One figure and a wish.

    - ``status``: ``already`` (the wish holds), ``enough`` (``needed`` fulfils it) or ``cannot`` (``best`` is the most).
    - ``current``: the figure as the rules see it now, None where there is none; ``reported`` False where it is not one
      of this period (then to report the needed value is the change).
    - ``needed``: the first value in the wished direction that fulfils the wish; the double before it does not.
    - ``best``: with ``cannot``, the best place in reach with the least change; where no place can be gained, the most
      points with the least change.
    - ``passed``: units that stood before this one and then no longer do.
    - ``unseen``: the value lies beyond every figure of the column now, so it may be out of practical reach.
    - ``proved``: the search excluded every value before; ``verified``: ``run`` was made at the value and just before.
    - ``reason`` of ``cannot``: ``vetoed`` (another veto bars the tier), ``without_effect`` (the figure does not enter
      this score), ``no_room`` (already at its bound) or ``too_little``.
    """

    lever: Lever
    status: str
    current: float | None
    reported: bool
    low: float
    high: float
    needed: Reach | None = None
    best: Reach | None = None
    passed: tuple[str, ...] = ()
    unseen: bool = False
    proved: bool = True
    verified: bool = False
    reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)


def single_changes(
    situation: Situation,
    unit: str,
    wish: Wish,
    *,
    bounds: GivenBounds | None = None,
    levers: Sequence[Lever] | None = None,
) -> tuple[SingleChange, ...]:
    """What each figure of ``unit`` would have to be, all others as they are, for the wish to hold.

    ``bounds`` limits figures by indicator code or ``Lever``; without them the domain of the rule holds. ``levers``
    chooses figures; without it every indicator's value and the growths of ``level_and_growth``.
    Errors: ``unknown_unit``, ``unknown_indicator``, ``unknown_block``, ``no_groups``, ``bounds_outside_domain``,
    ``value_outside_bounds`` (the figure now lies beyond the bound that it would have to move towards).
    """
    row, goal = situation.row(unit), wish.goal(situation, unit)
    check_keys(situation, bounds or {})
    chosen = situation.levers() if levers is None else tuple(levers)
    task = _Task(situation, row, goal, wish.scope, wish.fulfilled(situation, unit))
    return tuple(task.answer(lever, limits(situation, lever, bounds or {})) for lever in chosen)


def optional(value: float) -> float | None:
    """None for nan."""
    return None if math.isnan(value) else float(value)


@dataclass(frozen=True)
class _Task:
    """One wish of one unit."""

    situation: Situation
    row: int
    goal: Goal
    scope: Scope
    fulfilled: bool

    def answer(self, lever: Lever, bounds: Bounds) -> SingleChange:
        trial = Trial(self.situation, self.row, lever, self.scope)
        low, high = _sides(bounds)
        blank = SingleChange(lever, "cannot", optional(trial.start), trial.reported, low, high, reason="too_little")
        if self.fulfilled:
            return _with(blank, status="already", reason="", best=self._now(trial))
        if not trial.matters:
            return _with(blank, reason="without_effect", best=self._now(trial))
        searches = [made for way in ways(trial.spec, lever) if (made := search_of(trial, bounds, way))]
        if not searches:
            return _with(blank, reason="no_room", best=self._now(trial))
        return self._least(trial, searches, blank)

    def _least(self, trial: Trial, searches: list[Search], blank: SingleChange) -> SingleChange:
        found = [(search, search.find(self.goal)) for search in searches]
        proved = all(result.proved for _, result in found)
        hits = [(search.value(result.position), search) for search, result in found if result.position is not None]
        if not hits:
            barred = self.goal.tier and all(search.tried.outcomes.vetoed.all() for search in searches)
            best = self._best(trial, searches)
            reason = "vetoed" if barred else blank.reason
            return _with(blank, best=best, proved=proved, verified=True, reason=reason)
        value, search = min(hits, key=lambda hit: abs(hit[0] - trial.start) if trial.start == trial.start else 0.0)
        after = self._verify(trial, search, value)
        return _with(
            blank, status="enough", needed=self._reach(trial, value, after), reason="", proved=proved, verified=True,
            passed=self._passed(after), unseen=_unseen(trial, value),
        )  # fmt: skip

    def _verify(self, trial: Trial, search: Search, value: float) -> Result:
        """Run at the value, where the wish must hold, and at the double before, where it must not."""
        after = self.situation.run({trial.cell: value})
        position = ordinal(value) * search.way
        before = self.situation.run({trial.cell: search.value(position - 1)}) if position > search.first else None
        if not self._holds(after) or (before is not None and self._holds(before)):
            text = f"the change of {trial.lever.indicator!r} to {value!r} could not be reproduced by a run"
            raise EngineError("not_reproduced", text, {"indicator": trial.lever.indicator, "value": repr(value)})
        return after

    def _holds(self, result: Result) -> bool:
        return bool(self.goal.holds(self.scope.ranks(result)[[self.row]], result.vetoed[[self.row]])[0])

    def _best(self, trial: Trial, searches: list[Search]) -> Reach:
        reached: list[tuple[int, float]] = []
        for search in searches:
            place, found = search.best_place()
            if found.position is not None:
                reached.append((place, search.value(found.position)))
        now = int(self.scope.ranks(self.situation.result)[self.row])
        worst = len(trial.members) + 1
        if reached and min(reached)[0] < (now if now != NO_PLACE else worst):
            best = min(place for place, _ in reached)
            value = min((value for place, value in reached if place == best), key=lambda v: _distance(trial, v))
            return self._reach(trial, value, self.situation.run({trial.cell: value}))
        return self._most(trial, searches)

    def _most(self, trial: Trial, searches: list[Search]) -> Reach:
        """The most points; the figure as it is now where no change earns more."""
        values = [search.value(search.most_points()) for search in searches]
        options = [self._reach(trial, value, self.situation.run({trial.cell: value})) for value in values]
        now = self._now(trial)
        best = max(options, key=lambda reach: (_worth(reach.points), -abs(reach.change or 0.0)))
        return best if now is None or _worth(best.points) > _worth(now.points) else now

    def _reach(self, trial: Trial, value: float, result: Result) -> Reach:
        place = int(self.scope.ranks(result)[self.row])
        points = optional(float(self.scope.points(result)[self.row]))
        change = None if math.isnan(trial.start) else value - trial.start
        return Reach(value, change, None if place == NO_PLACE else place, points)

    def _now(self, trial: Trial) -> Reach | None:
        if math.isnan(trial.start):
            return None
        return self._reach(trial, trial.start, self.situation.result)

    def _passed(self, after: Result) -> tuple[str, ...]:
        return passed(self.scope, self.situation, after, self.row)


def passed(scope: Scope, situation: Situation, after: Result, row: int) -> tuple[str, ...]:
    """Units of the scope that stood before the unit and no longer do, in the order of their places before."""
    old, new = scope.ranks(situation.result), scope.ranks(after)
    found = [
        (int(old[other]), situation.units[other])
        for other in scope.members(situation, row).tolist()
        if other != row and _before(int(old[other]), int(old[row])) and not _before(int(new[other]), int(new[row]))
    ]
    return tuple(name for _, name in sorted(found, key=lambda pair: pair[0]))


def _before(other: int, own: int) -> bool:
    return other != NO_PLACE and (own == NO_PLACE or other < own)


def _worth(points: float | None) -> float:
    return -math.inf if points is None else points


def _distance(trial: Trial, value: float) -> float:
    return 0.0 if math.isnan(trial.start) else abs(value - trial.start)


def _sides(bounds: Bounds) -> tuple[float, float]:
    if bounds.low is None or bounds.high is None:
        raise EngineError("bounds_open", "both bounds must be set here", {})
    return bounds.low, bounds.high


def span(trial: Trial, bounds: Bounds, way: int) -> tuple[int, int] | None:
    """Positions from the figure (the next double, or the figure itself where it is not reported) to the bound.

    A figure that is not there at all is looked for from the worse bound upward. None where there is no room.
    """
    low, high = _sides(bounds)
    near, far = (low, high) if way > 0 else (high, low)
    last = ordinal(far) * way
    if math.isnan(trial.start):
        return ordinal(near) * way, last
    first = max(ordinal(trial.start) * way + (1 if trial.reported else 0), ordinal(near) * way)
    return (first, last) if last >= first else None


def search_of(trial: Trial, bounds: Bounds, way: int) -> Search | None:
    """A search over ``span``; None where there is no room."""
    ends = span(trial, bounds, way)
    return None if ends is None else Search(trial, way, *ends)


def _unseen(trial: Trial, value: float) -> bool:
    seen = trial.figures[~np.isnan(trial.figures)]
    return bool(len(seen) and not seen.min() <= value <= seen.max())


def _with(answer: SingleChange, **changes: Any) -> SingleChange:
    return SingleChange(**{**{name: getattr(answer, name) for name in SingleChange.__dataclass_fields__}, **changes})

"""The least change of one figure that fulfils a wish, exact to the last double; or the best that the figure can do."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from yiqi.engine.catchup.bounds import Bounds, GivenBounds, check_keys, limits
from yiqi.engine.catchup.decimals import shortest
from yiqi.engine.catchup.doubles import ordinal
from yiqi.engine.catchup.ground import After, Lever, Mover
from yiqi.engine.catchup.grounds import Ground, goal_of
from yiqi.engine.catchup.search import Search
from yiqi.engine.catchup.situation import Situation
from yiqi.engine.catchup.wishes import NO_PLACE, Goal, Wish, apart
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.plain import Plain, optional
from yiqi.engine.ground.rounding import round_half_up


@dataclass(frozen=True)
class Reach:
    """Where a figure gets the unit: ``value`` needed, the place (None without one) and the points there.

    ``rounded``: the shortest decimal from ``value`` on, in the direction of the change, of which a run confirmed the
    same; the value itself where none shorter is.
    """

    value: float
    change: float | None
    place: int | None
    points: float | None
    rounded: float | None = None


@dataclass(frozen=True)
class SingleChange(Plain):
    """One figure and a wish.

    - ``status``: ``already`` (the wish holds), ``enough`` (``needed`` fulfils it) or ``cannot`` (``best`` is the most).
    - ``current``: the figure as the rules see it now, None where there is none; ``reported`` False where it is not one
      of this period (then to report the needed value is the change).
    - ``needed``: the first value in the wished direction that fulfils the wish; the double before it does not.
    - ``best``: with ``cannot``, the best place in reach with the least change; where no place can be gained, the most
      points with the least change.
    - ``passed``: units that stood before this one and then stand behind it; ``level``: those that then share its place.
    - ``ahead``: where ``level`` names somebody, the first value from which nobody shares the place (None where the
      figure cannot do that, or tie-breakers decide among equals).
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
    level: tuple[str, ...] = ()
    ahead: Reach | None = None
    unseen: bool = False
    proved: bool = True
    verified: bool = False
    reason: str = ""


def single_changes(
    situation: Situation,
    unit: str,
    wish: Wish,
    *,
    bounds: GivenBounds | None = None,
    levers: Sequence[Lever] | None = None,
    told: Callable[[], object] | None = None,
) -> tuple[SingleChange, ...]:
    """What each figure of ``unit`` would have to be, all others as they are, for the wish to hold.

    ``bounds`` limits figures by indicator code or ``Lever``; without them the domain of the rule holds. ``levers``
    chooses figures; without it every indicator's value and the growths of ``level_and_growth``. ``told`` is called
    while a search goes on.
    Errors: ``unknown_unit``, ``unknown_indicator``, ``unknown_block``, ``no_groups``, ``bounds_outside_domain``.
    """
    ground = Ground(situation, unit, wish.scope)
    check_keys(situation, bounds or {})
    chosen = situation.levers() if levers is None else tuple(levers)
    for lever in chosen:
        situation.check_lever(lever)
    task = _Single(ground, goal_of(wish, ground, situation.tier_size), told)
    return tuple(task.answer(lever, limits(situation, lever, bounds or {})) for lever in chosen)


def met(goal: Goal, ground: Ground, after: After) -> bool:
    """Whether a standing fulfils the goal."""
    return bool(goal.holds(after.places[[ground.seat]], np.array([after.vetoed]))[0])


@dataclass(frozen=True)
class _Single:
    """One wish of one unit."""

    ground: Ground
    goal: Goal
    told: Callable[[], object] | None = None

    @cached_property
    def now(self) -> After:
        return self.ground.after({})

    def answer(self, lever: Lever, bounds: Bounds) -> SingleChange:
        mover = self.ground.mover(lever)
        low, high = sides(bounds)
        blank = SingleChange(lever, "cannot", optional(mover.start), mover.reported, low, high, reason="too_little")
        if met(self.goal, self.ground, self.now):
            return replace(blank, status="already", reason="", best=self._as_now(mover))
        if not mover.matters:
            return replace(blank, reason="without_effect", best=self._as_now(mover))
        searches = [made for way in mover.ways if (made := search_of(mover, bounds, way, self.told))]
        if not searches:
            return replace(blank, reason="no_room", best=self._as_now(mover))
        return self._least(mover, searches, blank)

    def _least(self, mover: Mover, searches: list[Search], blank: SingleChange) -> SingleChange:
        found = [(search, search.find(self.goal)) for search in searches]
        proved = mover.certain and all(result.proved for _, result in found)
        hits = [(search.value(result.position), search) for search, result in found if result.position is not None]
        if not hits:
            barred = self.goal.tier and all(search.tried.outcomes.vetoed.all() for search in searches)
            best = self._best(mover, searches)
            reason = "vetoed" if barred else blank.reason
            unseen = best is not None and best.value != mover.start and _unseen(mover, best.value)
            return replace(blank, best=best, proved=proved, verified=True, reason=reason, unseen=unseen)
        value, search = min(hits, key=lambda hit: _distance(mover, hit[0]))
        value, after = self._verify(mover, search, value)
        level = drawn(self.ground, self.now, after)
        needed = self._rounded(mover, search, self._reach(mover, value, after), replace(self.goal, alone=not level))
        return replace(
            blank, status="enough", needed=needed, reason="", proved=proved, verified=True,
            passed=passed(self.ground, self.now, after), level=level, unseen=_unseen(mover, value),
            ahead=self._ahead(mover, search, needed) if level else None,
        )  # fmt: skip

    def _ahead(self, mover: Mover, search: Search, needed: Reach) -> Reach | None:
        """The first value from which nobody shares the place."""
        if len(self.ground.terms().relations):
            return None
        goal = replace(self.goal, place=needed.place or self.goal.place, alone=True)
        found = search.find(goal)
        if found.position is None:
            return None
        value = search.value(found.position)
        after = self.ground.after({mover.lever: value})
        if not self._alone(mover, goal, after):
            text = f"the change of {mover.lever.indicator!r} to {value!r} could not be reproduced by a run"
            raise EngineError("not_reproduced", text, {"indicator": mover.lever.indicator, "value": repr(value)})
        return self._rounded(mover, search, self._reach(mover, value, after), goal)

    def _alone(self, mover: Mover, goal: Goal, after: After) -> bool:
        """Whether a standing by a run fulfils a goal, nobody level with the unit where that is asked for."""
        if not met(goal, self.ground, after):
            return False
        ranked = after.points if mover.rounded is None else round_half_up(after.points, mover.rounded)
        return not goal.alone or bool(apart(ranked[:, None], self.ground.seat, mover.tolerance)[0])

    def _rounded(self, mover: Mover, search: Search, reach: Reach, goal: Goal) -> Reach:
        """With the short decimal: nobody level who was not."""
        ends = sorted((search.value(search.first), search.value(search.last)))
        short = shortest(
            reach.value, search.way, reach.change, (ends[0], ends[1]),
            lambda values: goal.fulfilled(mover.try_values(values), mover.seat, mover.tolerance),
            lambda value: self._alone(mover, goal, self.ground.after({mover.lever: value})),
        )  # fmt: skip
        return replace(reach, rounded=short)

    def _verify(self, mover: Mover, search: Search, value: float) -> tuple[float, After]:
        """A whole run at the value, where the wish must hold, and at the double before, where it must not."""
        after = self.ground.after({mover.lever: value})
        position = ordinal(value) * search.way
        before = self.ground.after({mover.lever: search.value(position - 1)}) if position > search.first else None
        held = before is not None and met(self.goal, self.ground, before)
        if not met(self.goal, self.ground, after) or held:
            text = f"the change of {mover.lever.indicator!r} to {value!r} could not be reproduced by a run"
            raise EngineError("not_reproduced", text, {"indicator": mover.lever.indicator, "value": repr(value)})
        return value, after

    def _best(self, mover: Mover, searches: list[Search]) -> Reach | None:
        reached: list[tuple[int, float, Search]] = []
        for search in searches:
            place, found = search.best_place()
            if found.position is not None:
                reached.append((place, search.value(found.position), search))
        now = int(self.now.places[self.ground.seat])
        worst = len(self.ground.names) + 1
        if reached and min(place for place, *_ in reached) < (now if now != NO_PLACE else worst):
            place, value, search = min(reached, key=lambda one: (one[0], _distance(mover, one[1])))
            reach = self._reach(mover, value, self.ground.after({mover.lever: value}))
            return self._rounded(mover, search, reach, Goal(place))
        return self._most(mover, searches)

    def _most(self, mover: Mover, searches: list[Search]) -> Reach:
        """The most points; the figure as it is now where no change earns more."""
        options = [self._top(mover, search) for search in searches]
        now = self._as_now(mover)
        best = max(options, key=lambda reach: (_worth(reach.points), -abs(reach.change or 0.0)))
        return best if now is None or _worth(best.points) > _worth(now.points) else now

    def _top(self, mover: Mover, search: Search) -> Reach:
        value = search.value(search.most_points())
        reach = self._reach(mover, value, self.ground.after({mover.lever: value}))
        if reach.points is None:
            return reach
        ends, most = sorted((search.value(search.first), search.value(search.last))), reach.points
        short = shortest(
            value, search.way, reach.change, (ends[0], ends[1]),
            lambda values: np.asarray(mover.try_values(values).points[mover.seat] >= most),
            lambda one: bool(self.ground.after({mover.lever: one}).points[self.ground.seat] >= most),
        )  # fmt: skip
        return replace(reach, rounded=short)

    def _reach(self, mover: Mover, value: float, after: After) -> Reach:
        seat = self.ground.seat
        change = None if math.isnan(mover.start) else value - mover.start
        return Reach(value, change, int(after.places[seat]) or None, optional(float(after.points[seat])))

    def _as_now(self, mover: Mover) -> Reach | None:
        return None if math.isnan(mover.start) else self._reach(mover, mover.start, self.now)


def passed(ground: Ground, now: After, after: After) -> tuple[str, ...]:
    """Members that stood before the unit and then stand behind it, in the order of their places before."""
    return _caught(ground, now, after, level=False)


def drawn(ground: Ground, now: After, after: After) -> tuple[str, ...]:
    """Members that stood before the unit and then share its place, in the order of their places before."""
    return _caught(ground, now, after, level=True)


def _caught(ground: Ground, now: After, after: After, *, level: bool) -> tuple[str, ...]:
    own, new = int(now.places[ground.seat]), int(after.places[ground.seat])
    found = [
        (int(now.places[seat]), name)
        for seat, name in enumerate(ground.names)
        if _before(int(now.places[seat]), own)
        and not _before(int(after.places[seat]), new)
        and (int(after.places[seat]) == new) is level
    ]
    return tuple(name for _, name in sorted(found, key=lambda pair: pair[0]))


def _before(other: int, own: int) -> bool:
    return other != NO_PLACE and (own == NO_PLACE or other < own)


def _worth(points: float | None) -> float:
    return -math.inf if points is None else points


def _distance(mover: Mover, value: float) -> float:
    return 0.0 if math.isnan(mover.start) else abs(value - mover.start)


def sides(bounds: Bounds) -> tuple[float, float]:
    """Both sides of bounds that are set; ``bounds_open`` otherwise."""
    if bounds.low is None or bounds.high is None:
        raise EngineError("bounds_open", "both bounds must be set here", {})
    return bounds.low, bounds.high


def span(mover: Mover, bounds: Bounds, way: int) -> tuple[int, int] | None:
    """Positions from the figure (the next double, or the figure itself where it is not reported) to the bound.

    A figure that is not there at all is looked for from the worse bound upward. None where there is no room.
    """
    low, high = sides(bounds)
    near, far = (low, high) if way > 0 else (high, low)
    last = ordinal(far) * way
    if math.isnan(mover.start):
        return ordinal(near) * way, last
    first = max(ordinal(mover.start) * way + (1 if mover.reported else 0), ordinal(near) * way)
    return (first, last) if last >= first else None


def search_of(mover: Mover, bounds: Bounds, way: int, told: Callable[[], object] | None = None) -> Search | None:
    """A search over ``span``; None where there is no room."""
    ends = span(mover, bounds, way)
    return None if ends is None else Search(mover, way, *ends, told)


def _unseen(mover: Mover, value: float) -> bool:
    seen = mover.figures[~np.isnan(mover.figures)]
    return bool(len(seen) and not seen.min() <= value <= seen.max())

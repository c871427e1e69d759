"""The cheapest combination of changes that fulfils a wish, with a certificate, and proved by a run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from yiqi.engine.catchup.bounds import Bounds, GivenBounds, GivenCosts, check_keys, prices_of, room_of
from yiqi.engine.catchup.checked import finite
from yiqi.engine.catchup.decimals import FEWEST, MOST, outward
from yiqi.engine.catchup.doubles import double, ordinal
from yiqi.engine.catchup.ground import Lever, Mover, Terms
from yiqi.engine.catchup.grounds import Ground, goal_of
from yiqi.engine.catchup.model import LeverChoice, Wanted
from yiqi.engine.catchup.refine import CLOSED, Work
from yiqi.engine.catchup.segments import Stretch, split, stretches
from yiqi.engine.catchup.single import SingleChange, drawn, met, passed, sides
from yiqi.engine.catchup.situation import Situation
from yiqi.engine.catchup.wishes import Goal, Wish
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.plain import optional, plain
from yiqi.engine.ground.ranking import ranks

SECONDS = 60.0
SLIVER = 1e-5  # of the range of a column: a smaller change is no instruction to anybody
LEAST = 1e-3  # of the range: so far goes what would else move by less than that, or it stays


@dataclass(frozen=True)
class CombinedChange:
    """One change of a combination: ``change`` in the indicator's unit, ``cost`` = unit cost · |change|.

    ``rounded``: a short decimal from ``value`` on; those of all parts together do it too, which a run confirmed.
    """

    lever: Lever
    current: float
    value: float
    change: float
    cost: float
    rounded: float | None = None


@dataclass(frozen=True)
class Certificate:
    """Why nothing cheaper does it: ``objective`` is the verified cost, ``bound`` what HiGHS proved no combination can
    undercut, ``gap`` their difference, ``relative`` the same over max(1, objective). ``closed``: relative ≤ 1e-6, but
    for what it costs to leave out slivers (see ``cheapest_combination``), for which the bound does not allow.

    ``complete`` False: a lever was left out, wholly or in part, for a reason other than that it can do nothing (see
    ``Combination.left_out``), so the bound is one for the others only. ``rounds`` programs were
    solved with ``nodes`` branchings; each later one was sharper.
    """

    objective: float
    bound: float
    gap: float
    relative: float
    closed: bool
    complete: bool
    rounds: int
    nodes: int
    solver: str


@dataclass(frozen=True)
class Combination:
    """``status``: ``already``, ``enough`` (``parts`` do it, checked by ``run``), ``cannot`` (not even all together,
    within the bounds: the bound is proved infinite) or ``open`` (nothing found, nothing proved).

    ``passed`` and ``level`` as in ``SingleChange``. ``upper_only``: no program was possible for the levers; the parts
    are the cheapest single change, so the cost is one that suffices, and nothing is proved of a lower one.

    ``left_out``: levers that could not take part, with the reason: ``not_reported`` (there is neither a figure nor a
    filled one to start from, or to report it moves points by itself), ``no_room`` (at its bound), ``without_effect``,
    ``shape_not_modelled`` (points follow no straight line or hyperbola, or do not add up), ``weights_move`` (somewhere
    in the bounds a cell comes or goes, so points are shared out anew; only the rest of its range takes part).
    """

    status: str
    parts: tuple[CombinedChange, ...]
    cost: float | None
    place: int | None
    points: float | None
    passed: tuple[str, ...]
    certificate: Certificate
    left_out: tuple[tuple[Lever, str], ...]
    bounds: tuple[tuple[Lever, Bounds], ...]
    level: tuple[str, ...] = ()
    upper_only: bool = False

    @property
    def changes(self) -> tuple[tuple[Lever, float], ...]:
        """Each lever with its new figure."""
        return tuple((part.lever, part.value) for part in self.parts)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; an infinite number becomes None."""
        return {**asdict(self), "certificate": plain(asdict(self.certificate))}


def cheapest_combination(
    situation: Situation,
    unit: str,
    wish: Wish,
    *,
    costs: GivenCosts | None = None,
    bounds: GivenBounds | None = None,
    levers: Sequence[Lever] | None = None,
    seconds: float = SECONDS,
    known: Sequence[SingleChange] = (),
) -> Combination:
    """The cheapest set of changes of ``unit``'s figures that fulfils the wish, cost = Σ unit cost · |change|.

    ``costs`` and ``bounds`` by indicator code or ``Lever``; costs left out are those of ``range_costs``, bounds left
    out those of ``practical_bounds``. Exact to the precision of HiGHS; see ``Certificate``. A figure that
    would change by less than 1e-5 of the range of its column stays as it is, or changes by a thousandth of it at least,
    and all are worked out anew, unless nothing else does it. ``known``: answers of
    ``single_changes`` for the same wish; where no lever can take part, the cheapest of them is given (``upper_only``).
    Errors: ``unknown_unit``, ``unknown_indicator``, ``unknown_block``, ``cost_negative``, ``not_finite``,
    ``not_a_number``, ``bounds_outside_domain``, ``no_score`` (the unit has no score to improve),
    ``ties_not_modelled`` (dense places while the others' points move), ``shape_not_modelled`` (no lever can take part,
    and nothing is ``known``),
    ``solver_failed``.
    """
    ground = Ground(situation, unit, wish.scope)
    goal = goal_of(wish, ground, situation.tier_size)
    check_keys(situation, costs or {})
    check_keys(situation, bounds or {})
    if finite("seconds", seconds) <= 0:
        raise EngineError("seconds_not_positive", f"seconds must be above 0, not {seconds!r}", {"seconds": seconds})
    prices, room = prices_of(situation, costs or {}), room_of(situation, unit, bounds or {})
    now = ground.after({})
    if met(goal, ground, now):
        certificate = Certificate(0.0, 0.0, 0.0, 0.0, closed=True, complete=True, rounds=0, nodes=0, solver="")
        place, points = int(now.places[ground.seat]) or None, optional(float(now.points[ground.seat]))
        return Combination("already", (), 0.0, place, points, (), certificate, (), tuple(room.items()))
    if math.isnan(float(now.points[ground.seat])):
        raise EngineError("no_score", f"unit {unit!r} has no score here; report its figures first", {"unit": unit})
    chosen = situation.levers() if levers is None else tuple(levers)
    for lever in chosen:
        situation.check_lever(lever)
    return _Cheapest(ground, goal, prices, room, tuple(known)).solve(chosen, seconds)


@dataclass(frozen=True)
class _Cheapest:
    ground: Ground
    goal: Goal
    prices: Mapping[Lever, float]
    room: Mapping[Lever, Bounds]
    known: tuple[SingleChange, ...] = ()

    def solve(self, levers: Sequence[Lever], seconds: float) -> Combination:
        movers: list[Mover] = []
        choices: list[LeverChoice] = []
        left_out: list[tuple[Lever, str]] = []
        for lever in levers:
            mover = self.ground.mover(lever)
            found, reason = self._stretches(mover)
            if reason:
                left_out.append((lever, reason))
            if found:
                movers.append(mover)
                choices.append(LeverChoice(mover.start, self.prices[lever], found, mover.breaker))
        if not choices and self.known and any(reason == "shape_not_modelled" for _, reason in left_out):
            return self._upper(levers, left_out)
        if not choices and left_out and all(reason == "shape_not_modelled" for _, reason in left_out):
            text = "the cheapest combination needs points that follow straight lines or hyperbolas and add up"
            text += " (of an index: arithmetic means and min-max, no treatment); use single changes instead"
            raise EngineError("shape_not_modelled", text, {"levers": [lever.indicator for lever, _ in left_out]})
        return self._answer(self._without_slivers(movers, choices, seconds), left_out)

    def _without_slivers(self, movers: Sequence[Mover], choices: Sequence[LeverChoice], seconds: float) -> Work:
        """The program solved, and again with levers that would hardly move told to move or to stay, if that does it."""
        work = Work(self.ground, self.goal, movers, choices, self._wanted(movers, choices), self.room)
        work.run(seconds)
        told: set[Lever] = set()
        while slivers := {one for one, value in work.best.values if _is_sliver(work.mover(one), value)} - told:
            told |= slivers
            pairs = zip(movers, choices, strict=True)
            choices = [_moving(mover, choice) if mover.lever in slivers else choice for mover, choice in pairs]
            rest = Work(self.ground, self.goal, movers, choices, self._wanted(movers, choices), self.room)
            rest.run(seconds)
            if math.isinf(rest.best.cost):
                break
            work = rest.after(work)
        return work

    def _stretches(self, mover: Mover) -> tuple[tuple[Stretch, ...], str]:
        """Stretches of a lever, and why it is left out, wholly or in part."""
        if not mover.matters:
            return (), "without_effect"
        if not mover.reported and not self._stays(mover):
            return (), "not_reported"
        if not mover.additive:
            return (), "shape_not_modelled"
        bounds = self.room[mover.lever]
        try:
            found = tuple(stretch for way in mover.ways for stretch in stretches(mover, bounds, way))
        except EngineError as error:
            if error.code != "shape_not_modelled":
                raise
            return (), error.code
        low, high = sides(bounds)
        inside = np.array([value for value in mover.thresholds() if low <= value <= high], dtype=np.float64)
        if not mover.contributions(inside).usable.all():
            return found, "weights_move"
        return found, "" if found else "no_room"

    def _stays(self, mover: Mover) -> bool:
        """Whether to report the figure that was filled in moves nothing by itself, so that changes start from it."""
        if math.isnan(mover.start):
            return False
        now, after = self.ground.after({}), self.ground.after({mover.lever: mover.start})
        with np.errstate(invalid="ignore"):
            far = np.abs(now.points - after.points) > 1e-9
        gone = np.isnan(now.points) != np.isnan(after.points)
        return now.vetoed == after.vetoed and not (far | gone).any()

    def _upper(self, levers: Sequence[Lever], left_out: list[tuple[Lever, str]]) -> Combination:
        """The cheapest of the single changes known: a cost that suffices."""
        found: list[CombinedChange] = []
        for answer in self.known:
            needed, current = answer.needed, answer.current
            low, high = sides(self.room[answer.lever])
            if answer.lever in levers and needed and current is not None and low <= needed.value <= high:
                change = needed.value - current
                cost = self.prices[answer.lever] * abs(change)
                found.append(CombinedChange(answer.lever, current, needed.value, change, cost, needed.rounded))
        bounds = tuple(self.room.items())
        part = min(found, key=lambda one: one.cost, default=None)
        certificate = _certificate(math.inf if part is None else part.cost, 0.0, (0, 0), complete=False)
        if part is None:
            return Combination("open", (), None, None, None, (), certificate, tuple(left_out), bounds)
        return replace(self._done((part,), part.cost, certificate, left_out), upper_only=True)

    def _wanted(self, movers: Sequence[Mover], choices: Sequence[LeverChoice]) -> Wanted:
        terms, seat = self.ground.terms(), self.ground.seat
        rivals = [n for n in range(len(terms.scores)) if n != seat and not math.isnan(terms.scores[n])]
        allowed = self.goal.place - 1
        if terms.ties == "dense":
            rivals, allowed = self._dense(terms, choices), 0
        hit = tuple(bool(mover.hits(np.array([mover.start]))[0]) for mover in movers)
        return Wanted(seat, tuple(rivals), allowed, terms, hit, self._stuck(movers, choices, hit), self.goal.tier)

    def _stuck(self, movers: Sequence[Mover], choices: Sequence[LeverChoice], hit: Sequence[bool]) -> bool:
        """Whether the unit stays vetoed with every lever off its veto limit."""
        freed: dict[Lever, float] = {}
        for mover, choice, worse in zip(movers, choices, hit, strict=True):
            clear = [stretch.near for stretch in choice.stretches if not stretch.vetoed]
            if worse and not clear:
                return True
            if worse:
                freed[mover.lever] = clear[0]
        return self.ground.after(freed).vetoed

    def _dense(self, terms: Terms, choices: Sequence[LeverChoice]) -> list[int]:
        """Dense places count classes, not units: with the others' points fixed, the class on the place decides."""
        seat = self.ground.seat
        for choice in choices:
            for stretch in choice.stretches:
                if (np.delete(np.abs(stretch.at_near) + np.abs(stretch.at_far), seat) > 0).any():
                    text = "under dense ties the cheapest combination is worked out only where the others' points stay"
                    raise EngineError("ties_not_modelled", text, {"ties": "dense"})
        keep = np.arange(len(terms.scores)) != seat
        places = ranks(terms.ranked[keep], "dense", terms.tolerance, [worth[keep] for worth in terms.worth])
        seats = np.flatnonzero(keep)
        return [int(position) for position, place in zip(seats, places, strict=True) if place == self.goal.place]

    def _answer(self, work: Work, left_out: list[tuple[Lever, str]]) -> Combination:
        best, bounds = work.best, tuple(self.room.items())
        complete, counts = not _left_out_matters(left_out), (work.rounds, work.nodes)
        certificate = _certificate(best.cost, work.bound, counts, complete=complete, spared=work.spared)
        if math.isinf(best.cost):
            status = "cannot" if certificate.closed else "open"
            return Combination(status, (), None, None, None, (), certificate, tuple(left_out), bounds)
        current = {mover.lever: mover.start for mover in work.movers}
        parts = [
            CombinedChange(lever, current[lever], value, value - current[lever], work.price(lever, value))
            for lever, value in sorted(best.values, key=lambda pair: list(current).index(pair[0]))
        ]
        return self._done(self._rounded(parts), best.cost, certificate, left_out)

    def _done(
        self,
        parts: tuple[CombinedChange, ...],
        cost: float,
        certificate: Certificate,
        left_out: list[tuple[Lever, str]],
    ) -> Combination:
        now, after = self.ground.after({}), self.ground.after({part.lever: part.value for part in parts})
        seat = self.ground.seat
        return Combination(
            "enough", parts, cost, int(after.places[seat]) or None, float(after.points[seat]),
            passed(self.ground, now, after), certificate, tuple(left_out), tuple(self.room.items()),
            drawn(self.ground, now, after),
        )  # fmt: skip

    def _rounded(self, parts: Sequence[CombinedChange]) -> tuple[CombinedChange, ...]:
        """With decimals as short as together they do it too."""
        for digits in range(FEWEST, MOST):
            short = {part.lever: self._short(part, digits) for part in parts}
            if met(self.goal, self.ground, self.ground.after(short)):
                return tuple(replace(part, rounded=short[part.lever]) for part in parts)
        return tuple(replace(part, rounded=part.value) for part in parts)

    def _short(self, part: CombinedChange, digits: int) -> float:
        low, high = sides(self.room[part.lever])
        return min(max(outward(part.value, 1 if part.change > 0 else -1, digits, part.change), low), high)


def _is_sliver(mover: Mover, value: float) -> bool:
    """Whether a change is next to nothing of what is seen in the column."""
    return abs(value - mover.start) < SLIVER * _spread(mover)


def _spread(mover: Mover) -> float:
    known = mover.figures[~np.isnan(mover.figures)]
    return float(np.ptp(known)) if len(known) else 0.0


def _moving(mover: Mover, choice: LeverChoice) -> LeverChoice:
    """A choice whose stretches begin at the least change that is worth it."""
    found: list[Stretch] = []
    for stretch in choice.stretches:
        way = 1 if max(stretch.near, stretch.far) > mover.start else -1
        first = mover.start + way * LEAST * _spread(mover)
        if way * stretch.near >= way * first:
            found.append(stretch)
        elif way * stretch.far > way * first:
            found.append(split(mover, stretch, double(ordinal(first) - way), first)[-1])
    return replace(choice, stretches=tuple(found))


def _certificate(
    cost: float, bound: float, counts: tuple[int, int], *, complete: bool, spared: float = 0.0
) -> Certificate:
    """``spared``: what leaving out slivers costs. Errors: ``solver_failed`` where the bound lies above what was proved
    to do it."""
    # read from the disk, only where a program was solved
    from importlib.metadata import version

    if bound - cost > CLOSED * max(1.0, cost):
        text = f"HiGHS claims that nothing costs less than {bound!r}, yet {cost!r} does it"
        raise EngineError("solver_failed", text, {"bound": bound, "objective": cost})
    if math.isinf(cost) and not complete:
        bound = 0.0  # those left out might do it
    gap = 0.0 if math.isinf(bound) else max(0.0, cost - bound)
    relative = gap / max(1.0, cost) if math.isfinite(cost) else gap
    solver = f"HiGHS through SciPy {version('scipy')}"
    closed = relative - spared / max(1.0, cost) <= CLOSED
    return Certificate(cost, bound, gap, relative, closed, complete, counts[0], counts[1], solver)


def _left_out_matters(left_out: Sequence[tuple[Lever, str]]) -> bool:
    """Whether something was left out of the program that could have helped, so that nothing is proved without it."""
    return any(reason in ("shape_not_modelled", "weights_move", "not_reported") for _, reason in left_out)

"""The cheapest combination of changes that fulfils a wish, with a certificate, and proved by a run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from yiqi.appraisal.engine.catchup.bounds import Bounds, check_keys, limits, practical_bounds, ways
from yiqi.appraisal.engine.catchup.model import Choice, Program, Solved, Terms
from yiqi.appraisal.engine.catchup.segments import Stretch, divide, stretches
from yiqi.appraisal.engine.catchup.single import GivenBounds, optional, passed, search_of
from yiqi.appraisal.engine.catchup.situation import Cell, Lever, Scope, Situation, finite
from yiqi.appraisal.engine.catchup.trial import Trial
from yiqi.appraisal.engine.catchup.wishes import NO_PLACE, Goal, Wish
from yiqi.appraisal.engine.errors import EngineError
from yiqi.appraisal.engine.inputs import read_inputs
from yiqi.appraisal.engine.ranking import ranks
from yiqi.appraisal.engine.result import Result

GivenCosts = Mapping[str, float] | Mapping[Lever, float]
CLOSED = 1e-6  # relative gap at which objective and bound count as equal: the precision that HiGHS works to
ROUNDS = 40
IDLE = 1e-9  # points, to anybody, below which a change is none
SECONDS = 60.0


@dataclass(frozen=True)
class Part:
    """One change of a combination: ``change`` in the indicator's unit, ``cost`` = unit cost · |change|."""

    lever: Lever
    current: float
    value: float
    change: float
    cost: float


@dataclass(frozen=True)
class Certificate:
    """Why nothing cheaper does it: ``objective`` is the verified cost, ``bound`` what HiGHS proved no combination can
    undercut, ``gap`` their difference, ``relative`` the same over max(1, objective). ``closed``: relative ≤ 1e-6.

    ``rounds`` programs were solved with ``nodes`` branchings; each later one was sharper.
    """

    objective: float
    bound: float
    gap: float
    relative: float
    closed: bool
    rounds: int
    nodes: int
    solver: str


@dataclass(frozen=True)
class Combination:
    """``status``: ``already``, ``enough`` (``parts`` do it, checked by ``run``), ``cannot`` (not even all together,
    within the bounds: the bound is proved infinite) or ``open`` (nothing found, nothing proved).

    ``left_out``: levers that could not take part, with the reason: ``not_reported`` (to report a figure is no change
    of one), ``no_room`` (at its bound), ``without_effect``, ``shape_not_modelled``, ``weights_move`` (somewhere in the
    bounds a cell comes or goes, so points are shared out anew; only the rest of its range takes part).
    """

    status: str
    parts: tuple[Part, ...]
    cost: float | None
    place: int | None
    points: float | None
    passed: tuple[str, ...]
    certificate: Certificate
    left_out: tuple[tuple[Lever, str], ...]
    bounds: tuple[tuple[Lever, Bounds], ...]

    @property
    def changes(self) -> tuple[tuple[Lever, float], ...]:
        """Each lever with its new figure."""
        return tuple((part.lever, part.value) for part in self.parts)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; an infinite number becomes None."""
        plain = asdict(self)
        certificate = plain["certificate"]
        plain["certificate"] = {name: _finite_or_none(value) for name, value in certificate.items()}
        return plain


def _finite_or_none(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def range_costs(situation: Situation) -> dict[Lever, float]:
    """Unit costs under which moving across the whole range of a column (best to worst figure) costs 1.

    A column without a range costs 1 for its own size (at least 1). Use real costs where they are known.
    """
    found: dict[Lever, float] = {}
    for lever in situation.levers():
        column = situation.plan.column(lever.indicator)
        array = situation.inputs.growth if lever.array == "growth" else situation.result.used_values
        seen = array[:, column][~np.isnan(array[:, column])]
        spread = float(seen.max() - seen.min()) if len(seen) else 0.0
        found[lever] = 1.0 / (spread or max(1.0, float(np.abs(seen).max(initial=0.0))))
    return found


def cheapest_combination(
    situation: Situation,
    unit: str,
    wish: Wish,
    *,
    costs: GivenCosts | None = None,
    bounds: GivenBounds | None = None,
    levers: Sequence[Lever] | None = None,
    seconds: float = SECONDS,
) -> Combination:
    """The cheapest set of changes of ``unit``'s figures that fulfils the wish, cost = Σ unit cost · |change|.

    ``costs`` and ``bounds`` by indicator code or ``Lever``; costs left out are those of ``range_costs``, bounds left
    out those of ``practical_bounds``. Exact to the precision of HiGHS; see ``Certificate``.
    Errors: ``unknown_unit``, ``unknown_indicator``, ``unknown_block``, ``cost_negative``, ``not_finite``,
    ``not_a_number``, ``bounds_outside_domain``, ``no_score`` (the unit has no score to improve),
    ``ties_not_modelled`` (dense places while the others' points move), ``solver_failed``.
    """
    row, goal = situation.row(unit), wish.goal(situation, unit)
    check_keys(situation, costs or {})
    check_keys(situation, bounds or {})
    if finite("seconds", seconds) <= 0:
        raise EngineError("seconds_not_positive", f"seconds must be above 0, not {seconds!r}", {"seconds": seconds})
    prices, room = _prices(situation, costs or {}), _room(situation, unit, bounds or {})
    if wish.fulfilled(situation, unit):
        return _already(situation, row, wish.scope, room)
    if math.isnan(float(wish.scope.points(situation.result)[row])):
        raise EngineError("no_score", f"unit {unit!r} has no score here; report its figures first", {"unit": unit})
    chosen = situation.levers() if levers is None else tuple(levers)
    task = _Task(situation, row, goal, wish.scope)
    return task.solve(chosen, prices, room, seconds)


def _prices(situation: Situation, given: GivenCosts) -> dict[Lever, float]:
    found = range_costs(situation)
    for key, value in given.items():
        lever = key if isinstance(key, Lever) else Lever(key)
        cost = finite("cost", value, indicator=lever.indicator)
        if cost < 0:
            text = f"indicator {lever.indicator!r}: a cost must not be negative, not {value!r}"
            raise EngineError("cost_negative", text, {"indicator": lever.indicator, "cost": cost})
        found[lever] = cost
    return found


def _room(situation: Situation, unit: str, given: GivenBounds) -> dict[Lever, Bounds]:
    """Given sides, else practical ones."""
    found = {}
    for lever, usual in practical_bounds(situation, unit).items():
        low, high = _one(given, lever)
        limits(situation, lever, given)
        low, high = usual.low if low is None else low, usual.high if high is None else high
        if low is not None and high is not None and low > high:  # a given side beyond the practical other one
            low, high = (low, low) if _one(given, lever)[0] is not None else (high, high)
        found[lever] = Bounds(low, high)
    return found


def _one(given: GivenBounds, lever: Lever) -> tuple[float | None, float | None]:
    for key, bounds in given.items():
        if key == lever or (key == lever.indicator and lever.array == "values"):
            return bounds.low, bounds.high
    return None, None


def _already(situation: Situation, row: int, scope: Scope, room: Mapping[Lever, Bounds]) -> Combination:
    certificate = Certificate(0.0, 0.0, 0.0, 0.0, closed=True, rounds=0, nodes=0, solver="")
    points = optional(float(scope.points(situation.result)[row]))
    place = int(scope.ranks(situation.result)[row])
    return Combination("already", (), 0.0, place or None, points, (), certificate, (), tuple(room.items()))


@dataclass
class _Best:
    """The cheapest verified combination so far: values by lever."""

    cost: float = math.inf
    values: tuple[tuple[Lever, float], ...] = ()


@dataclass(frozen=True)
class _Task:
    situation: Situation
    row: int
    goal: Goal
    scope: Scope

    def solve(
        self, levers: Sequence[Lever], prices: Mapping[Lever, float], room: Mapping[Lever, Bounds], seconds: float
    ) -> Combination:
        trials, choices, left_out = self._choices(levers, prices, room)
        terms = self._terms(trials, choices)
        work = _Work(self, tuple(trials), choices, terms, room)
        bound, rounds, nodes = work.run(seconds)
        return self._answer(work, bound, (rounds, nodes), left_out, room)

    def _choices(
        self, levers: Sequence[Lever], prices: Mapping[Lever, float], room: Mapping[Lever, Bounds]
    ) -> tuple[list[Trial], list[Choice], list[tuple[Lever, str]]]:
        trials: list[Trial] = []
        choices: list[Choice] = []
        left_out: list[tuple[Lever, str]] = []
        for lever in levers:
            trial = Trial(self.situation, self.row, lever, self.scope)
            if not trial.reported or not trial.matters:
                left_out.append((lever, "without_effect" if trial.reported else "not_reported"))
                continue
            try:
                found = [s for way in ways(trial.spec, lever) for s in stretches(trial, room[lever], way)]
            except EngineError as error:
                if error.code != "shape_not_modelled":
                    raise
                left_out.append((lever, error.code))
                continue
            if not found:
                left_out.append((lever, "no_room"))
                continue
            if self._partly(trial, room[lever]):
                left_out.append((lever, "weights_move"))
            trials.append(trial)
            breaker = trial.breakers.index(trial.column) if _breaks(trial) else None
            choices.append(Choice(trial.start, prices[lever], tuple(found), breaker))
        return trials, choices, left_out

    def _partly(self, trial: Trial, bounds: Bounds) -> bool:
        from yiqi.appraisal.engine.catchup.breakpoints import thresholds

        values = np.array([value for value in thresholds(trial) if _inside(bounds, value)], dtype=np.float64)
        return not trial.same_pattern(trial.rule_points(trial.used(values))).all()

    def _terms(self, trials: Sequence[Trial], choices: Sequence[Choice]) -> Terms:
        plan, result = self.situation.plan, self.situation.result
        members = self.scope.members(self.situation, self.row)
        seat = int(np.flatnonzero(members == self.row)[0])
        scores = self.scope.points(result)[members]
        rivals = [n for n in range(len(members)) if n != seat and not math.isnan(scores[n])]
        allowed = self.goal.place - 1
        if plan.ties == "dense":
            rivals, allowed = self._dense(members, seat, choices), 0
        scale = 10.0**plan.places if plan.rank_rounded else None
        relations = self._relations(members)
        return Terms(
            seat, tuple(rivals), allowed, scores, plan.tolerance, scale, relations,
            bool(result.vetoed[self.row]), self.goal.tier,
        )  # fmt: skip

    def _dense(self, members: Any, seat: int, choices: Sequence[Choice]) -> list[int]:
        """Dense places count classes, not units: with the others' points fixed, the class on the place decides."""
        for choice in choices:
            for stretch in choice.stretches:
                others = np.delete(np.abs(stretch.at_near) + np.abs(stretch.at_far), seat)
                if (others > 0).any():
                    text = "under dense ties the cheapest combination is worked out only where the others' points stay"
                    raise EngineError("ties_not_modelled", text, {"ties": "dense"})
        keep = np.arange(len(members)) != seat
        ranked = self.scope.ranked(self.situation.result)[members][keep]
        worth = [breaker[keep] for breaker in self._breakers(members)]
        places = ranks(ranked, "dense", self.situation.plan.tolerance, worth)
        seats = np.flatnonzero(keep)
        return [int(position) for position, place in zip(seats, places, strict=True) if place == self.goal.place]

    def _breakers(self, members: Any) -> list[Any]:
        plan, used = self.situation.plan, self.situation.result.used_values
        columns = [plan.column(code) for code in plan.tie_breakers]
        chosen = [c for c in columns if self.scope.block in (None, plan.indicators[c].block)]
        return [used[members, column] * plan.indicators[column].sign for column in chosen]

    def _relations(self, members: Any) -> Any:
        seat = int(np.flatnonzero(members == self.row)[0])
        tolerance = self.situation.plan.tolerance
        lines = []
        for breaker in self._breakers(members):
            worth = np.where(np.isnan(breaker), -np.inf, breaker)
            with np.errstate(invalid="ignore"):
                lead = worth[seat] - worth
            lines.append(np.where(lead > tolerance, 1.0, np.where(lead < -tolerance, -1.0, 0.0)))
        return np.array(lines).reshape(len(lines), len(members))

    def holds(self, result: Result) -> bool:
        """Whether the goal is met."""
        return bool(self.goal.holds(self.scope.ranks(result)[[self.row]], result.vetoed[[self.row]])[0])

    def _answer(
        self,
        work: _Work,
        bound: float,
        counts: tuple[int, int],
        left_out: list[tuple[Lever, str]],
        room: Mapping[Lever, Bounds],
    ) -> Combination:
        from importlib.metadata import version

        best = work.best
        if bound - best.cost > CLOSED * max(1.0, best.cost):
            text = f"HiGHS claims that nothing costs less than {bound!r}, yet {best.cost!r} does it"
            raise EngineError("solver_failed", text, {"bound": bound, "objective": best.cost})
        gap = 0.0 if math.isinf(bound) else max(0.0, best.cost - bound)
        relative = gap / max(1.0, best.cost) if math.isfinite(best.cost) else gap
        solver = f"HiGHS through SciPy {version('scipy')}"
        closed = relative <= CLOSED
        certificate = Certificate(best.cost, bound, gap, relative, closed, counts[0], counts[1], solver)
        bounds = tuple(room.items())
        if math.isinf(best.cost):
            status = "cannot" if math.isinf(bound) and not left_out_matters(left_out) else "open"
            return Combination(status, (), None, None, None, (), certificate, tuple(left_out), bounds)
        after = self.situation.run(work.cells(best.values))
        parts = tuple(work.part(lever, value) for lever, value in best.values)
        place = int(self.scope.ranks(after)[self.row])
        return Combination(
            "enough", parts, best.cost, None if place == NO_PLACE else place,
            float(self.scope.points(after)[self.row]), passed(self.scope, self.situation, after, self.row),
            certificate, tuple(left_out), bounds,
        )  # fmt: skip


def left_out_matters(left_out: Sequence[tuple[Lever, str]]) -> bool:
    """Whether something was left out of the program that could have helped, so that nothing is proved without it."""
    return any(reason in ("shape_not_modelled", "weights_move", "not_reported") for _, reason in left_out)


def _breaks(trial: Trial) -> bool:
    return trial.lever.array == "values" and trial.column in trial.breakers


def _inside(bounds: Bounds, value: float) -> bool:
    low, high = bounds.low, bounds.high
    return (low is None or low <= value) and (high is None or value <= high)


class _Work:
    """Solve, make it true, sharpen, again, until the verified cost meets the bound."""

    def __init__(
        self, task: _Task, trials: tuple[Trial, ...], choices: list[Choice], terms: Terms, room: Mapping[Lever, Bounds]
    ):
        self.task, self.trials, self.choices, self.terms, self.room = task, trials, choices, terms, room
        self.best = _Best()
        self.barred: list[tuple[int, ...]] = []

    def run(self, seconds: float) -> tuple[float, int, int]:
        """Bound, rounds, nodes."""
        bound, nodes = 0.0, 0
        for number in range(1, ROUNDS + 1):
            solved = Program(self.terms, self.choices, self.barred).solve(seconds)
            bound, nodes = max(bound, solved.bound), nodes + solved.nodes
            if math.isinf(solved.bound):
                return (min(bound, self.best.cost) if self.best.values else bound), number, nodes
            self._realise(solved)
            if self._closed(bound) or not self._sharpen(solved):
                return bound, number, nodes
        return bound, ROUNDS, nodes

    def _closed(self, bound: float) -> bool:
        cost = self.best.cost
        return math.isfinite(cost) and cost - bound <= 0.01 * CLOSED * max(1.0, cost)

    def cells(self, values: Sequence[tuple[Lever, float]]) -> dict[Cell, float]:
        """The changed figures by cell."""
        unit = self.task.situation.units[self.task.row]
        return {Cell(unit, lever.indicator, lever.array): value for lever, value in values}

    def _index(self, lever: Lever) -> int:
        return next(n for n, trial in enumerate(self.trials) if trial.lever == lever)

    def part(self, lever: Lever, value: float) -> Part:
        """One change with its cost."""
        choice = self.choices[self._index(lever)]
        return Part(lever, choice.current, value, value - choice.current, choice.price(value))

    def _keep(self, values: Sequence[tuple[Lever, float]]) -> None:
        moved = [(lever, value) for lever, value in values if value != self.choices[self._index(lever)].current]
        cost = math.fsum(self.part(lever, value).cost for lever, value in moved)
        if cost < self.best.cost and self.task.holds(self.task.situation.run(self.cells(moved))):
            self.best.cost, self.best.values = cost, tuple(moved)

    def _realise(self, solved: Solved) -> None:
        """The program's answer as it is, and with one lever after the other set to exactly what the rest leaves."""
        values = [(t.lever, v) for t, v in zip(self.trials, solved.values, strict=True) if v is not None]
        needed = [(lever, value) for lever, value in values if not self._idle(lever, value, solved)]
        self._fit(needed, solved)
        if len(needed) < len(values) and not self._closed(solved.bound):
            self._fit(values, solved)

    def _idle(self, lever: Lever, value: float, solved: Solved) -> bool:
        """Whether the stretch was taken up without going along it: a solver does not mind a step of one double."""
        index = self._index(lever)
        stretch = self.choices[index].stretches[solved.picked[index]]
        return value == stretch.near and float(np.abs(stretch.at_near).max(initial=0.0)) <= IDLE

    def _fit(self, values: Sequence[tuple[Lever, float]], solved: Solved) -> None:
        self._keep(values)
        sloped = [lever for lever, _ in values if self._sloped(lever, solved)]
        for lever in sloped or [lever for lever, _ in values]:
            rest = [(other, value) for other, value in values if other != lever]
            exact = self._exact(lever, rest)
            if exact is not None:
                self._keep([*rest, (lever, exact)])

    def _sloped(self, lever: Lever, solved: Solved) -> bool:
        index = self._index(lever)
        return not self.choices[index].stretches[solved.picked[index]].flat

    def _exact(self, lever: Lever, rest: Sequence[tuple[Lever, float]]) -> float | None:
        """The least change of one lever beside the others: the single search over the figures as they would be."""
        situation = _moved(self.task.situation, self.cells(rest))
        if self.task.holds(situation.result):
            return self.choices[self._index(lever)].current
        trial = Trial(situation, self.task.row, lever, self.task.scope)
        found = []
        for way in ways(trial.spec, lever):
            search = search_of(trial, self.room[lever], way)
            hit = None if search is None else search.find(self.task.goal).position
            if search is not None and hit is not None:
                found.append(search.value(hit))
        return min(found, key=lambda value: abs(value - trial.start), default=None)

    def _sharpen(self, solved: Solved) -> bool:
        """Cut curved stretches in use where the answer lies; without any, bar a choice of stretches that cannot do."""
        curved = False
        for index, pick in enumerate(solved.picked):
            stretch = self.choices[index].stretches[pick] if pick >= 0 else None
            if stretch is not None and stretch.pole is not None and stretch.over.max(initial=0.0) > 1e-13:
                self._cut(index, pick, solved.values[index])
                curved = True
        if curved:
            self.barred.clear()  # stretches have new numbers
            return True
        if self._impossible(solved):
            self.barred.append(solved.picked)
            return True
        return False

    def _cut(self, index: int, pick: int, at: float | None) -> None:
        choice = self.choices[index]
        parts = divide(self.trials[index], choice.stretches[pick], 2, at)
        done: tuple[Stretch, ...] = (*choice.stretches[:pick], *parts, *choice.stretches[pick + 1 :])
        self.choices[index] = Choice(choice.current, choice.cost, done, choice.breaker)

    def _impossible(self, solved: Solved) -> bool:
        """Whether the chosen stretches cannot fulfil the goal at any of their points.

        On each of them every lead rises or every lead falls, so the corner at which all leads are largest decides.
        """
        corner: list[tuple[Lever, float]] = []
        for index, pick in enumerate(solved.picked):
            if pick < 0:
                continue
            stretch = self.choices[index].stretches[pick]
            rise = stretch.at_far - stretch.at_near
            leads = (rise[self.terms.seat] - rise)[list(self.terms.rivals)]
            if (leads < 0).any() and (leads > 0).any():
                return False
            corner.append((self.trials[index].lever, stretch.near if (leads <= 0).all() else stretch.far))
        return not self.task.holds(self.task.situation.run(self.cells(corner)))


def _moved(situation: Situation, changes: Mapping[Cell, float]) -> Situation:
    given = situation.inputs
    arrays = {"values": given.values, "growth": given.growth, "targets": given.targets, **situation.changed(changes)}
    inputs = read_inputs(
        situation.plan, given.units, arrays["values"], targets=arrays["targets"], previous=given.previous,
        previous_age=given.previous_age, growth=arrays["growth"], groups=given.groups, vetoed=given.vetoed.tolist(),
    )  # fmt: skip
    return Situation(situation.plan, inputs)

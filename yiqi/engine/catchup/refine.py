"""Solve, make it true, sharpen, again, until the verified cost meets the bound."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from yiqi.engine.catchup.bounds import Bounds
from yiqi.engine.catchup.doubles import double, ordinal
from yiqi.engine.catchup.ground import Lever, Mover
from yiqi.engine.catchup.grounds import Ground
from yiqi.engine.catchup.model import LeverChoice, Program, Solved, Wanted
from yiqi.engine.catchup.segments import STRAIGHT, Stretch, divide, split
from yiqi.engine.catchup.single import met, search_of
from yiqi.engine.catchup.wishes import Goal

CLOSED: Final = 1e-6  # relative gap at which objective and bound count as equal: the precision that HiGHS works to
ROUNDS: Final = 40
ENOUGH: Final = 1_000  # values tried for a lever beside the others: no proof is needed here
NARROWER: Final = 1 / 64  # of a curved stretch is kept on each side of the answer, to be sharper there
NUDGES: Final = (1e-9, 1e-8, 1e-7, 1e-6)  # of a lever's room
IDLE: Final = 1e-9  # points, to anybody, below which a change is none


@dataclass
class Best:
    """The cheapest verified combination so far: values by lever."""

    cost: float = math.inf
    values: tuple[tuple[Lever, float], ...] = ()


class Work:
    """One program and its sharper successors: ``bound``, ``rounds`` and ``nodes`` of them all; ``spared``: the cost of
    what a program before did by slivers."""

    def __init__(
        self,
        ground: Ground,
        goal: Goal,
        movers: Sequence[Mover],
        choices: Sequence[LeverChoice],
        wanted: Wanted,
        room: Mapping[Lever, Bounds],
    ):
        self.ground, self.goal, self.movers, self.wanted, self.room = ground, goal, tuple(movers), wanted, room
        self.choices = list(choices)
        self.best = Best()
        self.barred: list[tuple[int, ...]] = []
        self.exact: dict[Lever, float] = {}
        self.bound, self.spared, self.rounds, self.nodes = 0.0, 0.0, 0, 0
        self._index = {mover.lever: number for number, mover in enumerate(self.movers)}

    def run(self, seconds: float) -> None:
        """Fill in everything; what was found is in ``best``."""
        self.bound, self.rounds, self.nodes = self._rounds(seconds)
        self._drop_idle()

    def mover(self, lever: Lever) -> Mover:
        """The mover of a lever."""
        return self.movers[self._index[lever]]

    def after(self, before: Work) -> Work:
        """This work, which leaves out what the one before did by slivers: its bound is that of all levers."""
        self.spared = before.spared + max(0.0, self.bound - before.bound)
        self.bound, self.rounds, self.nodes = before.bound, self.rounds + before.rounds, self.nodes + before.nodes
        return self

    def _drop_idle(self) -> None:
        """Leave out changes that cost next to nothing where the rest does it too."""
        cost = self.best.cost
        rest = tuple((lever, v) for lever, v in self.best.values if self.price(lever, v) > 1e-3 * CLOSED * cost)
        if not 0 < len(rest) < len(self.best.values):
            return
        before, self.best = self.best, Best()
        self._keep(rest)
        for lever, _ in rest:
            others = [(other, value) for other, value in rest if other != lever]
            exact = self._exact(lever, others)
            if exact is not None:
                self._keep([*others, (lever, exact)])
        if not self._closed(before.cost, 1e-3 * CLOSED):
            self.best = before

    def _rounds(self, seconds: float) -> tuple[float, int, int]:
        bound, nodes = 0.0, 0
        for number in range(1, ROUNDS + 1):
            solved = Program(self.wanted, self.choices, self.barred).solve(seconds)
            bound, nodes = max(bound, solved.bound), nodes + solved.nodes
            if math.isinf(solved.bound):
                return (min(bound, self.best.cost) if self.best.values else bound), number, nodes
            self.exact.clear()
            self._realise(solved)
            if self._closed(bound) or not self._sharpen(solved):
                return bound, number, nodes
        return bound, ROUNDS, nodes

    def _closed(self, bound: float, gap: float = 0.1 * CLOSED) -> bool:
        cost = self.best.cost
        return math.isfinite(cost) and cost - bound <= gap * max(1.0, cost)

    def price(self, lever: Lever, value: float) -> float:
        """Cost of a lever standing at a value."""
        return self.choices[self._index[lever]].price(value)

    def _holds(self, values: Sequence[tuple[Lever, float]]) -> bool:
        return met(self.goal, self.ground, self.ground.after(dict(values)))

    def _keep(self, values: Sequence[tuple[Lever, float]]) -> None:
        moved = [(lever, value) for lever, value in values if value != self.choices[self._index[lever]].current]
        cost = math.fsum(self.price(lever, value) for lever, value in moved)
        if cost < self.best.cost and self._holds(moved):
            self.best.cost, self.best.values = cost, tuple(moved)

    def _realise(self, solved: Solved) -> None:
        """The program's answer as it is, and with one lever after the other set to exactly what the rest leaves."""
        values = [(t.lever, v) for t, v in zip(self.movers, solved.values, strict=True) if v is not None]
        needed = [(lever, value) for lever, value in values if not self._idle(lever, value, solved)]
        self._fit(needed, solved)
        if len(needed) < len(values) and not self._closed(solved.bound, CLOSED):
            self._fit(values, solved)

    def _idle(self, lever: Lever, value: float, solved: Solved) -> bool:
        """Whether the stretch was taken up without going along it: a solver does not mind a step of one double."""
        index = self._index[lever]
        stretch = self.choices[index].stretches[solved.picked[index]]
        return value == stretch.near and float(np.abs(stretch.at_near).max(initial=0.0)) <= IDLE

    def _fit(self, values: Sequence[tuple[Lever, float]], solved: Solved) -> None:
        self._keep(values)
        sloped = [lever for lever, _ in values if self._sloped(lever, solved)]
        for lever in sloped or [lever for lever, _ in values]:
            rest = [(other, value) for other, value in values if other != lever]
            exact = self._exact(lever, rest)
            if exact is not None:
                self.exact[lever] = exact
                self._keep([*rest, (lever, exact)])
        if not self._closed(solved.bound, CLOSED):
            self._nudge(values, sloped, solved)

    def _nudge(self, values: Sequence[tuple[Lever, float]], sloped: Sequence[Lever], solved: Solved) -> None:
        """All sloped levers a little further together, where one alone cannot make up for what the solver's precision
        left short of several thresholds; then each back as far as the others allow."""
        for share in NUDGES:
            moved = dict(values)
            for lever in sloped:
                index = self._index[lever]
                stretch = self.choices[index].stretches[solved.picked[index]]
                ends = [end for each in self.choices[index].stretches for end in (each.near, each.far)]
                step = share * (max(ends) - min(ends))
                further = moved[lever] + (step if stretch.far > stretch.near else -step)
                moved[lever] = min(max(further, min(ends)), max(ends))
            if self._holds(list(moved.items())):
                break
        else:
            return
        for lever in sloped:
            exact = self._exact(lever, [(other, value) for other, value in moved.items() if other != lever])
            moved[lever] = moved[lever] if exact is None else exact
        self._keep(list(moved.items()))

    def _sloped(self, lever: Lever, solved: Solved) -> bool:
        index = self._index[lever]
        return not self.choices[index].stretches[solved.picked[index]].flat

    def _exact(self, lever: Lever, rest: Sequence[tuple[Lever, float]]) -> float | None:
        """The least change of one lever beside the others: the single search over the figures as they would be."""
        if self._holds(rest):
            return self.choices[self._index[lever]].current
        mover = self.ground.mover(lever, dict(rest))
        found = []
        for way in mover.ways:
            search = search_of(mover, self.room[lever], way)
            hit = None if search is None else search.find(self.goal, ENOUGH).position
            if search is not None and hit is not None:
                found.append(search.value(hit))
        return min(found, key=lambda value: abs(value - mover.start), default=None)

    def _sharpen(self, solved: Solved) -> bool:
        """Cut curved stretches in use where the answer lies; else bar a choice of stretches that cannot do, or divide
        a stretch where it begins to do. False where nothing is left to sharpen."""
        cut = False
        for index, pick in enumerate(solved.picked):
            stretch = self.choices[index].stretches[pick] if pick >= 0 else None
            if stretch is not None and stretch.bend > STRAIGHT:
                self._cut(index, pick, solved.values[index])
                cut = True
        if cut:
            return True
        if self._impossible(solved):
            self.barred.append(solved.picked)
            return True
        begun = [self._begin(index, pick) for index, pick in enumerate(solved.picked) if pick >= 0]
        return True in begun

    def _cut(self, index: int, pick: int, at: float | None) -> None:
        stretch = self.choices[index].stretches[pick]
        room = NARROWER * (stretch.far - stretch.near)
        at_values = () if at is None else (at - room, at, at + room)
        self._put(index, pick, divide(self.movers[index], stretch, 2, at_values))

    def _begin(self, index: int, pick: int) -> bool:
        """Divide a stretch at the value from which it does beside the others, if that lies inside."""
        stretch = self.choices[index].stretches[pick]
        at = self.exact.get(self.movers[index].lever)
        way = 1 if stretch.far > stretch.near else -1
        if at is None or not way * stretch.near < way * at <= way * stretch.far:
            return False
        self._put(index, pick, split(self.movers[index], stretch, double(ordinal(at) - way), at))
        return True

    def _put(self, index: int, pick: int, parts: Sequence[Stretch]) -> None:
        """Parts in place of a stretch, here and in what is barred: there each part is."""
        choice, more = self.choices[index], len(parts) - 1
        done = (*choice.stretches[:pick], *parts, *choice.stretches[pick + 1 :])
        self.choices[index] = LeverChoice(choice.current, choice.cost, done, choice.breaker)
        barred: list[tuple[int, ...]] = []
        for picked in self.barred:
            own = picked[index]
            fresh = range(pick, pick + len(parts)) if own == pick else [own + more if own > pick else own]
            barred += [(*picked[:index], number, *picked[index + 1 :]) for number in fresh]
        self.barred = barred

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
            leads = (rise[self.wanted.seat] - rise)[list(self.wanted.rivals)]
            if (leads < 0).any() and (leads > 0).any():
                return False
            corner.append((self.movers[index].lever, stretch.near if (leads <= 0).all() else stretch.far))
        return not self._holds(corner)

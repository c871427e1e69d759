"""The mixed-integer program of a combination: which stretch of each lever, how far along, and who may stay ahead.

For every other unit k that counts, the lead of the subject over it is a sum over the levers, so

    lead_k(now) + Σ_levers Σ_stretches (lead at its near end · w + rise along it · t) ≥ −tolerance − M_k · a_k

with w binary (one stretch of a lever, or none), 0 ≤ t ≤ w the part of the stretch that is used, a_k binary (k may stay
before), Σ a_k ≤ place − 1. A hyperbola counts as its chord plus the most that it lies above (``Stretch.over``), so the
program never asks for more than the rules do, and its optimum is a lower bound of the true cost. With tie-breakers a
tie is accepted only where they do not decide against the subject, else the lead must be above the tolerance. Where
places follow rounded scores, whole numbers stand for the rounded ones.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from yiqi.engine.catchup.ground import Terms
from yiqi.engine.catchup.segments import Stretch
from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.ground.errors import EngineError


@dataclass(frozen=True, eq=False)
class LeverChoice:
    """One lever of the program: its stretches (both directions in one list), where it stands now, its unit cost."""

    current: float
    cost: float
    stretches: tuple[Stretch, ...]
    breaker: int | None

    def price(self, value: float) -> float:
        """Cost of the figure being ``value``."""
        return self.cost * abs(value - self.current)


@dataclass(frozen=True, eq=False)
class Wanted:
    """What the program is to reach: ``allowed`` of the ``rivals`` (seats) may stay before the subject at ``seat``.

    ``terms``: scores now and how places follow. ``bars``: a veto bars the goal; then ``hit`` says of each lever whether
    its figure now is worse than its veto limit, and ``stuck`` that a veto remains whatever the levers do.
    """

    seat: int
    rivals: tuple[int, ...]
    allowed: int
    terms: Terms
    hit: tuple[bool, ...]
    stuck: bool
    bars: bool

    @property
    def scores(self) -> FloatArray:
        """Scores of the members now (k,)."""
        return self.terms.scores

    @property
    def tolerance(self) -> float:
        """Leads up to this are ties."""
        return self.terms.tolerance

    @property
    def scale(self) -> float | None:
        """10^places where rounded scores are ranked."""
        return None if self.terms.rounded is None else 10.0**self.terms.rounded

    @property
    def relations(self) -> FloatArray:
        """(breakers, k), see ``ground.Terms``."""
        return self.terms.relations


@dataclass(frozen=True)
class Solved:
    """``bound``: no combination costs less (inf: there is none). ``values`` by lever, None unchanged; ``picked``: the
    stretch of each lever, −1 for none."""

    bound: float
    values: tuple[float | None, ...]
    picked: tuple[int, ...]
    nodes: int


@dataclass(eq=False)
class Program:
    """Columns and rows in the making. ``barred``: picks already proved to be impossible, each a stretch a lever."""

    wanted: Wanted
    choices: Sequence[LeverChoice]
    barred: Sequence[tuple[int, ...]] = ()
    costs: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float]] = field(default_factory=list)
    picks: list[list[tuple[int, int | None]]] = field(default_factory=list)

    def column(self, cost: float, upper: float, *, whole: bool) -> int:
        """A new column from 0 to ``upper``."""
        self.costs.append(cost)
        self.upper.append(upper)
        self.whole.append(int(whole))
        return len(self.costs) - 1

    def at_least(self, row: dict[int, float], least: float) -> None:
        """A new row Σ coefficient·column ≥ least, brought to a size near 1."""
        size = max((abs(value) for value in row.values()), default=1.0) or 1.0
        self.rows.append(({key: value / size for key, value in row.items()}, least / size))

    def build(self) -> None:
        """Write the whole program."""
        for choice in self.choices:
            self._lever(choice)
        ahead = {rival: self.column(0.0, 1.0, whole=True) for rival in self.wanted.rivals}
        self.at_least(dict.fromkeys(ahead.values(), -1.0), -float(self.wanted.allowed))
        own = None if self.wanted.scale is None else self._rounded_own()
        for rival, column in ahead.items():
            self._rival(rival, column, own)
        if self.wanted.bars:
            self._veto()
        for picked in self.barred:
            self._bar(picked)

    def _lever(self, choice: LeverChoice) -> None:
        picks: list[tuple[int, int | None]] = []
        for stretch in choice.stretches:
            taken = self.column(choice.price(stretch.near), 1.0, whole=True)
            along = None
            if not stretch.flat:
                along = self.column(choice.price(stretch.far) - choice.price(stretch.near), 1.0, whole=False)
                self.at_least({taken: 1.0, along: -1.0}, 0.0)
            picks.append((taken, along))
        if picks:
            self.at_least({taken: -1.0 for taken, _ in picks}, -1.0)
        self.picks.append(picks)

    def _sum(self, weigh: FloatArray, over: int | None = None) -> dict[int, float]:
        """Σ over levers of ``weigh`` · points of the members; ``over`` adds the bow of the lead over that member."""
        row: dict[int, float] = {}
        for choice, picks in zip(self.choices, self.picks, strict=True):
            for stretch, (taken, along) in zip(choice.stretches, picks, strict=True):
                bow = 0.0 if over is None else float(stretch.over[over])
                row[taken] = float(weigh @ stretch.at_near) + bow
                if along is not None:
                    row[along] = float(weigh @ (stretch.at_far - stretch.at_near))
        return {column: value for column, value in row.items() if value}

    def _lead(self, rival: int) -> tuple[dict[int, float], float]:
        """Row and constant of the subject's lead over a rival."""
        weigh = np.zeros(len(self.wanted.scores))
        weigh[self.wanted.seat], weigh[rival] = 1.0, -1.0
        now = float(self.wanted.scores[self.wanted.seat] - self.wanted.scores[rival])
        return self._sum(weigh, rival), now

    def _least(self, row: dict[int, float]) -> float:
        """No less than this is possible of a row."""
        return math.fsum(value * self.upper[column] for column, value in row.items() if value < 0)

    def _rival(self, rival: int, column: int, own: int | None) -> None:
        row, now = self._lead(rival) if own is None else self._rounded_lead(rival, own)
        tolerance = self.wanted.tolerance * (1.0 if self.wanted.scale is None else self.wanted.scale)
        slack = max(0.0, -tolerance - now - self._least(row)) + 1.0
        self.at_least({**row, column: row.get(column, 0.0) + slack}, -tolerance - now)
        if len(self.wanted.relations):
            strict, tie = self.column(0.0, 1.0, whole=True), self.column(0.0, 1.0, whole=True)
            self.at_least({strict: 1.0, tie: 1.0, column: 1.0}, 1.0)
            least = tolerance if self.wanted.scale is None else _above(tolerance)
            slack = max(0.0, least - now - self._least(row)) + 1.0
            self.at_least({**row, strict: -slack}, least - now - slack)
            self._breakers(rival, tie)

    def _breakers(self, rival: int, tie: int) -> None:
        """A tie holds where, breaker by breaker, the subject is ahead at one before or not behind at this one."""
        ahead: tuple[dict[int, float], float] = ({}, 0.0)
        for number in range(len(self.wanted.relations)):
            level = self._relation(number, rival, least=0)
            row = {column: ahead[0].get(column, 0.0) + level[0].get(column, 0.0) for column in {*ahead[0], *level[0]}}
            self.at_least({**row, tie: -1.0}, -(ahead[1] + level[1]))
            won = self._relation(number, rival, least=1)
            columns = {*ahead[0], *won[0]}
            ahead = (
                {column: ahead[0].get(column, 0.0) + won[0].get(column, 0.0) for column in columns},
                ahead[1] + won[1],
            )

    def _relation(self, number: int, rival: int, *, least: int) -> tuple[dict[int, float], float]:
        """1 where the subject stands at ``least`` (0 level, 1 ahead) by a tie-breaker: columns and constant."""
        now = 1.0 if self.wanted.relations[number, rival] >= least else 0.0
        row: dict[int, float] = {}
        for choice, picks in zip(self.choices, self.picks, strict=True):
            if choice.breaker == number:
                for stretch, (taken, _) in zip(choice.stretches, picks, strict=True):
                    row[taken] = (1.0 if stretch.relations[rival] >= least else 0.0) - now
        return row, now

    def _rounded_own(self) -> int:
        """Whole number N ≤ scale·score + ½ of the subject."""
        scale = self.wanted.scale or 1.0
        weigh = np.zeros(len(self.wanted.scores))
        weigh[self.wanted.seat] = scale
        row, now = self._sum(weigh), scale * float(self.wanted.scores[self.wanted.seat])
        most = now + math.fsum(max(value, 0.0) * self.upper[column] for column, value in row.items())
        column = self.column(0.0, max(0.0, math.floor(most + 0.5 + 1e-9)), whole=True)
        self.at_least({**row, column: -1.0}, -now - 0.5 - 1e-9)
        return column

    def _rounded_lead(self, rival: int, own: int) -> tuple[dict[int, float], float]:
        """N of the subject less N of the rival, which is at least scale·score − ½."""
        scale = self.wanted.scale or 1.0
        weigh = np.zeros(len(self.wanted.scores))
        weigh[rival] = scale
        row, now = self._sum(weigh), scale * float(self.wanted.scores[rival])
        if not row:
            return {own: 1.0}, -math.floor(now + 0.5 + 1e-6)
        most = now + math.fsum(max(value, 0.0) * self.upper[column] for column, value in row.items())
        column = self.column(0.0, max(0.0, math.ceil(most + 0.5)), whole=True)
        self.at_least({column: 1.0, **{key: -value for key, value in row.items()}}, now - 0.5 - 1e-9)
        return {own: 1.0, column: -1.0}, 0.0

    def _veto(self) -> None:
        """Every lever whose figure now vetoes must go to a stretch that does not; no other may go to one that does."""
        if self.wanted.stuck:
            self.at_least({}, 1.0)
        for choice, picks, hit in zip(self.choices, self.picks, self.wanted.hit, strict=True):
            bad = {taken: -1.0 for s, (taken, _) in zip(choice.stretches, picks, strict=True) if s.vetoed}
            good = {taken: 1.0 for s, (taken, _) in zip(choice.stretches, picks, strict=True) if not s.vetoed}
            if hit:
                self.at_least(good, 1.0)
            elif bad:
                self.at_least(bad, 0.0)

    def _bar(self, picked: tuple[int, ...]) -> None:
        row: dict[int, float] = {}
        taken = 0
        for lever, pick in enumerate(picked):
            for number, (column, _) in enumerate(self.picks[lever]):
                if pick < 0:
                    row[column] = 1.0
                elif number == pick:
                    row[column], taken = -1.0, taken + 1
        self.at_least(row, 1.0 - taken)

    def solve(self, seconds: float) -> Solved:
        """Hand it to HiGHS. Errors: ``solver_failed``."""
        # SciPy's solvers load slowly; most questions need no program
        from scipy.optimize import Bounds as Limits
        from scipy.optimize import LinearConstraint, milp
        from scipy.sparse import coo_array

        self.build()
        lines = [(line, column, value) for line, (row, _) in enumerate(self.rows) for column, value in row.items()]
        shape = (len(self.rows), len(self.costs))
        at = (np.array([line for line, _, _ in lines]), np.array([column for _, column, _ in lines]))
        matrix = coo_array((np.array([value for _, _, value in lines], dtype=np.float64), at), shape=shape).tocsr()
        answer = milp(
            np.array(self.costs),
            integrality=np.array(self.whole),
            bounds=Limits(np.zeros(len(self.costs)), np.array(self.upper)),
            constraints=LinearConstraint(matrix, lb=np.array([least for _, least in self.rows])),
            options={"mip_rel_gap": 0.0, "time_limit": seconds},
        )
        if answer.status == 2:
            return Solved(math.inf, (), (), 0)
        if answer.x is None:
            text = f"HiGHS found no answer: {answer.message}"
            raise EngineError("solver_failed", text, {"status": int(answer.status)})
        bound = answer.mip_dual_bound if answer.mip_dual_bound is not None else answer.fun
        return self._read(answer.x, float(bound), int(answer.mip_node_count or 0))

    def _read(self, x: FloatArray, bound: float, nodes: int) -> Solved:
        values: list[float | None] = []
        picked: list[int] = []
        for choice, picks in zip(self.choices, self.picks, strict=True):
            pick = next((number for number, (taken, _) in enumerate(picks) if x[taken] > 0.5), -1)
            picked.append(pick)
            if pick < 0:
                values.append(None)
                continue
            along = picks[pick][1]
            values.append(_at(choice.stretches[pick], 0.0 if along is None else float(x[along])))
        return Solved(max(0.0, bound), tuple(values), tuple(picked), nodes)


def _above(units: float) -> float:
    """The least whole number above a tolerance in units of rounding; the number itself where they nearly agree, since
    then the last bits decide."""
    near = round(units)
    return float(near) if near >= 1 and abs(units - near) < 1e-6 else math.floor(units) + 1.0


def _at(stretch: Stretch, share: float) -> float:
    """A value on the stretch, its exact ends near the ends."""
    if share <= 1e-9:
        return stretch.near
    return stretch.far if share >= 1.0 - 1e-9 else stretch.near + (stretch.far - stretch.near) * share

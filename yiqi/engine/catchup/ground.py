"""What the searches need of a standing, whether it is an appraisal or a composite index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray

MOST_TRIED = 60_000  # values tried for one goal before a search gives up proving


@dataclass(frozen=True, order=True)
class Lever:
    """One figure of a unit that can change: an indicator's value, or its growth under ``level_and_growth``."""

    indicator: str
    array: str = "values"


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What ``m`` tried values lead to; rows are the members of the scope (k).

    ``points``, ``ranked`` (k, m): unrounded and as ranked; ``slop`` (k, m): how far the points may lie off a curve
    that rises or falls throughout, because two rounded numbers of a quotient move together; 0 where none does.
    ``places`` (m,) of the subject, 0 without one; ``vetoed`` (m,) of the subject.
    """

    points: FloatArray
    ranked: FloatArray
    slop: FloatArray
    places: IntArray
    vetoed: BoolArray


@dataclass(frozen=True, eq=False)
class Contributions:
    """What values (m,) of a lever add: ``cells`` (k, m) of the members less those now; and what may not change inside
    a stretch: ``vetoed``, worse than the lever's own limit; ``relations`` (k, m) of the subject to each member by the
    lever as a tie-breaker, −1, 0, 1 (no rows where it is none); ``usable``, the same cells are missing as now."""

    values: FloatArray
    cells: FloatArray
    vetoed: BoolArray
    relations: IntArray
    usable: BoolArray


class Mover(Protocol):
    """One lever of one unit, ready to be tried; ``seat`` is that of the unit whose place is looked at.

    ``certain``: between two thresholds every score rises or falls, so that a search can prove what it says; ``leads``:
    so does the difference of any two, as all follow lines, or hyperbolas with one ``pole``.
    ``patience``: so many values may be tried for one goal. ``additive``: what several levers add to the scores is the
    sum of what each adds. ``grain``: how far beside the figure is no distance yet, since ties and ranges are judged
    with a tolerance.
    """

    @property
    def lever(self) -> Lever: ...
    @property
    def seat(self) -> int: ...
    @property
    def count(self) -> int: ...
    @property
    def start(self) -> float: ...
    @property
    def reported(self) -> bool: ...
    @property
    def matters(self) -> bool: ...
    @property
    def certain(self) -> bool: ...
    @property
    def leads(self) -> bool: ...
    @property
    def patience(self) -> int: ...
    @property
    def additive(self) -> bool: ...
    @property
    def grain(self) -> float: ...
    @property
    def figures(self) -> FloatArray: ...
    @property
    def ways(self) -> tuple[int, ...]: ...
    @property
    def ties(self) -> str: ...
    @property
    def tolerance(self) -> float: ...
    @property
    def rounded(self) -> int | None: ...
    @property
    def size(self) -> float: ...
    @property
    def breaker(self) -> int | None: ...
    def try_values(self, values: FloatArray) -> Outcomes: ...
    def contributions(self, values: FloatArray) -> Contributions: ...
    def hits(self, values: FloatArray) -> BoolArray: ...
    def thresholds(self) -> list[float]: ...
    def bends(self) -> list[float]: ...
    def pole(self, value: float) -> float | None: ...


class After(NamedTuple):
    """A standing by a whole run: scores and places of the members (k,), and whether the subject is vetoed."""

    points: FloatArray
    places: IntArray
    vetoed: bool


@dataclass(frozen=True, eq=False)
class Terms:
    """How places follow from scores (k,) now: see ``model.Terms``, which adds the goal.

    ``relations`` (breakers, k): 1, 0, −1 as the subject is ahead of, level with or behind a member by a tie-breaker;
    ``worth``: values of each tie-breaker (k,), higher is better, nan missing; ``rounded``: decimals ranked, or None.
    """

    scores: FloatArray
    ranked: FloatArray
    relations: FloatArray
    worth: tuple[FloatArray, ...]
    ties: str
    tolerance: float
    rounded: int | None

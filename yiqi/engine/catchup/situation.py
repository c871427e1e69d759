"""Where everybody stands now: a scheme, the figures, the result that follows, and what can be changed in them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, Self

from yiqi.engine.catchup.ground import Lever, Terms
from yiqi.engine.ground.arrays import FloatArray, IntArray
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.run.appraisal import AppraisalResult
from yiqi.engine.run.result import Result
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.digest import digest_of
from yiqi.engine.scheme.scheme import Scheme


@dataclass(frozen=True, order=True)
class Cell:
    """One figure in the table. ``array`` is ``values``, of an appraisal also ``growth`` or ``targets``."""

    unit: str
    indicator: str
    array: str = "values"


@dataclass(frozen=True)
class Scope:
    """What is ranked among whom: the whole or a ``block`` (of an index, an aggregate), over all units or inside the
    unit's ranking group."""

    block: str | None = None
    within_group: bool = False

    def points(self, result: Result) -> FloatArray:
        """Unrounded scores (units,), nan without one."""
        return result.scores_of(self.block)

    def ranks(self, result: Result) -> IntArray:
        """Places (units,), 0 without one."""
        if not (self.within_group and isinstance(result, AppraisalResult)):
            return result.places_of(self.block)
        if self.block is None:
            return result.total_group_ranks
        return result.block_group_ranks[:, result.scheme.parts.index(self.block)]


@dataclass(frozen=True, eq=False)
class Situation(ABC):
    """All units under one scheme, an ``AppraisalSituation`` or an ``IndexSituation``. Errors: those of ``run``."""

    scheme: Scheme
    data: Dataset

    arrays: ClassVar[tuple[str, ...]] = ("values",)  # in which figures can be changed
    unscored_lose: ClassVar[bool] = True  # who has no score any more has lost the place

    @property
    @abstractmethod
    def result(self) -> Result:
        """The standing now. Errors: those of ``run``."""

    @property
    @abstractmethod
    def tier_size(self) -> int:
        """Places of the tier."""

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the scheme and the figures, as in ``Result.digest``."""
        return digest_of(self.scheme, self.data)

    @property
    def units(self) -> tuple[str, ...]:
        """Codes of the units of the data."""
        return self.data.units

    def row(self, unit: str) -> int:
        """Row number of a unit; ``unknown_unit`` otherwise."""
        return self.data.row(unit)

    def _place(self, cell: Cell) -> tuple[int, int]:
        """Row and column of a cell. Errors: ``unknown_option``, ``unknown_unit``, ``unknown_indicator``."""
        if cell.array not in self.arrays:
            text = f"changes are made in {', '.join(self.arrays)}, not in {cell.array!r}"
            raise EngineError("unknown_option", text, {"option": "array", "value": repr(cell.array)})
        if cell.indicator not in self.scheme.columns:
            text = f"unknown indicator {cell.indicator!r}"
            raise EngineError("unknown_indicator", text, {"indicator": cell.indicator})
        return self.row(cell.unit), self.data.column(cell.indicator)

    def figure(self, cell: Cell) -> float:
        """The figure in a cell, nan where it is missing. Errors: ``unknown_option``, ``unknown_unit``,
        ``unknown_indicator``."""
        place = self._place(cell)
        return float(getattr(self.data, cell.array)[place])

    def moved(self, changes: Mapping[Cell, float]) -> Self:
        """The situation with cells of any units changed, nan takes a figure away. Errors: those of ``figure``."""
        tables: dict[str, Any] = {}
        for cell, value in changes.items():
            place = self._place(cell)
            tables.setdefault(cell.array, getattr(self.data, cell.array).copy())[place] = value
        return replace(self, data=self.data.replaced(**tables))

    def run(self, changes: Mapping[Cell, float]) -> Result:
        """The standing after changes. Errors: those of ``figure`` and ``run``."""
        return self.moved(changes).result if changes else self.result

    def outcome(self, changes: Mapping[Cell, float]) -> Result | None:
        """The standing after changes; None where, of an index, they cannot be built."""
        return self.run(changes)

    @abstractmethod
    def levers(self) -> tuple[Lever, ...]:
        """Every figure that the scheme looks at, in its order."""

    @abstractmethod
    def check_lever(self, lever: Lever) -> None:
        """Errors: ``unknown_indicator``, ``unknown_option``, ``no_growth_part``."""

    @abstractmethod
    def domain(self, lever: Lever) -> tuple[float, float]:
        """Where a value of the lever has a meaning."""

    def reach(self, lever: Lever) -> tuple[float, float]:
        """How far a search goes by itself: the whole domain."""
        return self.domain(lever)

    def floor(self, lever: Lever) -> float:
        """Below it nothing goes by itself: the low end of the domain."""
        return self.domain(lever)[0]

    @abstractmethod
    def figures(self, lever: Lever) -> FloatArray:
        """The column of a lever (units,), nan where there is nothing."""

    @abstractmethod
    def seen(self, lever: Lever) -> FloatArray:
        """Every number that says something of the size of the lever: figures, targets, parameters of the rule."""

    @abstractmethod
    def members(self, scope: Scope, unit: str) -> tuple[str, ...]:
        """Codes of those who stand beside a unit. Errors: ``unknown_unit``, ``no_groups``, those of
        ``Scheme.check_part``, of an index ``unit_screened``."""

    def sign(self, scope: Scope) -> float:  # noqa: ARG002 - of an index it depends on the aggregate
        """−1 where less of the score is better."""
        return 1.0

    def barred(self, result: Result, unit: str) -> bool:  # noqa: ARG002 - an index knows no veto
        """Whether a veto keeps a unit from the tier."""
        return False

    @abstractmethod
    def terms(self, scope: Scope, unit: str) -> Terms:
        """Scores, tie-breakers and how ties are treated."""

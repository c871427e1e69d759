"""A composite index as the ground of a search: one column is scored again, every level above it, nothing else.

Treatment of outliers, if the plan has it, is worked out again for every value tried, as ``build`` would. Then (and
with z-scores, means of the row, and comparisons in pairs) scores need not rise or fall between two breakpoints: what a
search finds is checked by ``build``, but it is not proved that nothing smaller does it (``certain`` False).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from yiqi.engine.catchup.ground import Lever, Terms
from yiqi.engine.catchup.situation import Cell, Scope
from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.ground.checks import LARGEST
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.run.index import IndexResult
from yiqi.engine.run.outcome import Outcome
from yiqi.engine.run.pipeline import build
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.digest import index_digest
from yiqi.engine.scheme.hierarchy import Hierarchy
from yiqi.engine.scheme.index import IndexPlan

TIER = 6


@dataclass(frozen=True, eq=False)
class IndexSituation:
    """A plan, a hierarchy and figures, with the standing that follows. ``tier_size``: first places of the root.

    ``free``: by itself a search also goes below 0 where no unit has a negative figure.
    """

    plan: IndexPlan
    hierarchy: Hierarchy
    data: Dataset
    tier_size: int = TIER
    free: bool = False

    @cached_property
    def result(self) -> IndexResult:
        """The standing now. Errors: those of ``build``."""
        return build(self.plan, self.hierarchy, self.data)

    @property
    def units(self) -> tuple[str, ...]:
        """Codes of the units of the data."""
        return self.data.units

    def row(self, unit: str) -> int:
        """Row number of a unit; ``unknown_unit`` otherwise."""
        return self.data.row(unit)

    def levers(self) -> tuple[Lever, ...]:
        """The value of every indicator."""
        return tuple(Lever(code) for code in self.hierarchy.indicators)

    def check_lever(self, lever: Lever) -> None:
        """Errors: ``unknown_indicator``, ``unknown_option`` (an index has values only)."""
        if lever.array != "values":
            raise EngineError("unknown_option", f"an index has no {lever.array!r} to change", {"option": "array"})
        if lever.indicator not in self.hierarchy.indicators:
            text = f"unknown indicator {lever.indicator!r}"
            raise EngineError("unknown_indicator", text, {"indicator": lever.indicator})

    def domain(self, lever: Lever) -> tuple[float, float]:
        """±1e100."""
        self.check_lever(lever)
        return -LARGEST, LARGEST

    def reach(self, lever: Lever) -> tuple[float, float]:
        """How far a search goes by itself: the range seen, once more on both sides, not below ``floor``."""
        seen = self.seen(lever)
        seen = seen[~np.isnan(seen)]
        if not len(seen):
            return self.domain(lever)
        low, high = float(seen.min()), float(seen.max())
        room = (high - low) or max(1.0, abs(high))
        return max(low - room, self.floor(lever)), high + room

    def floor(self, lever: Lever) -> float:
        """0 where no unit has less (and not ``free``), else the domain's low end."""
        seen = self.seen(lever)
        natural = not self.free and bool((seen[~np.isnan(seen)] >= 0).all())
        return 0.0 if natural else self.domain(lever)[0]

    def figures(self, lever: Lever) -> FloatArray:
        """The raw column (units,)."""
        return self.data.values[:, self.data.column(lever.indicator)]

    def seen(self, lever: Lever) -> FloatArray:
        """The raw column and the target, in its unit."""
        target = self.hierarchy.node(lever.indicator).target
        return np.append(self.figures(lever), math.nan if target is None else target)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of plan, hierarchy and data, as in ``IndexResult.digest``."""
        return index_digest(self.plan, self.hierarchy, self.data)

    def figure(self, cell: Cell) -> float:
        """The figure in a cell, nan where it is missing. Errors: ``unknown_unit`` and those of ``check_lever``."""
        self.check_lever(Lever(cell.indicator, cell.array))
        return float(self.data.values[self.row(cell.unit), self.data.column(cell.indicator)])

    def moved(self, changes: Mapping[Cell, float]) -> IndexSituation:
        """The situation with cells of any units changed, nan takes a figure away. Errors: see ``figure``."""
        values = self.data.values.copy()
        for cell, value in changes.items():
            self.check_lever(Lever(cell.indicator, cell.array))
            values[self.row(cell.unit), self.data.column(cell.indicator)] = value
        return replace(self, data=self.data.replaced(values))

    def run(self, changes: Mapping[Cell, float]) -> IndexResult:
        """``build`` with some figures changed. Errors: those of ``figure`` and ``build``."""
        return self.moved(changes).result if changes else self.result

    def node_of(self, block: str | None) -> str:
        """The aggregate that a score is of, the root for None; ``unknown_node`` otherwise."""
        node = self.hierarchy.root if block is None else self.hierarchy.node(block).code
        if node not in self.hierarchy.aggregates:
            raise EngineError("unknown_node", f"{node!r} is an indicator, not an aggregate", {"node": node})
        return node

    def members(self, scope: Scope, unit: str) -> tuple[str, ...]:
        """Units that stayed after screening. Errors: ``unknown_unit``, ``unit_screened``, ``unknown_node``,
        ``no_groups``."""
        if scope.within_group:
            raise EngineError("no_groups", "places of an index are those over all units", {})
        self.node_of(scope.block)
        self.result.row(unit)
        return self.result.units

    def sign(self, scope: Scope) -> float:
        """−1 where less of the aggregate is better."""
        return float(self.hierarchy.node(self.node_of(scope.block)).direction)

    def outcome(self, changes: Mapping[Cell, float]) -> IndexResult | None:
        """The standing after changes; None where they cannot be built."""
        if not changes:
            return self.result
        try:
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # what cannot be built is refused
                return self.run(changes)
        except EngineError:
            return None

    def barred(self, result: Outcome, unit: str) -> bool:
        """An index knows no veto."""
        del result, unit
        return False

    def terms(self, scope: Scope, unit: str) -> Terms:
        """Scores, without tie-breakers."""
        del unit
        scores = scope.points(self.result) * self.sign(scope)
        empty = np.zeros((0, len(scores)))
        return Terms(scores, scores, empty, (), self.plan.ties, self.plan.tolerance, None)

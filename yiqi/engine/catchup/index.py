"""A composite index as the ground of a search: one column is scored again, every level above it, nothing else.

Treatment of outliers, if there is any, is worked out again for every value tried, as ``run`` would. Then (and
with z-scores, means of the row, and comparisons in pairs) scores need not rise or fall between two breakpoints: what a
search finds is checked by ``run``, but it is not proved that nothing smaller does it (``certain`` False).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from yiqi.engine.catchup.ground import Lever, Terms
from yiqi.engine.catchup.situation import Cell, Scope, Situation
from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.ground.checks import LARGEST
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.run.index import IndexResult
from yiqi.engine.run.runner import run
from yiqi.engine.scheme.index import IndexScheme

TIER = 6


@dataclass(frozen=True, eq=False)
class IndexSituation(Situation):
    """An index and its figures, with the standing that follows. ``tier_size``: first places of the root.

    ``free``: by itself a search also goes below 0 where no unit has a negative figure.
    """

    scheme: IndexScheme
    tier_size: int = TIER
    free: bool = False
    unscored_lose: ClassVar[bool] = False  # what cannot be built is no standing

    @cached_property
    def result(self) -> IndexResult:
        """The standing now. Errors: those of ``run``."""
        return run(self.scheme, self.data)

    def levers(self) -> tuple[Lever, ...]:
        return tuple(Lever(code) for code in self.scheme.columns)

    def check_lever(self, lever: Lever) -> None:
        if lever.array != "values":
            raise EngineError("unknown_option", f"an index has no {lever.array!r} to change", {"option": "array"})
        if lever.indicator not in self.scheme.columns:
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
        """The raw column."""
        return self.data.values[:, self.data.column(lever.indicator)]

    def seen(self, lever: Lever) -> FloatArray:
        """The raw column and the target, in its unit."""
        target = self.scheme.hierarchy.node(lever.indicator).target
        return np.append(self.figures(lever), math.nan if target is None else target)

    def members(self, scope: Scope, unit: str) -> tuple[str, ...]:
        """Units that stayed after screening."""
        if scope.within_group:
            raise EngineError("no_groups", "places of an index are those over all units", {})
        self.scheme.check_part(scope.block)
        self.result.row(unit)
        return self.result.units

    def sign(self, scope: Scope) -> float:
        return float(self.scheme.hierarchy.node(self.scheme.node_of(scope.block)).direction)

    def outcome(self, changes: Mapping[Cell, float]) -> IndexResult | None:
        if not changes:
            return self.result
        try:
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # what cannot be built is refused
                return self.moved(changes).result
        except EngineError:
            return None

    def terms(self, scope: Scope, unit: str) -> Terms:
        """Scores, without tie-breakers."""
        del unit
        scores = scope.points(self.result) * self.sign(scope)
        empty = np.zeros((0, len(scores)))
        return Terms(scores, scores, empty, (), self.scheme.ties, self.scheme.tolerance, None)

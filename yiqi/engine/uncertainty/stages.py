"""The steps of an index up to the normalised matrix, each done once for each way of doing it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

import numpy as np

from yiqi.engine.ground.arrays import FloatArray, IntArray
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.run.impute import impute
from yiqi.engine.run.normalise import normalise
from yiqi.engine.run.pipeline import families_of
from yiqi.engine.run.screen import denominate, screen
from yiqi.engine.run.treat import treat
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy
from yiqi.engine.scheme.index import IndexPlan
from yiqi.engine.scheme.steps import canonical, plain

KEPT = 256  # stages kept; a simulation of more ways than that works some out again

Made = TypeVar("Made")


class Rows(NamedTuple):
    """Values (rows, indicators) of the units that stay; ``rows`` are their numbers in the data."""

    values: FloatArray
    rows: IntArray


@dataclass(eq=False)
class Stages:
    """``normalised(plan)`` for plans that differ in their steps: a step whose own part and whose input are those of an
    earlier plan is not done again. An error is kept too: a step that failed fails again at once."""

    hierarchy: Hierarchy
    data: Dataset
    kept: dict[Hashable, Any] = field(default_factory=dict)

    def normalised(self, plan: IndexPlan) -> Rows:
        """The matrix that is added up, (rows, indicators). Errors: those of ``index.build`` up to there."""
        complete = self._complete(plan)
        codes = self.hierarchy.indicators
        units = tuple(self.data.units[row] for row in complete.rows)
        first = _key(plan, "denominate", "impute", "screen")
        treated = complete.values
        if plan.treat is not None:
            spec = plan.treat
            second = (*first, _key(plan, "treat"))
            treated = self._once(second, lambda: treat(complete.values, spec, units=units, columns=codes).values)
        nodes = [self.hierarchy.node(code) for code in codes]
        third = (first, _key(plan, "treat", "normalise"))
        found = self._once(
            third,
            lambda: normalise(
                treated,
                plan.normalise,
                directions=[float(node.direction) for node in nodes],
                targets=[np.nan if node.target is None else node.target for node in nodes],
                units=units,
                columns=codes,
            ),
        )
        return Rows(found, complete.rows)

    def _complete(self, plan: IndexPlan) -> Rows:
        return self._once(_key(plan, "denominate", "impute", "screen"), lambda: self._first_steps(plan))

    def _first_steps(self, plan: IndexPlan) -> Rows:
        """Denominated, imputed, screened."""
        tree, data = self.hierarchy, self.data
        values = data.selected(tree.indicators)
        if plan.denominate:
            values = denominate(values, tree, data)
        if plan.impute is not None:
            values = impute(
                values,
                plan.impute,
                groups=data.group(plan.impute.group) if plan.impute.group else None,
                directions=[float(tree.node(code).direction) for code in tree.indicators],
                families=families_of(tree, plan.impute.within),
                units=data.units,
                columns=tree.indicators,
            )
        rows = np.arange(len(values), dtype=np.int64)
        if plan.screen is not None:
            rows = np.flatnonzero(screen(values, plan.screen, data.units).included)
            values = values[rows]
        if len(rows) < 2:
            raise EngineError("one_unit", "less than two units are left after screening", {"units": len(rows)})
        return Rows(values, rows)

    def _once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        found = self.kept.get(key)
        if found is None:
            if len(self.kept) >= KEPT:
                self.kept.clear()
            try:
                found = make()
            except EngineError as error:
                found = error
            self.kept[key] = found
        if isinstance(found, EngineError):
            raise found
        return found


def _key(plan: IndexPlan, *fields: str) -> tuple[bytes, ...]:
    return tuple(canonical([name, plain(getattr(plan, name))]) for name in fields)

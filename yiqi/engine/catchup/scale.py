"""One column of an index, from raw figures to the common scale, as ``build`` would make it."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, FloatArray, ends, flat_columns
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.run.impute import impute
from yiqi.engine.run.index import IndexResult
from yiqi.engine.run.normalise import normalise
from yiqi.engine.run.treat import treat
from yiqi.engine.scheme.steps import TreatSpec


class IndexColumn:
    """An indicator's column, in which the figure of one unit (``row`` of the data) takes other values."""

    def __init__(self, result: IndexResult, row: int, indicator: str):
        self.result, self.row, self.indicator = result, row, indicator
        self.steps, self.hierarchy, self.data = result.scheme.steps, result.hierarchy, result.data
        self.spec = replace(self.steps.normalise.of(indicator), by_indicator={})
        own = self.hierarchy.node(indicator)
        self.direction, self.target = own.direction, own.target
        self.count = len(result.units)

    @property
    def figures(self) -> FloatArray:
        """The raw column (units,)."""
        return self.data.values[:, self.data.column(self.indicator)]

    @cached_property
    def treatment(self) -> TreatSpec | None:
        """The treatment of this column."""
        spec = self.steps.treat
        if spec is None:
            return None
        own = spec.by_indicator.get(self.indicator, spec)
        return None if own is None else replace(own, by_indicator={})

    @property
    def scale(self) -> float:
        """The unit's own denominator, 1 without one."""
        return 1.0 if self._denominator is None else float(self._denominator[self.row])

    @cached_property
    def _denominator(self) -> FloatArray | None:
        name = self.hierarchy.node(self.indicator).denominator
        if name is None or not self.steps.denominate:
            return None
        return np.asarray(self.data.denominators[name], dtype=np.float64)

    @cached_property
    def _stay(self) -> list[int]:
        return [self.data.row(unit) for unit in self.result.units]

    def on_scale(self, values: FloatArray) -> tuple[FloatArray, BoolArray]:
        """The column on the common scale (units that stayed, m), each value in the unit's place; and which cannot be.

        What cannot be built: nothing varies any more, or a scale refuses the column.
        """
        try:
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # neighbours of 0 have no logarithm
                table = self._treated(values)
                found = self._normalised(table)
        except EngineError:
            if len(values) == 1:
                return np.full((self.count, 1), np.nan), np.ones(1, dtype=np.bool_)
            parts = [self.on_scale(values[[at]]) for at in range(len(values))]
            return np.concatenate([part for part, _ in parts], axis=1), np.concatenate([bad for _, bad in parts])
        bad = flat_columns(*ends(table)) if self._others_flat else np.zeros(len(values), dtype=np.bool_)
        return found, bad

    @cached_property
    def _others_flat(self) -> bool:
        """Whether no other indicator varies."""
        steps = [name for name in ("treated", "screened", "imputed", "denominated", "raw") if name in self.result.steps]
        flat = flat_columns(*ends(self.result.at_step(steps[0])))
        return bool(np.delete(flat, self.hierarchy.indicators.index(self.indicator)).all())

    def _treated(self, values: FloatArray) -> FloatArray:
        table = np.repeat(self.figures[:, None], len(values), axis=1)
        table[self.row] = values
        if self._denominator is not None:
            table = table / self._denominator[:, None]
        if (spec := self.steps.impute) is not None:
            groups = self.data.group(spec.group) if spec.group else None
            turned = [float(self.direction)] * len(values)
            table = impute(table, replace(spec, within=None), groups=groups, directions=turned)
        table = table[self._stay]
        return table if self.treatment is None else treat(table, self.treatment).values

    def _normalised(self, table: FloatArray) -> FloatArray:
        aims = np.full(table.shape[1], np.nan if self.target is None else self.target)
        turned = np.full(table.shape[1], float(self.direction))
        return normalise(table, self.spec, directions=turned, targets=aims, units=self.result.units)

    @cached_property
    def others(self) -> FloatArray:
        """The column of the other units that are scored, over their denominators."""
        rows = [row for row in self._stay if row != self.row]
        others = self.figures[rows]
        if self._denominator is not None:
            others = others / self._denominator[rows]
        return others[np.isfinite(others)]

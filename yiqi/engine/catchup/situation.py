"""Where everybody stands now: the plan, the figures, and the result that follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from yiqi.engine.catchup.ground import Lever, Terms
from yiqi.engine.catchup.judging import domain, judging, landmarks
from yiqi.engine.ground.arrays import FloatArray, IntArray, group_indices
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.run.outcome import Outcome
from yiqi.engine.run.result import Result
from yiqi.engine.run.runner import run
from yiqi.engine.scheme.dataset import Dataset, appraisal_data
from yiqi.engine.scheme.digest import appraisal_digest
from yiqi.engine.scheme.plan import IndicatorSpec, Plan

ARRAYS = ("values", "growth", "targets")


@dataclass(frozen=True, order=True)
class Cell:
    """One figure in the table. ``array`` is ``values``, ``growth`` or ``targets``."""

    unit: str
    indicator: str
    array: str = "values"


@dataclass(frozen=True, eq=False)
class Situation:
    """A plan with checked figures; build it with ``Situation.of``, which takes the arguments of ``run``."""

    plan: Plan
    inputs: Dataset

    @classmethod
    def of(
        cls,
        plan: Plan,
        units: Sequence[str],
        values: ArrayLike,
        *,
        targets: ArrayLike | None = None,
        previous: ArrayLike | None = None,
        previous_age: ArrayLike | None = None,
        growth: ArrayLike | None = None,
        groups: Sequence[str] | None = None,
        vetoed: Sequence[bool] | None = None,
    ) -> Situation:
        """Check the figures as ``run`` does and hold them. Errors: those of ``run``."""
        inputs = appraisal_data(
            plan, units, values, targets=targets, previous=previous, previous_age=previous_age,
            growth=growth, groups=groups, vetoed=vetoed,
        )  # fmt: skip
        made = cls(plan, inputs)
        _ = made.result
        return made

    @cached_property
    def result(self) -> Result:
        """The standing now."""
        return self.run({})

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the plan and the figures, as in ``Result.input_digest``."""
        return appraisal_digest(self.plan, self.inputs)

    @property
    def units(self) -> tuple[str, ...]:
        """Codes of the units."""
        return self.inputs.units

    def row(self, unit: str) -> int:
        """Row number of a unit; ``unknown_unit`` otherwise."""
        if unit not in self.units:
            raise EngineError("unknown_unit", f"unknown unit {unit!r}", {"unit": unit})
        return self.units.index(unit)

    def figure(self, cell: Cell) -> float:
        """The figure in a cell, nan where it is missing. Errors: ``unknown_unit``, ``unknown_indicator``."""
        return float(self._array(cell.array)[self.row(cell.unit), self.plan.column(cell.indicator)])

    def _array(self, name: str) -> FloatArray:
        if name not in ARRAYS:
            text = f"changes are made in {', '.join(ARRAYS)}, not in {name!r}"
            raise EngineError("unknown_option", text, {"option": "array", "value": repr(name)})
        array: FloatArray = getattr(self.inputs, name)
        return array

    def changed(self, changes: Mapping[Cell, float]) -> dict[str, FloatArray]:
        """The arrays with the changes made, by name. nan takes a figure away."""
        arrays: dict[str, FloatArray] = {}
        for cell, value in changes.items():
            array = arrays.setdefault(cell.array, self._array(cell.array).copy())
            array[self.row(cell.unit), self.plan.column(cell.indicator)] = value
        return arrays

    def run(self, changes: Mapping[Cell, float]) -> Result:
        """``run`` with some figures changed. Errors: those of ``run``."""
        return run(self.plan, self.units, **self._figures(changes))

    def moved(self, changes: Mapping[Cell, float]) -> Situation:
        """The situation after changes. Errors: those of ``run``."""
        return Situation.of(self.plan, self.units, **self._figures(changes))

    def _figures(self, changes: Mapping[Cell, float]) -> dict[str, Any]:
        """What ``run`` takes besides plan and units."""
        names = (*ARRAYS, "previous", "previous_age", "vetoed")
        return {name: getattr(self.inputs, name) for name in names} | {
            "groups": self.inputs.peers, **self.changed(changes)
        }  # fmt: skip

    def members(self, scope: Scope, unit: str) -> tuple[str, ...]:
        """Codes of those who stand beside a unit. Errors: ``unknown_unit``, ``unknown_block``, ``no_groups``."""
        scope.check(self)
        return tuple(self.units[row] for row in scope.members(self, self.row(unit)).tolist())

    def sign(self, scope: Scope) -> float:
        """Points are better when higher."""
        del scope
        return 1.0

    def outcome(self, changes: Mapping[Cell, float]) -> Result:
        """The standing after changes. Errors: those of ``run``."""
        return self.run(changes) if changes else self.result

    def barred(self, result: Outcome, unit: str) -> bool:
        """Whether a veto keeps a unit from the tier."""
        return isinstance(result, Result) and bool(result.vetoed[result.row(unit)])

    def terms(self, scope: Scope, unit: str) -> Terms:
        """Scores, tie-breakers and how ties are treated."""
        plan, result, row = self.plan, self.result, self.row(unit)
        members = scope.members(self, row)
        breakers = [plan.indicators[plan.column(code)] for code in plan.tie_breakers]
        chosen = [spec for spec in breakers if scope.block in (None, spec.block)]
        worth = tuple(result.used_values[members, plan.column(spec.code)] * spec.sign for spec in chosen)
        lines = []
        for breaker in worth:
            known = np.where(np.isnan(breaker), -np.inf, breaker)
            with np.errstate(invalid="ignore"):  # both without a value: level
                lead = known[members == row] - known
            lines.append(np.where(lead > plan.tolerance, 1.0, np.where(lead < -plan.tolerance, -1.0, 0.0)))
        return Terms(
            scores=scope.points(result)[members],
            ranked=scope.ranked(result)[members],
            relations=np.array(lines).reshape(len(lines), len(members)),
            worth=worth,
            ties=plan.ties,
            tolerance=plan.tolerance,
            rounded=plan.places if plan.rank_rounded else None,
        )

    @property
    def tier_size(self) -> int:
        """Places of the tier."""
        return self.plan.tier_size

    def levers(self) -> tuple[Lever, ...]:
        """Every figure that rules look at, in the plan's order."""
        found: list[Lever] = []
        for spec in self.plan.indicators:
            found.append(Lever(spec.code))
            if "growth" in spec.part.rule.parts:
                found.append(Lever(spec.code, "growth"))
        return tuple(found)

    def spec(self, lever: Lever) -> IndicatorSpec:
        """The indicator of a lever. Errors: ``unknown_indicator``, ``no_growth_part``."""
        spec = self.plan.indicators[self.plan.column(lever.indicator)]
        if lever.array not in ("values", "growth"):
            raise EngineError("unknown_option", f"no lever in {lever.array!r}", {"option": "array"})
        if lever.array == "growth" and "growth" not in spec.part.rule.parts:
            text = f"indicator {spec.code!r} has rule {spec.rule!r}, which does not look at growth"
            raise EngineError("no_growth_part", text, {"indicator": spec.code, "rule": spec.rule})
        return spec

    def check_lever(self, lever: Lever) -> None:
        """Errors: see ``spec``."""
        self.spec(lever)

    def domain(self, lever: Lever) -> tuple[float, float]:
        """Where the rule of the lever has a meaning."""
        return domain(self.spec(lever), lever)

    def reach(self, lever: Lever) -> tuple[float, float]:
        """How far a search goes by itself: the whole domain."""
        return self.domain(lever)

    def floor(self, lever: Lever) -> float:
        """The low end of the domain."""
        return self.domain(lever)[0]

    def figures(self, lever: Lever) -> FloatArray:
        """The column of a lever as the rules see it (units,), nan where there is nothing."""
        column = self.plan.column(lever.indicator)
        return self.inputs.growth[:, column] if lever.array == "growth" else self.result.used_values[:, column]

    def seen(self, lever: Lever) -> FloatArray:
        """Every number that says something of the size of the lever: figures, targets, parameters of the rule."""
        spec = self.spec(lever)
        parts = [self.figures(lever), landmarks(spec, lever)]
        if judging(spec, lever).rule.needs_target:
            parts.append(self.inputs.targets[:, self.plan.column(lever.indicator)])
        return np.concatenate(parts)


@dataclass(frozen=True)
class Scope:
    """What is ranked among whom: the total or a ``block``, over all units or inside the unit's ranking group."""

    block: str | None = None
    within_group: bool = False

    def check(self, situation: Situation) -> None:
        """Errors: ``unknown_block``, ``no_groups``."""
        if self.block is not None and self.block not in {block.code for block in situation.plan.blocks}:
            raise EngineError("unknown_block", f"unknown block {self.block!r}", {"block": self.block})
        if self.within_group and situation.inputs.peers is None:
            raise EngineError("no_groups", "the units have no ranking groups to stand in", {})

    def members(self, situation: Situation, row: int) -> IntArray:
        """Rows that stand beside the unit, itself included."""
        groups = situation.inputs.peers if self.within_group else None
        return next(rows for rows in group_indices(groups, len(situation.units)) if row in rows)

    def columns(self, result: Result) -> list[int]:
        """Columns whose points enter the score."""
        blocks = result.total_blocks if self.block is None else (self.block,)
        return [column for code in blocks for column in result.plan.block_columns(code)]

    def points(self, result: Outcome) -> FloatArray:
        """Unrounded scores (units,), nan without one."""
        return result.scores_of(self.block)

    def ranked(self, result: Result) -> FloatArray:
        """The scores that were ranked (units,): rounded where the plan says so."""
        if self.block is None:
            total: FloatArray = result.steps["ranked_total"]
            return total
        scores: FloatArray = result.steps["ranked_blocks"][:, result.blocks.index(self.block)]
        return scores

    def ranks(self, result: Outcome) -> IntArray:
        """Places (units,), 0 without one."""
        if not (self.within_group and isinstance(result, Result)):
            return result.places_of(self.block)
        if self.block is None:
            return result.total_group_ranks
        return result.block_group_ranks[:, result.blocks.index(self.block)]

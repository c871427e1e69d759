"""An appraisal as the ground of a search: what its rules look at, where they have a meaning, and who bars the tier."""

from __future__ import annotations

import math
from functools import cached_property
from typing import ClassVar

import numpy as np

from yiqi.engine.catchup.ground import Lever, Terms
from yiqi.engine.catchup.situation import Scope, Situation
from yiqi.engine.ground.arrays import FloatArray, IntArray, group_indices
from yiqi.engine.ground.checks import LARGEST
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.run.appraisal import AppraisalResult
from yiqi.engine.run.result import Result
from yiqi.engine.run.runner import run
from yiqi.engine.scheme.appraisal import AppraisalScheme, IndicatorSpec
from yiqi.engine.scheme.methods import Part


class AppraisalSituation(Situation):
    """An appraisal and its figures, with the standing that follows."""

    scheme: AppraisalScheme
    arrays: ClassVar[tuple[str, ...]] = ("values", "growth", "targets")

    def __post_init__(self) -> None:
        object.__setattr__(self, "data", self.scheme.figures(self.data))

    @cached_property
    def result(self) -> AppraisalResult:
        """The standing now. Errors: those of ``run``."""
        return run(self.scheme, self.data)

    @property
    def tier_size(self) -> int:
        """That of the scheme."""
        return self.scheme.tier_size

    def spec(self, lever: Lever) -> IndicatorSpec:
        """The indicator of a lever. Errors: ``unknown_indicator``, ``unknown_option``, ``no_growth_part``."""
        spec = self.scheme.indicators[self.scheme.column(lever.indicator)]
        if lever.array not in ("values", "growth"):
            raise EngineError("unknown_option", f"no lever in {lever.array!r}", {"option": "array"})
        if lever.array == "growth" and "growth" not in spec.part.rule.parts:
            text = f"indicator {spec.code!r} has rule {spec.rule!r}, which does not look at growth"
            raise EngineError("no_growth_part", text, {"indicator": spec.code, "rule": spec.rule})
        return spec

    def part(self, lever: Lever) -> Part:
        """The rule that looks at the lever: the indicator's own, or a part of it."""
        return self.spec(lever).part.seen(lever.array)

    def levers(self) -> tuple[Lever, ...]:
        found: list[Lever] = []
        for spec in self.scheme.indicators:
            found.append(Lever(spec.code))
            if "growth" in spec.part.rule.parts:
                found.append(Lever(spec.code, "growth"))
        return tuple(found)

    def check_lever(self, lever: Lever) -> None:
        self.spec(lever)

    def domain(self, lever: Lever) -> tuple[float, float]:
        """From 0 for counts and for ``ratio`` with lower is better, else ±1e100."""
        part = self.part(lever)
        return (part.rule.lowest(part.sign) if lever.array == "values" else -LARGEST), LARGEST

    def figures(self, lever: Lever) -> FloatArray:
        """The column as the rules see it."""
        column = self.scheme.column(lever.indicator)
        return self.data.growth[:, column] if lever.array == "growth" else self.result.used_values[:, column]

    def seen(self, lever: Lever) -> FloatArray:
        spec, part = self.spec(lever), self.part(lever)
        marks = [*part.rule.landmarks(part), spec.veto_limit if lever.array == "values" else None]
        found = [self.figures(lever), np.array([math.nan if mark is None else mark for mark in marks])]
        if part.rule.needs_target:
            found.append(self.data.targets[:, self.scheme.column(lever.indicator)])
        return np.concatenate(found)

    def rows(self, scope: Scope, row: int) -> IntArray:
        """Rows that stand beside the unit, itself included."""
        groups = self.data.peers if scope.within_group else None
        return next(rows for rows in group_indices(groups, len(self.units)) if row in rows)

    def members(self, scope: Scope, unit: str) -> tuple[str, ...]:
        self.scheme.check_part(scope.block)
        if scope.within_group and self.data.peers is None:
            raise EngineError("no_groups", "the units have no ranking groups to stand in", {})
        return tuple(self.units[row] for row in self.rows(scope, self.row(unit)).tolist())

    def barred(self, result: Result, unit: str) -> bool:
        return isinstance(result, AppraisalResult) and bool(result.vetoed[result.row(unit)])

    def terms(self, scope: Scope, unit: str) -> Terms:
        scheme, result, row = self.scheme, self.result, self.row(unit)
        members = self.rows(scope, row)
        worth = tuple(
            result.used_values[members, column] * scheme.indicators[column].sign
            for column in scheme.breakers(scope.block)
        )
        lines = []
        for breaker in worth:
            known = np.where(np.isnan(breaker), -np.inf, breaker)
            with np.errstate(invalid="ignore"):  # both without a value: level
                lead = known[members == row] - known
            lines.append(np.where(lead > scheme.tolerance, 1.0, np.where(lead < -scheme.tolerance, -1.0, 0.0)))
        return Terms(
            scores=scope.points(result)[members],
            ranked=result.ranked_of(scope.block)[members],
            relations=np.array(lines).reshape(len(lines), len(members)),
            worth=worth,
            ties=scheme.ties,
            tolerance=scheme.tolerance,
            rounded=scheme.places if scheme.rank_rounded else None,
        )

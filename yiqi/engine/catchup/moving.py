"""An appraisal as the ground of a search: levers with their breakpoints, and a whole run to prove an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from yiqi.engine.catchup.breakpoints import thresholds
from yiqi.engine.catchup.ground import After, Lever, Terms
from yiqi.engine.catchup.kinks import kinks, pole_of
from yiqi.engine.catchup.situation import Cell, Scope, Situation
from yiqi.engine.catchup.trial import Trial


class AppraisalMover(Trial):
    """A trial that knows where its points jump and bend."""

    def thresholds(self) -> list[float]:
        """See ``breakpoints``."""
        return thresholds(self)

    def bends(self) -> list[float]:
        """See ``kinks``."""
        return kinks(self)

    def pole(self, value: float) -> float | None:
        """See ``kinks.pole_of``."""
        return pole_of(self, value)


@dataclass(frozen=True, eq=False)
class AppraisalGround:
    """A unit in the scope of an appraisal."""

    situation: Situation
    unit: str
    scope: Scope

    @cached_property
    def row(self) -> int:
        """Row of the unit."""
        return self.situation.row(self.unit)

    @cached_property
    def members(self) -> np.ndarray:
        """Rows of the members."""
        return self.scope.members(self.situation, self.row)

    @property
    def names(self) -> tuple[str, ...]:
        """Codes of the members."""
        return tuple(self.situation.units[row] for row in self.members.tolist())

    @cached_property
    def seat(self) -> int:
        """Number of the unit among the members."""
        return int(np.flatnonzero(self.members == self.row)[0])

    @property
    def sign(self) -> float:
        """Points are better when higher."""
        return 1.0

    def cells(self, changes: Mapping[Lever, float]) -> dict[Cell, float]:
        """Changes of the unit's levers by cell."""
        return {Cell(self.unit, lever.indicator, lever.array): value for lever, value in changes.items()}

    def after(self, changes: Mapping[Lever, float]) -> After:
        """The standing by ``run``."""
        result = self.situation.run(self.cells(changes)) if changes else self.situation.result
        points, places = self.scope.points(result)[self.members], self.scope.ranks(result)[self.members]
        return After(points, places, bool(result.vetoed[self.row]))

    def mover(self, lever: Lever, changes: Mapping[Lever, float] | None = None) -> AppraisalMover:
        """A lever over the figures as they are, or as they would be after changes of others."""
        situation = self.situation.moved(self.cells(changes)) if changes else self.situation
        return AppraisalMover(situation, self.row, lever, self.scope)

    def rival(self, name: str, lever: Lever) -> AppraisalMover:
        """A lever of another member, looked at from the unit's seat."""
        return AppraisalMover(self.situation, self.situation.row(name), lever, self.scope, subject=self.row)

    def terms(self) -> Terms:
        """Scores, tie-breakers and how ties are treated."""
        plan, result = self.situation.plan, self.situation.result
        chosen = plan.breakers(self.scope.block)
        worth = tuple(result.used_values[self.members, n] * plan.indicators[n].sign for n in chosen)
        lines = []
        for breaker in worth:
            known = np.where(np.isnan(breaker), -np.inf, breaker)
            with np.errstate(invalid="ignore"):  # both without a value: level
                lead = known[self.seat] - known
            lines.append(np.where(lead > plan.tolerance, 1.0, np.where(lead < -plan.tolerance, -1.0, 0.0)))
        return Terms(
            scores=self.scope.points(result)[self.members],
            ranked=self.scope.ranked(result)[self.members],
            relations=np.array(lines).reshape(len(lines), len(self.members)),
            worth=worth,
            ties=plan.ties,
            tolerance=plan.tolerance,
            rounded=plan.places if plan.rank_rounded else None,
        )

"""The ground that a wish stands on: one unit in its scope, of an appraisal or of a composite index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from yiqi.engine.catchup.appraisal import AppraisalSituation
from yiqi.engine.catchup.column import IndexMover
from yiqi.engine.catchup.ground import After, Lever, Mover, Terms
from yiqi.engine.catchup.index import IndexSituation
from yiqi.engine.catchup.moving import AppraisalMover
from yiqi.engine.catchup.situation import Cell, Scope, Situation
from yiqi.engine.catchup.wishes import NO_PLACE, Goal, Wish


@dataclass(frozen=True, eq=False)
class Ground:
    """One unit in its scope: levers ready to be tried, and a whole run to prove an answer.

    ``block`` of the scope is, of an index, the code of an aggregate. Where less of the score is better (``sign`` −1)
    the points of ``after`` and of the movers are turned, so that more is.
    Errors: ``unknown_unit``, ``unknown_block``, ``no_groups``, ``unknown_node``, ``unit_screened``.
    """

    situation: Situation
    unit: str
    scope: Scope

    def __post_init__(self) -> None:
        _ = self.seat

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Codes of the members (k,), the unit among them."""
        return self.situation.members(self.scope, self.unit)

    @cached_property
    def seat(self) -> int:
        """Number of the unit among the members."""
        return self.names.index(self.unit)

    @property
    def sign(self) -> float:
        """−1 where less of the score is better."""
        return self.situation.sign(self.scope)

    def _cells(self, changes: Mapping[Lever, float]) -> dict[Cell, float]:
        return {Cell(self.unit, lever.indicator, lever.array): value for lever, value in changes.items()}

    def after(self, changes: Mapping[Lever, float]) -> After:
        """The standing by a whole run. Of an index, a unit that its changes screen away has no place, nor has anybody
        where the changed figures cannot be built (nothing varies any more, a mean refuses a value)."""
        points, places = np.full(len(self.names), np.nan), np.zeros(len(self.names), dtype=np.int64)
        result = self.situation.outcome(self._cells(changes))
        if result is None:
            return After(points, places, False)
        rows = {name: row for row, name in enumerate(result.units)}
        at = np.array([rows.get(name, -1) for name in self.names])
        known = at >= 0
        points[known] = self.scope.points(result)[at[known]] * self.sign
        places[known] = self.scope.ranks(result)[at[known]]
        return After(points, places, self.situation.barred(result, self.unit))

    def mover(self, lever: Lever, changes: Mapping[Lever, float] | None = None) -> Mover:
        """A lever over the figures as they are, or as they would be after changes of others."""
        situation = self.situation.moved(self._cells(changes)) if changes else self.situation
        return self._mover(situation, self.unit, lever)

    def rival(self, name: str, lever: Lever) -> Mover:
        """A lever of another member, looked at from the unit's seat."""
        return self._mover(self.situation, name, lever)

    def _mover(self, situation: Situation, name: str, lever: Lever) -> Mover:
        if isinstance(situation, IndexSituation):
            return IndexMover(
                situation.result, name, lever, situation.scheme.node_of(self.scope.block), subject=self.unit
            )
        assert isinstance(situation, AppraisalSituation)  # the other form
        return AppraisalMover(situation, situation.row(name), lever, self.scope, subject=situation.row(self.unit))

    def terms(self) -> Terms:
        """Scores, tie-breakers and how ties are treated."""
        return self.situation.terms(self.scope, self.unit)


def goal_of(wish: Wish, ground: Ground, tier_size: int) -> Goal:
    """The condition that fulfils the wish from where the unit stands now."""
    if wish.kind == "tier":
        return Goal(tier_size, tier=True)
    if wish.kind == "place":
        return Goal(min(wish.place or 1, len(ground.names)))
    now = int(ground.after({}).places[ground.seat])
    return Goal(len(ground.names) if now == NO_PLACE else max(1, now - 1))

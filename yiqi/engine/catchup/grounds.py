"""The ground that a wish stands on: that of an appraisal, or of a composite index."""

from __future__ import annotations

from yiqi.engine.catchup.composite import IndexGround, IndexSituation
from yiqi.engine.catchup.ground import Ground
from yiqi.engine.catchup.moving import AppraisalGround
from yiqi.engine.catchup.situation import Scope, Situation
from yiqi.engine.catchup.wishes import NO_PLACE, Goal, Wish

AnySituation = Situation | IndexSituation


def ground_of(situation: AnySituation, unit: str, scope: Scope) -> Ground:
    """A unit in a scope; of an index, ``block`` is the code of an aggregate.

    Errors: ``unknown_unit``, ``unknown_block``, ``no_groups``, ``unknown_node``, ``unit_screened``.
    """
    if isinstance(situation, IndexSituation):
        return IndexGround.of(situation, unit, scope)
    scope.check(situation)
    situation.row(unit)
    return AppraisalGround(situation, unit, scope)


def goal_of(wish: Wish, ground: Ground, tier_size: int) -> Goal:
    """The condition that fulfils the wish from where the unit stands now."""
    if wish.kind == "tier":
        return Goal(tier_size, tier=True)
    if wish.kind == "place":
        return Goal(min(wish.place or 1, len(ground.names)))
    now = int(ground.after({}).places[ground.seat])
    return Goal(len(ground.names) if now == NO_PLACE else max(1, now - 1))

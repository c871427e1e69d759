"""Catching up: the least change that fulfils a wish, marginal points, neighbours, and what-if.

>>> from yiqi.engine import AppraisalScheme, BlockSpec, Dataset, IndicatorSpec
>>> scheme = AppraisalScheme((BlockSpec("b"),), (IndicatorSpec("gdp", "b", 10, "higher", "ratio"),))
>>> data = Dataset(("A", "B"), ("gdp",), [[8.0], [5.0]], targets=[[10.0], [10.0]])
>>> now = AppraisalSituation(scheme, data)
>>> round(single_changes(now, "B", next_place())[0].needed.value, 6)
8.0
"""

from yiqi.engine.catchup.appraisal import AppraisalSituation
from yiqi.engine.catchup.bounds import Bounds, practical_bounds, range_costs
from yiqi.engine.catchup.cheapest import Certificate, Combination, CombinedChange, cheapest_combination
from yiqi.engine.catchup.ground import Lever
from yiqi.engine.catchup.index import IndexSituation
from yiqi.engine.catchup.marginal import Marginal, Side, marginals
from yiqi.engine.catchup.neighbours import Move, Neighbour, Neighbourhood, neighbourhood
from yiqi.engine.catchup.scenario import Comparison, Difference, Outcome, Scenario, compare, what_if
from yiqi.engine.catchup.single import Reach, SingleChange, single_changes
from yiqi.engine.catchup.situation import Cell, Scope, Situation
from yiqi.engine.catchup.wishes import Goal, Wish, at_place, first_tier, next_place

__all__ = [
    "AppraisalSituation",
    "Bounds",
    "Cell",
    "Certificate",
    "Combination",
    "CombinedChange",
    "Comparison",
    "Difference",
    "Goal",
    "IndexSituation",
    "Lever",
    "Marginal",
    "Move",
    "Neighbour",
    "Neighbourhood",
    "Outcome",
    "Reach",
    "Scenario",
    "Scope",
    "Side",
    "SingleChange",
    "Situation",
    "Wish",
    "at_place",
    "cheapest_combination",
    "compare",
    "first_tier",
    "marginals",
    "neighbourhood",
    "next_place",
    "practical_bounds",
    "range_costs",
    "single_changes",
    "what_if",
]

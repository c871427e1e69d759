"""The scoring engine: appraisal rules, policies, ranks, explanations. NumPy in, NumPy out; no Django, no clock.

>>> plan = Plan(blocks=(BlockSpec("b"),), indicators=(IndicatorSpec("gdp", "b", 10, "higher", "minmax"),))
>>> run(plan, ("A", "B"), [[8.0], [5.0]]).total_points.tolist()
[10.0, 0.0]
"""

from yiqi.engine.arrays import BoolArray, FloatArray, IntArray
from yiqi.engine.errors import EngineError
from yiqi.engine.explanation import Explanation, Step
from yiqi.engine.missing import SOURCES
from yiqi.engine.notices import Warning_
from yiqi.engine.parameters import RULES, Parameter, Rule
from yiqi.engine.plan import (
    MISSING_POLICIES,
    TIES_POLICIES,
    ZERO_RANGE_POLICIES,
    BlockSpec,
    IndicatorSpec,
    Plan,
)
from yiqi.engine.ranking import NO_RANK, ranks
from yiqi.engine.result import Loss, Result
from yiqi.engine.rounding import round_half_up
from yiqi.engine.runner import run

__all__ = [
    "MISSING_POLICIES",
    "NO_RANK",
    "RULES",
    "SOURCES",
    "TIES_POLICIES",
    "ZERO_RANGE_POLICIES",
    "BlockSpec",
    "BoolArray",
    "EngineError",
    "Explanation",
    "FloatArray",
    "IndicatorSpec",
    "IntArray",
    "Loss",
    "Parameter",
    "Plan",
    "Result",
    "Rule",
    "Step",
    "Warning_",
    "ranks",
    "round_half_up",
    "run",
]

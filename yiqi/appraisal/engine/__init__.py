"""The scoring engine: appraisal rules, policies, ranks, explanations. NumPy in, NumPy out; no Django, no clock.

>>> plan = Plan(blocks=(BlockSpec("b"),), indicators=(IndicatorSpec("gdp", "b", 10, "higher", "minmax"),))
>>> run(plan, ("A", "B"), [[8.0], [5.0]]).total_points.tolist()
[10.0, 0.0]
"""

from yiqi.appraisal.engine.arrays import BoolArray, FloatArray, IntArray
from yiqi.appraisal.engine.errors import EngineError
from yiqi.appraisal.engine.explanation import Explanation, Step
from yiqi.appraisal.engine.missing import SOURCES
from yiqi.appraisal.engine.notices import Warning_
from yiqi.appraisal.engine.parameters import RULES, Parameter, Rule
from yiqi.appraisal.engine.plan import (
    MISSING_POLICIES,
    TIES_POLICIES,
    ZERO_RANGE_POLICIES,
    BlockSpec,
    IndicatorSpec,
    Plan,
)
from yiqi.appraisal.engine.ranking import NO_RANK, ranks
from yiqi.appraisal.engine.result import Loss, Result
from yiqi.appraisal.engine.rounding import round_half_up
from yiqi.appraisal.engine.runner import run

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

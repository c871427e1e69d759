"""The scoring engine: an appraisal's rules and composite indices. NumPy in, NumPy out; no Django, no clock.

>>> scheme = AppraisalScheme(blocks=(BlockSpec("b"),), indicators=(IndicatorSpec("gdp", "b", 10, "higher", "minmax"),))
>>> run(scheme, Dataset(("A", "B"), ("gdp",), [[8.0], [5.0]])).total_points.tolist()
[10.0, 0.0]
>>> tree = Hierarchy((Node("gdp", "index"), Node("waste", "index", direction=-1), Node("index")))
>>> data = Dataset(("A", "B"), ("gdp", "waste"), [[8.0, 3.0], [5.0, 1.0]])
>>> run(IndexScheme(tree), data).index.tolist()
[50.0, 50.0]
"""

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.notice import Notice
from yiqi.engine.ground.ranking import NO_RANK, TIES_POLICIES, ranks
from yiqi.engine.ground.rounding import round_half_up
from yiqi.engine.run.appraisal import AppraisalResult, Loss
from yiqi.engine.run.index import IndexResult
from yiqi.engine.run.missing import SOURCES
from yiqi.engine.run.result import Result
from yiqi.engine.run.runner import run
from yiqi.engine.scheme.appraisal import (
    MISSING_POLICIES,
    ZERO_RANGE_POLICIES,
    AppraisalScheme,
    BlockSpec,
    IndicatorSpec,
)
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy, Node
from yiqi.engine.scheme.index import IndexScheme, Steps
from yiqi.engine.scheme.methods import MEANS, RULES, SCALES, Parameter, Rule
from yiqi.engine.scheme.scheme import Scheme
from yiqi.engine.scheme.steps import AggregateSpec, ImputeSpec, NormaliseSpec, ScreenSpec, TreatSpec
from yiqi.engine.tell import explain, notices
from yiqi.engine.tell.explanation import AppraisalExplanation
from yiqi.engine.tell.index_explanation import IndexExplanation
from yiqi.engine.tell.steps import Explanation, Step

__all__ = [
    "MEANS",
    "MISSING_POLICIES",
    "NO_RANK",
    "RULES",
    "SCALES",
    "SOURCES",
    "TIES_POLICIES",
    "ZERO_RANGE_POLICIES",
    "AggregateSpec",
    "AppraisalExplanation",
    "AppraisalResult",
    "AppraisalScheme",
    "BlockSpec",
    "BoolArray",
    "Dataset",
    "EngineError",
    "Explanation",
    "FloatArray",
    "Hierarchy",
    "ImputeSpec",
    "IndexExplanation",
    "IndexResult",
    "IndexScheme",
    "IndicatorSpec",
    "IntArray",
    "Loss",
    "Node",
    "NormaliseSpec",
    "Notice",
    "Parameter",
    "Result",
    "Rule",
    "Scheme",
    "ScreenSpec",
    "Step",
    "Steps",
    "TreatSpec",
    "explain",
    "notices",
    "ranks",
    "round_half_up",
    "run",
]

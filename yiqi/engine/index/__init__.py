"""Composite indices: a tree of indicators, columns made comparable, scores level by level, each number explained.

>>> tree = Hierarchy((Node("gdp", "index"), Node("waste", "index", direction=-1), Node("index")))
>>> data = Dataset(("A", "B"), ("gdp", "waste"), [[8.0, 3.0], [5.0, 1.0]])
>>> build(IndexPlan(), tree, data).index.tolist()
[50.0, 50.0]
"""

from yiqi.engine.index.aggregate import aggregate
from yiqi.engine.index.dataset import Dataset
from yiqi.engine.index.decompose import Contribution
from yiqi.engine.index.explain import IndexExplanation
from yiqi.engine.index.hierarchy import Hierarchy, Node
from yiqi.engine.index.impute import ImputeSpec, impute
from yiqi.engine.index.normalise import normalise
from yiqi.engine.index.outrank import dominance, outrank_matrix
from yiqi.engine.index.panel import Panel, impute_panel, panel_of
from yiqi.engine.index.pipeline import build
from yiqi.engine.index.plan import (
    AGGREGATIONS,
    NORMALISATIONS,
    AggregateSpec,
    IndexPlan,
    NormaliseSpec,
    ScreenSpec,
)
from yiqi.engine.index.result import IndexResult
from yiqi.engine.index.screen import screen
from yiqi.engine.index.treat import Treated, TreatSpec, treat
from yiqi.engine.index.trends import Trends, trends
from yiqi.engine.index.views import group_ranks, standings, strengths, unit_summary, weaknesses
from yiqi.engine.index.winsorise import Winsorised, winsorise

__all__ = [
    "AGGREGATIONS",
    "NORMALISATIONS",
    "AggregateSpec",
    "Contribution",
    "Dataset",
    "Hierarchy",
    "ImputeSpec",
    "IndexExplanation",
    "IndexPlan",
    "IndexResult",
    "Node",
    "NormaliseSpec",
    "Panel",
    "ScreenSpec",
    "TreatSpec",
    "Treated",
    "Trends",
    "Winsorised",
    "aggregate",
    "build",
    "dominance",
    "group_ranks",
    "impute",
    "impute_panel",
    "normalise",
    "outrank_matrix",
    "panel_of",
    "screen",
    "standings",
    "strengths",
    "treat",
    "trends",
    "unit_summary",
    "weaknesses",
    "winsorise",
]

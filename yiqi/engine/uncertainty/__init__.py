"""Standing under uncertainty: draws of weights, values and methods, and what each does to the places.

>>> from yiqi.engine.scheme.dataset import Dataset
>>> from yiqi.engine.scheme.hierarchy import Hierarchy, Node
>>> from yiqi.engine.scheme.index import IndexScheme
>>> tree = Hierarchy((Node("gdp", "index"), Node("jobs", "index"), Node("index")))
>>> data = Dataset(("A", "B", "C"), ("gdp", "jobs"), [[1.0, 0.0], [0.2, 0.9], [0.0, 1.0]])
>>> model = IndexModel(IndexScheme(tree), data, [WeightNoise(0.5)])
>>> standing = simulate(model, 1000, seed=7, pairs=True)
>>> standing.statistics.median.tolist(), standing.chance_above("A", "B") < 0.5
([2.0, 1.0, 2.0], True)
"""

from yiqi.engine.uncertainty.appraisal import AppraisalModel
from yiqi.engine.uncertainty.assumptions import (
    Alternatives,
    Assumption,
    assumptions_from_list,
    assumptions_to_list,
    changed,
)
from yiqi.engine.uncertainty.blocks import BLOCK, walk
from yiqi.engine.uncertainty.design import Design, Sample
from yiqi.engine.uncertainty.index import IndexModel
from yiqi.engine.uncertainty.noise import ValueNoise, WeightNoise
from yiqi.engine.uncertainty.simulation import Batch, Model, simulate, standing_from
from yiqi.engine.uncertainty.sobol import Indices, Sensitivity, sensitivity, sobol_indices
from yiqi.engine.uncertainty.standing import Failure, RobustStanding
from yiqi.engine.uncertainty.statistics import RankStatistics

__all__ = [
    "BLOCK",
    "Alternatives",
    "AppraisalModel",
    "Assumption",
    "Batch",
    "Design",
    "Failure",
    "IndexModel",
    "Indices",
    "Model",
    "RankStatistics",
    "RobustStanding",
    "Sample",
    "Sensitivity",
    "ValueNoise",
    "WeightNoise",
    "assumptions_from_list",
    "assumptions_to_list",
    "changed",
    "sensitivity",
    "simulate",
    "sobol_indices",
    "standing_from",
    "walk",
]

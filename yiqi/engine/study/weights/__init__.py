"""Weights: what they say, what they do, and which would do what is wished.

>>> from yiqi.engine.scheme.hierarchy import Hierarchy, Node
>>> tree = Hierarchy((Node("a", "p"), Node("b", "p", 3.0), Node("c", "top"), Node("p", "top"), Node("top")))
>>> effective_weights(tree)
{'a': 0.125, 'b': 0.375, 'c': 0.5, 'p': 0.5, 'top': 1.0}
"""

from yiqi.engine.study.weights.facts import WeightFact, effective_weights, stated_shares, weight_facts, weight_notices
from yiqi.engine.study.weights.optimise import Evidence, Optimised, optimise_weights

__all__ = [
    "Evidence",
    "Optimised",
    "WeightFact",
    "effective_weights",
    "optimise_weights",
    "stated_shares",
    "weight_facts",
    "weight_notices",
]

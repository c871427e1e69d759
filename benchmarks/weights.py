"""Columns and weights: the search for weights on the reference data, treatment and correlations at size.

The search is held against the best of 60 other searches (SciPy's SLSQP on the simplex, derivatives by differences)
from random starts. The limit of treatment is one look at the moments of each column, that of correlations NumPy's own.
"""

from __future__ import annotations

from benchmarks.measure import Row, seconds  # first: it sets the number of threads

import numpy as np  # isort: skip

from tests.engine.parity.reading import read, tree
from yiqi.engine import FloatArray
from yiqi.engine.run.treat import treat
from yiqi.engine.study.statistics import correlations
from yiqi.engine.study.weights import optimise_weights
from yiqi.engine.study.weights.optimise import Descent
from yiqi.engine.study.weights.problem import elements_of, problem_of

SEED = 2021
STARTS = 60
ALLOWED = 1.0  # seconds for the weights of one level
SIZE = (3_000, 200)


def best_of_random_starts(level: int, objective: str, starts: int = STARTS) -> float:
    """Least objective that the other search finds."""
    from scipy.optimize import minimize

    hierarchy = tree()
    elements = elements_of(hierarchy, level, None)
    k = len(elements)
    problem = problem_of(hierarchy, read("14_normalised").numbers(*hierarchy.indicators), elements, None, None)
    search = Descent(problem, np.full(k, 1 / k) if objective == "balance" else None)

    def value(weights: FloatArray) -> float:
        return search.value(np.maximum(weights, 0.0))

    simplex = [{"type": "eq", "fun": lambda weights: weights.sum() - 1.0}]
    random = np.random.default_rng(SEED).dirichlet(np.ones(k), starts)
    ends = [minimize(value, start, method="SLSQP", bounds=[(0.0, 1.0)] * k, constraints=simplex).x for start in random]
    return min(value(end) for end in ends)


def _search(level: int, objective: str) -> Row:
    normalised = read("14_normalised").numbers(*tree().indicators)

    def work() -> float:
        return optimise_weights(tree(), normalised, level=level, objective=objective).certificate.objective

    best = best_of_random_starts(level, objective)
    if work() > best + 1e-9:
        raise SystemExit(f"{objective} on level {level}: {work()} is worse than {best}, the best of {STARTS} starts")
    return Row(f"weights, {objective}, level {level}, 24 × 12", seconds(work, 5), allowed=ALLOWED)


def _moments(values: FloatArray) -> FloatArray:
    centred = values - values.mean(axis=0)
    square = centred * centred
    return np.asarray((square * centred).sum(axis=0) + (square * square).sum(axis=0) + square.sum(axis=0))


def _columns() -> list[Row]:
    random = np.random.default_rng(SEED)
    values = random.normal(50, 15, SIZE)
    values[:, ::4] = random.lognormal(1, 1.2, values[:, ::4].shape)
    size = f"{SIZE[0]:,} × {SIZE[1]}"
    floor = seconds(lambda: _moments(values), 7)
    return [
        Row(f"treatment of a quarter of the columns, {size}", seconds(lambda: treat(values), 5), floor),
        Row(
            f"Pearson correlations with p, {size}",
            seconds(lambda: correlations(values), 5),
            seconds(lambda: np.corrcoef(values.T), 5),
        ),
        Row(f"Spearman correlations with p, {size}", seconds(lambda: correlations(values, method="spearman"), 3)),
    ]


def rows() -> list[Row]:
    """Every task."""
    return [*(_search(level, objective) for level in (1, 2, 3) for objective in ("balance", "infomax")), *_columns()]

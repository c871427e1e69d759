"""Uncertainty beside bare NumPy (the cluster is apart: ``benchmarks.cluster``).

The limit knows no hierarchy, no methods, no missing values and no ties: one matrix product of the weights and the
normalised matrix, and the order of each row, on the same arrays in the same run. The engine also draws, chooses
methods, ranks with ties, counts places and works out the statistics.
"""

from __future__ import annotations

from benchmarks.measure import Row, seconds  # first: it sets the number of threads

import numpy as np  # isort: skip

from yiqi.engine import FloatArray, IndexScheme, IntArray
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy, Node
from yiqi.engine.scheme.index import Steps
from yiqi.engine.scheme.steps import AggregateSpec, NormaliseSpec
from yiqi.engine.uncertainty import (
    Alternatives,
    IndexModel,
    WeightNoise,
    sensitivity,
    simulate,
)

SEED = 2021


def bare(matrix: FloatArray, weights: FloatArray) -> IntArray:
    """The limit: scores of all draws (draws, units) by one product, and the rank of each unit in each draw."""
    scores = weights @ matrix.T / weights.sum(axis=1, keepdims=True)
    order = np.argsort(-scores, axis=1)
    ranks = np.empty(scores.shape, dtype=np.int64)
    np.put_along_axis(ranks, order, np.arange(1, scores.shape[1] + 1)[None, :], axis=1)
    return ranks


def index(units: int, indicators: int) -> IndexModel:
    """Four assumptions as in the reference: points winsorised, scale, weights above the indicators, kind of mean."""
    pillars, halves = 8, 2
    nodes = [Node(f"i{n}", f"p{n % pillars}", direction=1 if n % 4 else -1) for n in range(indicators)]
    nodes += [Node(f"p{n}", f"s{n % halves}") for n in range(pillars)]
    nodes += [Node(f"s{n}", "index") for n in range(halves)] + [Node("index")]
    values = np.random.default_rng(SEED).lognormal(0, 0.5, (units, indicators))
    values[3, :5] *= 50
    names = tuple(f"u{n}" for n in range(units))
    data = Dataset(names, tuple(f"i{n}" for n in range(indicators)), values)
    scales = (NormaliseSpec("minmax", {"lower": 1, "upper": 100}), NormaliseSpec("zscore", {"mean": 10, "sd": 2}))
    assumptions = (
        Alternatives("winmax", "treat.winmax", (1, 2, 3, 4, 5)),
        Alternatives("scale", "normalise", scales),
        WeightNoise({"2": 0.25, "3": 0.25}),
        Alternatives("mean", "aggregate", ([AggregateSpec()], [AggregateSpec("gmean")])),
    )
    return IndexModel(IndexScheme(Hierarchy(tuple(nodes)), Steps.standard()), data, assumptions, tier_size=10)


def linear(units: int, indicators: int) -> IndexModel:
    """Weights uncertain by a quarter, all else fixed."""
    matrix = np.random.default_rng(SEED).random((units, indicators))
    names = tuple(f"u{n}" for n in range(units))
    columns = tuple(f"i{n}" for n in range(indicators))
    tree = Hierarchy((*(Node(code, "index") for code in columns), Node("index")))
    steps = Steps(normalise=NormaliseSpec("scaled", {"lower": 0, "upper": 1, "scale": 1}))
    return IndexModel(IndexScheme(tree, steps), Dataset(names, columns, matrix), [WeightNoise({"1": 0.25})])


def rows() -> list[Row]:
    """Every task: uncertainty of a small index, its sensitivity, and many weights on a large matrix."""
    random = np.random.default_rng(SEED)
    small, large = random.random((51, 49)), linear(3_000, 200)
    few, many = random.random((500, 49)), random.random((1_000, 200))
    limit = seconds(lambda: bare(small, few), 21)
    analysed = seconds(lambda: simulate(index(51, 49), 500, SEED, pairs=True).statistics, 9)
    runs = random.random((500 * 6, 49))
    varied = seconds(lambda: sensitivity(index(51, 49), 500, SEED), 5)
    drawn = seconds(lambda: simulate(large, 1_000, SEED).statistics, 5)
    return [
        Row("uncertainty of 51 × 49, N = 500, four assumptions", analysed, limit, 0.1),
        Row("sensitivity of 51 × 49, 3,000 runs, four assumptions", varied, seconds(lambda: bare(small, runs), 9)),
        Row(
            "1,000 weight draws on 3,000 × 200, statistics",
            drawn,
            seconds(lambda: bare(large.data.values, many), 5),
            0.6,
        ),
    ]

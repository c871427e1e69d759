"""Composite indices beside bare NumPy and two kept libraries, on the same arrays in the same run.

The limit keeps the normalised matrix, goes through the same tree and ranks the root. The engine also reads and checks
codes, the tree and every number, ranks with ties, and keeps every step; its time begins with the raw array. The others
know no tree: they get the effective weights, normalise, add up and rank.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.measure import Row, seconds  # first: it sets the number of threads

import numpy as np  # isort: skip

from yiqi.engine import FloatArray, IndexScheme, IntArray, run
from yiqi.engine.run.index import IndexResult
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy, Node
from yiqi.engine.scheme.index import Steps
from yiqi.engine.tell import notices

SIZES = ((51, 49, 7, 200), (3_000, 200, 10, 15), (100_000, 200, 10, 3))  # units, indicators, pillars, repetitions
SMALLEST = 0.002  # seconds allowed for the first size, with all checks
TIMES = 2.0  # times the limit allowed for the others
WITH_TREATMENT = 0.5  # seconds allowed for the whole pipeline on 3,000 × 200
SEED = 2021
AGREEMENT = 1e-9  # of scores; the engine ties what is nearer, NumPy does not


def nodes_of(indicators: int, pillars: int) -> tuple[Node, ...]:
    """Indicators dealt out among pillars in order, every fourth lower is better, uneven weights."""
    leaves = [
        Node(f"i{n}", f"p{n * pillars // indicators}", 1.0 + n % 3, -1 if n % 4 == 3 else 1) for n in range(indicators)
    ]
    return (*leaves, *(Node(f"p{n}", "index", 1.0 + n % 2) for n in range(pillars)), Node("index"))


class Limit:
    """The same index in bare NumPy."""

    def __init__(self, nodes: tuple[Node, ...], indicators: int, pillars: int):
        self.signs = np.array([float(node.direction) for node in nodes[:indicators]])
        self.weights = np.array([node.weight for node in nodes[:indicators]])
        self.above = np.array([node.weight for node in nodes[indicators:-1]])
        numbers = [n * pillars // indicators for n in range(indicators)]
        self.spans = [(numbers.index(p), numbers.index(p) + numbers.count(p)) for p in range(pillars)]

    def __call__(self, values: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, IntArray]:
        low, high = values.min(axis=0), values.max(axis=0)
        worst = np.where(self.signs > 0, low, high)
        normalised = (values - worst) / ((high - low) * self.signs) * 100
        scores = np.empty((len(values), len(self.spans)))
        for number, (start, end) in enumerate(self.spans):
            weights = self.weights[start:end]
            scores[:, number] = normalised[:, start:end] @ (weights / weights.sum())
        total = scores @ (self.above / self.above.sum())
        ranks = np.empty(len(total), dtype=np.int64)
        ranks[np.argsort(-total)] = np.arange(1, len(total) + 1)
        return normalised, scores, total, ranks

    @property
    def effective(self) -> FloatArray:
        """Weights of the indicators in the root, summing to 1."""
        parts = []
        for share, (start, end) in zip(self.above / self.above.sum(), self.spans, strict=True):
            parts.append(share * self.weights[start:end] / self.weights[start:end].sum())
        return np.concatenate(parts)


def _scikit_criteria(values: FloatArray, limit: Limit, repetitions: int) -> float:
    import skcriteria
    from skcriteria.agg.simple import WeightedSumModel
    from skcriteria.preprocessing.scalers import CenitDistanceMatrixScaler

    aims = [max if sign > 0 else min for sign in limit.signs]

    def work() -> object:
        matrix = skcriteria.mkdm(values, aims, weights=limit.effective)
        scaled = CenitDistanceMatrixScaler().transform(matrix)
        return WeightedSumModel().evaluate(scaled.replace(objectives=[max] * len(aims)))

    return seconds(work, repetitions)


def _pymcdm(values: FloatArray, limit: Limit, repetitions: int) -> float:
    from pymcdm.helpers import rrankdata
    from pymcdm.methods import WSM
    from pymcdm.normalizations import minmax_normalization

    method = WSM(normalization_function=minmax_normalization)
    return seconds(lambda: rrankdata(method(values, limit.effective, limit.signs)), repetitions)


def _plain(units: int, indicators: int, pillars: int, repetitions: int) -> Row:
    """Min-max, weights, ranks with a hierarchy."""
    values = np.random.default_rng(SEED).normal(50, 15, (units, indicators))
    values.setflags(write=False)
    names, columns = tuple(f"u{n}" for n in range(units)), tuple(f"i{n}" for n in range(indicators))
    nodes = nodes_of(indicators, pillars)
    limit = Limit(nodes, indicators, pillars)

    def engine() -> IndexResult:
        result = run(IndexScheme(Hierarchy(nodes)), Dataset(names, columns, values))
        assert result.index_ranks[0]  # worked out only when asked for
        return result

    _, _, total, _ = limit(values)
    found = engine()
    falling = total[np.argsort(found.index_ranks, kind="stable")]
    if np.abs(found.index - total).max() > AGREEMENT or (np.diff(falling) > AGREEMENT).any():
        raise SystemExit("the engine and bare NumPy differ")
    floor = seconds(lambda: limit(values), repetitions)
    peers = {"scikit-criteria": _scikit_criteria(values, limit, min(repetitions, 9))}
    peers["pymcdm"] = _pymcdm(values, limit, min(repetitions, 9))
    allowed = SMALLEST if units == SIZES[0][0] else TIMES * floor
    task = f"min-max, weights, ranks, {units:,} × {indicators}"
    return Row(task, seconds(engine, repetitions), floor, allowed, peers)


def _treated(units: int = 3_000, indicators: int = 200, pillars: int = 10) -> Row:
    """All steps, on figures with gaps, long tails, ties and gross outliers; every rank, warning and digest."""
    random = np.random.default_rng(SEED)
    values = random.normal(50, 15, (units, indicators))
    values[:, ::4] = random.lognormal(1, 1.2, values[:, ::4].shape)
    values[:, 1::7] = np.round(values[:, 1::7])
    values[random.random(values.shape) < 0.03] = np.nan
    values[:3, 3::10] = 1_000.0
    values.setflags(write=False)
    names, columns = tuple(f"u{n}" for n in range(units)), tuple(f"i{n}" for n in range(indicators))
    nodes, groups = nodes_of(indicators, pillars), {"side": tuple("abc"[n % 3] for n in range(units))}
    steps = Steps.standard("side")

    def engine() -> tuple[object, ...]:
        result = run(IndexScheme(Hierarchy(nodes), steps), Dataset(names, columns, values, groups=groups))
        return result.ranks, result.indicator_ranks, notices(result), result.digest

    return Row(f"every step with treatment, {units:,} × {indicators}", seconds(engine, 5), allowed=WITH_TREATMENT)


def rows() -> Iterator[Row]:
    """Every task."""
    for size in SIZES:
        yield _plain(*size)
    yield _treated()

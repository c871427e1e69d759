"""Indices, plans and executors that the tests share."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from yiqi.engine import AppraisalScheme, BlockSpec, FloatArray, IndexScheme, IndicatorSpec
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy, Node
from yiqi.engine.scheme.index import Steps
from yiqi.engine.scheme.steps import AggregateSpec, ImputeSpec, NormaliseSpec
from yiqi.engine.uncertainty import Alternatives, Assumption, IndexModel, WeightNoise

SEEDS = st.integers(0, 2**32)
#: Branches of depth 2 and 3, an indicator beside an aggregate, a lower-is-better indicator, a reversed aggregate.
TREE = Hierarchy(
    (
        Node("a", "P"),
        Node("b", "P", 2.0, -1),
        Node("c", "Q"),
        Node("d", "Q", 0.5),
        Node("e", "S"),
        Node("P", "S", 1.5),
        Node("Q", "Index", direction=-1),
        Node("S", "Index", 2.0),
        Node("Index"),
    )
)
ONE_TO_HUNDRED = NormaliseSpec("minmax", {"lower": 1, "upper": 100})
NORMALISATIONS = Alternatives("norm", "normalise", (ONE_TO_HUNDRED, NormaliseSpec("zscore", {"mean": 10, "sd": 2})))
MEANS = Alternatives("mean", "aggregate", ([AggregateSpec()], [AggregateSpec("gmean")], [AggregateSpec("hmean")]))
WEIGHTS = WeightNoise({"2": 0.3, "e": 0.5, "a": 0.1})
ASSUMPTIONS: tuple[Assumption, ...] = (NORMALISATIONS, WEIGHTS, MEANS)


def figures(seed: int = 0, units: int = 7, holes: float = 0.0) -> Dataset:
    """Random figures for ``TREE``."""
    random = np.random.default_rng(seed)
    values: FloatArray = random.lognormal(0, 1, (units, len(TREE.indicators)))
    values[random.random(values.shape) < holes] = np.nan
    return Dataset(tuple(f"u{row}" for row in range(units)), TREE.indicators, values)


def index_steps(**changes: object) -> Steps:
    """Gaps filled by the mean, min-max 1..100, arithmetic means, with changes."""
    return Steps(**{"impute": ImputeSpec("mean"), "normalise": ONE_TO_HUNDRED, **changes})


def linear(seed: int = 0, rows: int = 9, width: int = 4, **changes: Any) -> IndexModel:
    """A weighted mean of columns as they are: ``matrix``, ``weights``, ``noise`` (a size), ``tier_size``."""
    columns = tuple(f"i{column}" for column in range(width))
    weights = changes.pop("weights", np.arange(1.0, width + 1))
    nodes = (*(Node(code, "I", float(weight)) for code, weight in zip(columns, weights, strict=True)), Node("I"))
    matrix = changes.pop("matrix", np.random.default_rng(seed).random((rows, width)))
    data = Dataset(tuple(f"u{row}" for row in range(rows)), columns, matrix)
    steps = Steps(normalise=NormaliseSpec("scaled", {"lower": 0, "upper": 1, "scale": 1}))
    noise = WeightNoise({"1": changes.pop("noise", 0.5)})
    return IndexModel(IndexScheme(Hierarchy(nodes), steps), data, [noise], **{"tier_size": 3, **changes})


#: Every rule whose points are a share of W whatever W is, two blocks, gaps shared out.
RULES = ("minmax", "efficacy", "rank_linear", "ratio", "gap", "reached", "bands")
PARAMS = {
    "gap": {"g": 3.0},
    "reached": {"share": 0.5},
    "bands": {"bands": [[2, 0.4], [4, 0.7]]},
    "rank_linear": {"f": 0.3},
}
APPRAISAL = AppraisalScheme(
    blocks=(BlockSpec("x"), BlockSpec("y", coverage=0.3)),
    indicators=(
        *(
            IndicatorSpec(f"r{n}", "xy"[n % 2], 1 + n, "higher", rule, PARAMS.get(rule, {}))
            for n, rule in enumerate(RULES)
        ),
        IndicatorSpec("extra", "y", 2, rule="bonus"),
        IndicatorSpec("fault", "x", 0, rule="veto"),
    ),
    tier_size=2,
    tie_breakers=("r0",),
)


def appraisal_figures(seed: int = 0, units: int = 6) -> tuple[tuple[str, ...], FloatArray, FloatArray]:
    """Units, values and targets for ``APPRAISAL``."""
    random = np.random.default_rng(seed)
    values = np.round(random.uniform(1, 6, (units, len(APPRAISAL.indicators))), 2)
    values[:, -2:] = 0.0
    values[0, -2], values[1, -1], values[2, 3] = 1.0, 1.0, np.nan
    return tuple(f"u{row}" for row in range(units)), values, np.full(values.shape, 4.0)

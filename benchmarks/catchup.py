"""What each figure of one unit of an index would have to be, exact to the last double and checked by runs."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.measure import Row, seconds  # first: it sets the number of threads

import numpy as np  # isort: skip

from benchmarks.index import SEED, SIZES, nodes_of
from yiqi.engine import IndexScheme
from yiqi.engine.catchup import IndexSituation, next_place, single_changes
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy
from yiqi.engine.scheme.index import Steps

WITHIN = 1.0  # seconds allowed: min-max and arithmetic means
TREATED = 3.0  # seconds allowed where outliers are treated anew for every value tried


def situation_of(steps: Steps) -> tuple[IndexSituation, str]:
    """An index of the first size, and the unit in the middle."""
    units, indicators, pillars, _ = SIZES[0]
    values = np.random.default_rng(SEED).normal(50, 15, (units, indicators))
    tree = Hierarchy(nodes_of(indicators, pillars))
    situation = IndexSituation(
        IndexScheme(tree, steps), Dataset(tuple(f"u{n}" for n in range(units)), tree.indicators, values)
    )
    places = situation.result.index_ranks.tolist()
    return situation, situation.units[places.index(units // 2 + 1)]


def rows() -> Iterator[Row]:
    """Every task."""
    units, indicators, *_ = SIZES[0]
    for name, steps, allowed in (("", Steps(), WITHIN), (" treated", Steps.standard(), TREATED)):
        situation, unit = situation_of(steps)
        taken = seconds(lambda s=situation, u=unit: single_changes(s, u, next_place()), 3)
        yield Row(f"every single change for a place,{name} {units} × {indicators}", taken, allowed=allowed)

"""Small indices for tests, and strategies for random ones."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from yiqi.engine import FloatArray
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy, Node
from yiqi.engine.scheme.index import Steps
from yiqi.engine.scheme.steps import AggregateSpec, NormaliseSpec

NAN = math.nan
POSITIVE = NormaliseSpec("minmax", {"lower": 1, "upper": 100})


def ragged() -> Hierarchy:
    """Two depths under one root: a, b under p; c right below the root."""
    return Hierarchy(
        (Node("a", "p", 1.0), Node("b", "p", 3.0, -1), Node("c", "top", 2.0), Node("p", "top", 1.0), Node("top"))
    )


def four() -> Dataset:
    """Four units for ``ragged``."""
    values = [[8.0, 1.0, 4.0], [6.0, 3.0, 2.0], [2.0, 5.0, 8.0], [4.0, 1.0, 6.0]]
    return Dataset(("A", "B", "C", "D"), ("a", "b", "c"), np.array(values))


@dataclass(frozen=True)
class Case:
    """A random index."""

    hierarchy: Hierarchy
    data: Dataset

    def with_values(self, values: FloatArray) -> Dataset:
        return self.data.replaced(np.array(values))


@st.composite
def hierarchies(draw: st.DrawFn, directions: bool = False) -> Hierarchy:
    """Trees of any shape: each element hangs on an earlier aggregate."""
    depth = draw(st.integers(0, 4))
    aggregates = ["top"]
    nodes = [Node("top")]
    for number in range(depth):
        parent = draw(st.sampled_from(aggregates))
        weight = draw(st.sampled_from((0.5, 1.0, 2.0, 3.0)))
        direction = draw(st.sampled_from((1, -1))) if directions else 1
        nodes.append(Node(f"g{number}", parent, weight, direction))
        aggregates.append(f"g{number}")
    leaves = list(aggregates) + draw(st.lists(st.sampled_from(aggregates), max_size=4))
    for number, parent in enumerate(leaves):
        weight = draw(st.sampled_from((0.25, 1.0, 1.5, 4.0)))
        nodes.append(Node(f"i{number}", parent, weight, draw(st.sampled_from((1, -1)))))
    return Hierarchy(tuple(draw(st.permutations(nodes))))


@st.composite
def cases(draw: st.DrawFn, missing: bool = True, directions: bool = False) -> Case:
    """A tree with 2–8 units; values are eighths, so that sums and differences of a few are exact."""
    hierarchy = draw(hierarchies(directions))
    units, columns = draw(st.integers(2, 8)), len(hierarchy.indicators)
    eighths = st.integers(-800, 800).map(lambda n: n / 8)
    cell = st.one_of(eighths, eighths, eighths, st.just(NAN)) if missing else eighths
    values = np.array(draw(st.lists(cell, min_size=units * columns, max_size=units * columns)))
    table = values.reshape(units, columns)
    table[0] = np.where(np.isnan(table).all(axis=0), 1.0, table[0])
    table[:2, 0] = draw(st.permutations((-200.0, 8.0)))  # something must vary
    names = tuple(f"u{number}" for number in range(units))
    return Case(hierarchy, Dataset(names, hierarchy.indicators, table))


def steps(method: str = "amean", scale: NormaliseSpec = POSITIVE) -> Steps:
    """One aggregation at every level."""
    params = {"p": 2.0} if method == "genmean" else {}
    return Steps(normalise=scale, aggregate=(AggregateSpec(method, params),))

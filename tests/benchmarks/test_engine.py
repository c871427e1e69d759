"""The benchmarks measure the same arithmetic on both sides, and print what they found."""

from __future__ import annotations

import math

import numpy as np

from benchmarks.engine import line, milliseconds
from benchmarks.index import Limit, nodes_of
from benchmarks.measure import Row
from yiqi.engine import Dataset, Hierarchy, IndexScheme, run


def test_the_limit_is_the_same_index() -> None:
    values = np.random.default_rng(7).normal(50, 15, (12, 10))
    nodes = nodes_of(10, 3)
    normalised, scores, total, ranks = Limit(nodes, 10, 3)(values)
    data = Dataset(tuple("ABCDEFGHIJKL"), tuple(f"i{n}" for n in range(10)), values)
    result = run(IndexScheme(Hierarchy(nodes)), data)
    np.testing.assert_allclose(result.normalised, normalised, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(result.scores, np.column_stack([scores, total]), rtol=1e-12)
    np.testing.assert_array_equal(result.index_ranks, ranks)
    np.testing.assert_allclose(result.normalised @ Limit(nodes, 10, 3).effective, total, rtol=1e-12)


def test_a_row_says_what_is_allowed() -> None:
    assert [milliseconds(value) for value in (math.nan, 0.00123, 1.5)] == ["—", "1.23", "1,500"]
    assert line(Row("task", 0.004, 0.001, 0.002, {"pymcdm": 0.01})).split() == [
        "task",
        "4",
        "1",
        "4.00",
        "2",
        "over",
        "—",
        "10",
    ]
    assert line(Row("task", 0.004)).split() == ["task", "4", "—", "—", "—", "—", "—"]

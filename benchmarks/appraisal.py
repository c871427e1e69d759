"""Appraisal rounds beside the same arithmetic in bare NumPy: min-max, weighted sum, ranks.

The engine also checks, digests, ranks every cell, sums exactly and records every step; the ratio is the price of that.
"""

from __future__ import annotations

from benchmarks.measure import Row, seconds  # first: it sets the number of threads

import numpy as np  # isort: skip

from yiqi.engine import AppraisalScheme, BlockSpec, Dataset, FloatArray, IndicatorSpec, IntArray, run

SIZES = ((17, 30, 200), (3_000, 200, 7))  # units, indicators, repetitions
BLOCKS = 5


def bare(values: FloatArray, weights: FloatArray) -> tuple[FloatArray, IntArray]:
    """The limit: min-max by column, weighted sum by row, ranks."""
    low = values.min(axis=0)
    total = ((values - low) / (values.max(axis=0) - low)) @ weights
    ranks = np.empty(len(total), dtype=np.int64)
    ranks[np.argsort(-total)] = np.arange(1, len(total) + 1)
    return total, ranks


def scheme_of(indicators: int, rule: str) -> AppraisalScheme:
    """Five blocks, the indicators dealt out among them."""
    blocks = tuple(BlockSpec(f"b{number}") for number in range(BLOCKS))
    specs = (IndicatorSpec(f"i{n}", f"b{n % BLOCKS}", 1 + n % 3, "higher", rule) for n in range(indicators))
    return AppraisalScheme(blocks=blocks, indicators=tuple(specs))


def rows() -> list[Row]:
    """Two sizes, two rules."""
    found = []
    for units, indicators, repetitions in SIZES:
        values = np.random.default_rng(2021).normal(5, 2, (units, indicators))
        names = tuple(f"u{number}" for number in range(units))
        for rule in ("minmax", "rank_linear"):
            scheme = scheme_of(indicators, rule)
            weights = np.array([spec.points for spec in scheme.indicators])
            if rule == "minmax":
                difference = np.abs(
                    run(scheme, Dataset(names, scheme.columns, values)).total_points - bare(values, weights)[0]
                ).max()
                if difference > 1e-9:
                    raise SystemExit(f"the engine and bare NumPy differ by {difference}")
            limit = seconds(lambda v=values, w=weights: bare(v, w), repetitions)
            taken = seconds(
                lambda p=scheme, n=names, v=values: run(p, Dataset(n, p.columns, v)).digest,
                repetitions,
            )
            found.append(Row(f"appraisal round, {rule}, {units:,} × {indicators}", taken, limit))
    return found

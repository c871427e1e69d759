"""CPU time of the engine beside the same arithmetic in bare NumPy: python benchmarks/engine.py

Both run in this process on one thread, on the same seeded figures: min-max, weighted sum, ranks. The engine also
checks, digests, ranks every cell, sums exactly and records every step; the ratio is the price of that.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np  # noqa: E402 - after the number of threads is set

from yiqi.appraisal.engine import BlockSpec, FloatArray, IndicatorSpec, IntArray, Plan, run  # noqa: E402

SIZES = ((17, 30, 200), (3_000, 200, 7))  # units, indicators, repetitions
BLOCKS = 5


def bare(values: FloatArray, weights: FloatArray) -> tuple[FloatArray, IntArray]:
    """The limit: min-max by column, weighted sum by row, ranks."""
    low = values.min(axis=0)
    total = ((values - low) / (values.max(axis=0) - low)) @ weights
    ranks = np.empty(len(total), dtype=np.int64)
    ranks[np.argsort(-total)] = np.arange(1, len(total) + 1)
    return total, ranks


def seconds(work: Callable[[], object], repetitions: int) -> float:
    """Median CPU seconds of one call, after a call to warm up."""
    work()
    taken = []
    for _ in range(repetitions):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return float(np.median(taken))


def plan_of(indicators: int, rule: str) -> Plan:
    """Five blocks, the indicators dealt out among them."""
    blocks = tuple(BlockSpec(f"b{number}") for number in range(BLOCKS))
    specs = (IndicatorSpec(f"i{n}", f"b{n % BLOCKS}", 1 + n % 3, "higher", rule) for n in range(indicators))
    return Plan(blocks=blocks, indicators=tuple(specs))


def main() -> None:
    """Print the table."""
    print(f"{'units × indicators':>20}{'rule':>14}{'engine ms':>12}{'NumPy ms':>12}{'ratio':>8}")
    for units, indicators, repetitions in SIZES:
        values = np.random.default_rng(2021).normal(5, 2, (units, indicators))
        names = [f"u{number}" for number in range(units)]
        for rule in ("minmax", "rank_linear"):
            plan = plan_of(indicators, rule)
            weights = np.array([spec.points for spec in plan.indicators])
            if rule == "minmax":
                difference = np.abs(run(plan, names, values).total_points - bare(values, weights)[0]).max()
                if difference > 1e-9:
                    raise SystemExit(f"the engine and bare NumPy differ by {difference}")
            limit = seconds(lambda v=values, w=weights: bare(v, w), repetitions)
            taken = seconds(lambda p=plan, n=names, v=values: run(p, n, v), repetitions)
            size = f"{units:,} × {indicators}"
            print(f"{size:>20}{rule:>14}{taken * 1e3:>12.3f}{limit * 1e3:>12.4f}{taken / limit:>8.1f}")


if __name__ == "__main__":
    main()

"""What the engine's benchmarks share: one thread, CPU seconds, one form of row."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import numpy as np  # noqa: E402 - after the number of threads is set

NONE = float("nan")


@dataclass(frozen=True)
class Row:
    """A task with CPU seconds of the engine and of bare NumPy, what is allowed, and others' seconds (nan = none)."""

    task: str
    seconds: float
    limit: float = NONE
    allowed: float = NONE
    peers: Mapping[str, float] = field(default_factory=dict)


def seconds(work: Callable[[], object], repetitions: int) -> float:
    """Median CPU seconds of one call, after a call to warm up."""
    work()
    taken = []
    for _ in range(repetitions):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return float(np.median(taken))

"""The same simulation here and on a cluster of a scheduler and two workers on loopback: python -m benchmarks.cluster

Dask distributed, three processes of their own. The results must be the same bit for bit: in this process, on one
worker, on two, and on two of which one is killed in the middle. Needs the benchmark set of packages.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import benchmarks.measure  # noqa: F401 - first: it sets the number of threads

import numpy as np  # isort: skip
import psutil  # isort: skip

from yiqi.engine import IndexScheme
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy, Node
from yiqi.engine.scheme.index import Steps
from yiqi.engine.scheme.steps import AggregateSpec, NormaliseSpec
from yiqi.engine.uncertainty import (
    Alternatives,
    IndexModel,
    RobustStanding,
    ValueNoise,
    WeightNoise,
    simulate,
)

UNITS, INDICATORS, DRAWS, SEED = 300, 120, 4 * 1024, 2026
PATIENCE = 60.0


class Run(NamedTuple):
    """A simulation: wall seconds, CPU seconds of the busiest process (what it would take on processors of its own),
    and whether its numbers are those of this process, bit for bit."""

    name: str
    seconds: float
    busiest: float
    same: bool


def model() -> IndexModel:
    """Values, weights and methods uncertain: each draw normalises anew, so that there is something to share out."""
    nodes = [Node(f"i{n}", f"p{n % 10}", direction=1 if n % 3 else -1) for n in range(INDICATORS)]
    nodes += [Node(f"p{n}", "index") for n in range(10)] + [Node("index")]
    random = np.random.default_rng(SEED)
    data = Dataset(
        tuple(f"u{n}" for n in range(UNITS)),
        tuple(f"i{n}" for n in range(INDICATORS)),
        random.lognormal(0, 0.4, (UNITS, INDICATORS)),
    )
    scale = NormaliseSpec("minmax", {"lower": 1, "upper": 100})
    means = Alternatives("mean", "aggregate", ([AggregateSpec()], [AggregateSpec("gmean")]))
    assumptions = [ValueNoise(0.1), WeightNoise({"2": 0.25}), means]
    return IndexModel(IndexScheme(Hierarchy(tuple(nodes)), Steps(normalise=scale)), data, assumptions, tier_size=10)


class Cluster(NamedTuple):
    """A scheduler's file and its workers."""

    file: Path
    workers: list[subprocess.Popen[bytes]]


@contextmanager
def cluster(workers: int) -> Iterator[Cluster]:
    """Scheduler and workers as processes of their own on 127.0.0.1; all ended at the end."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "scheduler.json")
        common = ["--scheduler-file", str(file), "--no-dashboard", "--host", "127.0.0.1"]
        started = [_start("dask_scheduler", [*common, "--port", "0"], folder)]
        try:
            _wait(file.exists)
            each = [*common, "--nthreads", "1", "--no-nanny", "--local-directory", folder]
            started += [_start("dask_worker", each, folder) for _ in range(workers)]
            yield Cluster(file, started[1:])
        finally:
            for process in reversed(started):
                process.kill()
                process.wait()


def _start(tool: str, arguments: list[str], folder: str) -> subprocess.Popen[bytes]:
    path = os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{tool}", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _wait(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > end:
            raise SystemExit("the cluster did not start")
        time.sleep(0.05)


@contextmanager
def executor(found: Cluster, workers: int) -> Iterator[Executor]:
    """What the engine takes: any ``concurrent.futures.Executor``."""
    from distributed import Client

    with Client(scheduler_file=str(found.file), timeout=PATIENCE) as client:
        client.wait_for_workers(workers, timeout=PATIENCE)
        _warm(client)
        yield client.get_executor(pure=False, retries=5)


def _warm(client: Any) -> None:
    """Let every worker import the engine before the clock runs."""
    client.run(__import__, "yiqi.engine.uncertainty")


def bits(standing: RobustStanding) -> tuple[bytes, ...]:
    """Every number of a result."""
    assert standing.scores is not None
    assert standing.above_counts is not None
    return standing.counts.tobytes(), standing.above_counts.tobytes(), standing.scores.tobytes()


def timed(
    name: str, expected: tuple[bytes, ...] | None, workers: list[subprocess.Popen[bytes]], **given: Any
) -> tuple[Run, tuple[bytes, ...]]:
    """Simulate once, anew."""
    processes = [psutil.Process(), *(psutil.Process(worker.pid) for worker in workers)]
    before, start = [_used(process) for process in processes], time.perf_counter()
    found = bits(simulate(model(), DRAWS, SEED, pairs=True, keep_scores=True, **given))
    seconds = time.perf_counter() - start
    busiest = max(_used(process) - first for process, first in zip(processes, before, strict=True))
    return Run(name, seconds, busiest, expected in (None, found)), found


def _used(process: psutil.Process) -> float:
    """CPU seconds so far; 0 of a process that is gone."""
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


def runs() -> Iterator[Run]:
    """Here, on one worker, on two, and on two of which one dies after the first blocks have come back."""
    first, expected = timed("in this process", None, [])
    yield first
    for workers in (1, 2):
        with cluster(workers) as found, executor(found, workers) as pool:
            yield timed(f"cluster, {workers} worker{'s' * (workers > 1)}", expected, found.workers, executor=pool)[0]
    with cluster(2) as found, executor(found, 2) as pool:
        victim = found.workers[0]

        def kill(_: int) -> None:
            if victim.poll() is None:
                victim.kill()

        run = timed("cluster, 2 workers, one killed", expected, found.workers, executor=pool, progress=kill)[0]
        if victim.poll() is None:
            raise SystemExit("the worker was not killed")
        yield run


def main() -> None:
    """Print the table; status 1 if any number differs."""
    print(f"{UNITS} × {INDICATORS}, {DRAWS:,} draws of values, weights and means")
    print(f"{'':<34}{'seconds':>9}{'speed-up':>10}{'busiest CPU':>13}{'speed-up':>10}  same bits")
    wrong, alone = False, None
    for run in runs():
        alone = alone or run
        wrong |= not run.same
        wall, cpu = alone.seconds / run.seconds, alone.busiest / run.busiest
        numbers = f"{run.seconds:>9.2f}{wall:>10.2f}{run.busiest:>13.2f}{cpu:>10.2f}"
        print(f"{run.name:<34}{numbers}  {'yes' if run.same else 'NO'}", flush=True)
    if wrong:
        raise SystemExit("the numbers differ")


if __name__ == "__main__":
    main()

"""Work cut into blocks and handed to any executor; the outcomes come back in order, a few at a time.

A block is the unit of randomness (its number is the key of its random numbers) and of memory. So neither the number of
workers nor the way in which blocks are handed out changes a result, and a lost block can be done again elsewhere.
"""

from __future__ import annotations

import hashlib
import pickle
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np

from yiqi.engine.ground.errors import EngineError

BLOCK = 256  # draws; enough to fill the processor, few enough for its caches. Another number gives other draws.
NUMBERS = 2**22  # of 8 bytes: what a block may draw or score; wide models have smaller blocks
IN_FLIGHT = 8  # tasks handed out and not yet taken back
TASKS = 64  # blocks are put together so that there are about this many tasks
MOST_DRAWS = 2**31 - 1  # the counts are 32-bit
MEMORY = 2 * 2**30

Outcome = TypeVar("Outcome")


@dataclass(frozen=True)
class Job(Generic[Outcome]):
    """A piece of work in the form in which it travels: pickled once, and unpickled once in each worker."""

    token: str
    payload: bytes

    @classmethod
    def of(cls, work: Callable[[int], Outcome]) -> Job[Outcome]:
        payload = pickle.dumps(work, protocol=pickle.HIGHEST_PROTOCOL)
        return cls(hashlib.sha256(payload).hexdigest(), payload)


_held: dict[str, Callable[[int], Any]] = {}


def do_blocks(job: Job[Outcome], blocks: Sequence[int]) -> list[Outcome]:
    """What a worker does. It keeps the last piece of work, so that what it has prepared serves the next blocks."""
    work = _held.get(job.token)
    if work is None:
        work = pickle.loads(job.payload)  # noqa: S301 - made by ``Job.of`` in the process that started the worker
        _held.clear()
        _held[job.token] = work
    return [work(block) for block in blocks]


def walk(
    work: Callable[[int], Outcome],
    blocks: int,
    executor: Executor | None = None,
    *,
    per_task: int | None = None,
) -> Iterator[Outcome]:
    """``work(0)``, …, ``work(blocks − 1)`` in this order, done here or by the ``executor``.

    With an executor ``work`` is pickled; at most ``IN_FLIGHT`` tasks are out at a time. A worker that is lost is the
    executor's concern: a cluster does its blocks again; a process pool cannot, and the error is ``workers_lost``.
    """
    if executor is None:
        yield from map(work, range(blocks))
        return
    job, size = Job.of(work), per_task or 1 + blocks // TASKS
    starts = iter(range(0, blocks, size))
    pending: deque[Future[list[Outcome]]] = deque()
    try:
        for start in starts:
            pending.append(executor.submit(do_blocks, job, range(start, min(start + size, blocks))))
            if len(pending) == IN_FLIGHT:
                yield from pending.popleft().result()
        while pending:
            yield from pending.popleft().result()
    except BrokenExecutor as error:
        text = f"the workers were lost ({error}); run again, or use a cluster that repeats what a lost worker did"
        raise EngineError("workers_lost", text) from error
    finally:
        for future in pending:
            future.cancel()


def block_of(width: int) -> int:
    """Draws in a block of a model that draws or scores ``width`` numbers a draw."""
    return max(1, min(BLOCK, NUMBERS // max(width, 1)))


def spans(draws: int, block: int = BLOCK) -> list[tuple[int, int]]:
    """First draw and number of draws of each block."""
    return [(first, min(block, draws - first)) for first in range(0, draws, block)]


def check_draws(draws: Any, name: str = "draws") -> int:
    """The number of draws as an ``int``; ``draws_invalid`` unless it is a whole number from 1."""
    whole = isinstance(draws, (int, np.integer)) and not isinstance(draws, bool)
    if not whole or not 1 <= draws <= MOST_DRAWS:
        text = f"{name} must be a whole number from 1 to {MOST_DRAWS:,}, not {draws!r}"
        raise EngineError("draws_invalid", text, {"option": name, "value": repr(draws)})
    return int(draws)


def check_memory(memory: int, fixed: int, each: int, draws: int) -> None:
    """Refuse what would not fit: ``fixed`` bytes whatever the number of draws, ``each`` bytes more with every draw.

    Errors: ``too_many_units`` (the counts alone are too large), ``too_many_draws`` with the number that fits.
    """
    data = {"memory": memory, "needed": fixed + each * draws}
    if fixed > memory:
        text = (
            f"the counts of places need {fixed:,} bytes and {memory:,} are allowed: raise memory= or take fewer units"
        )
        raise EngineError("too_many_units", text, data)
    if fixed + each * draws > memory:
        fit = (memory - fixed) // each
        text = (
            f"{draws:,} draws need {fixed + each * draws:,} bytes and {memory:,} are allowed: "
            f"{fit:,} draws fit; keep no scores, take fewer draws, or raise memory="
        )
        raise EngineError("too_many_draws", text, {**data, "draws": draws, "fit": fit})

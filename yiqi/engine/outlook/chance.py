"""Counts that are counts, memory that is there, and work spread over any executor in one order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import Any, TypeVar

import numpy as np

from yiqi.engine.ground.errors import EngineError

Progress = Callable[[int, int], None]
_Task = TypeVar("_Task")
_Done = TypeVar("_Done")

MOST_NUMBERS = 2**28  # doubles of simulated values held at once: 2 GiB


def checked_count(name: str, value: Any, least: int = 1, most: int = 10**9) -> int:
    """A whole number within bounds; ``<name>_invalid`` otherwise."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not least <= value <= most:
        text = f"{name} must be a whole number from {least} to {most}, not {value!r}"
        raise EngineError(f"{name}_invalid", text, {name: repr(value)})
    return int(value)


def check_memory(draws: int, cells: int) -> None:
    """``too_many_draws`` where the simulated values would not fit into the memory set aside for them."""
    if draws * cells > MOST_NUMBERS:
        most = max(MOST_NUMBERS // max(cells, 1), 1)
        text = f"{draws} draws of {cells} values need {draws * cells * 8 / 2**30:.1f} GiB; take at most {most} draws"
        raise EngineError("too_many_draws", text, {"draws": draws, "cells": cells, "most": most})


def spread(
    work: Callable[[_Task], _Done],
    tasks: Sequence[_Task],
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> list[_Done]:
    """``work`` on every task, in order, on any executor of ``concurrent.futures`` or right here.

    Each task carries the key of its own random numbers, so that neither the number of workers nor the order in which
    they finish changes a result. Errors: ``workers_lost``.
    """
    if executor is None:
        return list(_counted((work(task) for task in tasks), len(tasks), progress))
    futures: list[Future[_Done]] = [executor.submit(work, task) for task in tasks]
    try:
        return list(_counted((future.result() for future in futures), len(tasks), progress))
    except BrokenExecutor as error:
        text = f"the workers were lost ({error}); run again, or use a cluster that repeats what a lost worker did"
        raise EngineError("workers_lost", text) from error
    finally:
        for future in futures:
            future.cancel()


def _counted(results: Iterator[_Done], total: int, progress: Progress | None) -> Iterator[_Done]:
    for number, result in enumerate(results, start=1):
        if progress is not None:
            progress(number, total)
        yield result

"""Counts that are counts, memory that is there, and work spread over any executor in one order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np

from yiqi.engine.ground.errors import EngineError
from yiqi.engine.uncertainty.blocks import walk

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
    found = []
    for number, done in enumerate(walk(_Nth(work, tasks), len(tasks), executor, per_task=1), start=1):
        found.append(done)
        if progress is not None:
            progress(number, len(tasks))
    return found


@dataclass(frozen=True)
class _Nth(Generic[_Task, _Done]):
    work: Callable[[_Task], _Done]
    tasks: Sequence[_Task]

    def __call__(self, number: int) -> _Done:
        return self.work(self.tasks[number])

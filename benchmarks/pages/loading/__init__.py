"""A county's year at size, from a seed: the same seed gives the same rows."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm

from benchmarks.pages.loading.copying import analyse, unchecked
from benchmarks.pages.loading.figures import found_framework, link_supports, make_figures, run_rounds
from benchmarks.pages.loading.founding import TODAY, County, found_county, found_forces
from benchmarks.pages.loading.meetings import hold_weeks, make_directives, open_this_week, write_reports
from benchmarks.pages.loading.progress import make_progress
from benchmarks.pages.loading.tasks import make_tasks
from benchmarks.pages.loading.trail import make_trail

ROWS_A_TASK = 50  # about: for the length of the progress bar


def load(seed: int, tasks: int, directives: int) -> tuple[County, dict[str, float]]:
    """Load everything; gives the county with its counts of rows, and the seconds of each part."""
    parts: dict[str, float] = {}
    with tqdm(total=tasks * ROWS_A_TASK, desc="loading", unit=" rows", unit_scale=True, file=sys.stderr) as bar:

        @contextmanager
        def part(name: str) -> Iterator[None]:
            bar.set_postfix_str(name)
            began = time.perf_counter()
            yield
            parts[name] = time.perf_counter() - began

        with part("county"):
            county = found_county(seed, bar)
        told = _bulk(county, tasks, bar, part)
        with part("meetings"):
            framework = found_framework(county)
            make_figures(county, framework, bar)
            found_forces(county, framework)
            link_supports(county, framework, [row[0] for row in told[:5_000]])
            analyse()
            run_rounds(county, framework)
            hold_weeks(county, bar)
            unchecked(True)
            make_directives(county, directives, bar)
            unchecked(False)
            open_this_week(county)
            write_reports(county, bar)
        with part("audit trail"):
            unchecked(True)
            make_trail(county, told, bar)
            unchecked(False)
        with part("vacuum analyze"):
            analyse()
    return county, parts


def _bulk(county: County, count: int, bar: tqdm[Any], part: Any) -> list[Any]:
    unchecked(True)
    with part("tasks"):
        kept, told = make_tasks(county, count, bar)
    with part("progress"):
        make_progress(county, kept, bar)
    unchecked(False)
    return told


__all__ = ["TODAY", "County", "load"]

"""One series, gone through at past months as if the rest were not known: every method fitted, drawn from, scored."""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, FloatArray
from yiqi.engine.ground.seeds import generator
from yiqi.engine.outlook.baselines import SEASON, NotFitted
from yiqi.engine.outlook.chance import Progress, spread
from yiqi.engine.outlook.methods import fit
from yiqi.engine.outlook.months import year_end
from yiqi.engine.outlook.panel import FLOW, MonthlyPanel, Series
from yiqi.engine.outlook.scores import brier, covered, crps

LAST_YEAR: Final = "last_year"
PACE: Final = "pace"


@dataclass(frozen=True)
class Rules:
    """What is tried: the same for every series.

    ``origins`` and ``ends`` are numbers of months, ``ends`` those from which the year-end is drawn; ``horizon`` months
    are scored; ``event`` of the Brier score: above ``last_year``'s same months, or above the ``pace`` so far.
    """

    methods: tuple[str, ...]
    origins: tuple[int, ...]
    ends: tuple[int, ...]
    horizon: int
    draws: int
    seed: int
    levels: tuple[float, ...]
    event: str


@dataclass(frozen=True, eq=False)
class Trial:
    """Scores of one series; nan where the method could not be fitted or what came is not known.

    ``crps``, ``error`` (of the median, absolute), ``brier`` (methods, origins, h); ``covered`` (methods, origins,
    levels, h); ``happened`` (origins, h); ``year_end`` (methods, ends, draws); ``reasons`` method and origin → why not.
    """

    crps: FloatArray
    error: FloatArray
    brier: FloatArray
    covered: FloatArray
    happened: FloatArray
    year_end: FloatArray
    reasons: dict[tuple[int, int], str]


def try_all(
    panel: MonthlyPanel, rules: Rules, executor: Executor | None = None, progress: Progress | None = None
) -> list[Trial]:
    """A trial for every series, units outside, indicators inside; the same on any number of workers."""
    tasks = [(series, number, rules) for number, series in enumerate(panel.all_series())]
    return spread(_try, tasks, executor, progress)


def _try(task: tuple[Series, int, Rules]) -> Trial:
    series, number, rules = task
    shape = (len(rules.methods), len(rules.origins), rules.horizon)
    trial = Trial(
        crps=np.full(shape, np.nan),
        error=np.full(shape, np.nan),
        brier=np.full(shape, np.nan),
        covered=np.full((*shape[:2], len(rules.levels), shape[2]), np.nan),
        happened=np.full(shape[1:], np.nan),
        year_end=np.full((shape[0], len(rules.ends), rules.draws), np.nan),
        reasons={},
    )
    if len(series.values):
        for place in range(len(rules.origins)):
            _try_origin(trial, series, number, rules, place)
    return trial


def _try_origin(trial: Trial, series: Series, number: int, rules: Rules, place: int) -> None:
    origin = rules.origins[place]
    known = series.until(origin)
    if not len(known.values):
        return
    truth = _truth(series, known, origin, rules.horizon)
    bar = threshold(known, rules.horizon, rules.event)
    there = ~np.isnan(truth) & ~np.isnan(bar)
    trial.happened[place, there] = (truth > bar)[there]
    finished = known.last >= year_end(origin)
    if origin in rules.ends and finished:
        trial.year_end[:, rules.ends.index(origin)] = known.values[year_end(origin) - known.first]
    needed = origin in rules.ends and not finished
    if not (needed or (~np.isnan(truth)).any()):
        return
    ahead = max(rules.horizon, year_end(origin) - known.last)
    for row, method in enumerate(rules.methods):
        try:
            fitted = fit(known, method)
        except NotFitted as reason:
            trial.reasons[row, place] = str(reason)
            continue
        paths = fitted.paths(ahead, rules.draws, generator(rules.seed, number, origin))
        if needed:
            column = year_end(origin) - known.last - 1
            trial.year_end[row, rules.ends.index(origin)] = known.ahead(paths)[:, column]
        _score(trial, (row, place), known.gained(paths)[:, : rules.horizon], truth, bar, rules)


def _score(
    trial: Trial, at: tuple[int, int], paths: FloatArray, truth: FloatArray, bar: FloatArray, rules: Rules
) -> None:
    there = ~np.isnan(truth)
    if not there.any():
        return
    drawn, came = paths[:, there], truth[there]
    trial.crps[*at, there] = crps(drawn, came)
    trial.error[*at, there] = np.abs(np.median(drawn, axis=0) - came)
    trial.covered[*at][:, there] = covered(drawn, came, rules.levels)
    judged: BoolArray = there & ~np.isnan(bar)
    chance = (paths[:, judged] > bar[judged]).mean(axis=0)
    trial.brier[*at, judged] = brier(chance, truth[judged] > bar[judged])


def _truth(series: Series, known: Series, origin: int, horizon: int) -> FloatArray:
    """What came in the ``horizon`` months after the origin, as it is scored; nan where it is not known (yet).

    A series that had not begun, or had ended, by the origin is not scored there.
    """
    truth = np.full(horizon, np.nan)
    if known.last != origin:
        return truth
    steps = series.steps()[origin + 1 - series.first_step :][:horizon]
    truth[: len(steps)] = series.gained(steps)
    return truth


def threshold(known: Series, horizon: int, event: str) -> FloatArray:
    """What the event asks to be exceeded (h,): the same months of the last known year, or the pace so far.

    The pace of a flow is its median month times the months; of a level, its last value. nan without a year to compare.
    """
    steps = known.steps()
    if event == LAST_YEAR:
        if len(steps) < SEASON:
            return np.full(horizon, np.nan)
        return known.gained(steps[-SEASON:][np.arange(horizon) % SEASON])
    if not len(steps):
        return np.full(horizon, np.nan)
    pace = float(np.median(steps)) if known.kind == FLOW else float(steps[-1])
    return known.gained(np.full(horizon, pace))


def event_for(panel: MonthlyPanel, origins: Sequence[int]) -> str:
    """``last_year`` where every series has a year before the first origin, else ``pace`` for all alike."""
    first = min(origins, default=0)
    lengths = [first - series.first_step + 1 for series in panel.all_series() if len(series.values)]
    return LAST_YEAR if min(lengths, default=0) >= SEASON else PACE


def scale(series: Series) -> float:
    """Mean absolute change of the steps from month to month, by which scores of unlike series are made comparable."""
    steps = series.steps()
    return math.fsum(np.abs(np.diff(steps)).tolist()) / (len(steps) - 1) if len(steps) > 1 else math.nan

"""Trials of all series put together: at each month the chosen method's draws of the year's end."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.ground.checks import some
from yiqi.engine.ground.notice import Notice
from yiqi.engine.outlook.chance import Progress
from yiqi.engine.outlook.choosing import Choice, choose
from yiqi.engine.outlook.contest import Forecasting
from yiqi.engine.outlook.methods import BASELINES
from yiqi.engine.outlook.months import month_name, year_end
from yiqi.engine.outlook.panel import MonthlyPanel
from yiqi.engine.outlook.smoothing import LEAST_STEPS
from yiqi.engine.outlook.trials import Rules, Trial, event_for, scale, try_all

KNOWN = "known"


@dataclass(frozen=True, eq=False)
class Drawn:
    """``year_end`` (draws, units, columns) and the method of each (units, columns); a choice for each column."""

    columns: tuple[str, ...]
    year_end: FloatArray
    used: tuple[tuple[str, ...], ...]
    choices: tuple[Choice, ...]
    warnings: tuple[Notice, ...]


def past_origins(panel: MonthlyPanel, month: int, count: int) -> list[int]:
    """Months at which to compare methods for an outlook from ``month``.

    Those nearest to one full look-ahead before it, with enough history for a model, rising; empty at the year's end.
    """
    left = year_end(month) - month
    first = panel.first + LEAST_STEPS - 1
    nearest = sorted(range(first, month), key=lambda origin: (abs(origin - (month - left)), -origin))
    return sorted(nearest[:count]) if left else []


@dataclass(frozen=True, eq=False)
class Draws:
    """All trials behind a number of outlooks."""

    panel: MonthlyPanel
    rules: Rules
    how: Forecasting
    trials: list[Trial]

    @classmethod
    def of(
        cls,
        panel: MonthlyPanel,
        months: list[int],
        how: Forecasting,
        executor: Executor | None,
        progress: Progress | None,
    ) -> Draws:
        """Try every series at every month that an outlook needs; each fit is made once and serves all of them."""
        past = {month: past_origins(panel, month, how.origins) for month in months}
        origins = tuple(sorted({*months, *(origin for found in past.values() for origin in found)}))
        longest = max((year_end(month) - month for month in months), default=0)
        event = event_for(panel, origins)
        rules = Rules(how.methods, origins, tuple(months), max(longest, 1), how.draws, how.seed, how.levels, event)
        return cls(panel, rules, how, try_all(panel, rules, executor, progress))

    def at(self, end: int) -> Drawn:
        """The draws from the month ``ends[end]``, with methods chosen by what was known by then."""
        panel, month = self.panel, self.rules.ends[end]
        shape = (self.how.draws, len(panel.units), len(panel.indicators))
        year, used = np.full(shape, np.nan), [[""] * shape[2] for _ in panel.units]
        choices, warnings = [], []
        for column, indicator in enumerate(panel.indicators):
            trials = [self.trials[row * shape[2] + column] for row in range(shape[1])]
            choice = self._choose(indicator, trials, end)
            choices.append(choice)
            for row, unit in enumerate(panel.units):
                method = self._method(choice, trials[row], end, unit, indicator)
                used[row][column] = method
                if method:
                    rank = 0 if method == KNOWN else self.rules.methods.index(method)
                    year[:, row, column] = trials[row].year_end[rank, end]
            warnings += self._warnings(choice, trials, month, [names[column] for names in used])
        return Drawn(panel.indicators, year, tuple(map(tuple, used)), tuple(choices), tuple(warnings))

    def _choose(self, indicator: str, trials: list[Trial], end: int) -> Choice:
        """Pool the scaled scores of past months whose outcome was known by the month of the outlook."""
        month = self.rules.ends[end]
        places = [self.rules.origins.index(origin) for origin in past_origins(self.panel, month, self.how.origins)]
        left = year_end(month) - month
        scores = []
        for unit, trial in zip(self.panel.units, trials, strict=True):
            size = scale(self.panel.series(unit, indicator).until(month))
            for place in places:
                ahead = min(left, month - self.rules.origins[place])
                if size > 0:
                    scores.append(trial.crps[:, place, :ahead] / size)
        pooled = np.concatenate(scores, axis=1) if scores else np.empty((len(self.rules.methods), 0))
        fitted = ~np.isnan([trial.year_end[:, end, 0] for trial in trials])
        return choose(indicator, self.rules.methods, pooled, fitted.sum(axis=0) > 0)

    def _method(self, choice: Choice, trial: Trial, end: int, unit: str, indicator: str) -> str:
        """The chosen method, or for a series to which it cannot be fitted the first baseline that can; "" without."""
        series = self.panel.series(unit, indicator).until(self.rules.ends[end])
        if len(series.values) and series.last >= year_end(self.rules.ends[end]):
            return KNOWN
        others = [method for method in self.rules.methods if method in BASELINES]
        for method in (choice.method, *reversed(others)):
            if method is not None and not np.isnan(trial.year_end[self.rules.methods.index(method), end, 0]):
                return method
        return ""

    def _warnings(self, choice: Choice, trials: list[Trial], month: int, used: list[str]) -> list[Notice]:
        """Methods that could not be fitted, by reason; series that nothing can be said of; series that stand still."""
        place, found = self.rules.origins.index(month), []
        for row, method in enumerate(self.rules.methods):
            reasons: dict[str, list[str]] = {}
            for unit, trial in zip(self.panel.units, trials, strict=True):
                if (row, place) in trial.reasons:
                    reasons.setdefault(trial.reasons[row, place], []).append(unit)
            for reason, units in reasons.items():
                text = f"{choice.indicator}: {method} not fitted for {some(units)}: {reason}"
                data = {"method": method, "units": units, "reason": reason, "origin": month_name(month)}
                found.append(Notice("method_not_fitted", text, choice.indicator, data=data))
        without = [unit for unit, method in zip(self.panel.units, used, strict=True) if not method]
        if without:
            text = f"{choice.indicator}: nothing can be forecast for {some(without)}; without a value"
            found.append(Notice("not_forecast", text, choice.indicator, data={"units": without}))
        still = [unit for unit in self.panel.units if self._stands_still(unit, choice.indicator, month)]
        if still:
            text = f"{choice.indicator}: no variance for {some(still)}; drawn without spread, which is too sure"
            found.append(Notice("no_variance", text, choice.indicator, data={"units": still}))
        return found

    def _stands_still(self, unit: str, indicator: str, month: int) -> bool:
        steps = self.panel.series(unit, indicator).until(month).steps()
        return len(steps) > 1 and month < year_end(month) and bool((steps == steps[0]).all())

"""Backtest: every method at past months, scored against what came, beside the baselines."""

from __future__ import annotations

import math
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, FloatArray
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.notice import Notice
from yiqi.engine.outlook.chance import Progress, check_memory, checked_count
from yiqi.engine.outlook.choosing import Choice, choose, common
from yiqi.engine.outlook.contest import Forecasting
from yiqi.engine.outlook.methods import BASELINES, LONGEST
from yiqi.engine.outlook.months import month_name
from yiqi.engine.outlook.panel import MonthlyPanel, Series
from yiqi.engine.outlook.smoothing import LEAST_STEPS
from yiqi.engine.outlook.trials import Rules, Trial, event_for, scale, try_all

ALL = "all"


@dataclass(frozen=True)
class Row:
    """One line of the table: a method at one horizon (0 = all horizons) for one indicator (``all`` = all).

    Means over the ``cases`` (series × origins × horizons) that every method which could be fitted shares; ``left_out``
    cases had to go because a method could not be fitted there. ``scaled_crps``: each series' CRPS divided by its usual
    monthly change, so that series of unlike size count alike; ``skill`` = 1 − scaled CRPS / that of the best baseline.
    ``crps`` and ``error`` (of the median, absolute) are in the units of the figures: over series of unlike size they
    speak for the large ones. ``event_share``: how often the event came. None without a case.
    """

    indicator: str
    horizon: int
    method: str
    cases: int
    left_out: int
    scaled_crps: float | None
    skill: float | None
    brier: float | None
    event_share: float | None
    coverage: tuple[float | None, ...]
    crps: float | None
    error: float | None


@dataclass(frozen=True, eq=False)
class Backtest:
    """Scores of all cases: arrays (methods, series, origins, h), nan where not scored; series are units × indicators.

    ``covered`` has the levels before h; ``happened`` (series, origins, h); ``scales`` (series,) is the mean absolute
    monthly change before the first origin, nan for a series that is left out. ``step``: months between origins.
    ``event``: what the Brier score asks, above ``last_year`` or above the
    ``pace``.
    """

    panel: MonthlyPanel
    how: Forecasting
    origins: tuple[str, ...]
    horizon: int
    step: int
    event: str
    crps: FloatArray
    error: FloatArray
    brier: FloatArray
    covered: FloatArray
    happened: FloatArray
    scales: FloatArray
    choices: tuple[Choice, ...]
    warnings: tuple[Notice, ...]

    def table(self) -> tuple[Row, ...]:
        """All rows: all indicators first, then each where there are several; all horizons first, then each."""
        names = self.panel.indicators
        rows: list[Row] = []
        for indicator in (ALL, *names) if len(names) > 1 else (ALL,):
            for ahead in range(self.horizon + 1):
                rows += self._rows(indicator, ahead)
        return tuple(rows)

    def _members(self, indicator: str) -> BoolArray:
        codes = np.tile(np.array(self.panel.indicators, dtype=object), len(self.panel.units))
        chosen: BoolArray = codes == indicator if indicator != ALL else np.ones(len(codes), dtype=np.bool_)
        return chosen

    def _rows(self, indicator: str, ahead: int) -> Iterator[Row]:
        chosen, cut = self._members(indicator), slice(None) if ahead == 0 else slice(ahead - 1, ahead)
        methods = self.how.methods

        def pooled(array: FloatArray) -> FloatArray:
            return array[:, chosen][..., cut].reshape(len(methods), -1)

        scores = pooled(self.crps)
        scaled = pooled(self.crps / self.scales[None, :, None, None])
        _, shared = common(scores)
        happened = np.broadcast_to(self.happened, self.crps.shape)
        figures = {"error": pooled(self.error), "brier": pooled(self.brier), "event_share": pooled(happened)}
        bands = [pooled(self.covered[:, :, :, level]) for level in range(len(self.how.levels))]
        base = [_mean(scaled[row, shared]) for row, name in enumerate(methods) if name in BASELINES]
        best = min((value for value in base if value is not None), default=None)
        tried = int((~np.isnan(pooled(happened)[0]) | (~np.isnan(scores)).any(axis=0)).sum())
        for row, method in enumerate(methods):
            fits = shared & ~np.isnan(scores[row])
            relative = _mean(scaled[row, fits])
            yield Row(
                indicator=indicator,
                horizon=ahead,
                method=method,
                cases=int(fits.sum()),
                left_out=tried - int(fits.sum()),
                crps=_mean(scores[row, fits]),
                scaled_crps=relative,
                skill=None if relative is None or not best else 1 - relative / best,
                **{name: _mean(array[row, fits]) for name, array in figures.items()},
                coverage=tuple(_mean(band[row, fits]) for band in bands),
            )

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values: settings that run it again on the same figures, table, choices, warnings."""
        panel = self.panel
        return {
            "how": self.how.to_dict(), "horizon": self.horizon, "step": self.step,
            "kinds": {name: panel.kind(name) for name in panel.indicators}, "late_january": panel.late_january,
            "units": list(panel.units), "first_month": panel.start, "last_month": month_name(panel.last),
            "origins": list(self.origins), "event": self.event,
            "table": [asdict(row) | {"coverage": dict(zip(map(str, self.how.levels), row.coverage, strict=True))}
                      for row in self.table()],
            "choices": [choice.to_dict() | {"sentence": choice.sentence()} for choice in self.choices],
            "warnings": [one.told("code", "message", "data") for one in self.warnings],
        }  # fmt: skip

    def csv_rows(self) -> list[list[str]]:
        """The table as text, header first; floats to the last digit, empty = none."""
        levels = [f"coverage_{level:.10g}" for level in self.how.levels]
        plain = ("indicator", "horizon", "method", "cases", "left_out")
        numbers, raw = ("scaled_crps", "skill", "brier", "event_share"), ("crps", "error")
        lines = [[*plain, *numbers, *levels, *raw]]
        for row in self.table():
            figures = [getattr(row, name) for name in numbers] + [*row.coverage, row.crps, row.error]
            words = [str(getattr(row, name)) for name in plain]
            lines.append([*words, *("" if figure is None else repr(figure) for figure in figures)])
        return lines


def _mean(values: FloatArray) -> float | None:
    there = values[~np.isnan(values)]
    return math.fsum(there.tolist()) / len(there) if len(there) else None


def backtest(
    panel: MonthlyPanel,
    how: Forecasting | None = None,
    *,
    horizon: int = 12,
    step: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Backtest:
    """Backtest on a panel: ``how.origins`` past months, ``step`` months apart, the last one ``horizon`` before the end.

    A level is scored as it stands h months after the origin; a flow by what it adds in those h months. Same numbers
    with any ``executor``. A series that never varies is left out, with the warning ``series_constant``.

    Errors: ``horizon_invalid``, ``step_invalid``, ``too_short`` (naming the series), ``no_variance`` (no series
    varies), ``too_many_draws``, ``workers_lost``.
    """
    settings = how or Forecasting()
    months = checked_count("horizon", horizon, most=LONGEST)
    last = panel.last - months
    apart = checked_count("step", step, most=LONGEST)
    origins = tuple(last - apart * back for back in reversed(range(settings.origins)))
    varied = _varied(panel)
    _check_lengths(varied, origins[0])
    cells = len(settings.methods) * len(origins) * months
    check_memory(1, panel.values[0].size * cells * (4 + len(settings.levels)))
    check_memory(settings.draws, months)
    event = event_for(varied, origins)
    rules = Rules(settings.methods, origins, (), months, settings.draws, settings.seed, settings.levels, event)
    trials = try_all(varied, rules, executor, progress)
    return _gather(panel, varied, settings, rules, trials, apart)


def _varied(panel: MonthlyPanel) -> MonthlyPanel:
    """The panel without the figures of the series that never vary; ``no_variance`` if there are no others."""
    still = np.array([_is_constant(series) for series in panel.all_series()])
    if not still.any():
        return panel
    if all(constant or not len(series.values) for constant, series in zip(still, panel.all_series(), strict=True)):
        text = f"none of the {int(still.sum())} series varies: there is nothing to forecast; give figures that change"
        names = [f"{one.unit} · {one.indicator}" for one, flat in zip(panel.all_series(), still, strict=True) if flat]
        raise EngineError("no_variance", text, {"series": names})
    kept = np.where(still.reshape(1, len(panel.units), -1), np.nan, panel.values)
    return replace(panel, values=kept)


def _is_constant(series: Series) -> bool:
    """Whether every month brings the same, but for the rounding of sums."""
    steps = series.steps()
    return len(steps) > 1 and float(np.ptp(steps)) <= 1e-12 * float(np.abs(series.values).max())


def _check_lengths(panel: MonthlyPanel, first: int) -> None:
    for series in panel.all_series():
        if not len(series.values):
            continue
        steps = series.until(first).steps()
        if len(steps) < LEAST_STEPS:
            lacking = LEAST_STEPS - max(len(steps), 0)
            text = (
                f"{series.unit} · {series.indicator}: {len(series.values)} months are too few: at the first origin "
                f"{month_name(first)} it has {len(steps)} and needs {LEAST_STEPS}; "
                "take fewer origins or a shorter horizon, or leave the series out"
            )
            data = {"unit": series.unit, "indicator": series.indicator, "lacking": lacking}
            raise EngineError("too_short", text, data)


def _gather(
    panel: MonthlyPanel, varied: MonthlyPanel, how: Forecasting, rules: Rules, trials: list[Trial], step: int
) -> Backtest:
    first = rules.origins[0]
    scales = np.array([_scale(series, first) for series in varied.all_series()])
    crps = np.stack([trial.crps for trial in trials], axis=1)
    return Backtest(
        panel=panel,
        how=how,
        origins=tuple(month_name(origin) for origin in rules.origins),
        horizon=rules.horizon,
        step=step,
        event=rules.event,
        crps=crps,
        error=np.stack([trial.error for trial in trials], axis=1),
        brier=np.stack([trial.brier for trial in trials], axis=1),
        covered=np.stack([trial.covered for trial in trials], axis=1),
        happened=np.stack([trial.happened for trial in trials]),
        scales=scales,
        choices=_choices(panel, how, crps / scales[None, :, None, None]),
        warnings=(*panel.notices(), *_warnings(panel, rules, trials)),
    )


def _scale(series: Series, first: int) -> float:
    """Usual monthly change before the first origin; of the whole series where it stood still until then."""
    early = scale(series.until(first)) if len(series.values) else float("nan")
    return early if early > 0 else scale(series)


def _choices(panel: MonthlyPanel, how: Forecasting, scaled: FloatArray) -> tuple[Choice, ...]:
    by_column = scaled.reshape(len(how.methods), len(panel.units), len(panel.indicators), -1)
    found = []
    for column, indicator in enumerate(panel.indicators):
        scores = by_column[:, :, column].reshape(len(how.methods), -1)
        found.append(choose(indicator, how.methods, scores, (~np.isnan(scores)).sum(axis=1) > 0))
    return tuple(found)


def _warnings(panel: MonthlyPanel, rules: Rules, trials: list[Trial]) -> Iterator[Notice]:
    """Methods that could not be fitted, by series, with the months and the reason of the first; and series left out."""
    for series, trial in zip(panel.all_series(), trials, strict=True):
        name = f"{series.unit} · {series.indicator}"
        if not len(series.values):
            yield Notice("series_empty", f"{name} has no value; left out", series.indicator, series.unit)
        elif _is_constant(series):
            text = f"{name} never varies: there is nothing to forecast; left out"
            yield Notice("series_constant", text, series.indicator, series.unit)
        for row, method in enumerate(rules.methods):
            places = [place for number, place in trial.reasons if number == row]
            if places:
                months = [month_name(rules.origins[place]) for place in places]
                text = f"{name}: {method} not fitted from {', '.join(months[:3])}: {trial.reasons[row, places[0]]}"
                data = {"method": method, "origins": months, "reason": trial.reasons[row, places[0]]}
                yield Notice("method_not_fitted", text, series.indicator, series.unit, data)

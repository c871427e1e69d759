"""The next months of every series of a panel, by the method chosen for its indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor

import numpy as np

from yiqi.engine.ground.arrays import frozen
from yiqi.engine.ground.notice import Notice
from yiqi.engine.ground.seeds import generator
from yiqi.engine.outlook.baselines import NotFitted
from yiqi.engine.outlook.chance import Progress, check_memory, checked_count, spread
from yiqi.engine.outlook.choosing import Choice
from yiqi.engine.outlook.contest import Forecasting
from yiqi.engine.outlook.methods import BASELINES, LONGEST, Forecast, fit
from yiqi.engine.outlook.months import month_name
from yiqi.engine.outlook.panel import MonthlyPanel, Series

_Task = tuple[Series, int, tuple[str, ...], int, int, int]


def forecasts(
    panel: MonthlyPanel,
    choices: Sequence[Choice],
    how: Forecasting | None = None,
    *,
    horizon: int = 12,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> tuple[tuple[Forecast, ...], tuple[Notice, ...]]:
    """Forecast ``horizon`` months after each series' last. ``choices``: of a backtest or an outlook.

    A series to which the chosen method cannot be fitted gets the last baseline that can, and a warning says so; one to
    which nothing can be fitted has no forecast, and a warning. Errors: ``horizon_invalid``, ``too_many_draws``,
    ``workers_lost``.
    """
    settings = how or Forecasting()
    months = checked_count("horizon", horizon, most=LONGEST)
    check_memory(settings.draws, panel.values[0].size * months)
    chosen: Mapping[str, str | None] = {choice.indicator: choice.method for choice in choices}
    tasks = []
    for number, series in enumerate(panel.all_series()):
        method = chosen.get(series.indicator)
        order = [method, *(name for name in reversed(settings.methods) if name in BASELINES)]
        names = tuple(dict.fromkeys(name for name in order if name is not None))
        tasks.append((series, number, names, months, settings.draws, settings.seed))
    found = spread(_forecast, tasks, executor, progress)
    made = tuple(forecast for forecast, _ in found if forecast is not None)
    return made, tuple(warning for _, warning in found if warning is not None)


def _forecast(task: _Task) -> tuple[Forecast | None, Notice | None]:
    series, number, names, horizon, draws, seed = task
    reasons: dict[str, str] = {}
    for name in names if len(series.values) else ():
        try:
            fitted = fit(series, name)
        except NotFitted as reason:
            reasons[name] = str(reason)
            continue
        steps = fitted.paths(horizon, draws, generator(seed, number, series.last))
        periods = tuple(month_name(series.last + ahead) for ahead in range(1, horizon + 1))
        mean = series.ahead(np.asarray(fitted.mean(horizon))[None, :])[0]
        made = Forecast(series.unit, series.indicator, name, periods, frozen(mean), frozen(series.ahead(steps)))
        return made, _replaced(series, name, reasons) if reasons else None
    return None, _replaced(series, None, reasons)


def _replaced(series: Series, used: str | None, reasons: Mapping[str, str]) -> Notice:
    told = "; ".join(f"{name}: {reason}" for name, reason in reasons.items()) or "the series has no value"
    instead = f"{used} instead" if used else "no forecast"
    text = f"{series.unit} · {series.indicator}: {instead} ({told})"
    code = "method_not_fitted" if used else "not_forecast"
    return Notice(code, text, series.indicator, series.unit, {"used": used, "reasons": dict(reasons)})

"""The methods by name, and the forecast of one series as numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from yiqi.engine.ground.arrays import FloatArray, frozen
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.seeds import generator
from yiqi.engine.outlook.baselines import Fitted, NotFitted, drift, seasonal_naive
from yiqi.engine.outlook.chance import check_memory, checked_count
from yiqi.engine.outlook.months import month_name
from yiqi.engine.outlook.panel import Series
from yiqi.engine.outlook.scores import interval
from yiqi.engine.outlook.smoothing import smoothing

BASELINES: Final = ("seasonal_naive", "drift")
MODELS: Final = ("ets",)
_FITS: Final[Mapping[str, Callable[[Series], Fitted]]] = MappingProxyType(
    {"seasonal_naive": seasonal_naive, "drift": drift, "ets": smoothing}
)
METHODS: Final = (*BASELINES, *MODELS)
LONGEST: Final = 120


def checked_methods(methods: Sequence[str]) -> tuple[str, ...]:
    """Known names, each once, at least one baseline; ``method_unknown``, ``no_baseline`` otherwise."""
    given = tuple(dict.fromkeys(methods))
    for name in given:
        if name not in METHODS:
            text = f"unknown method {name!r}; there are {', '.join(METHODS)}"
            raise EngineError("method_unknown", text, {"method": repr(name)})
    if not set(given) & set(BASELINES):
        text = f"a model stands only beside a baseline; add one of {', '.join(BASELINES)}"
        raise EngineError("no_baseline", text, {"methods": list(given)})
    return given


def fit(series: Series, method: str) -> Fitted:
    """Fit one method; raises ``NotFitted`` with the reason where the history does not allow it."""
    return _FITS[method](series)


@dataclass(frozen=True, eq=False)
class Forecast:
    """The next months of one series as it would be printed: ``mean`` (h,) and ``paths`` (draws, h)."""

    unit: str
    indicator: str
    method: str
    periods: tuple[str, ...]
    mean: FloatArray
    paths: FloatArray

    def interval(self, level: float) -> tuple[FloatArray, FloatArray]:
        """Ends (h,) of the central interval that holds ``level`` of the paths."""
        return interval(self.paths, level)


def forecast(series: Series, method: str, horizon: int, *, draws: int = 1000, seed: int = 0) -> Forecast:
    """Forecast ``horizon`` months of one series after its last.

    Errors: ``method_unknown``, ``not_fitted`` (with the reason), ``horizon_invalid``, ``draws_invalid``,
    ``seed_invalid``, ``too_many_draws``.
    """
    if method not in METHODS:
        raise EngineError("method_unknown", f"unknown method {method!r}; there are {', '.join(METHODS)}", {})
    months = checked_count("horizon", horizon, most=LONGEST)
    check_memory(checked_count("draws", draws), months)
    try:
        fitted = fit(series, method)
    except NotFitted as reason:
        place = {"unit": series.unit, "indicator": series.indicator, "method": method}
        raise EngineError("not_fitted", f"{series.unit} · {series.indicator}: {method}: {reason}", place) from None
    steps = fitted.paths(months, draws, generator(seed))
    periods = tuple(month_name(series.last + ahead) for ahead in range(1, months + 1))
    mean = series.ahead(fitted.mean(months)[None, :])[0]
    return Forecast(series.unit, series.indicator, method, periods, frozen(mean), frozen(series.ahead(steps)))

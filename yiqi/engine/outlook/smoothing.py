"""Exponential smoothing by statsmodels (ETSModel; Hyndman, Koehler, Ord & Snyder 2008), the form chosen by AICc."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.outlook.baselines import SEASON, Fitted, NotFitted, spreads
from yiqi.engine.outlook.panel import Series

LEAST_STEPS: Final = 5  # level, smoothing weight and spread, and one to spare
HEURISTIC_FROM: Final = 10  # statsmodels finds starting states by its own rule from here on
_TREND: Final[dict[str, Any]] = {"trend": "add"}
_DAMPED: Final[dict[str, Any]] = {"trend": "add", "damped_trend": True}
_SEASON: Final[dict[str, Any]] = {"seasonal": "add", "seasonal_periods": SEASON}
# name -> (options of ETSModel, months needed, smoothing weights, starting states)
FORMS: Final[Mapping[str, tuple[Mapping[str, Any], int, int, int]]] = MappingProxyType(
    {
        "ANN": ({}, LEAST_STEPS, 1, 1),
        "AAN": (_TREND, HEURISTIC_FROM, 2, 2),
        "AAdN": (_DAMPED, HEURISTIC_FROM, 3, 2),
        "ANA": (_SEASON, 2 * SEASON, 2, SEASON),
        "AAA": (_TREND | _SEASON, 2 * SEASON, 3, SEASON + 1),
        "AAdA": (_DAMPED | _SEASON, 2 * SEASON, 4, SEASON + 1),
    }
)
_ALONE = threading.Lock()  # filters of warnings and the threads of linear algebra belong to the whole process


@cache
def _threads() -> Any:
    # it looks through all that is loaded, so statsmodels must be
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the optimiser's warnings, on one thread: threads of linear algebra cost 15 times the fit itself.

    Whether the optimiser converged is read from its answer, so nothing is lost with the warnings.
    """
    with _ALONE, warnings.catch_warnings(), np.errstate(all="ignore"), _threads().limit(limits=1):
        warnings.simplefilter("ignore")
        yield


@dataclass(frozen=True, eq=False)
class Smoothing(Fitted):
    """A fitted ETS form of the standardised steps (y − centre) / size.

    ``scale`` counts what was estimated: √(SSE / dof), dof = n − weights − starting states.
    """

    form: str
    result: Any
    centre: float
    size: float
    scale: float
    dof: int

    def mean(self, horizon: int) -> FloatArray:
        with _quiet():
            return self.centre + self.size * np.asarray(self.result.forecast(horizon), dtype=np.float64)

    def paths(self, horizon: int, draws: int, chance: np.random.Generator) -> FloatArray:
        spread = spreads(self.scale, self.dof, draws, chance)
        errors = chance.standard_normal((horizon, draws)) * spread
        with _quiet():
            drawn = self.result.simulate(horizon, anchor="end", repetitions=draws, random_errors=errors)
        return self.centre + self.size * np.asarray(drawn, dtype=np.float64).reshape(horizon, draws).T


def smoothing(series: Series) -> Smoothing:
    """Fit every form that the length of the history allows and take the lowest AICc.

    Raises ``NotFitted`` for a history that is too short or does not vary, and where no form converges.
    """
    steps = series.steps()
    if len(steps) < LEAST_STEPS:
        raise NotFitted(f"{len(steps)} months are too few for exponential smoothing; it needs {LEAST_STEPS}")
    centre, size = float(np.mean(steps)), float(np.std(steps))
    if size <= 1e-12 * max(abs(centre), 1e-300):
        raise NotFitted("the history does not vary")
    fits = [_fit((steps - centre) / size, form) for form in FORMS]
    found = [(*fit, form) for fit, form in zip(fits, FORMS, strict=True) if fit is not None]
    if not found:
        raise NotFitted("no form of exponential smoothing converged")
    _, result, scale, dof, form = min(found, key=lambda fit: fit[0])
    return Smoothing("ets", form, result, centre, size, scale, dof)


def _fit(steps: FloatArray, form: str) -> tuple[float, Any, float, int] | None:
    """AICc, result, scale and degrees of freedom of one form; None where it does not apply or does not converge."""
    # statsmodels loads in seconds; baselines do without
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    options, needed, weights, states = FORMS[form]
    dof = len(steps) - weights - states
    if len(steps) < needed:
        return None
    start = "heuristic" if len(steps) >= HEURISTIC_FROM else "estimated"
    with _quiet():
        try:
            result = ETSModel(steps, error="add", initialization_method=start, **options).fit(disp=False)
        except (ValueError, ArithmeticError, np.linalg.LinAlgError):
            return None
        errors = np.asarray(result.resid, dtype=np.float64)
    squares = float(errors @ errors)
    if not (_converged(result) and np.isfinite(squares) and np.isfinite(result.params).all()):
        return None
    return _aicc(squares, len(steps), weights + states + 1), result, float(np.sqrt(squares / dof)), dof


def _converged(result: Any) -> bool:
    told = getattr(result, "mle_retvals", None)
    return told is None or bool(told.get("converged", True))


def _aicc(squares: float, n: int, k: int) -> float:
    """Akaike's criterion with the correction for short series; the starting states are counted as parameters."""
    spare = n - k - 1
    fit = n * np.log(max(squares, 1e-300) / n)
    return float(fit + 2 * k + (2 * k * (k + 1) / spare if spare > 0 else np.inf))

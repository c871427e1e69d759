"""The two forecasts that any other must beat: the same month of last year, and the pace so far.

Both draw from the predictive distribution under normal errors of unknown spread (Student t; Box & Jenkins 1976 for the
drift, Hyndman & Athanasopoulos, Forecasting: Principles and Practice, section 5.2 and 5.5), so that a short history
gives wide intervals.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.outlook.panel import FLOW, Series

SEASON = 12
LEAST_DIFFERENCES = 3  # below it the t distribution has no variance


class NotFitted(Exception):  # noqa: N818 - it is an answer, not a fault
    """The method cannot be fitted to this history; the text says why."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """A method fitted to one history. ``mean`` (h,) and ``paths`` (draws, h) are in steps of the series."""

    method: str

    def mean(self, horizon: int) -> FloatArray:
        """Point forecast of the next ``horizon`` steps."""
        raise NotImplementedError

    def paths(self, horizon: int, draws: int, chance: np.random.Generator) -> FloatArray:
        """Simulated next steps."""
        raise NotImplementedError


def spreads(scale: float, dof: int, draws: int, chance: np.random.Generator) -> FloatArray:
    """Standard deviations (draws,) that the history allows: ``scale`` known only by ``dof`` differences."""
    return scale * np.sqrt(dof / chance.chisquare(dof, draws))


@dataclass(frozen=True, eq=False)
class SeasonalNaive(Fitted):
    """The same month of the last year: ŷ(T+h) = y(T+h−12k). The error grows by one year's error with each year."""

    last_year: FloatArray
    scale: float
    dof: int

    def mean(self, horizon: int) -> FloatArray:
        return self.last_year[np.arange(horizon) % SEASON]

    def paths(self, horizon: int, draws: int, chance: np.random.Generator) -> FloatArray:
        spread = spreads(self.scale, self.dof, draws, chance)
        errors = chance.standard_normal((draws, horizon)) * spread[:, None]
        for column in range(SEASON, horizon):
            errors[:, column] += errors[:, column - SEASON]
        return self.mean(horizon) + errors


def seasonal_naive(series: Series) -> SeasonalNaive:
    """Fit to one series. The spread is the root mean square of the changes on the same month a year before."""
    steps = series.steps()
    changes = steps[SEASON:] - steps[:-SEASON]
    if len(changes) < LEAST_DIFFERENCES:
        need = SEASON + LEAST_DIFFERENCES
        raise NotFitted(f"{len(steps)} months are too few for a comparison with last year; it needs {need}")
    return SeasonalNaive("seasonal_naive", steps[-SEASON:], float(np.sqrt(np.mean(changes**2))), len(changes))


@dataclass(frozen=True, eq=False)
class Drift(Fitted):
    """The pace so far goes on. ``start`` is the last level; a flow has none, for its steps are the pace itself."""

    start: float | None
    pace: float
    scale: float
    count: int

    def mean(self, horizon: int) -> FloatArray:
        if self.start is None:
            return np.full(horizon, self.pace)
        return self.start + self.pace * np.arange(1.0, horizon + 1)

    def paths(self, horizon: int, draws: int, chance: np.random.Generator) -> FloatArray:
        spread = spreads(self.scale, self.count - 1, draws, chance)[:, None]
        pace = self.pace + spread / np.sqrt(self.count) * chance.standard_normal((draws, 1))
        steps = pace + spread * chance.standard_normal((draws, horizon))
        return steps if self.start is None else self.start + np.cumsum(steps, axis=1)


def drift(series: Series) -> Drift:
    """Fit to one series: mean monthly change of a level over all its history; of a flow, over its last 12 months, so
    that every month of the year counts once."""
    steps = series.steps()
    changes = steps[-SEASON:] if series.kind == FLOW else np.diff(steps)
    if len(changes) < LEAST_DIFFERENCES:
        raise NotFitted(f"{len(changes)} monthly changes are too few for a pace; it needs {LEAST_DIFFERENCES}")
    scale = float(np.std(changes, ddof=1))
    start = None if series.kind == FLOW else float(steps[-1])
    return Drift("drift", start, float(np.mean(changes)), scale, len(changes))

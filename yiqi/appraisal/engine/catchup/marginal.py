"""What one unit more or less of each figure is worth now: points by slope and by jump, and places."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from yiqi.appraisal.engine.catchup.bounds import Bounds, GivenBounds, check_keys, limits
from yiqi.appraisal.engine.catchup.checked import finite, optional
from yiqi.appraisal.engine.catchup.doubles import double, ordinal
from yiqi.appraisal.engine.catchup.ground import Lever
from yiqi.appraisal.engine.catchup.judging import judging
from yiqi.appraisal.engine.catchup.moving import AppraisalMover
from yiqi.appraisal.engine.catchup.situation import Scope, Situation
from yiqi.appraisal.engine.errors import EngineError


@dataclass(frozen=True)
class Side:
    """One direction from the figure now. Points are those of the score looked at.

    ``slope``: own points for each unit of *rise* of the figure, right beside it (the one-sided derivative).
    ``lead_slope``: the same of the lead over the best-placed unit that stands before (over the next one after, for a
    unit that stands first), since the others move too under rules that look at the group; None without one.
    ``jump``: own points gained or lost at once, before any distance is gone. ``step``: the distance tried, cut at the
    bounds; ``points`` and ``place`` are the change after it (places gained are positive), None without one.
    """

    slope: float
    lead_slope: float | None
    jump: float
    step: float
    points: float | None
    places: int | None


@dataclass(frozen=True)
class Marginal:
    """A figure and both sides of it: ``left`` below, ``right`` above the figure, whichever is better."""

    lever: Lever
    current: float
    better: str
    left: Side
    right: Side

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)


def marginals(
    situation: Situation,
    unit: str,
    scope: Scope | None = None,
    *,
    steps: Mapping[str, float] | None = None,
    bounds: GivenBounds | None = None,
) -> tuple[Marginal, ...]:
    """Marginal points and places of every figure that the unit has.

    ``steps`` by indicator: how far to go for ``points`` and ``places``, in the indicator's unit, 1 by default.
    Errors: ``unknown_unit``, ``unknown_indicator``, ``unknown_block``, ``no_score``, ``step_not_positive``,
    ``not_finite``, those of the bounds.
    """
    scope = scope or Scope()
    scope.check(situation)
    check_keys(situation, bounds or {})
    check_keys(situation, steps or {})
    for code, step in (steps or {}).items():
        if finite("step", step, indicator=code) <= 0:
            raise EngineError("step_not_positive", f"{code}: a step must be above 0, not {step!r}", {"indicator": code})
    row = situation.row(unit)
    if math.isnan(float(scope.points(situation.result)[row])):
        raise EngineError("no_score", f"unit {unit!r} has no score here", {"unit": unit})
    found = []
    for lever in situation.levers():
        trial = AppraisalMover(situation, row, lever, scope)
        if trial.reported:
            step = float((steps or {}).get(lever.indicator, 1.0))
            found.append(_marginal(trial, limits(situation, lever, bounds or {}), step))
    return tuple(found)


def _marginal(trial: AppraisalMover, bounds: Bounds, step: float) -> Marginal:
    low = -math.inf if bounds.low is None else bounds.low
    high = math.inf if bounds.high is None else bounds.high
    left = _side(trial, -1, min(step, max(0.0, trial.start - low)))
    right = _side(trial, 1, min(step, max(0.0, high - trial.start)))
    better = "right" if judging(trial.spec, trial.lever).sign > 0 else "left"
    return Marginal(trial.lever, trial.start, better, left, right)


def _side(trial: AppraisalMover, way: int, step: float) -> Side:
    """Scores at the figure, right beside it, at the end of its piece and after the step."""
    if step <= 0:
        return Side(0.0, None, 0.0, 0.0, None, None)
    beside, end = _piece(trial, way)
    far = trial.start + way * step
    outcomes = trial.try_values(np.array([trial.start, beside, end, far]))
    own, seat = outcomes.points[trial.seat], trial.seat
    rival = _rival(outcomes.points[:, 0], seat)
    points, places = optional(float(own[3] - own[0])), None
    if outcomes.places[0] and outcomes.places[3]:
        places = int(outcomes.places[0] - outcomes.places[3])
    slope = _slope(trial, own[1:3], beside, end)
    lead = None
    if rival is not None:
        lead = slope - _slope(trial, outcomes.points[rival, 1:3], beside, end)
    jump = float(own[1] - own[0]) - slope * (beside - trial.start)
    noise = 8.0 * float(np.spacing(abs(own[0]) + 1.0))
    return Side(slope, lead, 0.0 if abs(jump) <= noise else jump, step, points, places)


def _piece(trial: AppraisalMover, way: int) -> tuple[float, float]:
    """A double just off the figure, beyond every tolerance beside it, and the end of the smooth piece after that.

    A tie tolerance (1e-9) beside a figure is no distance in the sense of a slope: what happens inside it is a jump.
    """
    reach = 4.0 * trial.plan.tolerance
    beside = trial.start + way * reach
    if beside == trial.start:
        beside = double(ordinal(trial.start) + way)
    ends = [value for value in (*trial.thresholds(), *trial.bends()) if way * (value - beside) > reach]
    end = min(ends, key=lambda value: way * value, default=trial.start + way * max(1.0, abs(trial.start)))
    return beside, beside + (end - beside) / 2.0


def _slope(trial: AppraisalMover, points: np.ndarray, beside: float, end: float) -> float:
    """Rise of points over rise of the figure; on a hyperbola, the derivative at its start.

    A piece is A + B/(x − p) with a known pole p, or straight: secant · (end − p)/(beside − p) is the derivative.
    """
    secant = float((points[1] - points[0]) / (end - beside))
    pole = trial.pole(beside)
    if pole is None or beside == pole:
        return secant + 0.0
    return secant * (end - pole) / (beside - pole) + 0.0


def _rival(points: np.ndarray, seat: int) -> int | None:
    """The seat of the nearest score above, or below for the first."""
    others = [(float(score), position) for position, score in enumerate(points.tolist()) if position != seat]
    known = [(score, position) for score, position in others if not math.isnan(score)]
    above = [pair for pair in known if pair[0] > points[seat]]
    below = [pair for pair in known if pair[0] <= points[seat]]
    chosen = min(above, default=None) or max(below, default=None)
    return None if chosen is None else chosen[1]

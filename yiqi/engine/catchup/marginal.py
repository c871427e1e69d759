"""What one unit more or less of each figure is worth now: points by slope and by jump, and places."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from yiqi.engine.catchup.bounds import Bounds, GivenBounds, check_keys, limits
from yiqi.engine.catchup.checked import finite
from yiqi.engine.catchup.doubles import double, ordinal
from yiqi.engine.catchup.ground import Lever, Mover
from yiqi.engine.catchup.grounds import Ground
from yiqi.engine.catchup.situation import Scope, Situation
from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.plain import Plain, optional

SHAPE = 1e-7  # of the size of the scores: how far a piece may lie off its line or hyperbola


@dataclass(frozen=True)
class Side:
    """One direction from the figure now. Points are those of the score looked at.

    ``slope``: own points for each unit of *rise* of the figure, right beside it (the one-sided derivative).
    ``lead_slope``: the same of the lead over the best-placed unit that stands before (over the next one after, for a
    unit that stands first), since the others move too under rules that look at the group; None without one. A lead is
    positive where the unit is the better one.
    ``jump``: own points gained or lost at once, before any distance is gone. ``step``: the distance tried, cut at the
    bounds; ``points`` and ``place`` are the change after it (places gained are positive), None without one.

    ``how``: ``exact`` as above. ``rebuilt``, where scores follow no known line (an index with treatment of outliers,
    curved means, z-scores and the like): the slopes are those from here to the end of the step, from two builds, and
    a jump cannot be told from them (None). ``refused``: nothing can be scored after the step. ``no_room``: the figure
    stands at its bound.
    """

    slope: float | None
    lead_slope: float | None
    jump: float | None
    step: float
    points: float | None
    places: int | None
    how: str = "exact"


@dataclass(frozen=True)
class Marginal(Plain):
    """A figure and both sides of it: ``left`` below, ``right`` above the figure, whichever is better."""

    lever: Lever
    current: float
    better: str
    left: Side
    right: Side


def marginals(
    situation: Situation,
    unit: str,
    scope: Scope | None = None,
    *,
    steps: Mapping[str, float] | None = None,
    bounds: GivenBounds | None = None,
) -> tuple[Marginal, ...]:
    """Marginal points and places of every figure that the unit has; of an index, ``scope.block`` is an aggregate.

    ``steps`` by indicator: how far to go for ``points`` and ``places``, in the indicator's unit, 1 by default.
    Errors: ``unknown_unit``, ``unknown_indicator``, ``unknown_block``, ``unknown_node``, ``unit_screened``,
    ``no_groups``, ``no_score``, ``step_not_positive``, ``not_finite``, those of the bounds.
    """
    ground = Ground(situation, unit, scope or Scope())
    check_keys(situation, bounds or {})
    check_keys(situation, steps or {})
    for code, step in (steps or {}).items():
        if finite("step", step, indicator=code) <= 0:
            raise EngineError("step_not_positive", f"{code}: a step must be above 0, not {step!r}", {"indicator": code})
    if math.isnan(float(ground.after({}).points[ground.seat])):
        raise EngineError("no_score", f"unit {unit!r} has no score here", {"unit": unit})
    found = []
    for lever in situation.levers():
        mover = ground.mover(lever)
        if mover.reported:
            step = float((steps or {}).get(lever.indicator, 1.0))
            found.append(_marginal(ground, mover, limits(situation, lever, bounds or {}), step))
    return tuple(found)


def _marginal(ground: Ground, mover: Mover, bounds: Bounds, step: float) -> Marginal:
    low = -math.inf if bounds.low is None else bounds.low
    high = math.inf if bounds.high is None else bounds.high
    left = _side(ground, mover, -1, min(step, max(0.0, mover.start - low)))
    right = _side(ground, mover, 1, min(step, max(0.0, high - mover.start)))
    return Marginal(mover.lever, mover.start, "right" if mover.ways[0] > 0 else "left", left, right)


def _side(ground: Ground, mover: Mover, way: int, step: float) -> Side:
    if step <= 0:
        return Side(0.0, None, 0.0, 0.0, None, None, "no_room")
    found = _exact(mover, way, step, ground.sign) if mover.additive else None
    return _rebuilt(ground, mover, way, step) if found is None else found


def _exact(mover: Mover, way: int, step: float, sign: float) -> Side | None:
    """Scores at the figure, right beside it, at the end of its piece and after the step.

    None where the piece follows no known line.
    """
    beside, end = _piece(mover, way)
    far = mover.start + way * step
    outcomes = mover.try_values(np.array([mover.start, beside, end, far, (beside + end) / 2.0]))
    own, seat = outcomes.points[mover.seat], mover.seat
    rival = _rival(outcomes.points[:, 0], seat)
    rows = [seat] if rival is None else [seat, rival]
    if not _in_shape(mover, outcomes.points[rows][:, [1, 4, 2]], beside, end):
        return None
    slope = _slope(mover, own[1:3], beside, end)
    lead = None if rival is None else slope - _slope(mover, outcomes.points[rival, 1:3], beside, end)
    jump = float(own[1] - own[0]) - slope * (beside - mover.start)
    noise = 8.0 * float(np.spacing(abs(own[0]) + 1.0))
    jump = 0.0 if abs(jump) <= noise else jump
    points, places = float(own[3] - own[0]), _gained(int(outcomes.places[0]), int(outcomes.places[3]))
    return Side(sign * slope + 0.0, lead, sign * jump + 0.0, step, optional(sign * points + 0.0), places)


def _rebuilt(ground: Ground, mover: Mover, way: int, step: float) -> Side:
    """Differences between a whole run now and one after the step."""
    seat, now = ground.seat, ground.after({})
    after = ground.after({mover.lever: mover.start + way * step})
    moved = after.points - now.points
    if math.isnan(float(moved[seat])):
        return Side(None, None, None, step, None, None, "refused")
    rival = _rival(now.points, seat)
    points, run = float(moved[seat]), way * step
    lead = None if rival is None else optional((points - float(moved[rival])) / run + 0.0)
    places = _gained(int(now.places[seat]), int(after.places[seat]))
    own = ground.sign * points + 0.0
    return Side(own / run + 0.0, lead, None, step, own, places, "rebuilt")


def _gained(before: int, after: int) -> int | None:
    return before - after if before and after else None


def _piece(mover: Mover, way: int) -> tuple[float, float]:
    """A double just off the figure, beyond every tolerance beside it, and the end of the smooth piece after that.

    A tie tolerance (1e-9) beside a figure is no distance in the sense of a slope: what happens inside it is a jump.
    """
    reach = mover.grain
    beside = mover.start + way * reach
    if beside == mover.start:
        beside = double(ordinal(mover.start) + way)
    ends = [value for value in (*mover.thresholds(), *mover.bends()) if way * (value - beside) > reach]
    end = min(ends, key=lambda value: way * value, default=mover.start + way * max(1.0, abs(mover.start)))
    return beside, beside + (end - beside) / 2.0


def _in_shape(mover: Mover, points: FloatArray, beside: float, end: float) -> bool:
    """Whether scores (k, 3) beside the figure, half-way and at the end of the piece lie on the line or hyperbola."""
    middle = (beside + end) / 2.0
    if np.isnan(points).any():
        return False
    pole, share = mover.pole(beside), 0.5
    if pole is not None and pole not in (beside, middle, end):
        near, far = beside - pole, end - pole
        share = (1.0 / (middle - pole) - 1.0 / near) / (1.0 / far - 1.0 / near)
    expected = points[:, 0] + (points[:, 2] - points[:, 0]) * share
    return bool(np.abs(points[:, 1] - expected).max() <= SHAPE * max(1.0, mover.size))


def _slope(mover: Mover, points: np.ndarray, beside: float, end: float) -> float:
    """Rise of points over rise of the figure; on a hyperbola, the derivative at its start.

    A piece is A + B/(x − p) with a known pole p, or straight: secant · (end − p)/(beside − p) is the derivative.
    """
    secant = float((points[1] - points[0]) / (end - beside))
    pole = mover.pole(beside)
    if pole is None or beside == pole:
        return secant + 0.0
    return float(secant * (end - pole) / (beside - pole)) + 0.0


def _rival(points: np.ndarray, seat: int) -> int | None:
    """The seat of the nearest score above, or below for the first."""
    others = [(float(score), position) for position, score in enumerate(points.tolist()) if position != seat]
    known = [(score, position) for score, position in others if not math.isnan(score)]
    above = [pair for pair in known if pair[0] > points[seat]]
    below = [pair for pair in known if pair[0] <= points[seat]]
    chosen = min(above, default=None) or max(below, default=None)
    return None if chosen is None else chosen[1]

"""A lever cut into stretches on which every score moves along a straight line or a hyperbola with a known pole.

Jumps (ranks, bands, targets met, ties) lie between stretches, at exact doubles; the gap between two neighbouring
doubles is no room to stop in.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from yiqi.engine.catchup.bounds import Bounds
from yiqi.engine.catchup.doubles import NEAR, doubles, grid, ordinals
from yiqi.engine.catchup.ground import Contributions, Mover
from yiqi.engine.catchup.single import span
from yiqi.engine.ground.arrays import FloatArray, IntArray
from yiqi.engine.ground.errors import EngineError

STRAIGHT = 1e-10  # largest distance from a chord, in points, that still counts as straight
JUMP = 1e-9  # points between neighbouring doubles beyond which it is a jump
CLOSE = 4 * NEAR + 4  # doubles apart that still count as neighbours
FIRST_CUTS = 4  # stretches that a hyperbola is cut into to begin with


@dataclass(frozen=True, eq=False)
class Stretch:
    """From ``near`` to ``far`` (values of the lever, in the direction of the change).

    ``at_near``, ``at_far`` (k,): points of every member there less those now. ``over`` (k,): how far the lead of the
    subject over the member rises above the straight line between the ends at most. ``pole`` None where straight.
    ``vetoed``: worse than the lever's own veto limit here. ``relations``: per member, whether the lever's figure is
    ahead (1), level (0) or behind (−1) as a tie-breaker. ``bend``: the farthest that any lead lies off its chord.
    """

    near: float
    far: float
    at_near: FloatArray
    at_far: FloatArray
    over: FloatArray
    pole: float | None
    vetoed: bool
    relations: tuple[int, ...]
    bend: float = 0.0

    @property
    def flat(self) -> bool:
        """Nothing moves on it, so only its near end is of use."""
        return bool(np.abs(self.at_far - self.at_near).max(initial=0.0) <= STRAIGHT)


def stretches(trial: Mover, bounds: Bounds, way: int) -> tuple[Stretch, ...]:
    """Stretches of a lever in one direction, nearest first; none where there is no room.

    Errors: ``shape_not_modelled`` where points do not follow the expected lines (checked inside every stretch).
    """
    ends = span(trial, bounds, way)
    if ends is None:
        return ()
    first, last = ends
    bends = ordinals(np.array(trial.bends(), dtype=np.float64)) * way
    inside = bends[(bends > first) & (bends < last)]
    positions = np.unique(np.concatenate([grid(trial.thresholds(), first, last, way), inside]))
    points = trial.contributions(doubles(positions * way))
    found: list[Stretch] = []
    start = 0
    for stop in range(1, len(positions) + 1):
        if stop == len(positions) or _cut(points, positions, stop):
            found += _lines(trial, points, start, stop - 1)
            start = stop
    return tuple(found)


def _cut(points: Contributions, positions: IntArray, stop: int) -> bool:
    """Whether a new stretch must begin at the position."""
    before = stop - 1
    if points.usable[before] != points.usable[stop] or points.vetoed[before] != points.vetoed[stop]:
        return True
    if (points.relations[:, before] != points.relations[:, stop]).any():
        return True
    near = positions[stop] - positions[before] <= CLOSE
    return bool(near and np.abs(points.cells[:, stop] - points.cells[:, before]).max(initial=0.0) > JUMP)


def _lines(trial: Mover, points: Contributions, start: int, stop: int) -> list[Stretch]:
    """One smooth run of positions as straight or curved stretches, neighbours in line taken together."""
    if not points.usable[start]:
        return []
    found: list[Stretch] = []
    while start <= stop:
        end = start
        while end < stop and _in_line(trial, points, start, end + 1):
            end += 1
        if end == start and start < stop:
            found += _curve(trial, points, start)
            end = start + 1
        else:
            found.append(_stretch(trial, points, start, end))
        if end == stop:
            break
        start = end
    return found


def _in_line(trial: Mover, points: Contributions, start: int, end: int) -> bool:
    x, cells = points.values[start : end + 1], points.cells[:, start : end + 1]
    middle = (points.values[end - 1] + points.values[end]) / 2.0
    if trial.pole(float(middle)) is not None and np.abs(cells[:, -1] - cells[:, -2]).max(initial=0.0) > STRAIGHT:
        return False
    share = (x - x[0]) / (x[-1] - x[0])
    chord = cells[:, [0]] + (cells[:, [-1]] - cells[:, [0]]) * share
    return bool(np.abs(cells - chord).max(initial=0.0) <= STRAIGHT)


def _stretch(trial: Mover, points: Contributions, start: int, end: int) -> Stretch:
    relations = tuple(points.relations[:, start].tolist())
    near, far = float(points.values[start]), float(points.values[end])
    at_near, at_far = points.cells[:, start], points.cells[:, end]
    made = Stretch(near, far, at_near, at_far, np.zeros_like(at_near), None, bool(points.vetoed[start]), relations)
    if end - start >= 1:
        _check_shape(trial, made)
    return made


def _curve(trial: Mover, points: Contributions, start: int) -> list[Stretch]:
    near, far = float(points.values[start]), float(points.values[start + 1])
    pole = trial.pole((near + far) / 2.0)
    whole = _stretch_between(trial, points, start, near, far, pole)
    _check_shape(trial, whole)
    return list(divide(trial, whole, FIRST_CUTS))


def _stretch_between(
    trial: Mover, points: Contributions, at: int, near: float, far: float, pole: float | None
) -> Stretch:
    like = Stretch(
        near, far, points.cells[:, at], points.cells[:, at + 1], np.zeros(trial.count), pole,
        bool(points.vetoed[at]), tuple(points.relations[:, at].tolist()),
    )  # fmt: skip
    return _with_over(trial, like)


def divide(trial: Mover, stretch: Stretch, parts: int, at: Sequence[float] = ()) -> tuple[Stretch, ...]:
    """A curved stretch in several, each closer to a straight line: evenly on the hyperbola, and at some values."""
    pole = stretch.pole
    if pole is None or stretch.near == stretch.far:
        return (stretch,)
    shares = np.linspace(0.0, 1.0, parts + 1)[1:-1]
    near, far = stretch.near - pole, stretch.far - pole
    values = [pole + near * abs(far / near) ** float(share) for share in shares] if near else []
    values += list(at)
    low, high = min(stretch.near, stretch.far), max(stretch.near, stretch.far)
    inner = sorted({value for value in values if low < value < high}, reverse=stretch.far < stretch.near)
    marks = np.array([stretch.near, *inner, stretch.far])
    cells = trial.contributions(marks).cells
    cells[:, 0], cells[:, -1] = stretch.at_near, stretch.at_far
    made = [
        Stretch(
            float(marks[n]),
            float(marks[n + 1]),
            cells[:, n],
            cells[:, n + 1],
            stretch.over,
            pole,
            stretch.vetoed,
            stretch.relations,
        )
        for n in range(len(marks) - 1)
    ]
    return tuple(_with_over(trial, part) for part in made)


def split(mover: Mover, stretch: Stretch, before: float, at: float) -> tuple[Stretch, ...]:
    """A stretch in two: up to ``before``, and from ``at``, the double after it in the direction of the change."""
    cells = mover.contributions(np.array([before, at])).cells
    parts = []
    if before != stretch.near or at != stretch.near:
        parts.append(replace(stretch, far=before, at_far=cells[:, 0]))
    parts.append(replace(stretch, near=at, at_near=cells[:, 1]))
    return tuple(_with_over(mover, part) if part.near != part.far else part for part in parts)


def _with_over(trial: Mover, stretch: Stretch) -> Stretch:
    """How far the lead rises above its chord: on a hyperbola, most at the geometric middle of the distances."""
    if stretch.pole is None:
        return stretch
    near, far = stretch.near - stretch.pole, stretch.far - stretch.pole
    middle = stretch.pole + math.copysign(math.sqrt(max(near * far, 0.0)), far)
    cells = trial.contributions(np.array([middle])).cells[:, 0]
    share = (middle - stretch.near) / (stretch.far - stretch.near)
    bow = cells - (stretch.at_near + (stretch.at_far - stretch.at_near) * share)
    lead = bow[trial.seat] - bow
    return replace(stretch, over=np.maximum(lead, 0.0), bend=float(np.abs(lead).max(initial=0.0)))


def _check_shape(trial: Mover, stretch: Stretch) -> None:
    """The line or hyperbola through the ends must meet the engine's own points in between."""
    shares = np.array([0.137, 0.5, 0.811])
    values = stretch.near + (stretch.far - stretch.near) * shares
    cells = trial.contributions(values).cells
    if stretch.pole is not None and stretch.near != stretch.pole:
        near, far = stretch.near - stretch.pole, stretch.far - stretch.pole
        shares = (1.0 / (values - stretch.pole) - 1.0 / near) / (1.0 / far - 1.0 / near)
    expected = stretch.at_near[:, None] + (stretch.at_far - stretch.at_near)[:, None] * shares
    if np.abs(cells - expected).max(initial=0.0) > 1e-7 * max(1.0, trial.size):
        code = trial.lever.indicator
        text = f"indicator {code!r}: points between {stretch.near!r} and {stretch.far!r} follow no known line"
        raise EngineError("shape_not_modelled", text, {"indicator": code, "near": stretch.near, "far": stretch.far})

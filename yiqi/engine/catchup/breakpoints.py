"""Where the outcome of a moving figure can jump or bend: between two neighbouring points every score rises or falls.

The points are: the figures of the others and the tie tolerance on both sides of each (ranks, best, worst, zero range,
tie-breakers), lower bounds of bands, targets met, veto limits, and the values at which a group mean that the figure
takes part in reaches any of these. Each is widened by a few doubles on both sides, which are then tried one by one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from yiqi.engine.catchup.doubles import double, ordinal
from yiqi.engine.catchup.trial import Trial
from yiqi.engine.ground.checks import LARGEST


def thresholds(trial: Trial) -> list[float]:
    """Values near which something jumps or bends, in no order."""
    found = [*_own(trial), *_of_others(trial)]
    for row in trial.imputed.tolist():
        found += _of_means(trial, row)
    return [value for value in found if math.isfinite(value) and abs(value) <= LARGEST]


def _own(trial: Trial) -> Iterator[float]:
    """Of the unit's own: bands, the target, the veto limit, 0."""
    yield from _levels(trial, trial.row)
    if trial.lever.array == "values" and trial.spec.veto_limit is not None:
        yield from _beside(trial, trial.spec.veto_limit)
    yield 0.0


def _levels(trial: Trial, row: int) -> Iterable[float]:
    target = float(trial.situation.inputs.targets[row, trial.column])
    return trial.part.rule.jumps(trial.part, target, trial.plan.tolerance)


def _beside(trial: Trial, value: float) -> tuple[float, float, float]:
    return value - trial.plan.tolerance, value, value + trial.plan.tolerance


def _of_others(trial: Trial) -> Iterator[float]:
    """Figures that the lever is compared with, inside its group or as a tie-breaker among the members."""
    rows: set[int] = set()
    if trial.part.rule.compares(trial.part):
        rows |= set(trial.group.tolist())
    if trial.lever.array == "values" and trial.column in trial.breakers:
        rows |= set(trial.members.tolist())
    rows -= {trial.row, *trial.imputed.tolist()}
    for value in sorted({float(trial.figures[row]) for row in rows}):
        if not math.isnan(value):
            yield from _beside(trial, value)


def _of_means(trial: Trial, row: int) -> list[float]:
    """Values of the lever at which a mean passes a level of its own, a figure of the others, or the lever itself."""
    levels = {*_levels(trial, row), *_of_others(trial)}
    known = [value for value in _known(trial) if not math.isnan(value)]
    total, count = math.fsum(known), len(known) + 1
    found = [_inverse(trial, level) for level in levels]
    if count > 1:
        for gap in (-trial.plan.tolerance, 0.0, trial.plan.tolerance):  # x − (x + S)/n = gap
            crossing = (gap * count + total) / (count - 1)
            found += [double(ordinal(crossing) + step) for step in range(-16, 17)]
    return found


def _known(trial: Trial) -> list[float]:
    others = [row for row in trial.group.tolist() if row != trial.row and row not in trial.imputed.tolist()]
    return [float(trial.figures[row]) for row in others]


def _inverse(trial: Trial, level: float) -> float:
    """The first double at which the mean reaches the level: the rounded mean never falls, so halving finds it."""
    known = _known(trial)
    below, above = ordinal(-LARGEST), ordinal(LARGEST)
    while above - below > 1:
        middle = (below + above) // 2
        if math.fsum((*known, double(middle))) / (len(known) + 1) >= level:
            above = middle
        else:
            below = middle
    return double(above)

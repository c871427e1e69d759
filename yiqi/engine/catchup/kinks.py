"""Where points bend because a share is cut off at its cap or floor, for the unit and, moved by it, for others."""

from __future__ import annotations

import math
from collections.abc import Iterable

from yiqi.engine.catchup.trial import Trial
from yiqi.engine.ground.checks import LARGEST


def kinks(trial: Trial) -> list[float]:
    """Values of the lever at which a share reaches a cap or a floor, in no order, to the rounding of the formula."""
    found, known = [*_levels(trial, trial.row)], _known(trial)
    if known and trial.part.rule.compares(trial.part):
        found += trial.part.rule.bends_among(trial.part, known)
    count, others = len(known) + 1, math.fsum(known)
    for row in trial.imputed.tolist():  # the mean m = (S + x)/n reaches the level at x = n·m − S
        found += [count * level - others for level in _levels(trial, row)]
    return [value for value in found if math.isfinite(value) and abs(value) <= LARGEST]


def _known(trial: Trial) -> list[float]:
    rows = [row for row in trial.group.tolist() if row != trial.row and row not in trial.imputed.tolist()]
    return [float(trial.figures[row]) for row in rows if not math.isnan(trial.figures[row])]


def _levels(trial: Trial, row: int) -> Iterable[float]:
    """Of a rule that looks at one figure only."""
    target = float(trial.situation.inputs.targets[row, trial.column])
    return trial.part.rule.bends(trial.part, target)


def pole_of(trial: Trial, value: float) -> float | None:
    """The pole of the hyperbola that points follow around a value of the lever; None where they are straight.

    Best or worst of the group under a quotient of it: the other end.
    """
    part = trial.part
    if not part.rule.quotient(part):
        return part.rule.pole(part)
    worth = [known * part.sign for known in _known(trial)]
    if not worth:
        return None
    own = value * part.sign
    if own > max(worth):
        return min(worth) * part.sign
    return max(worth) * part.sign if own < min(worth) else None

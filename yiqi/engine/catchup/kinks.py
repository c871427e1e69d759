"""Where points bend because a share is cut off at its cap or floor, for the unit and, moved by it, for others."""

from __future__ import annotations

import math
from collections.abc import Iterator

from yiqi.engine.catchup.breakpoints import looks_at_group
from yiqi.engine.catchup.trial import Trial
from yiqi.engine.ground.checks import LARGEST


def kinks(trial: Trial) -> list[float]:
    """Values of the lever at which a share reaches a cap or a floor, in no order, to the rounding of the formula."""
    found = [*_levels(trial, trial.row)]
    if trial.part.rule == "efficacy" and looks_at_group(trial):
        found += _by_group(trial)
    count = _count(trial)
    others = math.fsum(_known(trial))
    for row in trial.imputed.tolist():  # the mean m = (S + x)/n reaches the level at x = n·m − S
        found += [count * level - others for level in _levels(trial, row)]
    return [value for value in found if math.isfinite(value) and abs(value) <= LARGEST]


def _known(trial: Trial) -> list[float]:
    rows = [row for row in trial.group.tolist() if row != trial.row and row not in trial.imputed.tolist()]
    return [float(trial.figures[row]) for row in rows if not math.isnan(trial.figures[row])]


def _count(trial: Trial) -> int:
    return len(_known(trial)) + 1


def _levels(trial: Trial, row: int) -> Iterator[float]:
    """Of a rule that looks at one figure only."""
    part, params = trial.part, trial.part.params
    target = float(trial.situation.inputs.targets[row, trial.column])
    if part.rule == "ratio":
        yield from (0.0, params["cap"] * target if part.sign > 0 else target / params["cap"])
    elif part.rule == "gap":  # 1 − s(T − x)/g = share
        yield from (target + part.sign * params["g"] * (share - 1.0) for share in (0.0, params["cap"]))
    elif part.rule == "efficacy" and params["x_h"] is not None:
        yield from (_at_share(trial, share, params["x_s"], params["x_h"]) for share in (params["lo"], 1.0))
    elif part.rule == "deduct":
        yield (part.weight - params["floor"]) / params["each"]
    elif part.rule == "bonus":
        yield params["cap"]


def _at_share(trial: Trial, share: float, worst: float, best: float) -> float:
    """x at which c + d·(x − worst)/(best − worst) is the share."""
    params = trial.part.params
    return float(worst + (share - params["c"]) / params["d"] * (best - worst))


def _by_group(trial: Trial) -> Iterator[float]:
    """The unit between best and worst, and others as the unit itself becomes the best or the worst."""
    known = _known(trial)
    if not known:
        return
    worths = [value * trial.part.sign for value in known]
    best, worst = max(worths) * trial.part.sign, min(worths) * trial.part.sign
    for share in (trial.part.params["lo"], 1.0):
        part = (share - trial.part.params["c"]) / trial.part.params["d"]
        yield worst + part * (best - worst)
        for value in {*known, *(math.fsum(known) / len(known),)}:
            if part != 0:  # (v − worst)/(x − worst) = part, the lever the best
                yield worst + (value - worst) / part
            if part != 1:  # (v − x)/(best − x) = part, the lever the worst
                yield (value - part * best) / (1.0 - part)


def pole_of(trial: Trial, value: float) -> float | None:
    """The pole of the hyperbola that points follow around a value of the lever; None where they are straight.

    ``ratio`` with lower is better: 0. Best or worst of the group under ``minmax`` and ``efficacy``: the other end.
    """
    part = trial.part
    if part.rule == "ratio" and part.sign < 0:
        return 0.0
    if part.rule not in ("minmax", "efficacy") or part.params.get("x_h") is not None:
        return None
    rows = [row for row in trial.group.tolist() if row != trial.row and row not in trial.imputed.tolist()]
    worth = [float(trial.figures[row]) * part.sign for row in rows if not math.isnan(trial.figures[row])]
    if not worth:
        return None
    own = value * part.sign
    if own > max(worth):
        return min(worth) * part.sign
    return max(worth) * part.sign if own < min(worth) else None

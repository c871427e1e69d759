"""达标: all points if the target is met."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from yiqi.engine.scheme.methods.rule import Cells, Parameter, Part, Rule, Scored


class Reached(Rule):
    """W when the target is met (to the tolerance), else share·W."""

    def score(self, cells: Cells) -> Scored:
        met = cells.sign * (cells.x - cells.target) >= -cells.tolerance
        points = np.where(met, cells.weight, cells.param("share") * cells.weight)
        return cells.judged(np.where(np.isnan(cells.x) | np.isnan(cells.target), np.nan, points))

    def jumps(self, part: Part, target: float, tolerance: float) -> Iterable[float]:
        return target - tolerance, target, target + tolerance


REACHED = Reached(
    "reached",
    "W if the target is met, else share·W",
    (Parameter("share", "share of W when the target is not met", 0.0, low=0.0, high=1.0),),
    needs_target=True,
)

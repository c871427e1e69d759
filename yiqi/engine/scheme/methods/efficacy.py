"""功效系数: between an unacceptable and a satisfactory value, given or the group's worst and best."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from yiqi.engine.scheme.methods.rule import Cells, Parameter, Part, Place, Rule, Scored


class Efficacy(Rule):
    """c at the unacceptable value x_s, c + d at the satisfactory one x_h, clipped to [lo, 1]."""

    def score(self, cells: Cells) -> Scored:
        x_h, x_s = cells.param("x_h"), cells.param("x_s")
        by_group = np.isnan(x_h)
        high, low = np.where(by_group, cells.place.best, x_h), np.where(by_group, cells.place.worst, x_s)
        c, d, lo = cells.param("c"), cells.param("d"), cells.param("lo")
        points = cells.weight * np.clip(c + d * ((cells.x - low) / (high - low)), lo, 1.0)
        full, last = cells.weight * np.clip(c + d, lo, 1.0), cells.weight * np.clip(c, lo, 1.0)
        return cells.ranged(points, cells.place.flat & by_group, full, last)

    def check(self, place: Place, clean: dict[str, Any], points: float, direction: str) -> None:
        x_h, x_s = clean["x_h"], clean["x_s"]
        if (x_h is None) != (x_s is None):
            missing = "x_h" if x_h is None else "x_s"
            raise place.error("param_missing", "give both x_h and x_s, or neither", missing)
        if x_h is not None and not (x_h > x_s if direction == "higher" else x_h < x_s):
            text = f"with direction {direction!r} x_h must be better than x_s"
            raise place.error("bounds_wrong_side", text, "x_h", x_h=x_h, x_s=x_s)

    def compares(self, part: Part) -> bool:
        return part.params["x_h"] is None

    def cut_off(self, part: Part) -> bool:
        params = part.params
        return not (params["lo"] <= params["c"] and params["c"] + params["d"] <= 1.0)

    def quotient(self, part: Part) -> bool:
        return self.compares(part)

    def landmarks(self, part: Part) -> Sequence[float | None]:
        return part.params["x_h"], part.params["x_s"]

    def bends(self, part: Part, target: float) -> Iterable[float]:
        worst, best = part.params["x_s"], part.params["x_h"]
        return () if best is None else [worst + along * (best - worst) for along in _clipped(part)]

    def bends_among(self, part: Part, others: Sequence[float]) -> Iterable[float]:
        """The unit between best and worst, and others as the unit itself becomes the best or the worst."""
        worths = [value * part.sign for value in others]
        best, worst = max(worths) * part.sign, min(worths) * part.sign
        for along in _clipped(part):
            yield worst + along * (best - worst)
            for value in {*others, *(math.fsum(others) / len(others),)}:
                if along != 0:  # (v − worst)/(x − worst) = along, x the best
                    yield worst + (value - worst) / along
                if along != 1:  # (v − x)/(best − x) = along, x the worst
                    yield (value - along * best) / (1.0 - along)


def _clipped(part: Part) -> tuple[float, float]:
    """(x − x_s)/(x_h − x_s) at which the share reaches its floor and 1."""
    c, d = part.params["c"], part.params["d"]
    return (part.params["lo"] - c) / d, (1.0 - c) / d


EFFICACY = Efficacy(
    "efficacy",
    "W·clip(c + d·(x − x_s)/(x_h − x_s), lo, 1)",
    (
        Parameter("c", "share at the unacceptable value", 0.6, low=0.0, high=1.0),
        Parameter("d", "share earned between the two values", 0.4, low=0.0, high=1.0, above_low=True),
        Parameter("lo", "least share", 0.0, low=0.0, high=1.0),
        Parameter("x_h", "satisfactory value; without it the group's best"),
        Parameter("x_s", "unacceptable value; without it the group's worst"),
    ),
    by_group=True,
)

"""扣分: points off for each fault."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from yiqi.engine.scheme.methods.rule import Cells, Parameter, Part, Place, Rule, Scored


class Deduct(Rule):
    """x is a count of faults, or points to take off when each is 1."""

    def score(self, cells: Cells) -> Scored:
        return cells.judged(np.maximum(cells.weight - cells.x * cells.param("each"), cells.param("floor")))

    def check(self, place: Place, clean: dict[str, Any], points: float, direction: str) -> None:
        if clean["floor"] > points:
            raise place.error("param_invalid", "'floor' is above the indicator's points", "floor", value=clean["floor"])

    def landmarks(self, part: Part) -> Sequence[float | None]:
        return [max(0.0, value) for value in self.bends(part, 0.0)]

    def bends(self, part: Part, target: float) -> Iterable[float]:
        return ((part.weight - part.params["floor"]) / part.params["each"],)


DEDUCT = Deduct(
    "deduct",
    "max(W − x·each, floor)",
    (
        Parameter("each", "points lost for each unit of x", 1.0, low=0.0, above_low=True),
        Parameter("floor", "least points; below 0 where debts are carried into the block", 0.0),
    ),
    not_negative=True,
    fixed_direction="lower",
)

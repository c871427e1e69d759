"""加分: points granted on top of the full marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from yiqi.engine.scheme.methods.rule import Cells, Parameter, Part, Place, Rule, Scored


class Bonus(Rule):
    """x is the sum of points granted; no evidence (nan) is no bonus."""

    def score(self, cells: Cells) -> Scored:
        return cells.judged(np.minimum(np.where(np.isnan(cells.x), 0.0, cells.x), cells.param("cap")))

    def check(self, place: Place, clean: dict[str, Any], points: float, direction: str) -> None:
        if clean["cap"] is None:
            clean["cap"] = points

    def full(self, part: Part) -> float:
        return float(part.params["cap"])

    def landmarks(self, part: Part) -> Sequence[float | None]:
        return (part.params["cap"],)

    def bends(self, part: Part, target: float) -> Iterable[float]:
        return (part.params["cap"],)


BONUS = Bonus(
    "bonus",
    "min(x, cap)",
    (Parameter("cap", "most points; without it the indicator's points", low=0.0, above_low=True),),
    not_negative=True,
    fixed_direction="higher",
    extra=True,
    granted=True,
)

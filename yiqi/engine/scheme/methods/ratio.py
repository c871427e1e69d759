"""目标完成率: the target fulfilled, as a share."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from yiqi.engine.scheme.methods.rule import CAP, Cells, Part, Rule, Scored


class Ratio(Rule):
    """Lower is better: T/x, and x = 0 earns the cap. T > 0."""

    def score(self, cells: Cells) -> Scored:
        x, target, cap = cells.x, cells.target, cells.param("cap")
        share = np.where(cells.sign > 0, x / target, np.where(x == 0, np.inf, target / x))
        kept = np.clip(np.where(np.isnan(x) | np.isnan(target), np.nan, share), 0.0, cap)
        return cells.judged(cells.weight * kept)

    def refuses_negative(self, sign: float) -> bool:
        return sign < 0

    def bends(self, part: Part, target: float) -> Iterable[float]:
        cap = part.params["cap"]
        return 0.0, cap * target if part.sign > 0 else target / cap

    def pole(self, part: Part) -> float | None:
        return 0.0 if part.sign < 0 else None


RATIO = Ratio(
    "ratio", "W·clip(x/T, 0, cap); lower: W·clip(T/x, 0, cap)", (CAP,), needs_target=True, positive_target=True
)

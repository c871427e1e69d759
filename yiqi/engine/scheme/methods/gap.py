"""差距计分: what is short of the target, in percentage points."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from yiqi.engine.scheme.methods.rule import CAP, Cells, Parameter, Part, Rule, Scored


class Gap(Rule):
    """x and T in percentage points; g is the shortfall that loses all points."""

    def score(self, cells: Cells) -> Scored:
        share = 1.0 - cells.sign * (cells.target - cells.x) / cells.param("g")
        return cells.judged(cells.weight * np.clip(share, 0.0, cells.param("cap")))

    def bends(self, part: Part, target: float) -> Iterable[float]:
        g, cap = part.params["g"], part.params["cap"]
        return (target + part.sign * g * (share - 1.0) for share in (0.0, cap))  # 1 − s(T − x)/g = share


GAP = Gap(
    "gap",
    "W·clip(1 − s·(T − x)/g, 0, cap)",
    (Parameter("g", "shortfall that loses all points", required=True, low=0.0, above_low=True), CAP),
    needs_target=True,
)

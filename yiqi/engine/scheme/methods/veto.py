"""一票否优: no points, but a limit that closes the tier."""

from __future__ import annotations

import numpy as np

from yiqi.engine.scheme.methods.rule import Cells, Rule, Scored


class Veto(Rule):
    """The limit itself is the indicator's ``veto_limit``."""

    def score(self, cells: Cells) -> Scored:
        return cells.judged(np.zeros_like(cells.x))

    def lowest(self, sign: float) -> float:
        return 0.0


VETO = Veto("veto", "no points; above the limit the tier is closed", fixed_direction="lower", extra=True, closes=True)

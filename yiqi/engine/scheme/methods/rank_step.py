"""位次递减: so many points less with each place."""

from __future__ import annotations

from typing import Any

import numpy as np

from yiqi.engine.scheme.methods.rule import Cells, Parameter, Place, Rule, Scored


class RankStep(Rule):
    """k points less with each place, m at least."""

    def score(self, cells: Cells) -> Scored:
        k, m, weight = cells.param("k"), cells.param("m"), cells.weight
        points = np.maximum(weight - k * (cells.rank - 1.0), m)
        last = np.maximum(weight - k * (cells.n - 1.0), m)
        return cells.ranged(points, cells.place.flat, weight, last)

    def check(self, place: Place, clean: dict[str, Any], points: float, direction: str) -> None:
        if clean["m"] > points:
            raise place.error("param_invalid", "'m' is above the indicator's points", "m", value=clean["m"])


RANK_STEP = RankStep(
    "rank_step",
    "max(W − k·(r − 1), m)",
    (
        Parameter("k", "points lost with each place", required=True, low=0.0),
        Parameter("m", "least points", 0.0, low=0.0),
    ),
    by_group=True,
)

"""排名计分: points by place, in equal steps from all to a share."""

from __future__ import annotations

import numpy as np

from yiqi.engine.scheme.methods.rule import Cells, Parameter, Rule, Scored


class RankLinear(Rule):
    """W at place 1, f·W at place n; a single unit is first."""

    def score(self, cells: Cells) -> Scored:
        f, weight = cells.param("f"), cells.weight
        points = weight * (1.0 - (cells.rank - 1.0) / np.maximum(cells.n - 1.0, 1.0) * (1.0 - f))
        return cells.ranged(points, cells.place.flat, weight, weight * f)


RANK_LINEAR = RankLinear(
    "rank_linear",
    "W·(1 − (r − 1)/(n − 1)·(1 − f))",
    (Parameter("f", "share kept by the last", 0.0, low=0.0, high=1.0),),
    by_group=True,
)

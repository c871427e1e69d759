"""极差: the place between worst and best, as points of an appraisal or on a scale of an index."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.scheme.methods.rule import Cells, Part, Rule, Scored
from yiqi.engine.scheme.methods.scale import Columns, Scale
from yiqi.engine.scheme.methods.scaled import check_ends

BLOCK_CELLS: Final = 32_768  # of 8 bytes: what stays in the cache between two operations


class MinMax(Rule):
    """0 at the worst of the group, W at the best."""

    def score(self, cells: Cells) -> Scored:
        points = cells.weight * ((cells.x - cells.place.worst) / (cells.place.best - cells.place.worst))
        return cells.ranged(points, cells.place.flat, cells.weight, np.zeros_like(cells.weight))

    def quotient(self, part: Part) -> bool:
        return True


class MinMaxScale(Scale):
    """l + (u − l)·(x − worst)/(best − worst), row block by row block so that each stays in the cache."""

    def convert(self, columns: Columns) -> FloatArray:
        lower, upper = float(columns.params["lower"]), float(columns.params["upper"])
        worst = np.where(columns.signs > 0, columns.low, columns.high)
        best = np.where(columns.signs > 0, columns.high, columns.low)
        with np.errstate(over="ignore"):
            width = np.where(columns.flat, 1.0, best - worst)
        found: FloatArray = np.empty(columns.values.shape)
        step = max(1, BLOCK_CELLS // max(1, len(columns.signs)))
        for start in range(0, len(found), step):
            block = found[start : start + step]
            np.subtract(columns.values[start : start + step], worst, out=block)
            block /= width
            if upper - lower != 1.0:
                block *= upper - lower
            block += lower  # −0 becomes 0
        return columns.flatten(found, columns.flat, (lower + upper) / 2, upper)

    def check(self, params: Mapping[str, Any]) -> None:
        check_ends(self.id, params)

    def mirror(self, params: Mapping[str, Any]) -> float | None:
        return float(params["lower"] + params["upper"])


MIN_MAX = MinMax("minmax", "W·(x − worst)/(best − worst)", by_group=True)
MIN_MAX_SCALE = MinMaxScale(
    "minmax",
    "lower + (upper − lower)·(z − min z)/(max z − min z)",
    {"lower": 0.0, "upper": 100.0},
    steady=True,
    linear=True,
    bounded=True,
)

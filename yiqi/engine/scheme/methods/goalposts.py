"""Between two ends that are given in the unit of the indicator."""

from __future__ import annotations

import numpy as np

from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.scheme.methods.scale import Columns
from yiqi.engine.scheme.methods.scaled import Scaled


class Goalposts(Scaled):
    """``truncate``: what lies beyond an end counts as the end."""

    def convert(self, columns: Columns) -> FloatArray:
        lower, upper = columns.params["lower"], columns.params["upper"]
        low, high = np.where(columns.signs > 0, lower, -upper), np.where(columns.signs > 0, upper, -lower)
        found = np.asarray((columns.z - low) / (high - low))
        if columns.params["truncate"]:
            found = np.clip(found, 0.0, 1.0)
        return np.asarray(found * columns.params["scale"])


GOALPOSTS = Goalposts(
    "goalposts",
    "scale·(z − lower)/(upper − lower)",
    {"lower": None, "upper": None, "scale": 100.0, "truncate": True},
    {"truncate": (True, False)},
    steady=True,
    fixed=True,
)

"""Distance to the best, as a part of the range."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.scheme.methods.scale import Columns, Scale


class DistanceToMax(Scale):
    """1 at the best, 0 at the worst."""

    def convert(self, columns: Columns) -> FloatArray:
        width = np.where(columns.flat, 1.0, columns.best - columns.worst)
        return columns.flatten(np.asarray(1 - (columns.best - columns.z) / width), columns.flat, 0.5, 1.0)

    def mirror(self, params: Mapping[str, Any]) -> float | None:
        return 1.0


DISTANCE_TO_MAX = DistanceToMax("dist2max", "1 − (max z − z)/(max z − min z)", steady=True, linear=True)

"""Distance to the mean in standard deviations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.scheme.methods.scale import Columns, Scale


class ZScore(Scale):
    """Every unit moves the mean and the deviation of all."""

    def convert(self, columns: Columns) -> FloatArray:
        z, centre = columns.z, float(columns.params["mean"])
        known = ~np.isnan(z)
        n = known.sum(axis=0)
        mean = np.where(known, z, 0.0).sum(axis=0) / np.maximum(n, 1)
        off = np.where(known, z - mean, 0.0)
        sd = np.sqrt((off * off).sum(axis=0) / np.maximum(n - 1, 1))
        found = (z - mean) / np.where(columns.flat, 1.0, sd) * columns.params["sd"] + columns.params["mean"]
        return columns.flatten(np.asarray(found), columns.flat, centre, centre)

    def check(self, params: Mapping[str, Any]) -> None:
        if not params["sd"] > 0:
            raise EngineError("option_invalid", f"zscore: sd must be above 0, not {params['sd']:g}", {"option": "sd"})

    def mirror(self, params: Mapping[str, Any]) -> float | None:
        return float(2.0 * params["mean"])


Z_SCORE = ZScore("zscore", "mean + sd·(z − mean of z)/(standard deviation of z)", {"mean": 0.0, "sd": 1.0})

"""Between two ends that are given for z."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.ground.checks import LARGEST
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.scheme.methods.scale import Columns, Scale


class Scaled(Scale):
    """Nothing is cut off beyond the ends."""

    def convert(self, columns: Columns) -> FloatArray:
        lower, upper = columns.params["lower"], columns.params["upper"]
        return np.asarray((columns.z - lower) / (upper - lower) * columns.params["scale"])

    def check(self, params: Mapping[str, Any]) -> None:
        check_ends(self.id, params)

    def mirror(self, params: Mapping[str, Any]) -> float | None:
        return float(params["scale"])


def check_ends(method: str, params: Mapping[str, Any]) -> None:
    """``option_invalid`` unless the upper end is above the lower one."""
    low, high = params["lower"], params["upper"]
    if not 0 < high - low <= LARGEST:
        text = f"{method}: upper must be above lower, by 1e100 at most, not {high:g} against {low:g}"
        raise EngineError("option_invalid", text, {"method": method, "option": "upper"})


SCALED = Scaled(
    "scaled",
    "scale·(z − lower)/(upper − lower)",
    {"lower": 0.0, "upper": 100.0, "scale": 100.0},
    steady=True,
    fixed=True,
)

"""Distance to a reference unit, as a part of its distance to the worst."""

from __future__ import annotations

import numpy as np

from yiqi.engine.ground.arrays import SAME, FloatArray
from yiqi.engine.ground.checks import place
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.scheme.methods.scale import Columns, Scale


class DistanceToReference(Scale):
    """1 at the reference; ``cap``: not above it."""

    def convert(self, columns: Columns) -> FloatArray:
        name = columns.params["unit"]
        if name not in columns.units:
            raise EngineError("unknown_unit", f"the reference unit {name!r} is not among the units", {"unit": name})
        row = list(columns.units).index(name)
        reference = columns.z[row]
        for column in np.flatnonzero(np.isnan(reference)) if columns.zero_range != "missing" else ():
            where = place(columns.units, columns.codes, row, int(column))
            text = (
                f"the reference unit {name!r} has no value of {where['indicator']!r}; impute it or choose another unit"
            )
            raise EngineError("reference_missing", text, where)
        width = reference - columns.worst
        flat = ~(width > SAME * np.maximum(np.abs(columns.worst), np.abs(columns.best)))
        found = np.asarray(1 - (reference - columns.z) / np.where(flat, 1.0, width))
        if columns.params["cap"]:
            found = np.minimum(found, 1.0)
        return columns.flatten(found, flat, 0.5, 1.0)  # flat: the reference is the worst, no distance to measure by


DISTANCE_TO_REFERENCE = DistanceToReference(
    "dist2ref",
    "1 − (z of the reference unit − z)/(z of the reference unit − min z)",
    {"unit": "", "cap": False},
    {"cap": (True, False)},
)

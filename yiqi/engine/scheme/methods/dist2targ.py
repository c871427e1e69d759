"""Distance to a target, as a part of its distance to the worst."""

from __future__ import annotations

import numpy as np

from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.scheme.methods.scale import Columns, Scale


class DistanceToTarget(Scale):
    """1 at the target; ``cap``: not above it."""

    def convert(self, columns: Columns) -> FloatArray:
        targets = columns.targets * columns.signs
        for column, (code, target) in enumerate(zip(columns.codes, targets, strict=False)):
            if np.isnan(target):
                raise EngineError("target_missing", f"indicator {code!r} has no target", {"indicator": code})
            low = float(columns.worst[column])
            wrong = target <= low if columns.params["wrong_side"] == "error" else target == low
            if wrong:
                text = f"indicator {code!r}: its target is on the wrong side, no better than the worst value"
                raise EngineError("target_wrong_side", text, {"indicator": code, "target": float(abs(target))})
        found = np.asarray((columns.z - columns.worst) / (targets - columns.worst))
        return np.minimum(found, 1.0) if columns.params["cap"] else found


DISTANCE_TO_TARGET = DistanceToTarget(
    "dist2targ",
    "(z − min z)/(target·direction − min z)",
    {"cap": False, "wrong_side": "error"},
    {"cap": (True, False), "wrong_side": ("error", "compute")},
    steady=True,
)

"""Numbers that are given, checked."""

from __future__ import annotations

import math

import numpy as np

from yiqi.engine.ground.errors import EngineError


def finite(name: str, value: object, **data: str) -> float:
    """A finite float; ``not_a_number`` or ``not_finite`` names it otherwise."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.floating, np.integer)):
        raise EngineError("not_a_number", f"{name} must be a number, not {value!r}", {"option": name, **data})
    if not math.isfinite(value):
        raise EngineError("not_finite", f"{name} must be finite, not {value!r}", {"option": name, **data})
    return float(value) + 0.0

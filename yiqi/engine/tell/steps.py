"""One step on the way to a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Step:
    """One step: ``name`` is stable (value, level, growth, rule, renormalise, publish), ``output`` None = no number."""

    name: str
    formula: str
    inputs: Mapping[str, Any]
    output: float | None


def plain(value: Any) -> float | None:
    """A Python float, None for nan."""
    number = float(value)
    return None if np.isnan(number) else number

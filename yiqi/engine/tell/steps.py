"""One step on the way to a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Step:
    """One step: ``name`` is stable (value, level, growth, rule, renormalise, publish), ``output`` None = no number."""

    name: str
    formula: str
    inputs: Mapping[str, Any]
    output: float | None

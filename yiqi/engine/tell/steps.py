"""One step on the way to a number, and what every explanation is: the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yiqi.engine.ground.plain import Plain


@dataclass(frozen=True)
class Step:
    """One step: ``name`` is stable (value, level, growth, rule, renormalise, publish), ``output`` None = no number."""

    name: str
    formula: str
    inputs: Mapping[str, Any]
    output: float | None


class Explanation(Plain):
    """The way to a number of a unit: ``steps`` in their order."""

    unit: str
    steps: tuple[Step, ...]

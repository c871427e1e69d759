"""What a way to add up the children of an aggregate is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from yiqi.engine.ground.arrays import FloatArray

MEANS: Final[dict[str, Mean]] = {}  # every mean enters itself


@dataclass(frozen=True)
class Mean:
    """An aggregation: formula, parameters with their defaults, and ``rest``: the kind of contribution that takes what a
    sum of parts cannot say, None where nothing is left.

    Source: OECD/JRC handbook (2008), part 1, section 6.
    """

    id: str
    formula: str
    defaults: Mapping[str, Any] = field(default_factory=dict)
    rest: str | None = None

    def __post_init__(self) -> None:
        MEANS[self.id] = self

    def power(self, params: Mapping[str, Any]) -> float | None:
        """Exponent of a generalised mean; None for a method that compares units in pairs."""
        return None

    def score(self, cells: FloatArray, weights: FloatArray, params: Mapping[str, Any], tolerance: float) -> FloatArray:
        """Scores (units,) of children (units, k) under weights (k,) with a positive sum; nan without any value.

        ``tolerance``: within which values of a pair are equal. Error ``not_positive``: see ``power_mean``.
        """
        raise NotImplementedError

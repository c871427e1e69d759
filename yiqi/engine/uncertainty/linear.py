"""The plain weighted mean under uncertain weights: one matrix product a block of draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from yiqi.engine.ground.arrays import BoolArray, FloatArray, frozen
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.products import product
from yiqi.engine.ground.ranking import TIES_POLICIES
from yiqi.engine.uncertainty.blocks import block_of
from yiqi.engine.uncertainty.noise import WeightNoise, drawn_weights
from yiqi.engine.uncertainty.places import PlaceArray, place_rows
from yiqi.engine.uncertainty.simulation import Batch


@dataclass(frozen=True, eq=False)
class LinearModel:
    """score = Σ w·x / Σ w over the columns that a unit has a value in; higher is better.

    ``matrix`` (units, columns): normalised values or shares of points, direction already in them, nan = missing.
    ``weights`` (columns,) ≥ 0; ``noise`` by code of the column. ``tier_size``: the first places that form the tier.

    Errors: ``shape_mismatch``, ``duplicate_code``, ``not_finite``, ``weight_negative``, ``weights_zero``,
    ``unknown_option``, ``unknown_element``, ``tier_invalid``.
    """

    units: tuple[str, ...]
    columns: tuple[str, ...]
    matrix: FloatArray
    weights: FloatArray
    noise: WeightNoise = field(default_factory=lambda: WeightNoise(0.25))
    tier_size: int | None = None
    ties: str = "competition"
    tolerance: float = 1e-9

    def __post_init__(self) -> None:
        set_ = object.__setattr__
        set_(self, "units", _codes("unit", self.units))
        set_(self, "columns", _codes("indicator", self.columns))
        set_(self, "matrix", _array("matrix", self.matrix, (len(self.units), len(self.columns))))
        set_(self, "weights", _array("weights", self.weights, (len(self.columns),)))
        if self.ties not in TIES_POLICIES:
            raise EngineError("unknown_option", f"ties cannot be {self.ties!r}", {"option": "ties"})
        check_tier(self.tier_size, len(self.units))
        self._check_numbers()
        self.noise.spread(self.columns)

    def _check_numbers(self) -> None:
        if np.isinf(self.matrix).any():
            row, column = (int(index) for index in np.argwhere(np.isinf(self.matrix))[0])
            data = {"unit": self.units[row], "indicator": self.columns[column]}
            text = f"unit {self.units[row]!r}, indicator {self.columns[column]!r}: the value is infinite"
            raise EngineError("not_finite", text, data)
        for code, weight in zip(self.columns, self.weights.tolist(), strict=True):
            if not weight >= 0 or np.isinf(weight):
                text = f"indicator {code!r}: the weight must be a finite number from 0, not {weight!r}"
                raise EngineError("weight_negative", text, {"indicator": code, "weight": repr(weight)})
        if not self.weights.any():
            raise EngineError("weights_zero", "all weights are 0: give at least one indicator a weight")

    @cached_property
    def _filled(self) -> tuple[FloatArray, FloatArray | None]:
        """Transposed (columns, units) with 0 for missing, and where a value is, or None with nothing missing."""
        missing: BoolArray = np.isnan(self.matrix.T)
        there = np.ascontiguousarray(~missing, dtype=np.float64) if missing.any() else None
        return np.ascontiguousarray(np.where(missing, 0.0, self.matrix.T)), there

    @property
    def batch_size(self) -> int:
        """Draws in a block."""
        return block_of(max(len(self.units), len(self.columns)))

    def scores(self, weights: FloatArray) -> FloatArray:
        """Scores (draws, units) under ``weights`` (draws, columns); nan without any weighed value."""
        cells, there = self._filled
        if there is None:
            totals = weights.sum(axis=1, keepdims=True)
            with np.errstate(divide="ignore", invalid="ignore"):  # a row of zero weights has no score: nan
                scaled = weights / totals
            return product(scaled, cells)
        present = product(weights, there)
        out = np.full(present.shape, np.nan)
        np.divide(product(weights, cells), present, out=out, where=present > 0)
        return out

    def places(self, scores: FloatArray) -> Batch:
        """Rank rows of scores and see who is in the tier."""
        places = place_rows(scores, self.ties, self.tolerance)
        return Batch(scores, places, in_tier(places, self.tier_size))

    def nominal(self) -> Batch:
        """The weights as stated."""
        return self.places(self.scores(self.weights[None, :]))

    def draw(self, random: np.random.Generator, first: int, count: int) -> Batch:  # noqa: ARG002 - no draw fails
        """Weights drawn by ``noise``."""
        uniform = random.random((count, len(self.columns)))
        return self.places(self.scores(drawn_weights(self.weights, self.noise.spread(self.columns), uniform)))


def check_tier(tier_size: int | None, units: int) -> None:
    """``tier_invalid`` unless a tier has from one place to all of them."""
    whole = isinstance(tier_size, int) and not isinstance(tier_size, bool)
    if tier_size is None or (whole and 1 <= tier_size <= units):
        return
    text = f"the tier must have from 1 to {units} places, as there are {units} units, not {tier_size!r}"
    raise EngineError("tier_invalid", text, {"tier_size": repr(tier_size), "units": units})


def in_tier(places: PlaceArray, tier_size: int | None) -> BoolArray | None:
    """The first places, or None without a tier."""
    return None if tier_size is None else (places > 0) & (places <= tier_size)


def _codes(kind: str, codes: Sequence[str]) -> tuple[str, ...]:
    found = tuple(codes)
    if not found:
        raise EngineError(f"no_{kind}s", f"there are no {kind}s")
    twice = next((code for number, code in enumerate(found) if code in found[:number]), None)
    if len(set(found)) != len(found) and twice is not None:
        raise EngineError("duplicate_code", f"{kind} {twice!r} stands twice", {"kind": kind, "code": twice})
    return found


def _array(name: str, given: ArrayLike, shape: tuple[int, ...]) -> FloatArray:
    try:
        array: FloatArray = np.array(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise EngineError(
            "not_a_number", f"{name} holds something that is no number: {error}", {"array": name}
        ) from error
    if array.shape != shape:
        data: dict[str, Any] = {"array": name, "expected": list(shape), "found": list(array.shape)}
        raise EngineError("shape_mismatch", f"{name} must be shaped {shape}, not {array.shape}", data)
    return frozen(array)

"""Means of rows under weights: arithmetic, geometric, harmonic and any other exponent, without what is missing.

Four names of one formula, which differ by the exponent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import numpy as np

from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.scheme.methods.mean import Mean

ARITHMETIC, GEOMETRIC, HARMONIC = 1.0, 0.0, -1.0
SMALL = 0.01  # exponents nearer to 0 lose their digits in x^p − 1; expm1 and log1p keep them


def power_mean(cells: FloatArray, weights: FloatArray, power: float) -> FloatArray:
    """(Σ w·x^p / Σ w)^(1/p) of each row; exp(Σ w·ln x / Σ w) for p = 0.

    ``cells`` (units, k), ``weights`` (k,) with a positive sum -> (units,). A missing cell drops out and the weights of
    the others are brought to 1; a row without any weight left is nan. The same row gives the same bits in any order of
    rows. Errors: ``not_positive`` where the exponent needs positive cells; its data have ``row`` and ``child``.
    """
    check_domain(cells, weights, power)
    size = _size(cells, power)
    seen = transformed(cells if size is None else cells / size[:, None], power)
    found = cast(FloatArray, np.einsum("ui,i->u", seen, weights)) / weights.sum()
    holed = np.flatnonzero(np.isnan(found))
    if len(holed):
        found[holed] = _of_known(seen[holed], weights)
    means = restored(found, power)
    return means if size is None else means * size


def _size(cells: FloatArray, power: float) -> FloatArray | None:
    """What a row is divided by so that no power of it overflows: its greatest cell, its least for exponents below 0."""
    if power in (ARITHMETIC, GEOMETRIC, HARMONIC):
        return None
    there = cells > 0
    if power > 0:
        found = np.where(there, cells, 0.0).max(axis=1)
        return np.where(found > 0, found, 1.0)
    found = np.where(there, cells, np.inf).min(axis=1)
    return np.where(np.isfinite(found), found, 1.0)


def _of_known(seen: FloatArray, weights: FloatArray) -> FloatArray:
    gaps = np.isnan(seen)
    shares = np.where(gaps, 0.0, weights)
    total = shares.sum(axis=1)
    summed = np.einsum("ui,ui->u", np.where(gaps, 0.0, seen), shares)
    return np.where(total > 0, summed / np.where(total > 0, total, 1.0), np.nan)


def transformed(cells: FloatArray, power: float) -> FloatArray:
    """What the exponent averages: x, ln x or x^p (x^p − 1 if p is small).

    Cells that ``check_domain`` let pass because their weight is 0 are nan.
    """
    if power == ARITHMETIC:
        return cells
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if power != GEOMETRIC and abs(power) >= SMALL:
            found = cells**power
        else:
            found = np.log(cells) if power == GEOMETRIC else np.expm1(power * np.log(cells))
    found[~np.isfinite(found)] = np.nan
    return found


def restored(values: FloatArray, power: float) -> FloatArray:
    """The inverse of ``transformed``."""
    if power == ARITHMETIC:
        return values
    if power == GEOMETRIC:
        return cast(FloatArray, np.exp(values))
    with np.errstate(divide="ignore"):  # all cells 0: ln 0 / p = −∞, whose exponential is the 0 that is right
        return values ** (1.0 / power) if abs(power) >= SMALL else np.exp(np.log1p(np.maximum(values, -1.0)) / power)


def check_domain(cells: FloatArray, weights: FloatArray, power: float) -> None:
    """Cells that count must be above 0 for an exponent of 0 or less, not below 0 for others except 1."""
    if power == ARITHMETIC:
        return
    with np.errstate(invalid="ignore"):
        wrong = ((cells < 0) if power > 0 else (cells <= 0)) & (weights > 0)
    if wrong.any():
        row, child = (int(index) for index in np.argwhere(wrong)[0])
        value = float(cells[row, child])
        needed = "of 0 or more" if power > 0 else "above 0"
        text = f"{value:g} under a mean of exponent {power:g}, which needs values {needed}"
        raise EngineError("not_positive", text, {"row": row, "child": child, "value": value, "power": power})


class PowerMean(Mean):
    """The exponent is the parameter ``p``."""

    def power(self, params: Mapping[str, Any]) -> float | None:
        return float(params["p"])

    def score(self, cells: FloatArray, weights: FloatArray, params: Mapping[str, Any], tolerance: float) -> FloatArray:
        power = self.power(params)
        assert power is not None
        return power_mean(cells, weights, power)


class ArithmeticMean(PowerMean):
    """p = 1."""

    def power(self, params: Mapping[str, Any]) -> float | None:
        return ARITHMETIC


class GeometricMean(PowerMean):
    """p = 0."""

    def power(self, params: Mapping[str, Any]) -> float | None:
        return GEOMETRIC


class HarmonicMean(PowerMean):
    """p = −1."""

    def power(self, params: Mapping[str, Any]) -> float | None:
        return HARMONIC


AMEAN = ArithmeticMean("amean", "Σ w·x / Σ w")
GMEAN = GeometricMean("gmean", "exp(Σ w·ln x / Σ w)", rest="balance")
HMEAN = HarmonicMean("hmean", "Σ w / Σ (w/x)", rest="balance")
GENMEAN = PowerMean("genmean", "(Σ w·x^p / Σ w)^(1/p)", {"p": 1.0}, rest="balance")

"""Filling gaps in panel data from the same unit's other periods: last value, constant, linear.

Source: OECD/JRC handbook (2008), section 3; the methods ``latest``, ``constant``, ``linear-constant`` of COINr 1.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from yiqi.engine.ground.arrays import FloatArray, IntArray, frozen
from yiqi.engine.ground.checks import choice, finite, label, labels, matrix, one_label_each, some
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.notice import Notice

METHODS: Final = ("latest", "constant", "linear", "linear-constant")
MISSING, OBSERVED, CARRIED, BROUGHT_BACK, INTERPOLATED = range(5)
SOURCES: Final = ("missing", "observed", "carried", "brought_back", "interpolated")


@dataclass(frozen=True, eq=False)
class Panel:
    """A balanced panel: ``values`` (periods, units, indicators), nan missing; ``times`` rising, (periods,)."""

    times: tuple[float, ...]
    units: tuple[str, ...]
    columns: tuple[str, ...]
    values: FloatArray

    def long(self, values: FloatArray | None = None) -> FloatArray:
        """Rows unit by unit, period by period inside: (units × periods, indicators)."""
        cube = self.values if values is None else values
        return cube.transpose(1, 0, 2).reshape(-1, len(self.columns))


@dataclass(frozen=True, eq=False)
class FilledPanel:
    """``values`` like the panel's; ``source`` index into ``SOURCES``; ``ages``: time from the value's own period to
    the period it stands in (negative: brought back; nan: missing or interpolated); the warnings.
    """

    values: FloatArray
    source: IntArray
    ages: FloatArray
    warnings: tuple[Notice, ...]


def panel_of(units: Sequence[str], times: Sequence[float], values: ArrayLike, columns: Sequence[str] = ()) -> Panel:
    """A panel from long data, one row for each unit and time, in any order; pairs without a row are missing.

    ``values`` (rows, indicators). Errors: ``duplicate_key`` names unit and time; ``shape_mismatch``; ``option_invalid``
    for a time that is not a finite number; those of ``checks.matrix``.
    """
    rows = [f"{unit}@{time}" for unit, time in zip(units, times, strict=False)]
    one_label_each("times", [str(time) for time in times], len(units))
    table = matrix(values, rows, columns)
    when = sorted({finite("time", time) for time in times})
    who = tuple(dict.fromkeys(units))
    period = {time: number for number, time in enumerate(when)}
    number = {unit: position for position, unit in enumerate(who)}
    cube = np.full((len(when), len(who), table.shape[1]), np.nan)
    seen: set[tuple[int, int]] = set()
    for row, (unit, time) in enumerate(zip(units, times, strict=True)):
        key = (period[float(time)], number[unit])
        if key in seen:
            text = f"unit {unit!r} stands twice at time {time}: keep one of the rows (row {row + 1})"
            raise EngineError("duplicate_key", text, {"unit": unit, "time": float(time), "row": row + 1})
        seen.add(key)
        cube[key] = table[row]
    names = tuple(columns) or tuple(label((), column, "column") for column in range(table.shape[1]))
    return Panel(tuple(when), who, names, frozen(cube))


def impute_panel(panel: Panel, method: str = "latest", max_age: float | None = None) -> FilledPanel:
    """Fill each series (one unit, one indicator) by itself.

    ``latest``: the last earlier value; ``constant``: that, and the first value for what is before it; ``linear``: on
    the straight line between two known values, nothing outside them; ``linear-constant``: that, and flat outside, also
    where one value only is known. ``max_age``: nothing is carried or brought back over a longer time (in the unit of
    ``times``). A series without a value stays missing. Warnings ``not_imputed`` name indicator and units.
    Errors: ``unknown_option``, ``option_invalid``.
    """
    choice("method", method, METHODS)
    limit = np.inf if max_age is None else finite("max_age", max_age, 0.0)
    values = panel.values
    before, after = _neighbours(values)
    times = np.array(panel.times)
    when = np.broadcast_to(times[:, np.newaxis, np.newaxis], values.shape)
    source = np.where(np.isnan(values), MISSING, OBSERVED)
    filled, ages = values.copy(), np.where(source == OBSERVED, 0.0, np.nan)
    if method.startswith("linear"):
        _interpolate(filled, source, (before, after), times, when)
    if method != "linear":
        _take(filled, source, ages, before, CARRIED, (values, times, when, limit))
    if method in ("constant", "linear-constant"):
        _take(filled, source, ages, after, BROUGHT_BACK, (values, times, when, limit))
    notices = _notices(panel, source, method)
    return FilledPanel(frozen(filled), frozen(source.astype(np.int64)), frozen(ages), notices)


def _neighbours(values: FloatArray) -> tuple[IntArray, IntArray]:
    """Position of the last known value up to each period (−1: none) and of the first from it on (periods: none)."""
    periods = len(values)
    position = np.arange(periods)[:, np.newaxis, np.newaxis]
    there = ~np.isnan(values)
    before = np.maximum.accumulate(np.where(there, position, -1), axis=0)
    after = np.minimum.accumulate(np.where(there, position, periods)[::-1], axis=0)[::-1]
    return before, after


def _interpolate(
    filled: FloatArray, source: IntArray, around: tuple[IntArray, IntArray], times: FloatArray, when: FloatArray
) -> None:
    before, after = around
    inside = (source == MISSING) & (before >= 0) & (after < len(filled))
    _, unit, column = np.nonzero(inside)
    first, last = before[inside], after[inside]
    low, high = filled[first, unit, column], filled[last, unit, column]
    share = (when[inside] - times[first]) / (times[last] - times[first])
    filled[inside] = low + (high - low) * share
    source[inside] = INTERPOLATED


def _take(
    filled: FloatArray, source: IntArray, ages: FloatArray, position: IntArray, mark: int, facts: tuple[Any, ...]
) -> None:
    """Put the known value at ``position`` into what is missing still, unless it is older than the limit."""
    values, times, when, limit = facts
    known = (source == MISSING) & (position >= 0) & (position < len(filled))
    age = np.where(known, when - times[np.clip(position, 0, len(times) - 1)], np.nan)
    known &= np.abs(age) <= limit
    _, unit, column = np.nonzero(known)
    filled[known] = values[position[known], unit, column]
    source[known] = mark
    ages[known] = age[known]


def _notices(panel: Panel, source: IntArray, method: str) -> tuple[Notice, ...]:
    found = []
    for column, code in enumerate(panel.columns):
        left = (source[:, :, column] == MISSING).any(axis=0)
        if left.any():
            units = labels(panel.units, np.flatnonzero(left), "unit")
            cells = int((source[:, :, column] == MISSING).sum())
            text = f"{code}: {cells} cells of {some(units)} stay missing: no value that {method!r} may take"
            found.append(Notice("not_imputed", text, code, data={"units": units, "cells": cells, "method": method}))
    return tuple(found)

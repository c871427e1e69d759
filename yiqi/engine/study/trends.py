"""Growth of each series of a panel: compound rate, or percent by a straight line.

Source: the measures that COINr 1.1 names CAGR and prc_change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray, frozen
from yiqi.engine.ground.checks import choice, finite, labels, one_label_each, some, whole
from yiqi.engine.ground.notice import Notice
from yiqi.engine.study.panel import Panel, impute_panel

METHODS: Final = ("compound", "percent")


@dataclass(frozen=True, eq=False)
class Trends:
    """Each (units, indicators). ``values``: the measure, positive where things get better; nan where there is none.

    ``known``: share of the periods looked at with a value of their own; ``first``, ``last``: times of the first and
    last value used (nan: none).
    """

    method: str
    values: FloatArray
    known: FloatArray
    first: FloatArray
    last: FloatArray
    warnings: tuple[Notice, ...]


def trends(
    panel: Panel,
    method: str = "compound",
    *,
    directions: Sequence[float] | FloatArray | None = None,
    latest: int | None = None,
    per: float = 1.0,
    interpolate: bool = False,
) -> Trends:
    """Growth of each series over the panel, times its direction (+1 higher is better, −1 lower).

    ``compound``: (last/first)^(1/(t_last − t_first)) − 1. ``percent``: 100·slope·``per`` over the value of the line at
    the first time; the line is that of least squares, or through the two values where there are two. Both are 0 if
    all values are equal. ``latest``: only so many periods up to the last known value. ``interpolate``: gaps inside a
    series are first filled linearly. No trend where a series has fewer than two values or fewer periods than
    ``latest``, or where there is no ratio (the first value, or that of the line, is not above 0; the last is below 0);
    warnings ``no_trend`` name the units.
    Errors: ``unknown_option``, ``option_invalid``, ``shape_mismatch``.
    """
    choice("method", method, METHODS)
    per = finite("per", per)
    cells = impute_panel(panel, "linear").values if interpolate else panel.values
    window, enough = _window(cells, latest)
    used = ~np.isnan(cells) & window
    enough &= used.sum(axis=0) >= 2
    measure = _compound if method == "compound" else _percent
    signs = np.ones(len(panel.columns)) if directions is None else np.asarray(directions, dtype=np.float64)
    one_label_each("directions", signs.tolist(), len(panel.columns))
    times = np.array(panel.times)
    found = measure(cells, used, times, per) * signs + 0.0  # no −0
    found[~enough | ~np.isfinite(found)] = np.nan
    known = (~np.isnan(panel.values) & window).sum(axis=0) / np.maximum(window.sum(axis=0), 1)
    first, last = (np.where(used.any(axis=0), times[edge], np.nan) for edge in _edges(used))
    return Trends(method, frozen(found), frozen(known), frozen(first), frozen(last), _notices(panel, found, enough))


def _window(cells: FloatArray, latest: int | None) -> tuple[BoolArray, BoolArray]:
    """Periods to look at, and the series that have so many."""
    if latest is None:
        return np.ones(cells.shape, dtype=np.bool_), np.ones(cells.shape[1:], dtype=np.bool_)
    count = whole("latest", latest, 2)
    _, last = _edges(~np.isnan(cells))
    position = np.arange(len(cells))[:, np.newaxis, np.newaxis]
    return (position <= last) & (position > last - count), last >= count - 1


def _edges(used: BoolArray) -> tuple[IntArray, IntArray]:
    """Positions of the first and the last True of each series (the ends of the panel where there is none)."""
    return np.argmax(used, axis=0), len(used) - 1 - np.argmax(used[::-1], axis=0)


def _ends(cells: FloatArray, used: BoolArray, times: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """First value, last value, time between."""
    first, last = _edges(used)
    values = (np.take_along_axis(cells, edge[np.newaxis], axis=0)[0] for edge in (first, last))
    start, end = values
    return start, end, times[last] - times[first]


def _compound(cells: FloatArray, used: BoolArray, times: FloatArray, per: float) -> FloatArray:
    start, end, span = _ends(cells, used, times)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        rate = (end / start) ** (1.0 / span) - 1.0
    rate[(start <= 0) | (end < 0)] = np.nan
    return np.where(start == end, 0.0, rate)


def _percent(cells: FloatArray, used: BoolArray, times: FloatArray, per: float) -> FloatArray:
    n = used.sum(axis=0)
    values, when = np.where(used, cells, 0.0), times[:, np.newaxis, np.newaxis]
    start, end, span = _ends(cells, used, times)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        mean_time, mean = (used * when).sum(axis=0) / n, values.sum(axis=0) / n
        apart = np.where(used, when - mean_time, 0.0)
        slope = (apart * np.where(used, cells - mean, 0.0)).sum(axis=0) / (apart * apart).sum(axis=0)
        fitted = mean + slope * (times[_edges(used)[0]] - mean_time)
        line = n >= 3
        share = np.where(line, slope / fitted, (end - start) / start / span)
    share[np.where(line, fitted, start) <= 0] = np.nan
    flat = np.where(used, cells == start, True).all(axis=0)
    return np.where(flat, 0.0, 100.0 * per * share)


def _notices(panel: Panel, found: FloatArray, enough: BoolArray) -> tuple[Notice, ...]:
    told = []
    for column, code in enumerate(panel.columns):
        lacking = np.isnan(found[:, column])
        for reason, rows in (
            ("too few values", lacking & ~enough[:, column]),
            ("no ratio", lacking & enough[:, column]),
        ):
            if rows.any():
                units = labels(panel.units, np.flatnonzero(rows).tolist(), "unit")
                text = f"{code}: no trend of {some(units)}: {reason}"
                told.append(Notice("no_trend", text, code, data={"units": units, "reason": reason}))
    return tuple(told)

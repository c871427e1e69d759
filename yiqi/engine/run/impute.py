"""Filling missing cells from other units of the column, or from the unit's own other indicators.

Source: OECD/JRC handbook (2008), part 1, section 3; the methods of COINr 1.1 that bear these names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from yiqi.engine.ground.arrays import FloatArray, group_indices
from yiqi.engine.ground.checks import known, label, labels, matrix, one_label_each, some
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.notice import Notice
from yiqi.engine.scheme.steps import ImputeSpec

Average = Callable[[FloatArray], FloatArray]


def impute(
    values: ArrayLike,
    spec: ImputeSpec,
    *,
    groups: Sequence[str | None] | None = None,
    directions: Sequence[float] | FloatArray | None = None,
    families: Sequence[str] | None = None,
    units: Sequence[str] = (),
    columns: Sequence[str] = (),
) -> FloatArray:
    """A new array like ``values`` (units, indicators) with the missing cells filled as ``spec`` says.

    ``groups``: a label for each unit (None or "" is in no group); ``directions``: +1 or −1 for each indicator;
    ``families``: a label for each indicator. A cell stays missing only where there is nothing to take a value from:
    see ``impute_notices``. Errors: those of ``checks.matrix``, ``groups_missing``, ``shape_mismatch``.
    """
    given = matrix(values, units, columns)
    filled = given.copy()
    gaps = ~known(given)
    empty = np.flatnonzero(gaps.any(axis=0))
    if not len(empty):
        return filled
    if spec.method == "row_mean":
        fill = _row_means(given, directions, families)
        filled[gaps] = fill[gaps]
    else:
        average = column_median if spec.method.endswith("median") else column_mean
        filled[:, empty] = _column_averages(given[:, empty], average, _groups(spec, groups, len(given)))
    return _fall_back(filled, given, spec.fallback)


def column_mean(values: FloatArray) -> FloatArray:
    """Mean of each column over its known cells; nan where there are none."""
    there = known(values)
    counts = there.sum(axis=0)
    totals = np.where(there, values, 0.0).sum(axis=0)
    return np.where(counts > 0, totals / np.maximum(counts, 1), np.nan)


def column_median(values: FloatArray) -> FloatArray:
    """Median of each column over its known cells; nan where there are none."""
    found = np.full(values.shape[1], np.nan)
    some_known = known(values).any(axis=0)
    if some_known.any():
        found[some_known] = np.nanmedian(values[:, some_known], axis=0)
    return found


def _groups(spec: ImputeSpec, groups: Sequence[str | None] | None, units: int) -> Sequence[str | None] | None:
    if not spec.method.startswith("group_"):
        return None
    if groups is None:
        text = f"{spec.method} needs a group for each unit: name a column of groups, or choose 'mean' or 'median'"
        raise EngineError("groups_missing", text, {"method": spec.method, "group": spec.group})
    one_label_each("groups", groups, units)
    return groups


def _column_averages(values: FloatArray, average: Average, groups: Sequence[str | None] | None) -> FloatArray:
    filled = values.copy()
    labelled = None if groups is None else [group or "" for group in groups]
    for members in group_indices(labelled, len(values)):
        if labelled is not None and not labelled[int(members[0])]:
            continue
        block = filled[members]
        filled[members] = np.where(known(block), block, average(block))
    return filled


def _row_means(
    values: FloatArray, directions: Sequence[float] | FloatArray | None, families: Sequence[str] | None
) -> FloatArray:
    """The unit's mean on the 0–1 scale of its family, carried back to the scale of each column; ± direction."""
    indicators = values.shape[1]
    signs = np.ones(indicators) if directions is None else np.asarray(directions, dtype=np.float64)
    one_label_each("directions", signs.tolist(), indicators)
    one_label_each("families", families or [""] * indicators, indicators)
    seen = values * signs
    low = np.where(known(seen), seen, np.inf).min(axis=0)
    high = np.where(known(seen), seen, -np.inf).max(axis=0)
    width = np.where(high >= low, high - low, np.nan)
    scaled = np.full(values.shape, np.nan)
    scaled[:, width > 0] = (seen[:, width > 0] - low[width > 0]) / width[width > 0]
    filled = np.full(values.shape, np.nan)
    for members in group_indices(families, indicators):
        own = column_mean(scaled[:, members].T)[:, np.newaxis]
        filled[:, members] = (own * width[members] + low[members]) * signs[members]
    flat = width == 0  # one value only is known of the column: it says nothing of the unit, and is all there is to take
    filled[:, flat] = (low * signs)[flat]
    return filled


def _fall_back(filled: FloatArray, given: FloatArray, fallback: str) -> FloatArray:
    gaps = ~known(filled)
    if fallback != "missing" and gaps.any():
        average = column_mean(given) if fallback == "mean" else column_median(given)
        filled[gaps] = np.broadcast_to(average, filled.shape)[gaps]
    return filled


def impute_notices(
    before: FloatArray, after: FloatArray, spec: ImputeSpec, units: Sequence[str] = (), columns: Sequence[str] = ()
) -> tuple[Notice, ...]:
    """What was filled (``imputed``) and what could not be (``not_imputed``), an indicator at a time."""
    found: list[Notice] = []
    gaps, left = ~known(before), ~known(after)
    for column in np.flatnonzero(gaps.any(axis=0)):
        code = label(columns, int(column), "column")
        done = labels(units, np.flatnonzero(gaps[:, column] & ~left[:, column]), "row")
        still = labels(units, np.flatnonzero(left[:, column]), "row")
        if done:
            text = f"{code}: {spec.method} used for {some(done)}"
            found.append(Notice("imputed", text, code, data={"units": done, "method": spec.method}))
        if still:
            text = f"{code}: no value to fill from for {some(still)}; the cells stay missing"
            found.append(Notice("not_imputed", text, code, data={"units": still, "method": spec.method}))
    return tuple(found)

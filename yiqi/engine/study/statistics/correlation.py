"""Correlations of columns over pairwise complete cells, with their p-values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray, frozen
from yiqi.engine.ground.checks import choice, known, labels, matrix, some
from yiqi.engine.ground.notice import Notice
from yiqi.engine.run.moments import constant_columns

METHODS: Final = ("pearson", "spearman", "kendall")
FEWEST: Final = 3  # pairs that a correlation with a p-value needs


@dataclass(frozen=True, eq=False)
class Correlations:
    """``r``, ``p`` (rows, columns) and ``n``, the number of complete pairs; nan where there is no correlation.

    p is two-sided, for the hypothesis of no association: Student's t on n − 2 degrees of freedom (Pearson, Spearman);
    exact or normal, as ``scipy.stats.kendalltau`` chooses (Kendall). It takes no account of how many pairs are tested.
    """

    method: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    r: FloatArray
    p: FloatArray
    n: IntArray
    warnings: tuple[Notice, ...]


def correlations(
    values: ArrayLike,
    others: ArrayLike | None = None,
    *,
    method: str = "pearson",
    columns: Sequence[str] = (),
    other_columns: Sequence[str] = (),
) -> Correlations:
    """Correlate the columns of ``values`` (u, k) with one another, or with those of ``others`` (u, m) -> (k, m).

    Cells missing on either side leave a pair out; Spearman ranks again for each pair, Kendall is tau-b. No correlation
    (nan) where fewer than 3 pairs remain or one side of them is constant; warnings ``no_correlation`` name the column
    and its partners. Errors: ``unknown_option``, ``shape_mismatch``, those of ``checks.matrix``.
    """
    choice("method", method, METHODS)
    left = matrix(values, (), columns)
    same = others is None
    right = left if others is None else matrix(others, labels((), range(len(left)), "row"), other_columns)
    names = tuple(labels(columns, range(left.shape[1]), "column"))
    partners = names if same else tuple(labels(other_columns, range(right.shape[1]), "column"))
    r = np.full((left.shape[1], right.shape[1]), np.nan)
    p, n = r.copy(), np.zeros(r.shape, dtype=np.int64)
    patterns = _patterns(left), _patterns(right)
    for number, (rows, first) in enumerate(patterns[0]):
        for other_rows, second in patterns[1][number if same else 0 :]:
            block, complete = np.ix_(first, second), rows & other_rows
            n[block] = complete.sum()
            r[block], p[block] = _block(left[complete][:, first], right[complete][:, second], method)
            if same:
                mirrored = np.ix_(second, first)
                n[mirrored], r[mirrored], p[mirrored] = n[block].T, r[block].T, p[block].T
    if same:
        own = np.flatnonzero(~np.isnan(np.diag(r)))
        r[own, own], p[own, own] = 1.0, 0.0
    warnings = _notices(r, n, names, partners, same=same)
    return Correlations(method, names, partners, frozen(r), frozen(p), frozen(n), warnings)


def _patterns(values: FloatArray) -> list[tuple[BoolArray, IntArray]]:
    """Columns that miss the same cells, together: rows that they know, and the column numbers."""
    there = known(values)
    found: dict[bytes, list[int]] = {}
    for column in range(values.shape[1]):
        found.setdefault(np.packbits(there[:, column]).tobytes(), []).append(column)
    return [(there[:, members[0]], np.array(members)) for members in found.values()]


def _block(left: FloatArray, right: FloatArray, method: str) -> tuple[FloatArray, FloatArray]:
    """r and p of the columns of two complete matrices with the same rows."""
    if len(left) < FEWEST:
        nothing = np.full((left.shape[1], right.shape[1]), np.nan)
        return nothing, nothing
    if method == "kendall":
        return _kendall(left, right)
    if method == "spearman":
        # SciPy loads slowly; most of the engine does without
        from scipy.stats import rankdata

        left, right = rankdata(left, axis=0), rankdata(right, axis=0)
    r = pearson(left, right)
    return r, p_values(r, len(left))


def pearson(left: FloatArray, right: FloatArray) -> FloatArray:
    """Pearson's r of the columns of two complete matrices (n, k) and (n, m) -> (k, m); nan for a constant column."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.clip(_unit(left).T @ _unit(right), -1.0, 1.0)


def _unit(values: FloatArray) -> FloatArray:
    """Columns centred and brought to length 1; nan throughout for a constant one."""
    centred = values - values.mean(axis=0)
    size = np.abs(centred).max(axis=0)
    centred = centred / np.where(size > 0, size, 1.0)  # squares of tiny numbers would vanish
    length = np.sqrt((centred * centred).sum(axis=0))
    unit: FloatArray = centred / np.where(constant_columns(values), np.nan, length)
    return unit


def p_values(r: FloatArray, n: int) -> FloatArray:
    """Two-sided p of r (any shape) over ``n`` pairs, by Student's t on n − 2 degrees of freedom; nan for n < 3."""
    # SciPy loads slowly; most of the engine does without
    from scipy.special import stdtr

    if n < FEWEST:
        return np.full(r.shape, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(r) * np.sqrt((n - 2) / ((1.0 - r) * (1.0 + r)))
    return np.where(np.isnan(r), np.nan, 2.0 * stdtr(n - 2, -t))


def _kendall(left: FloatArray, right: FloatArray) -> tuple[FloatArray, FloatArray]:
    # SciPy loads slowly; most of the engine does without
    from scipy.stats import kendalltau

    r = np.full((left.shape[1], right.shape[1]), np.nan)
    p = r.copy()
    varied = np.flatnonzero(~constant_columns(right))
    itself = left.shape == right.shape and np.array_equal(left, right)
    for row in np.flatnonzero(~constant_columns(left)):
        for column in varied[varied >= row] if itself else varied:
            found = kendalltau(left[:, row], right[:, column])
            r[row, column], p[row, column] = found.statistic, found.pvalue
            if itself:
                r[column, row], p[column, row] = r[row, column], p[row, column]
    return r, p


def _notices(
    r: FloatArray, n: IntArray, rows: Sequence[str], columns: Sequence[str], *, same: bool
) -> tuple[Notice, ...]:
    lacking = np.isnan(r)
    if same:
        lacking = lacking & (np.tril(np.ones(r.shape, dtype=np.bool_)))
    found = []
    for row in np.flatnonzero(lacking.any(axis=1)).tolist():
        partners = [columns[column] for column in np.flatnonzero(lacking[row]).tolist()]
        fewest = int(n[row, lacking[row]].min())
        why = f"only {fewest} complete pairs" if fewest < FEWEST else "one side is constant"
        text = f"{rows[row]}: no correlation with {some(partners)}: {why}"
        data = {"with": partners, "fewest_pairs": fewest}
        found.append(Notice("no_correlation", text, rows[row], data=data))
    return tuple(found)

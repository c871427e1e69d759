"""Internal consistency and principal components of a group of columns.

Source: OECD/JRC handbook (2008), section 4 (Cronbach's alpha; principal components on the correlation matrix).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from yiqi.engine.ground.arrays import FloatArray, frozen
from yiqi.engine.ground.checks import choice, known, label, labels, matrix
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.notice import Notice
from yiqi.engine.run.moments import constant_columns

USES: Final = ("pairwise", "complete")


def cronbach_alpha(values: ArrayLike, columns: Sequence[str] = (), *, use: str = "pairwise") -> float:
    """k²·(mean covariance of two different columns)/(sum of all covariances), of the k columns of ``values`` (u, k).

    It is the usual k/(k−1)·(1 − Σvar/var of the sum). ``use``: each covariance over the rows that its two columns
    know, or all over the complete rows. It can be negative. Errors: ``too_few_columns`` (k < 2), ``too_few_units``
    (a pair with fewer than 2 rows), ``no_variance`` (the sum does not vary).
    """
    choice("use", use, USES)
    table = matrix(values, (), columns)
    k = table.shape[1]
    if k < 2:
        raise EngineError("too_few_columns", f"alpha needs two columns or more, not {k}", {"columns": k})
    cov = _covariances(table if use == "pairwise" else table[known(table).all(axis=1)], columns)
    total = float(cov.sum())
    if constant_columns(table).all() or total == 0:
        raise EngineError("no_variance", "alpha is not defined: the sum of the columns does not vary", {"columns": k})
    off_diagonal = total - float(np.trace(cov))
    return float(k * k * (off_diagonal / (k * (k - 1))) / total)


def _covariances(values: FloatArray, columns: Sequence[str]) -> FloatArray:
    """Covariances (n − 1) over pairwise complete rows, by the means of those rows."""
    there = known(values)
    weights = there.astype(np.float64)
    n = weights.T @ weights
    if n.min() < 2:
        row, column = (int(position) for position in np.argwhere(n < 2)[0])
        pair = [label(columns, row, "column"), label(columns, column, "column")]
        text = f"{pair[0]} and {pair[1]} are both known in {int(n[row, column])} units; two are needed"
        raise EngineError("too_few_units", text, {"indicators": pair, "units": int(n[row, column])})
    middle = np.where(there, values, 0.0).sum(axis=0) / weights.sum(axis=0)
    centred = np.where(there, values - middle, 0.0)
    sums = centred.T @ weights
    found: FloatArray = (centred.T @ centred - sums * sums.T / n) / (n - 1.0)
    return found


@dataclass(frozen=True, eq=False)
class Components:
    """Principal components of k standardised columns.

    ``loadings`` (k, c), a component each column, unit length, with the sign that makes their sum positive (the sign
    itself says nothing); ``sdev`` (c,) falling; ``share`` (c,) of the variance; ``rows`` complete units used.
    """

    columns: tuple[str, ...]
    loadings: FloatArray
    sdev: FloatArray
    share: FloatArray
    rows: int
    warnings: tuple[Notice, ...]


def principal_components(values: ArrayLike, columns: Sequence[str] = ()) -> Components:
    """Components of ``values`` (u, k) brought to mean 0 and standard deviation 1 (n − 1), over complete rows.

    c = min(k, rows − 1). Warning ``rows_left_out`` for rows with missing cells. Errors: ``no_variance`` names the
    constant columns, ``too_few_units`` for fewer than 3 complete rows.
    """
    table = matrix(values, (), columns)
    names = tuple(labels(columns, range(table.shape[1]), "column"))
    complete = known(table).all(axis=1)
    rows = int(complete.sum())
    if rows < 3:
        text = f"{rows} complete rows are too few for principal components; fill the gaps or leave columns out"
        raise EngineError("too_few_units", text, {"units": rows})
    used = table[complete]
    flat = [names[column] for column in np.flatnonzero(constant_columns(used)).tolist()]
    if flat:
        text = f"{', '.join(flat)}: no variance over the complete rows; leave out for principal components"
        raise EngineError("no_variance", text, {"indicators": flat})
    centred = used - used.mean(axis=0)
    centred = centred / np.abs(centred).max(axis=0)  # squares of tiny numbers would vanish
    _, singular, vectors = np.linalg.svd(centred / centred.std(axis=0, ddof=1), full_matrices=False)
    kept = min(len(names), rows - 1)
    vectors, sdev = vectors[:kept], singular[:kept] / np.sqrt(rows - 1)
    signs = np.where(_rounded_sum(vectors) < 0, -1.0, 1.0)
    loadings = (vectors * signs[:, np.newaxis]).T
    variance = sdev * sdev
    warnings = _left_out(len(table) - rows)
    return Components(names, frozen(loadings), frozen(sdev), frozen(variance / variance.sum()), rows, warnings)


def _rounded_sum(vectors: FloatArray) -> FloatArray:
    """Sum of each row; where it is nothing but rounding, the first entry decides the sign."""
    sums: FloatArray = vectors.sum(axis=1)
    return np.where(np.abs(sums) > 1e-12, sums, vectors[:, 0])


def _left_out(count: int) -> tuple[Notice, ...]:
    if not count:
        return ()
    text = f"{count} units with missing cells are left out of the principal components"
    return (Notice("rows_left_out", text, data={"units": count}),)

"""Correlations along the tree of an index: with parents, inside groups, with denominators.

Source: OECD/JRC handbook (2008), section 5 (the structure must show in the data); COINr 1.1 for the default limits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.ground.checks import choice, finite, labels, matrix
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.scheme.hierarchy import Hierarchy
from yiqi.engine.study.statistics.correlation import METHODS, correlations

KINDS: Final = ("high", "low")


@dataclass(frozen=True)
class Related:
    """An element with one that stands above it. ``level``: that of ``above``; r, p nan if there is no correlation."""

    code: str
    above: str
    level: int
    r: float
    p: float
    n: int


@dataclass(frozen=True)
class Flag:
    """Two columns of one group (the code of the aggregate above, or the kind of the second) with their r and p."""

    group: str
    first: str
    second: str
    r: float
    p: float


def family_correlations(
    hierarchy: Hierarchy,
    codes: Sequence[str],
    values: ArrayLike,
    *,
    of: Sequence[str] | None = None,
    method: str = "pearson",
) -> tuple[Related, ...]:
    """Each element with its parent, grandparent and so on to the root, so far as ``codes`` holds them.

    ``values`` (units, len(codes)): normalised indicators and scores side by side. ``of``: the elements (default: all
    of ``codes``). The branches may differ in depth. Errors: ``unknown_node``, those of ``correlations``.
    """
    table = _table(hierarchy, codes, values)
    found = correlations(table, method=method, columns=codes)
    place = {code: number for number, code in enumerate(codes)}
    related = []
    for code in codes if of is None else of:
        for above in hierarchy.path(code)[1:]:
            if above in place:
                cell = (place[_given(code, place)], place[above])
                r, p, n = float(found.r[cell]), float(found.p[cell]), int(found.n[cell])
                related.append(Related(code, above, hierarchy.level(above), r, p, n))
    return tuple(related)


def correlation_flags(
    hierarchy: Hierarchy,
    codes: Sequence[str],
    values: ArrayLike,
    *,
    threshold: float = 0.9,
    kind: str = "high",
    level: int | None = None,
    method: str = "pearson",
) -> tuple[Flag, ...]:
    """Pairs of one group with r above (``high``: double counting) or below (``low``: at odds) the threshold.

    The group is the ancestor on ``level``; None: the parent. A pair without a correlation is not flagged, but see
    ``correlations``. Errors: ``unknown_option``, ``option_invalid``, ``unknown_node``.
    """
    choice("kind", kind, KINDS)
    limit = finite("threshold", threshold, -1.0, 1.0)
    found = correlations(_table(hierarchy, codes, values), method=method, columns=codes)
    groups = [_group(hierarchy, code, level) for code in codes]
    flags = []
    for first, group in enumerate(groups):
        for second in range(first + 1, len(groups)):
            r = float(found.r[first, second])
            if group and groups[second] == group and (r > limit if kind == "high" else r < limit):
                flags.append(Flag(group, codes[first], codes[second], r, float(found.p[first, second])))
    return tuple(flags)


def denominator_correlations(
    values: ArrayLike,
    columns: Sequence[str],
    denominators: Mapping[str, ArrayLike],
    *,
    threshold: float = 0.6,
    method: str = "pearson",
) -> tuple[Flag, ...]:
    """Indicators that follow a denominator, |r| > ``threshold``: they may need dividing by it (or not to be divided).

    ``denominators``: an array (units,) each. ``Flag.group`` is "denominator". Errors: ``no_denominators``.
    """
    choice("method", method, METHODS)
    limit = finite("threshold", threshold, 0.0, 1.0)
    if not denominators:
        raise EngineError("no_denominators", "there is no denominator to correlate with: name at least one column")
    table = matrix(values, (), columns)
    rows = labels((), range(len(table)), "row")
    sizes = np.hstack([matrix(_upright(column), rows, (name,)) for name, column in denominators.items()])
    found = correlations(table, sizes, method=method, columns=columns, other_columns=tuple(denominators))
    return tuple(
        Flag("denominator", code, name, float(found.r[row, column]), float(found.p[row, column]))
        for row, code in enumerate(columns)
        for column, name in enumerate(denominators)
        if abs(found.r[row, column]) > limit
    )


def _upright(column: ArrayLike) -> ArrayLike:
    return np.asarray(column)[:, np.newaxis] if np.ndim(column) == 1 else column


def _table(hierarchy: Hierarchy, codes: Sequence[str], values: ArrayLike) -> FloatArray:
    for code in codes:
        hierarchy.node(code)
    return matrix(values, (), codes)


def _given(code: str, place: Mapping[str, int]) -> str:
    if code not in place:
        text = f"there is no column for {code!r} among the values"
        raise EngineError("unknown_node", text, {"node": code})
    return code


def _group(hierarchy: Hierarchy, code: str, level: int | None) -> str:
    above = hierarchy.path(code)[1:]
    if level is None:
        return above[0] if above else ""
    return next((each for each in above if hierarchy.level(each) == level), "")

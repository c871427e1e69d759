"""Scores of every aggregate, level by level, by six methods that may differ from node to node.

Source: OECD/JRC handbook (2008), part 1, section 6. The kernel ``aggregate`` checks no codes and no shapes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.scheme.hierarchy import Group, Hierarchy
from yiqi.engine.scheme.index import resolve
from yiqi.engine.scheme.methods import MEANS
from yiqi.engine.scheme.methods.outrank import TOLERANCE
from yiqi.engine.scheme.steps import AggregateSpec

EXTREME: Final = 1e100  # of a weight; beyond it, or below its inverse, the greatest is brought to 1


def aggregate(
    hierarchy: Hierarchy,
    normalised: FloatArray,
    specs: AggregateSpec | Sequence[AggregateSpec] | Mapping[str, AggregateSpec] | None = None,
    *,
    weights: FloatArray | None = None,
    zero_weights: str = "error",
    mirror: float | None = None,
    tolerance: float = TOLERANCE,
) -> FloatArray:
    """Scores (units, aggregates), columns as ``hierarchy.aggregates``.

    ``normalised`` (units, indicators), columns as ``hierarchy.indicators``. ``specs``: one, one for each level from 2
    up, or one for each aggregate. ``weights`` as ``hierarchy.codes`` replace those of the hierarchy. An aggregate of
    direction −1 enters its parent as ``mirror`` − score (lowest + highest of the scale; without it, or where pairs were
    compared, of the scores found). ``tolerance``:
    within which values of a pair are equal, see ``outrank.classes``.
    Errors: ``weights_sum_zero``, ``not_positive`` (data: ``node``, ``child``, ``row``).
    """
    cells = np.ascontiguousarray(normalised)
    chosen = specs if isinstance(specs, Mapping) else resolve(hierarchy, specs or AggregateSpec())
    stated = hierarchy.weights if weights is None else weights
    indicators = len(hierarchy.indicators)
    scores = np.empty((len(cells), len(hierarchy.aggregates)))
    for number, group in enumerate(hierarchy.groups):
        below = _cells_of(group, cells, scores, indicators)
        for turned in group.turned:
            place = int(np.flatnonzero(group.children == turned)[0])
            spec = chosen[hierarchy.aggregates[turned - indicators]]
            below[:, place] = mirrored(below[:, place], spec, mirror)
        own = _group_weights(hierarchy, group, stated, zero_weights)
        scores[:, number] = (
            np.nan if own is None else _score(hierarchy, group, below, own, chosen[group.code], tolerance)
        )
    return scores


def _cells_of(group: Group, cells: FloatArray, scores: FloatArray, indicators: int) -> FloatArray:
    """Children of a group (units, k): a view where they stand side by side, else a copy."""
    if group.span is not None:
        return cells[:, group.span]
    return np.stack([cells[:, n] if n < indicators else scores[:, n - indicators] for n in group.children], axis=1)


def mirrored(scores: FloatArray, spec: AggregateSpec, mirror: float | None) -> FloatArray:
    """Scores (units,) of an aggregate of direction −1 as its parent sees them: better becomes worse, on one scale."""
    if mirror is None or spec.power is None:
        known = scores[~np.isnan(scores)]
        mirror = float(known.min() + known.max()) if len(known) else 0.0
    return mirror - scores


def _group_weights(hierarchy: Hierarchy, group: Group, stated: FloatArray, policy: str) -> FloatArray | None:
    """Weights of the children; None where the policy leaves the aggregate without a score."""
    own = balanced(stated[group.children])
    if own is not None:
        return own
    if policy == "error":
        text = f"the weights below {group.code!r} sum to 0; set one above 0, or zero_weights to 'missing' or 'equal'"
        raise EngineError("weights_sum_zero", text, {"node": group.code})
    return None if policy == "missing" else np.ones(len(group.children))


def balanced(weights: FloatArray) -> FloatArray | None:
    """Weights (k,) of a size that sums and products can bear; None if all are 0."""
    greatest = float(weights.max())
    if greatest == 0.0:
        return None
    return weights if 1 / EXTREME < greatest < EXTREME else weights / greatest


def _score(
    hierarchy: Hierarchy, group: Group, below: FloatArray, weights: FloatArray, spec: AggregateSpec, tolerance: float
) -> FloatArray:
    try:
        found = MEANS[spec.method].score(below, weights, spec.params, tolerance)
    except EngineError as error:
        child = hierarchy.codes[int(group.children[error.data["child"]])]
        text = f"{child!r} below {group.code!r}, row {error.data['row'] + 1}: {error.message}"
        raise EngineError(error.code, text, {**error.data, "child": child, "node": group.code}) from None
    if spec.coverage > 0:
        found = np.where(coverage(below, weights) < spec.coverage, np.nan, found)
    return found


def coverage(below: FloatArray, weights: FloatArray) -> FloatArray:
    """Share, by number, of the children with a weight that are present: (units,)."""
    counted = weights > 0
    return np.asarray((~np.isnan(below[:, counted])).mean(axis=1))

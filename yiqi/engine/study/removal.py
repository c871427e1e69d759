"""What single elements do to the places: each taken out in turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yiqi.engine.ground.arrays import FloatArray, IntArray, frozen
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.ranking import mean_shift, rank_columns
from yiqi.engine.run.aggregate import aggregate
from yiqi.engine.run.index import IndexResult
from yiqi.engine.scheme.hierarchy import Hierarchy


@dataclass(frozen=True, eq=False)
class Removal:
    """Scores and places with each element taken out, closed to writing.

    ``elements`` (k): what was taken out; ``scores`` (units, k + 1), ``ranks`` (units, k + 1): first as it is, then
    without each; ``mean_shift`` (k + 1,): mean absolute change of place, 0 first.
    """

    units: tuple[str, ...]
    node: str
    elements: tuple[str, ...]
    scores: FloatArray
    ranks: IntArray
    mean_shift: FloatArray


def remove_elements(
    result: IndexResult, level: int | None = None, codes: Sequence[str] = (), node: str = ""
) -> Removal:
    """Take out each element of a ``level``, or each of ``codes``: its weight becomes 0 and its siblings share it.

    An aggregate left without any weighed child has no score and drops out of its parent likewise. ``node``: whose
    places are looked at (the root without it). Errors: ``no_elements``, ``unknown_node``, ``nothing_left`` (without the
    element nobody has a score), ``not_below`` (the element is not below the node).
    """
    hierarchy = result.hierarchy
    node = node or hierarchy.root
    column = hierarchy.places[hierarchy.node(node).code]
    elements = _elements(hierarchy, level, codes, node)
    weights = np.vstack([_stated(result)] * (len(elements) + 1))
    for row, code in enumerate(elements, start=1):
        weights[row, hierarchy.places[code]] = 0.0
    scores = _scores(result, weights, column)
    for row, code in enumerate(elements, start=1):
        if np.isnan(scores[:, row]).all():
            text = f"without {code!r} nobody has a score of {node!r}: it holds all the weight"
            raise EngineError("nothing_left", text, {"node": node, "element": code})
    turned = scores * hierarchy.node(node).direction
    ranks = rank_columns(turned, result.scheme.ties, result.scheme.tolerance)
    shift = mean_shift(ranks[:, 0], ranks.T)
    return Removal(result.units, node, elements, frozen(scores), frozen(ranks), frozen(shift))


def _elements(hierarchy: Hierarchy, level: int | None, codes: Sequence[str], node: str) -> tuple[str, ...]:
    found = tuple(codes)
    if level is not None:
        if isinstance(level, bool) or not isinstance(level, int) or not 1 <= level <= len(hierarchy.levels):
            text = f"level must be from 1 to {len(hierarchy.levels)}, not {level!r}"
            raise EngineError("level_invalid", text, {"level": repr(level)})
        found = tuple(
            code for code in hierarchy.levels[level - 1] if code not in found and node in _above(hierarchy, code)
        )
        found = tuple(codes) + found
    for code in found:
        if node not in _above(hierarchy, code):
            text = f"{code!r} is not below {node!r}: taking it out changes nothing there"
            raise EngineError("not_below", text, {"element": code, "node": node})
    if not found:
        raise EngineError("no_elements", f"there is nothing below {node!r} to take out: name a level or codes")
    return found


def _above(hierarchy: Hierarchy, code: str) -> tuple[str, ...]:
    return hierarchy.path(code)[1:]


def _stated(result: IndexResult) -> FloatArray:
    """The weights that hold: 1 each in a group whose weights are all 0 under the policy ``equal``."""
    weights = result.hierarchy.weights.copy()
    for code in result.hierarchy.aggregates if result.scheme.steps.zero_weights == "equal" else ():
        below = [result.hierarchy.places[child] for child in result.hierarchy.children(code)]
        if not weights[below].any():
            weights[below] = 1.0
    return weights


def _scores(result: IndexResult, weights: FloatArray, column: int) -> FloatArray:
    """Scores (units, rows of weights) of one aggregate or indicator; a group without weight is missing."""
    hierarchy, indicators = result.hierarchy, len(result.hierarchy.indicators)
    found = np.empty((len(result.units), len(weights)))
    for row, own in enumerate(weights):
        scores = aggregate(
            hierarchy,
            result.normalised,
            result.specs,
            weights=own,
            zero_weights="missing",
            mirror=result.mirror,
            tolerance=result.scheme.tolerance,
        )
        found[:, row] = result.normalised[:, column] if column < indicators else scores[:, column - indicators]
    return found

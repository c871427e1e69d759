"""What single elements do to the places: each taken out in turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yiqi.engine.arrays import BoolArray, FloatArray, IntArray, frozen
from yiqi.engine.errors import EngineError
from yiqi.engine.index.aggregate import weights_of
from yiqi.engine.index.hierarchy import Hierarchy
from yiqi.engine.index.pipeline import mirror_of
from yiqi.engine.index.result import IndexResult
from yiqi.engine.uncertainty.aggregation import Aggregation
from yiqi.engine.uncertainty.places import mean_shift, place_rows


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
    column = hierarchy.codes.index(hierarchy.node(node).code)
    elements = _elements(hierarchy, level, codes, node)
    weights = np.vstack([_stated(result)] * (len(elements) + 1))
    places = {code: number for number, code in enumerate(hierarchy.codes)}
    for row, code in enumerate(elements, start=1):
        weights[row, places[code]] = 0.0
    scores = _scores(result, weights, column)
    for row, code in enumerate(elements, start=1):
        if np.isnan(scores[row]).all():
            text = f"without {code!r} nobody has a score of {node!r}: it holds all the weight"
            raise EngineError("nothing_left", text, {"node": node, "element": code})
    ranks = place_rows(scores * hierarchy.node(node).direction, result.plan.ties, result.plan.tolerance)
    shift = mean_shift(ranks[0], ranks)
    ranks_out = np.ascontiguousarray(ranks.T, dtype=np.int64)
    scores_out = np.ascontiguousarray(scores.T)
    return Removal(result.units, node, elements, frozen(scores_out), frozen(ranks_out), frozen(shift))


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
    weights = weights_of(result.hierarchy)
    places = {code: number for number, code in enumerate(result.hierarchy.codes)}
    for code in result.hierarchy.aggregates if result.plan.zero_weights == "equal" else ():
        below = [places[child] for child in result.hierarchy.children(code)]
        if not weights[below].any():
            weights[below] = 1.0
    return weights


def _scores(result: IndexResult, weights: FloatArray, column: int) -> FloatArray:
    """Scores (rows of weights, units) of one aggregate; a group without weight is missing."""
    varied: BoolArray = (weights != weights[0]).any(axis=0)
    specs, mirror = result.plan.specs(result.hierarchy), mirror_of(result.plan.normalise)
    adding = Aggregation.of(result.hierarchy, specs, "missing", mirror, varied, result.plan.tolerance)
    found = adding.finish(adding.begin(result.normalised, weights[0]), weights)
    for error in found.wrong.values():
        raise error
    return np.array(np.broadcast_to(found.column(column), (len(weights), len(result.units))))

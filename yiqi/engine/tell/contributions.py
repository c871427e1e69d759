"""What each element contributes to a score, so that the contributions add up to it exactly.

- Arithmetic mean: share of the weight × value, down to the indicators.
- Other means: the contributions of the arithmetic mean of the same values, and one item ``balance``: what the method
  takes away (exponents below 1) or adds (above 1) because the values differ. It is the difference, assigned.
- Net flow: the criterion's share in each pair, +1 where the unit is better, −1 where it is worse. Exact without rest.
- Copeland: the net flow of the pairs (not divided by their number), and one item ``majority``: what counting won and
  lost pairs adds to it. It is the difference, assigned.
- An aggregate of direction −1 enters as mirror − score: one item ``mirror`` and the items below it with the other sign.

The last binary digit: sums by ``math.fsum`` are correctly rounded, the scores' kernels are not. What rounding leaves is
added to the greatest contribution (or, if no single one can take it, kept as an item ``rounding``).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.run.aggregate import balanced, mirrored
from yiqi.engine.run.index import IndexResult
from yiqi.engine.scheme.methods import MEANS
from yiqi.engine.scheme.methods.outrank import UNITY, classes


@dataclass(frozen=True)
class Contribution:
    """``points`` of the score that come from an element.

    ``kind``: ``value`` (an indicator, or an aggregate as a criterion of pairs), ``balance``, ``majority``, ``mirror``,
    ``rounding``. ``weight``: share of the score's weight after missing siblings dropped out (negative below a turned
    aggregate); ``value``: normalised value or score, None for the kinds that have none.
    """

    code: str
    kind: str
    points: float
    weight: float
    value: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"code": self.code, "kind": self.kind, "points": self.points, "weight": self.weight, "value": self.value}


def contributions(result: IndexResult, row: int, code: str, *, deep: bool = True) -> tuple[Contribution, ...]:
    """Items that add up by ``math.fsum`` to the score of ``code`` for one row, exactly; none where there is no score.

    ``deep``: down to the indicators; otherwise only the direct children.
    """
    score = _value(result, row, code)
    if math.isnan(score):
        return ()
    return exact(tuple(_items(result, row, code, deep)), score, code)


def _value(result: IndexResult, row: int, code: str) -> float:
    """Normalised value or score of one unit."""
    return float(result.cells[row, result.hierarchy.places[code]])


def _items(result: IndexResult, row: int, code: str, deep: bool) -> Iterator[Contribution]:
    if not result.hierarchy.children(code):
        value = _value(result, row, code)
        yield Contribution(code, "value", value, 1.0, value)
        return
    spec = result.specs[code]
    yield from (_of_pairs if spec.power is None else _of_mean)(result, row, code, deep)


def _of_mean(result: IndexResult, row: int, code: str, deep: bool) -> Iterator[Contribution]:
    shares = _shares(result, row, code)
    parts: list[float] = []
    for child, share in shares.items():
        for item in _entering(result, row, child, deep):
            points = item.points * share
            parts.append(points)
            yield replace(item, points=points, weight=item.weight * share)
    if result.specs[code].power != 1.0:
        rest = _value(result, row, code) - math.fsum(parts)
        yield Contribution(code, "balance", rest, 0.0)


def _entering(result: IndexResult, row: int, child: str, deep: bool) -> Iterator[Contribution]:
    """Items of a child as its parent sees it."""
    node, tree = result.hierarchy.node(child), result.hierarchy
    leaf = not tree.children(child)
    turned = node.direction < 0 and not leaf
    seen = _seen(result, child)[row]
    if leaf or not deep:
        yield Contribution(child, "value", float(seen), 1.0, float(seen))
        return
    sign = -1.0 if turned else 1.0
    if turned:
        yield Contribution(child, "mirror", float(seen) + _value(result, row, child), 0.0)
    for item in _items(result, row, child, deep):
        yield replace(item, points=sign * item.points, weight=sign * item.weight)


def _seen(result: IndexResult, child: str) -> FloatArray:
    """A child's column as its parent sees it."""
    cells: FloatArray = result.cells[:, result.hierarchy.places[child]]
    tree = result.hierarchy
    if tree.node(child).direction > 0 or not tree.children(child):
        return cells
    return mirrored(cells, result.specs[child], result.mirror)


def _of_pairs(result: IndexResult, row: int, code: str, deep: bool) -> Iterator[Contribution]:
    children = result.hierarchy.children(code)
    weights = _weights(result, code)
    below = np.stack([_seen(result, child) for child in children], axis=1)
    judged = classes(below, result.scheme.tolerance, UNITY)
    lead = np.sign(judged[row] - judged)  # (units, children): +1 where this unit is better; nan where one is missing
    lead[row] = np.nan
    common = np.where(np.isnan(lead), 0.0, weights)
    total = common.sum(axis=1, keepdims=True)
    flow = (np.where(np.isnan(lead), 0.0, lead) * common / np.where(total > 0, total, 1.0)).sum(axis=0)
    copeland = MEANS[result.specs[code].method].rest == "majority"
    points = flow if copeland else flow / max(len(below) - 1, 1)
    shares = weights / weights.sum()
    for child, part, share, value in zip(children, points.tolist(), shares.tolist(), below[row].tolist(), strict=True):
        if share > 0 and not math.isnan(value):
            yield Contribution(child, "value", part, share, value)
    if copeland:
        yield Contribution(code, "majority", _value(result, row, code) - math.fsum(points.tolist()), 0.0)


def _weights(result: IndexResult, code: str) -> FloatArray:
    """Weights of the children, by the policy where they are all 0."""
    own = np.array([result.hierarchy.node(child).weight for child in result.hierarchy.children(code)])
    found = balanced(own)
    return np.ones(len(own)) if found is None else found


def _shares(result: IndexResult, row: int, code: str) -> dict[str, float]:
    """Child -> share of the weight, of the children that one unit has."""
    children, weights = result.hierarchy.children(code), _weights(result, code)
    there = [
        (child, weight)
        for child, weight in zip(children, weights.tolist(), strict=True)
        if weight > 0 and not math.isnan(_value(result, row, child))
    ]
    total = math.fsum(weight for _, weight in there)
    return {child: weight / total for child, weight in there}


def exact(items: Sequence[Contribution], score: float, code: str) -> tuple[Contribution, ...]:
    """The items with the last digit put right, so that ``math.fsum`` of their points is the score bit for bit."""
    found = list(items)
    for place in sorted(range(len(found)), key=lambda place: -abs(found[place].points)):
        rest = math.fsum([score, *(-item.points for item in found)])
        if rest == 0.0:
            return tuple(found)
        tried = list(found)
        tried[place] = replace(tried[place], points=tried[place].points + rest)
        if math.fsum(item.points for item in tried) == score:
            return tuple(tried)
    rest = math.fsum([score, *(-item.points for item in found)])
    return (*found, Contribution(code, "rounding", rest, 0.0))

"""Scores of every aggregate for many draws of weights at once.

The formulas of ``run.aggregate``, with one dimension more. What no draw changes is worked out once: an element is
fixed, one row of ``(elements, units)``, until the weights of an aggregate differ between draws; from there up it is
``(draws, units)``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.products import product
from yiqi.engine.scheme.hierarchy import Group, Hierarchy
from yiqi.engine.scheme.index import IndexScheme
from yiqi.engine.scheme.methods import MEANS
from yiqi.engine.scheme.methods.power_mean import restored, transformed
from yiqi.engine.scheme.steps import AggregateSpec


class Below(NamedTuple):
    """Children of an aggregate: ``same`` (k, units) alike in every draw, ``drawn`` (draws, units) each; ``order``: the
    numbers of the children, the same ones first; ``weights`` (draws or 1, children) in that order."""

    same: FloatArray
    drawn: list[FloatArray]
    order: list[int]
    weights: FloatArray

    @property
    def draws(self) -> int:
        return max([len(self.weights), *(len(cells) for cells in self.drawn)])


@dataclass(eq=False)
class DrawnScores:
    """Elements as numbers in ``Hierarchy.codes``. ``fixed`` (elements, units), rows of ``drawn`` elements unset;
    ``wrong``: draws that failed, and why; −1 stands for every draw."""

    fixed: FloatArray
    drawn: dict[int, FloatArray] = field(default_factory=dict)
    wrong: dict[int, EngineError] = field(default_factory=dict)

    def column(self, number: int) -> FloatArray:
        """Scores of an element: (units,) or (draws, units)."""
        return self.drawn[number] if number in self.drawn else np.asarray(self.fixed[number])


@dataclass(frozen=True, eq=False)
class Aggregation:
    """A scheme whose tree is ready to be added up many times. ``varied`` (elements,): whose weight differs between
    draws."""

    scheme: IndexScheme
    varied: BoolArray

    @property
    def hierarchy(self) -> Hierarchy:
        """The tree."""
        return self.scheme.hierarchy

    @cached_property
    def _parts(self) -> tuple[list[int], list[int]]:
        """Numbers of the groups that no draw changes, and of the others, each bottom up."""
        indicators = len(self.hierarchy.indicators)
        moving: set[int] = set()
        for number, group in enumerate(self.hierarchy.groups):
            if self.varied[group.children].any() or moving.intersection(group.children.tolist()):
                moving.add(indicators + number)
        numbers = range(len(self.hierarchy.groups))
        return [n for n in numbers if indicators + n not in moving], [n for n in numbers if indicators + n in moving]

    def begin(self, normalised: FloatArray, weights: FloatArray) -> DrawnScores:
        """What no draw changes. ``normalised`` (units, indicators), ``weights`` (elements,) as ``hierarchy.codes``."""
        indicators = len(self.hierarchy.indicators)
        fixed = np.empty((len(self.hierarchy.codes), len(normalised)))
        fixed[:indicators] = normalised.T
        found = DrawnScores(fixed)
        for number in self._parts[0]:
            fixed[indicators + number] = self._score(number, found, weights[None, :])[0]
        return found

    def finish(self, begun: DrawnScores, weights: FloatArray) -> DrawnScores:
        """The rest, for ``weights`` (draws, elements). A draw that a method refuses is named in ``wrong``."""
        found = DrawnScores(begun.fixed, {}, dict(begun.wrong))
        indicators = len(self.hierarchy.indicators)
        for number in self._parts[1]:
            found.drawn[indicators + number] = self._score(number, found, weights)
        return found

    def _score(self, number: int, found: DrawnScores, weights: FloatArray) -> FloatArray:
        group = self.hierarchy.groups[number]
        below = self._below(group, found, weights[:, group.children])
        if not (below.weights > 0).any(axis=1).all():
            below = self._no_weights(group, below, found.wrong)
        spec = self.scheme.specs[group.code]
        if spec.power is None:
            scores = _pairwise(spec, below, self.scheme.tolerance)
        else:
            self._check(group, below, spec.power, found.wrong)
            scores = _power_mean(below, spec.power)
        if spec.coverage > 0:
            scores = np.where(_coverage(below) < spec.coverage, np.nan, scores)
        return scores

    def _below(self, group: Group, found: DrawnScores, weights: FloatArray) -> Below:
        numbers = group.children.tolist()
        same = [place for place, child in enumerate(numbers) if child not in found.drawn]
        moving = [place for place, child in enumerate(numbers) if child in found.drawn]
        cells = found.fixed[group.children[same]]
        drawn = [found.drawn[numbers[place]] for place in moving]
        for child in group.turned.tolist():
            if child in found.drawn:
                place = moving.index(numbers.index(child))
                drawn[place] = self._turned(child, drawn[place])
            else:
                place = same.index(numbers.index(child))
                cells[place] = self._turned(child, cells[place])
        order = same + moving
        return Below(cells, drawn, order, weights[:, order])

    def _turned(self, child: int, cells: FloatArray) -> FloatArray:
        """An aggregate of direction −1 as it enters its parent: on the same scale, better become worse."""
        pairwise = self.scheme.specs[self.hierarchy.codes[child]].power is None
        mirror = self.scheme.steps.normalise.mirror
        if mirror is not None and not pairwise:
            return mirror - cells
        known = ~np.isnan(cells)
        low = np.where(known, cells, np.inf).min(axis=-1, keepdims=True)
        high = np.where(known, cells, -np.inf).max(axis=-1, keepdims=True)
        with np.errstate(invalid="ignore"):  # no unit is known: every cell stays missing
            return np.where(known, low + high - cells, np.nan)

    def _no_weights(self, group: Group, below: Below, wrong: dict[int, EngineError]) -> Below:
        """The policy for a group whose weights are all 0 in some draws."""
        empty: BoolArray = np.equal(np.count_nonzero(below.weights > 0, axis=1), 0)
        if self.scheme.steps.zero_weights == "equal":
            return below._replace(weights=np.where(empty[:, None], 1.0, below.weights))
        if self.scheme.steps.zero_weights == "error":
            text = (
                f"the weights below {group.code!r} sum to 0; set one above 0, or zero_weights to 'missing' or 'equal'"
            )
            _note(wrong, empty, below.draws, EngineError("weights_sum_zero", text, {"node": group.code}))
        return below

    def _check(self, group: Group, below: Below, power: float, wrong: dict[int, EngineError]) -> None:
        """Name the draws in which a cell that counts is outside the domain of the mean."""
        if power == 1:
            return
        for place, cells in enumerate((*below.same, *below.drawn)) if _any_outside(below, power) else ():
            outside = _outside(cells, power)
            if not outside.any():
                continue
            hit = outside.any(axis=-1) & (below.weights[:, place] > 0)
            row, number = int(np.argwhere(outside)[0][-1]), int(group.children[below.order[place]])
            child, need = self.hierarchy.codes[number], "0 or more" if power > 0 else "above 0"
            text = f"{child!r} below {group.code!r}: a mean of exponent {power:g} needs values {need}"
            data = {"node": group.code, "child": child, "row": row}
            _note(wrong, hit, below.draws, EngineError("not_positive", text, data))


def _any_outside(below: Below, power: float) -> bool:
    return any(bool(_outside(cells, power).any()) for cells in (below.same, *below.drawn))


def _outside(cells: FloatArray, power: float) -> BoolArray:
    return np.asarray(cells < 0 if power > 0 else cells <= 0)


def _note(wrong: dict[int, EngineError], hit: BoolArray, draws: int, error: EngineError) -> None:
    """Keep the first error of each draw."""
    numbers: IntArray = np.flatnonzero(np.broadcast_to(hit, (draws,)))
    every = len(numbers) == draws and draws == 1
    for number in [-1] if every else numbers.tolist():
        wrong.setdefault(number, error)


def _power_mean(below: Below, power: float) -> FloatArray:
    """(Σ w·x^p / Σ w)^(1/p), missing cells dropped -> (draws or 1, units)."""
    same = transformed(below.same, power)
    drawn = [transformed(cells.copy() if power != 1 else cells, power) for cells in below.drawn]
    gaps = [np.isnan(cells) for cells in (same, *drawn)]
    if any(gap.any() for gap in gaps):
        there = [np.where(gap, 0.0, 1.0) for gap in gaps]
        total = _summed(there[0], there[1:], below.weights)
        filled = [np.where(gap, 0.0, cells) for gap, cells in zip(gaps, (same, *drawn), strict=True)]
        summed = _summed(filled[0], filled[1:], below.weights)
    else:
        total = below.weights.sum(axis=1, keepdims=True)
        summed = _summed(same, drawn, below.weights)
    some = np.broadcast_to(total > 0, summed.shape)
    return restored(np.divide(summed, total, out=np.full(summed.shape, np.nan), where=some), power)


def _summed(same: FloatArray, drawn: list[FloatArray], weights: FloatArray) -> FloatArray:
    """Σ w·x: one matrix product for what is the same in every draw, the others one by one."""
    found = product(weights[:, : len(same)], same)
    for number, cells in enumerate(drawn, start=len(same)):
        found = found + weights[:, number, None] * cells
    return found


def _coverage(below: Below) -> FloatArray:
    """Share, by number, of the children with a weight that are present (draws, units)."""
    counted = (below.weights > 0).astype(np.float64)
    there = [np.where(np.isnan(cells), 0.0, 1.0) for cells in (below.same, *below.drawn)]
    number = counted.sum(axis=1, keepdims=True)
    return _summed(there[0], there[1:], counted) / np.where(number > 0, number, 1.0)


def _pairwise(spec: AggregateSpec, below: Below, tolerance: float) -> FloatArray:
    """Methods that compare units in pairs, draw by draw."""
    method, found = MEANS[spec.method], []
    for draw in range(below.draws):
        cells = np.stack([*below.same, *(cells[draw] for cells in below.drawn)], axis=1)
        own = below.weights[min(draw, len(below.weights) - 1)]
        found.append(method.score(cells, own, spec.params, tolerance))
    return np.stack(found)

"""What the optimiser asks: correlations of elements with the index, for any weights of theirs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from yiqi.engine.ground.arrays import FloatArray, IntArray
from yiqi.engine.ground.checks import known, whole
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.run.aggregate import aggregate
from yiqi.engine.scheme.hierarchy import Hierarchy
from yiqi.engine.scheme.index import resolve
from yiqi.engine.scheme.steps import AggregateSpec
from yiqi.engine.study.statistics.correlation import pearson
from yiqi.engine.study.weights.facts import stated_shares

FEWEST = 3

Specs = AggregateSpec | Sequence[AggregateSpec] | Mapping[str, AggregateSpec] | None


def elements_of(hierarchy: Hierarchy, level: int | None, elements: Sequence[str] | None) -> tuple[str, ...]:
    """The elements whose weights are sought: those given, or all of a level.

    Errors: ``option_invalid`` (no such level, or both given), ``unknown_node``, ``elements_nested``,
    ``too_few_columns``.
    """
    if (level is None) == (elements is None):
        raise EngineError("option_invalid", "give either a level or the elements", {"option": "level"})
    if elements is None:
        if whole("level", level, 1) >= len(hierarchy.levels):
            text = f"level must be from 1 to {len(hierarchy.levels) - 1}, not {level}"
            raise EngineError("option_invalid", text, {"option": "level", "value": repr(level)})
        elements = hierarchy.levels[whole("level", level) - 1]
    chosen = tuple(dict.fromkeys(hierarchy.node(code).code for code in elements))
    for code in chosen:
        above = next((each for each in hierarchy.path(code)[1:] if each in chosen), None)
        if above:
            text = f"{code!r} is part of {above!r}: choose elements that do not contain one another"
            raise EngineError("elements_nested", text, {"node": code, "above": above})
    if len(chosen) < 2:
        raise EngineError("too_few_columns", "there is nothing to weigh: give two elements or more", {})
    return chosen


@dataclass(frozen=True, eq=False)
class Problem:
    """``columns`` (units, k): scores of the elements, turned where their direction is −1; they do not depend on the
    weights sought. ``linear``: the index is a weighted sum of complete columns, so that covariances suffice.
    """

    hierarchy: Hierarchy
    normalised: FloatArray
    specs: Mapping[str, AggregateSpec]
    elements: tuple[str, ...]
    mirror: float | None

    @cached_property
    def places(self) -> IntArray:
        """Numbers of the elements in ``hierarchy.codes``."""
        return np.array([self.hierarchy.places[code] for code in self.elements])

    @cached_property
    def all_columns(self) -> FloatArray:
        """Every element of the tree, with the weights as stated (units, codes); aggregates of −1 turned."""
        scores = aggregate(self.hierarchy, self.normalised, self.specs, mirror=self.mirror)
        signs = [float(self.hierarchy.node(code).direction) for code in self.hierarchy.aggregates]
        return np.hstack([self.normalised, scores * np.array(signs)])

    @cached_property
    def columns(self) -> FloatArray:
        """Scores of the elements (units, k)."""
        return self.all_columns[:, self.places]

    @cached_property
    def groups(self) -> tuple[IntArray, ...]:
        """Numbers among the elements of those that are each other's only siblings: their common scale is free."""
        found = []
        for above in self.hierarchy.aggregates:
            below = self.hierarchy.children(above)
            if all(code in self.elements for code in below):
                found.append(np.array([self.elements.index(code) for code in below]))
        return tuple(found)

    @cached_property
    def above(self) -> tuple[str, ...]:
        """Aggregates that hold elements, top down: those through which the weights act."""
        holding = {above for code in self.elements for above in self.hierarchy.path(code)[1:]}
        return tuple(code for code in reversed(self.hierarchy.aggregates) if code in holding)

    @cached_property
    def cut(self) -> IntArray:
        """Numbers of the elements and of what stands beside them: the terms whose weighted sum is the index."""
        terms = [code for above in self.above for code in self.hierarchy.children(above) if code not in self.above]
        return np.array([self.hierarchy.places[code] for code in terms])

    @cached_property
    def linear(self) -> bool:
        means = all(self.specs[code].power == 1.0 for code in self.above)
        return means and bool(known(self.all_columns[:, self.cut]).all())

    @cached_property
    def _covariances(self) -> tuple[FloatArray, FloatArray]:
        """Covariances of elements with terms (k, cut) in units of the elements' sd, and of terms (cut, cut)."""
        terms = self.all_columns[:, self.cut]
        centred = terms - terms.mean(axis=0)
        columns = self.columns - self.columns.mean(axis=0)
        length = np.sqrt((columns * columns).sum(axis=0))
        return (columns / length).T @ centred, centred.T @ centred

    @cached_property
    def _branches(self) -> tuple[tuple[int, IntArray, float], ...]:
        """Each of ``above``: its number in the codes, those of its children, −1 if it is turned in its parent."""
        place, found = self.hierarchy.places, []
        for code in self.above:
            children = np.array([place[child] for child in self.hierarchy.children(code)])
            turned = code != self.hierarchy.root and self.hierarchy.node(code).direction < 0
            found.append((place[code], children, -1.0 if turned else 1.0))
        return tuple(found)

    def effective(self, weights: FloatArray) -> FloatArray:
        """Weights of the terms in the index for rows of weights of the elements: (b, k) -> (b, cut)."""
        full = np.tile(self.hierarchy.weights, (len(weights), 1))
        full[:, self.places] = weights
        return self._effective_of_all(full)[:, self.cut]

    def _effective_of_all(self, full: FloatArray) -> FloatArray:
        """Effective weights, turned where it is due, for rows of weights of all codes; 1 for the root."""
        found = np.ones_like(full)
        for code, children, turned in self._branches:
            share = full[:, children] / full[:, children].sum(axis=1, keepdims=True)
            found[:, children] = found[:, [code]] * turned * share
        return found

    def correlations(self, weights: FloatArray) -> FloatArray:
        """Pearson's r of each element with the index, for rows of weights: (b, k) -> (b, k)."""
        if not self.linear:
            return np.array([self._by_scores(row) for row in weights])
        cross, inner = self._covariances
        parts = self.effective(weights)
        length = np.sqrt(np.einsum("bi,ij,bj->b", parts, inner, parts))
        found: FloatArray = (parts @ cross.T) / length[:, np.newaxis]
        return found

    def jacobian(self, weights: FloatArray) -> FloatArray:
        """Derivatives of the correlations by the weights (k,) of a linear problem -> (k, k)."""
        cross, inner = self._covariances
        parts = self.effective(weights[np.newaxis])[0]
        pull = inner @ parts
        length = math.sqrt(float(parts @ pull))
        return self._backwards(weights, cross / length - np.outer(cross @ parts, pull) / length**3)

    def slope_of_sum(self, weights: FloatArray) -> FloatArray:
        """Derivatives of the sum of the correlations by the weights (k,) of a linear problem -> (k,)."""
        cross, inner = self._covariances
        parts, total = self.effective(weights[np.newaxis])[0], cross.sum(axis=0)
        pull = inner @ parts
        length = math.sqrt(float(parts @ pull))
        by_parts = total / length - (total @ parts) * pull / length**3
        return self._backwards(weights, by_parts[np.newaxis]).ravel()

    def _backwards(self, weights: FloatArray, by_parts: FloatArray) -> FloatArray:
        """Derivatives by the weights (b, k), of what has the derivatives ``by_parts`` (b, cut) by the terms.

        From the terms up to the root: with v a child's effective weight, u its parent's and s its share, v = ±us.
        """
        full = self.hierarchy.weights.copy()
        full[self.places] = weights
        values = self._effective_of_all(full[np.newaxis])[0]
        by_value = np.zeros((len(by_parts), len(full)))
        by_value[:, self.cut] = by_parts
        by_weight = np.zeros_like(by_value)
        for code, children, turned in reversed(self._branches):
            total = full[children].sum()
            share, below = full[children] / total, by_value[:, children] * turned
            by_value[:, code] = below @ share
            by_weight[:, children] = values[code] * (below - by_value[:, [code]]) / total
        found: FloatArray = by_weight[:, self.places]
        return found

    def _by_scores(self, weights: FloatArray) -> FloatArray:
        full = self.hierarchy.weights.copy()
        full[self.places] = weights
        scores = aggregate(
            self.hierarchy,
            self.normalised,
            self.specs,
            weights=full,
            zero_weights="missing",
            mirror=self.mirror,
        )
        index = scores[:, self.hierarchy.aggregates.index(self.hierarchy.root)]
        both = known(self.columns) & known(index)[:, np.newaxis]
        found = np.full(len(self.elements), np.nan)
        for number, rows in enumerate(both.T):
            if rows.sum() >= FEWEST:
                found[number] = pearson(self.columns[rows, number, np.newaxis], index[rows, np.newaxis])[0, 0]
        return found


def problem_of(
    hierarchy: Hierarchy, normalised: FloatArray, elements: tuple[str, ...], specs: Specs, mirror: float | None
) -> Problem:
    """A checked problem. Errors: ``too_few_units`` (an element known in fewer than 3), ``no_variance``,
    ``weights_sum_zero`` (of a group whose weights are not sought).
    """
    hierarchy = hierarchy.with_weights({code: hierarchy.node(code).weight or 1.0 for code in elements})
    stated_shares(hierarchy)
    chosen = specs if isinstance(specs, Mapping) else resolve(hierarchy, specs or AggregateSpec())
    problem = Problem(hierarchy, normalised, chosen, elements, mirror)
    for number, code in enumerate(elements):
        column = problem.columns[:, number]
        cells = column[known(column)]
        if len(cells) < FEWEST:
            text = f"{code!r} is known in {len(cells)} units; correlations need {FEWEST}"
            raise EngineError("too_few_units", text, {"node": code, "units": len(cells)})
        if cells.min() == cells.max():
            text = f"{code!r} does not vary, so it has no correlation with the index; leave it out of the elements"
            raise EngineError("no_variance", text, {"node": code})
    return problem

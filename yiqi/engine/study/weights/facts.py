"""What a weight says and what it does: stated share, effective weight, and the importance that shows in the scores.

Source: OECD/JRC handbook (2008), section 6; Paruolo, Saisana and Saltelli (2013), ratings and rankings: voodoo or
science? (importance as the squared correlation with the score above).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.ground.checks import choice, finite, known
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.notice import Notice
from yiqi.engine.scheme.hierarchy import Hierarchy
from yiqi.engine.scheme.index import ZERO_WEIGHTS
from yiqi.engine.study.statistics.correlation import FEWEST, pearson


def stated_shares(hierarchy: Hierarchy, zero_weights: str = "error") -> dict[str, float]:
    """Weight of each element as a part of its siblings' weights, 1 for the root.

    A group whose weights are all 0 is an error ``weights_sum_zero``, has no weight (``missing``: nan), or is weighted
    ``equal``, as in ``Steps``.
    """
    choice("zero_weights", zero_weights, ZERO_WEIGHTS)
    shares = {hierarchy.root: 1.0}
    for above in hierarchy.aggregates:
        below = hierarchy.children(above)
        own = np.array([hierarchy.node(code).weight for code in below])
        if own.sum() == 0:
            if zero_weights == "error":
                text = f"the weights below {above!r} sum to 0; set one of them above 0"
                raise EngineError("weights_sum_zero", text, {"node": above})
            own = np.full(len(below), 1.0 if zero_weights == "equal" else np.nan)
        shares |= dict(zip(below, (own / own.sum()).tolist(), strict=True))
    return shares


def effective_weights(hierarchy: Hierarchy, zero_weights: str = "error") -> dict[str, float]:
    """Product of the shares from each element up to the root: what a point of it adds to an arithmetic mean.

    On every cut through the tree they sum to 1. In the order of ``hierarchy.codes``. Errors: ``weights_sum_zero``.
    """
    shares = stated_shares(hierarchy, zero_weights)
    found: dict[str, float] = {hierarchy.root: 1.0}
    for above in reversed(hierarchy.aggregates):
        for code in hierarchy.children(above):
            found[code] = found[above] * shares[code]
    return {code: found[code] for code in hierarchy.codes}


@dataclass(frozen=True)
class WeightFact:
    """One element. ``stated``: share among its siblings; ``effective``: product of shares up to the root.

    ``r_parent``, ``r_index``: Pearson's r with the scores above (of direction −1 turned). ``importance``: r_parent² as
    a part of the siblings'. ``contribution``: stated·cov(element, parent) as a part of the siblings', the part of the
    variance of a weighted sum that comes from the element; it can be negative. nan where nothing varies.
    """

    code: str
    parent: str
    stated: float
    effective: float
    r_parent: float
    r_index: float
    importance: float
    contribution: float

    @property
    def ratio(self) -> float:
        """Importance over stated share: 1 = the weight does what it says; nan for a weight of 0."""
        return self.importance / self.stated if self.stated > 0 else float("nan")


def weight_facts(
    hierarchy: Hierarchy, normalised: FloatArray, scores: FloatArray, zero_weights: str = "error"
) -> tuple[WeightFact, ...]:
    """Facts of every element but the root, in the order of ``hierarchy.codes``.

    ``normalised`` (units, indicators) and ``scores`` (units, aggregates) as ``hierarchy.indicators`` and
    ``.aggregates``. Errors: ``weights_sum_zero``.
    """
    shares, effective = stated_shares(hierarchy, zero_weights), effective_weights(hierarchy, zero_weights)
    place = hierarchy.places
    plain = np.hstack([normalised, scores])
    back = [code for code in hierarchy.aggregates if hierarchy.node(code).direction < 0]
    turned = plain.copy() if back else plain
    turned[:, [place[code] for code in back]] *= -1.0  # as they enter the score above
    r_index = _relations(turned, plain[:, place[hierarchy.root]])[0]
    facts: dict[str, WeightFact] = {}
    for above in hierarchy.aggregates:
        below = hierarchy.children(above)
        columns = turned[:, [place[code] for code in below]]
        r_parent, covariances = _relations(columns, plain[:, place[above]])
        importance = _parts(r_parent * r_parent)
        contribution = _parts(np.array([shares[code] for code in below]) * covariances)
        for code, *measures in zip(below, r_parent.tolist(), importance, contribution, strict=True):
            r = float(r_index[place[code]])
            facts[code] = WeightFact(code, above, shares[code], effective[code], measures[0], r, *measures[1:])
    return tuple(facts[code] for code in hierarchy.codes if code in facts)


def _relations(columns: FloatArray, above: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Pearson's r and covariance (k,) of columns (u, k) with a score (u,), each over the units that have both.

    nan for fewer than 3; r nan for a constant.
    """
    rows = known(above)
    columns, above = (columns, above) if rows.all() else (columns[rows], above[rows])
    there = known(columns)
    r, covariance = np.full(columns.shape[1], np.nan), np.full(columns.shape[1], np.nan)
    complete = there.all(axis=0)
    if complete.any() and len(above) >= FEWEST:
        chosen = columns if complete.all() else columns[:, complete]
        r[complete], covariance[complete] = _measures(chosen, above)
    for number in np.flatnonzero(~complete & (there.sum(axis=0) >= FEWEST)):
        both = there[:, number]
        (r[number],), (covariance[number],) = _measures(columns[both, number, np.newaxis], above[both])
    return r, covariance


def _measures(columns: FloatArray, above: FloatArray) -> tuple[FloatArray, FloatArray]:
    r = pearson(columns, above[:, np.newaxis])[:, 0]
    return r, r * columns.std(axis=0, ddof=1) * above.std(ddof=1)


def _parts(amounts: FloatArray) -> list[float]:
    """Each as a part of the sum of those that are known; nan where that is 0."""
    total = float(np.nansum(amounts))
    parts: list[float] = (amounts / total).tolist() if total != 0 else [float("nan")] * len(amounts)
    return parts


def weight_notices(
    facts: Sequence[WeightFact], units: int, *, factor: float = 2.0, fewest: int = 10
) -> tuple[Notice, ...]:
    """Weights that do not do what they say.

    ``weight_against``: the element moves against the score it is part of (r < 0). ``weight_silent``: it does not vary.
    ``weight_not_importance``: importance is more than ``factor`` times the stated share, or less than its inverse.
    ``few_units``: with fewer than ``fewest`` units the correlations say little.
    """
    factor = finite("factor", factor, 1.0)
    found: list[Notice] = []
    if units < fewest:
        text = f"{units} units are few: correlations and importances of weights say little"
        found.append(Notice("few_units", text, data={"units": units, "fewest": fewest}))
    for fact in facts:
        if fact.stated > 0:
            found += _of_fact(fact, factor)
    return tuple(found)


def _of_fact(fact: WeightFact, factor: float) -> list[Notice]:
    data: dict[str, Any] = {"parent": fact.parent, "stated": fact.stated, "effective": fact.effective}
    if np.isnan(fact.r_parent):
        text = f"{fact.code}: has {fact.stated:.1%} of the weight in {fact.parent} and tells no units apart"
        return [Notice("weight_silent", text, fact.code, data=data)]
    data |= {"r": fact.r_parent, "importance": fact.importance, "contribution": fact.contribution}
    if fact.r_parent < 0:
        share = f"{fact.stated:.1%} of the weight in {fact.parent}"
        text = f"{fact.code}: has {share} and moves against it (r = {fact.r_parent:.2f})"
        return [Notice("weight_against", text, fact.code, data=data)]
    if not 1 / factor <= fact.ratio <= factor:
        text = (
            f"{fact.code}: has {fact.stated:.1%} of the weight in {fact.parent} and {fact.importance:.1%} of the "
            "importance that shows in the scores"
        )
        return [Notice("weight_not_importance", text, fact.code, data=data)]
    return []

"""Weights ≥ 0 under which the correlations of elements with the index are as wished.

Source: Becker, Saisana, Paruolo and Vandecasteele (2017), weights and importance in composite indicators: closing the
gap; the linear form of COINr 1.1. The search is SciPy's (least squares with bounds; SLSQP, L-BFGS-B), from many starts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.ground.checks import choice, finite, matrix, whole
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.seeds import generator
from yiqi.engine.scheme.hierarchy import Hierarchy
from yiqi.engine.study.weights.problem import Problem, Specs, elements_of, problem_of

OBJECTIVES: Final = ("balance", "infomax")
DRAWS: Final = 1024  # random weights looked at to find good starts; a hundredth of it where each costs an aggregation
LEAST: Final = float(np.finfo(np.float64).smallest_subnormal)  # stands for 0 under a logarithm
FEW: Final = 40  # elements up to which SLSQP is quicker; its steps grow with the third power of them
NOTHING: Final = 1e-7  # a weight below this part of the largest is tried as 0


@dataclass(frozen=True)
class Evidence:
    """Why to believe the weights: what was reached, from where, and how often.

    ``objective``: the least found; ``stated``: that of the weights as stated; ``starts``: where each search ended,
    in order (first from the stated weights, then from the targets, then from the best random ones); ``agreed``: how
    many of them ended there (to 1e-9 of the mean square, or of Σc); ``evaluations`` of the objective in all, ``draws``
    of them random; ``slope``: greatest projected derivative at the end (0 at a least point, nan where there are no
    derivatives); ``zero``: elements left without weight.
    """

    objective: float
    stated: float
    starts: tuple[float, ...]
    agreed: int
    evaluations: int
    draws: int
    slope: float
    zero: tuple[str, ...]


@dataclass(frozen=True)
class Optimised:
    """``weights``, ``correlations`` with the index, ``wished`` and ``obtained`` shares of them, by element."""

    objective: str
    weights: Mapping[str, float]
    correlations: Mapping[str, float]
    wished: Mapping[str, float] | None
    obtained: Mapping[str, float]
    certificate: Evidence


def optimise_weights(
    hierarchy: Hierarchy,
    normalised: ArrayLike,
    *,
    level: int | None = None,
    elements: Sequence[str] | None = None,
    objective: str = "balance",
    targets: Mapping[str, float] | None = None,
    specs: Specs = None,
    mirror: float | None = None,
    starts: int = 8,
    seed: int = 0,
) -> Optimised:
    """Weights of a level, or of ``elements``, with the others as stated.

    ``balance``: least ln(mean((t − c/Σc)²)), c = Pearson's r of each element with the index, t = ``targets`` brought to
    sum 1 (default: equal). ``infomax``: least −Σc. ``normalised`` (units, indicators) as ``hierarchy.indicators``;
    ``specs`` and ``mirror`` as for ``aggregate`` (default: arithmetic means). ``starts`` random starts besides the
    stated weights and the targets. The weights of siblings keep their sum. Same arguments, same result.
    Errors: those of ``elements_of``, ``problem_of``, ``checks.matrix``; ``target_invalid``; ``seed_invalid``;
    ``not_attainable`` where no start leads to a correlation at all.
    """
    choice("objective", objective, OBJECTIVES)
    chosen = elements_of(hierarchy, level, elements)
    table = matrix(normalised, (), hierarchy.indicators)
    problem = problem_of(hierarchy, table, chosen, specs, mirror)
    wished = _targets(chosen, targets) if objective == "balance" else None
    search = Descent(problem, wished)
    stated = np.array([hierarchy.node(code).weight for code in chosen])
    even = np.ones(len(chosen))
    first = [stated if stated.any() else even, even if wished is None else wished]
    ends = [search.descend(start) for start in [*first, *search.good_starts(whole("starts", starts), seed)]]
    best = min(ends, key=search.value)
    best = search.scaled(search.cleaned(best), stated)
    if not np.isfinite(search.value(best)):
        raise EngineError("not_attainable", "no weights give every element a correlation with the index", {})
    return _result(search, best, ends, stated)


def _targets(elements: Sequence[str], targets: Mapping[str, float] | None) -> FloatArray:
    given = dict.fromkeys(elements, 1.0) if targets is None else targets
    for code in {*given, *elements}:
        if code not in given or code not in elements:
            text = f"{code!r} has no target" if code not in given else f"{code!r} is not among the elements"
            raise EngineError("target_invalid", f"{text}: give one for each of {', '.join(elements)}", {"node": code})
    wished = np.array([finite(f"target of {code}", given[code], 0.0) for code in elements])
    if wished.sum() == 0:
        raise EngineError("target_invalid", "the targets sum to 0: at least one must be above 0", {})
    shares: FloatArray = wished / wished.sum()
    return shares


class Descent:
    """The objective and the ways down, counting evaluations. ``wished`` None: infomax."""

    def __init__(self, problem: Problem, wished: FloatArray | None):
        self.problem, self.wished = problem, wished
        self.evaluations = self.draws = 0

    def values(self, weights: FloatArray) -> FloatArray:
        """Objective for rows of weights (b, k) -> (b,); +∞ where there is none."""
        self.evaluations += len(weights)
        with np.errstate(invalid="ignore", divide="ignore"):
            c = self.problem.correlations(weights)
            if self.wished is None:
                found = -c.sum(axis=1)
            else:
                squares = ((self.wished - c / c.sum(axis=1, keepdims=True)) ** 2).mean(axis=1)
                found = np.where(c.sum(axis=1) > 0, np.log(np.maximum(squares, LEAST)), np.inf)
        return np.where(np.isnan(found), np.inf, found)

    def value(self, weights: FloatArray) -> float:
        """Objective of one row of weights."""
        return float(self.values(weights[np.newaxis])[0])

    def alike(self, end: float, best: float) -> bool:
        """Whether two searches ended at the same value; a mean square is compared as such, for ln tears zeros apart."""
        if self.wished is None:
            return end - best <= 1e-9
        return math.exp(end) - math.exp(best) <= 1e-9 * math.exp(best) + 1e-28

    def good_starts(self, count: int, seed: int) -> FloatArray:
        """The best of many random weights: flat over each group of siblings, half of them pressed to its edges."""
        random = generator(seed)
        if not count:
            return np.empty((0, len(self.problem.elements)))
        self.draws = max(count, DRAWS if self.problem.linear else DRAWS // 100)
        drawn = random.standard_exponential((self.draws, len(self.problem.elements)))
        drawn[::2] **= 2.0
        best: FloatArray = drawn[np.argsort(self.values(drawn), kind="stable")[:count]]
        return best

    def descend(self, start: FloatArray) -> FloatArray:
        """The least point that one local search finds, or the start itself if that is no worse."""
        inside = np.clip(start / start.max(), 1e-6, 1.0 - 1e-6)
        if not math.isfinite(self.value(inside)):
            return np.asarray(inside, dtype=np.float64)
        found = self._greatest_sum(inside) if self.wished is None else self._least_squares(inside)
        ends = np.array([np.maximum(found, 0.0), start])
        return np.asarray(ends[int(np.argmin(self.values(ends)))])

    def _greatest_sum(self, inside: FloatArray) -> FloatArray:
        # SciPy loads slowly; most of the engine does without
        from scipy.optimize import minimize

        few = len(inside) <= FEW
        options: Any = {"ftol": 1e-15, "maxiter": 500} | ({} if few else {"gtol": 1e-12})
        found = minimize(
            self._negative_sum,
            inside,
            jac=self._negative_slope if self.problem.linear else None,
            method="SLSQP" if few else "L-BFGS-B",
            bounds=[(0.0, 1.0)] * len(inside),
            options=options,
        )
        return np.asarray(found.x)

    def _least_squares(self, inside: FloatArray) -> FloatArray:
        # SciPy loads slowly; most of the engine does without
        from scipy.optimize import least_squares

        found = least_squares(
            self._residuals,
            inside,
            jac=self._residual_slopes if self.problem.linear else "2-point",
            bounds=(0.0, 1.0),
            xtol=1e-15,
            ftol=1e-15,
            gtol=1e-15,
            max_nfev=200,
        )
        return np.asarray(found.x)

    def _residuals(self, weights: FloatArray) -> FloatArray:
        self.evaluations += 1
        c = self.problem.correlations(weights[np.newaxis])[0]
        assert self.wished is not None
        residuals: FloatArray = c / c.sum() - self.wished
        return residuals

    def _residual_slopes(self, weights: FloatArray) -> FloatArray:
        c, slopes = self.problem.correlations(weights[np.newaxis])[0], self.problem.jacobian(weights)
        total = c.sum()
        found: FloatArray = slopes / total - np.outer(c, slopes.sum(axis=0)) / total**2
        return found

    def _negative_sum(self, weights: FloatArray) -> float:
        self.evaluations += 1
        return -float(self.problem.correlations(weights[np.newaxis])[0].sum())

    def _negative_slope(self, weights: FloatArray) -> FloatArray:
        return -self.problem.slope_of_sum(weights)

    def cleaned(self, weights: FloatArray) -> FloatArray:
        """Weights that are almost nothing set to 0 where that makes nothing worse."""
        small = weights < NOTHING * weights.max()
        trial = np.where(small, 0.0, weights)
        return trial if small.any() and self.value(trial) <= self.value(weights) + 1e-12 else weights

    def scaled(self, weights: FloatArray, stated: FloatArray) -> FloatArray:
        """Weights of siblings brought to the sum that was stated (to their number if that is 0)."""
        found = weights.copy()
        for members in self.problem.groups:
            total = stated[members].sum() or float(len(members))
            found[members] *= total / found[members].sum()
        return found

    def slope(self, weights: FloatArray) -> float:
        """Greatest derivative of the mean square (balance) or of −Σc (infomax) along which the weights could move."""
        scaled = weights / weights.max()
        if not self.problem.linear:
            return float("nan")
        if self.wished is None:
            slope = self._negative_slope(scaled)
        else:
            slope = 2.0 * self._residuals(scaled) @ self._residual_slopes(scaled) / len(scaled)
        blocked = (scaled == 0) & (slope > 0)
        return float(np.abs(np.where(blocked, 0.0, slope)).max())


def _result(search: Descent, best: FloatArray, ends: Sequence[FloatArray], stated: FloatArray) -> Optimised:
    elements = search.problem.elements
    c = search.problem.correlations(best[np.newaxis])[0]
    reached, starts = search.value(best), [search.value(end) for end in ends]

    def named(array: FloatArray) -> dict[str, Any]:
        return dict(zip(elements, array.tolist(), strict=True))

    certificate = Evidence(
        objective=reached,
        stated=search.value(stated),
        starts=tuple(starts),
        agreed=sum(search.alike(end, reached) for end in starts),
        evaluations=search.evaluations,
        draws=search.draws,
        slope=search.slope(best),
        zero=tuple(code for code, weight in zip(elements, best, strict=True) if weight == 0),
    )
    wished = None if search.wished is None else named(search.wished)
    name = "infomax" if search.wished is None else "balance"
    return Optimised(name, named(best), named(c), wished, named(c / c.sum()), certificate)

"""From values to points: each rule applied to all of its columns at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, FloatArray
from yiqi.engine.run import kernels
from yiqi.engine.run.standing import Peers, Standing, standing
from yiqi.engine.scheme.plan import IndicatorSpec


@dataclass(frozen=True)
class Part:
    """A rule at work on one column: an indicator's own, or one half of ``level_and_growth``."""

    rule: str
    params: Mapping[str, Any]
    weight: float
    sign: float

    @classmethod
    def of(cls, spec: IndicatorSpec) -> Part:
        """The rule of an indicator."""
        return cls(spec.rule, spec.params, spec.points, spec.sign)

    def half(self, name: str) -> Part:
        """The ``level`` or ``growth`` half, scored out of the same weight."""
        inner = self.params[name]
        return Part(inner["rule"], inner["params"], self.weight, 1.0 if inner["direction"] == "higher" else -1.0)


@dataclass(frozen=True, eq=False)
class Scored:
    """``points`` (units, k) before renormalisation, nan where a cell cannot be judged; ``flat`` marks the cells that
    the zero-range policy decided."""

    points: FloatArray
    flat: BoolArray


@dataclass(frozen=True, eq=False)
class Cells:
    """The columns of one rule: ``x``, ``target`` (units, k); ``weight``, ``sign`` (k,)."""

    x: FloatArray
    target: FloatArray
    parts: Sequence[Part]
    place: Standing
    zero_range: str
    tolerance: float

    @property
    def weight(self) -> FloatArray:
        return np.array([part.weight for part in self.parts])

    @property
    def sign(self) -> FloatArray:
        return np.array([part.sign for part in self.parts])

    @property
    def rank(self) -> FloatArray:
        """As float, nan without a rank."""
        return np.where(self.place.rank == 0, np.nan, self.place.rank)

    def param(self, name: str) -> FloatArray:
        """One parameter of every column (k,), nan where it is left to the data."""
        return np.array([part.params[name] for part in self.parts], dtype=np.float64)

    def scored(self, points: FloatArray) -> Scored:
        return Scored(points, np.zeros(points.shape, dtype=np.bool_))

    def ranged(self, points: FloatArray, flat: BoolArray, full: FloatArray, last: FloatArray) -> Scored:
        """Points of a rule that needs a range in the group."""
        return Scored(kernels.at_zero_range(points, flat, self.zero_range, full, last), flat)


def _ratio(cells: Cells) -> Scored:
    return cells.scored(kernels.ratio(cells.x, cells.target, cells.weight, cells.sign, cap=cells.param("cap")))


def _gap(cells: Cells) -> Scored:
    g, cap = cells.param("g"), cells.param("cap")
    return cells.scored(kernels.gap(cells.x, cells.target, cells.weight, cells.sign, g=g, cap=cap))


def _efficacy(cells: Cells) -> Scored:
    x_h, x_s = cells.param("x_h"), cells.param("x_s")
    by_group = np.isnan(x_h)
    high, low = np.where(by_group, cells.place.best, x_h), np.where(by_group, cells.place.worst, x_s)
    c, d, lo = cells.param("c"), cells.param("d"), cells.param("lo")
    points = kernels.efficacy(cells.x, low, high, cells.weight, c=c, d=d, lo=lo)
    full, last = cells.weight * np.clip(c + d, lo, 1.0), cells.weight * np.clip(c, lo, 1.0)
    return cells.ranged(points, cells.place.flat & by_group, full, last)


def _minmax(cells: Cells) -> Scored:
    points = kernels.minmax(cells.x, cells.place.worst, cells.place.best, cells.weight)
    return cells.ranged(points, cells.place.flat, cells.weight, np.zeros_like(cells.weight))


def _rank_linear(cells: Cells) -> Scored:
    f = cells.param("f")
    points = kernels.rank_linear(cells.rank, cells.place.n.astype(np.float64), cells.weight, f)
    return cells.ranged(points, cells.place.flat, cells.weight, cells.weight * f)


def _rank_step(cells: Cells) -> Scored:
    k, m, weight = cells.param("k"), cells.param("m"), cells.weight
    points = kernels.rank_step(cells.rank, weight, k, m)
    last = kernels.rank_step(cells.place.n.astype(np.float64), weight, k, m)
    return cells.ranged(points, cells.place.flat, weight, last)


def _bands(cells: Cells) -> Scored:
    points = np.empty_like(cells.x)
    for column, part in enumerate(cells.parts):
        lowers = np.array([lower for lower, _ in part.params["bands"]])
        shares = np.array([part.params["below"], *(share for _, share in part.params["bands"])])
        points[:, column] = kernels.bands(cells.x[:, column], part.weight, lowers, shares)
    return cells.scored(points)


def _reached(cells: Cells) -> Scored:
    share = cells.param("share")
    return cells.scored(
        kernels.reached(cells.x, cells.target, cells.weight, cells.sign, share=share, tolerance=cells.tolerance)
    )


def _deduct(cells: Cells) -> Scored:
    return cells.scored(kernels.deduct(cells.x, cells.weight, cells.param("each"), cells.param("floor")))


def _bonus(cells: Cells) -> Scored:
    return cells.scored(kernels.bonus(cells.x, cells.param("cap")))


def _veto(cells: Cells) -> Scored:
    return cells.scored(np.zeros_like(cells.x))


_SCORERS: Mapping[str, Callable[[Cells], Scored]] = {
    "ratio": _ratio,
    "gap": _gap,
    "efficacy": _efficacy,
    "minmax": _minmax,
    "rank_linear": _rank_linear,
    "rank_step": _rank_step,
    "bands": _bands,
    "reached": _reached,
    "deduct": _deduct,
    "bonus": _bonus,
    "veto": _veto,
}


@dataclass(frozen=True, eq=False)
class Scorer:
    """Applies parts to columns under one setting of groups, ties and zero range."""

    peers: Peers
    zero_range: str

    def score(
        self, parts: Sequence[Part], x: FloatArray, target: FloatArray, growth: FloatArray, place: Standing
    ) -> Scored:
        """Score every column; matrices (units, k), one part a column -> points (units, k)."""
        points, flat = np.full_like(x, np.nan), np.zeros(x.shape, dtype=np.bool_)
        by_rule: dict[str, list[int]] = {}
        for column, part in enumerate(parts):
            by_rule.setdefault(part.rule, []).append(column)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # zero ranges and tiny bounds are clipped
            for rule, columns in by_rule.items():
                chosen = [parts[column] for column in columns]
                if rule == "level_and_growth":
                    done = self._mixed(chosen, x[:, columns], target[:, columns], growth[:, columns])
                else:
                    done = self._plain(chosen, x[:, columns], target[:, columns], place.columns(columns))
                points[:, columns], flat[:, columns] = done.points, done.flat
        return Scored(points, flat)

    def _plain(self, parts: Sequence[Part], x: FloatArray, target: FloatArray, place: Standing) -> Scored:
        return _SCORERS[parts[0].rule](Cells(x, target, parts, place, self.zero_range, self.peers.tolerance))

    def _mixed(self, parts: Sequence[Part], x: FloatArray, target: FloatArray, growth: FloatArray) -> Scored:
        level, growing = self.half(parts, "level", x, target), self.half(parts, "growth", growth, target)
        a = np.array([part.params["a"] for part in parts])
        return Scored(kernels.level_and_growth(level.points, growing.points, a), level.flat | growing.flat)

    def half(self, parts: Sequence[Part], name: str, x: FloatArray, target: FloatArray) -> Scored:
        """Score one half of ``level_and_growth`` columns; the growth half never looks at the target."""
        halves = [part.half(name) for part in parts]
        place = standing(x, np.array([half.sign for half in halves]), self.peers)
        return self.score(halves, x, target, np.full_like(x, np.nan), place)

"""Many values of one figure of an index tried at once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from yiqi.engine.catchup.ground import MOST_TRIED, Contributions, Lever, Outcomes
from yiqi.engine.catchup.scale import IndexColumn
from yiqi.engine.ground.arrays import SAME, BoolArray, FloatArray
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.ranking import places_of
from yiqi.engine.run.aggregate import coverage
from yiqi.engine.run.index import IndexResult
from yiqi.engine.run.runner import run
from yiqi.engine.scheme.methods import SCALES, Scale
from yiqi.engine.scheme.methods.power_mean import power_mean
from yiqi.engine.scheme.methods.rank import TOLERANCE as RANK_TOLERANCE
from yiqi.engine.scheme.steps import AggregateSpec

BLUR = 32 * 2.0**-53  # of a score: what rounding on the way up may add or take
COMB = 257  # values tried over the range seen where nothing is certain in between
SLOW_COMB = 17  # the same where each value is a whole build
SLOW_TRIED = 150  # values tried for one goal where each is a whole build
CHUNK = 200_000  # cells at a time


@dataclass(frozen=True, eq=False)
class Level:
    """One mean on the way up: ``cells`` (units, children) now, of which the one at ``place`` moves."""

    code: str
    place: int
    cells: FloatArray
    weights: FloatArray
    spec: AggregateSpec

    def mean(self, cells: FloatArray) -> tuple[FloatArray, BoolArray]:
        """Scores of rows of children (n,), and which rows the mean refuses."""
        wrong: BoolArray = np.zeros(len(cells), dtype=np.bool_)
        if not self.weights.any():
            return np.full(len(cells), np.nan), wrong
        power = 1.0 if self.spec.power is None else self.spec.power
        if power == 1.0:
            found = power_mean(cells, self.weights, power)
        else:
            with np.errstate(invalid="ignore"):
                wrong = np.asarray((((cells < 0) if power > 0 else (cells <= 0)) & (self.weights > 0)).any(axis=1))
            found = np.full(len(cells), np.nan)
            found[~wrong] = power_mean(cells[~wrong], self.weights, power)
        if self.spec.coverage > 0:
            found = np.where(coverage(cells, self.weights) < self.spec.coverage, np.nan, found)
        return found, wrong


class IndexMover:
    """Tries values of one indicator of one unit and looks at its place on an aggregate, or at that of ``subject``."""

    def __init__(self, result: IndexResult, unit: str, lever: Lever, node: str, *, subject: str | None = None):
        self.scheme, self.hierarchy, self.result = result.scheme, result.hierarchy, result
        self.steps = self.scheme.steps
        self.lever, self.node = lever, node
        self.data = self.result.data
        self.row, self.seat = self.data.row(unit), self.result.row(unit if subject is None else subject)
        self.count = len(self.result.units)
        self.ties, self.tolerance = self.scheme.ties, self.scheme.tolerance
        self.rounded: int | None = None
        self.breaker: int | None = None
        self.column = IndexColumn(result, self.row, lever.indicator)
        self.spec, self.figures = self.column.spec, self.column.figures
        self.sign = float(self.hierarchy.node(node).direction)
        turns = math.prod(self.hierarchy.node(code).direction for code in self._path)
        better = self.column.direction * turns * (1 if self.column.scale > 0 else -1)
        self.ways = (1 if better > 0 else -1,)
        self.size = float(np.nanmax(np.abs(self.result.scores), initial=1.0))

    @property
    def _method(self) -> Scale:
        return SCALES[self.spec.method]

    @cached_property
    def _path(self) -> tuple[str, ...]:
        """Aggregates above the indicator up to the node, nearest first; empty where it is not below the node."""
        path = self.hierarchy.path(self.lever.indicator)[1:]
        return path[: path.index(self.node) + 1] if self.node in path else ()

    @property
    def start(self) -> float:
        """The figure now, filled where it is missing and the plan fills it; nan where there is none."""
        given = float(self.figures[self.row])
        if not math.isnan(given) or "imputed" not in self.result.steps:
            return given
        place = self.hierarchy.indicators.index(self.lever.indicator)
        return float(self.result.steps["imputed"][self.row, place]) * self.column.scale

    @property
    def reported(self) -> bool:
        """Whether there is a figure of the unit's own, not a filled one."""
        return not math.isnan(float(self.figures[self.row]))

    @property
    def grain(self) -> float:
        """Wider than the shares of a range or a value within which a scale takes two values for one."""
        seen = np.append(self.column.others * self.column.scale, self.start)
        return float(4.0 * RANK_TOLERANCE * np.ptp(seen) + 64.0 * SAME * np.abs(seen).max())

    @property
    def matters(self) -> bool:
        """Whether the indicator lies below the node and has a weight."""
        return bool(self._path) or self.slow

    @cached_property
    def slow(self) -> bool:
        """Whether one column does not stand by itself, so that each value is a whole build.

        A figure where nothing fills the gap yet may let the others' gaps be filled, and so let units stay.
        """
        steps = self.steps
        rows = steps.impute is not None and steps.impute.method == "row_mean"
        zeros = steps.screen is not None and steps.screen.nonzero is not None
        pairs = any(spec.power is None for spec in self._specs.values())
        above = (code for code in self.hierarchy.aggregates if code != self.hierarchy.root)
        turned = any(self.hierarchy.node(code).direction < 0 for code in above)
        opens = steps.screen is not None and steps.impute is not None and math.isnan(self.start)
        return rows or zeros or opens or pairs or turned

    @property
    def certain(self) -> bool:
        """See the module ``index``."""
        median = self.steps.impute is not None and self.steps.impute.method in ("median", "group_median")
        return self.column.treatment is None and self._method.steady and not self.slow and not median

    @cached_property
    def leads(self) -> bool:
        """Whether differences of scores move one way too: beside the figure either all others follow its hyperbola, or
        none moves between two thresholds; not others that a mean fills under a scale with a cap."""
        still = self._method.ranked or (self._method.fixed and not self._filled)
        return self._means and not self.slow and (self._method.linear or still)

    @property
    def patience(self) -> int:
        """So many values may be tried for one goal."""
        return SLOW_TRIED if self.slow else MOST_TRIED

    @property
    def additive(self) -> bool:
        """Whether changes of several indicators add up: arithmetic means all the way, one scale of straight lines."""
        return self.certain and self._means

    def try_values(self, values: FloatArray) -> Outcomes:
        """Scores and places with each of the values (m,)."""
        scores = self._slowly(values) if self.slow else self._scores(values)
        places = places_of(scores, self.seat, self.ties, self.tolerance)
        loose, slop = self._loose(values), np.zeros_like(scores)
        slop[:, loose] = np.nan_to_num(np.abs(scores[:, loose])) * BLUR
        return Outcomes(scores, scores, slop, places, np.zeros(len(values), dtype=np.bool_))

    def _loose(self, values: FloatArray) -> BoolArray:
        """Where rounding may blur the order: beyond the others, with gaps filled, under curved means. Nowhere that
        counts where nothing is proved anyway.

        Elsewhere a single number moves through sums and products of the others' fixed ones, in a fixed order: each
        rounded step rises with it. So it does in the denominator of min-max beyond the best of the others.
        """
        if not self.certain:
            return np.zeros(len(values), dtype=np.bool_)
        if not self._path or not self._means or self._filled:
            return np.ones(len(values), dtype=np.bool_)
        ends = self.column.others * self.column.scale
        if not len(ends):
            return np.ones(len(values), dtype=np.bool_)
        if self.spec.method != "minmax":
            return np.asarray((values < ends.min()) | (values > ends.max()))
        rises = self.column.direction * self.column.scale > 0
        return np.asarray(values < ends.min() if rises else values > ends.max())

    @property
    def _filled(self) -> bool:
        """Whether the plan fills gaps of the column, so that the others may move with a mean."""
        return self.steps.impute is not None and bool(np.isnan(self.figures).any())

    @cached_property
    def _means(self) -> bool:
        """Whether every aggregate is an arithmetic mean."""
        return all(spec.power == 1.0 for spec in self._specs.values())

    def _slowly(self, values: FloatArray) -> FloatArray:
        column = self.result.nodes.index(self.node)
        found = np.full((self.count, len(values)), np.nan)
        for number, value in enumerate(values.tolist()):
            figures = self.data.values.copy()
            figures[self.row, self.data.column(self.lever.indicator)] = value
            try:
                with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                    result = run(self.scheme, self.data.replaced(values=figures))
            except EngineError:  # this value cannot be scored: no place
                continue
            there = {unit: row for row, unit in enumerate(result.units)}
            for seat, unit in enumerate(self.result.units):
                if unit in there:
                    found[seat, number] = result.scores[there[unit], column] * self.sign
        return found

    def _scores(self, values: FloatArray) -> FloatArray:
        """Scores of the node (units, m), level by level above the column."""
        step = max(1, CHUNK // (self.count * max(1, len(self.hierarchy.indicators))))
        parts = [self._up(values[at : at + step]) for at in range(0, len(values), step)]
        return np.concatenate(parts, axis=1) if parts else np.zeros((self.count, 0))

    def _up(self, values: FloatArray) -> FloatArray:
        """Level by level to the root, for a value that any level refuses cannot be built; the node's are kept."""
        if not self._path:
            return np.repeat(self._of(self.node)[:, None], len(values), axis=1) * self.sign
        moving, bad = self.column.on_scale(values)
        kept = moving
        for level in self._levels:
            wide = np.repeat(level.cells[:, None, :], len(values), axis=1)
            wide[:, :, level.place] = moving
            found, wrong = level.mean(wide.reshape(-1, wide.shape[2]))
            moving = found.reshape(self.count, len(values))
            bad = bad | wrong.reshape(moving.shape).any(axis=0)
            kept = moving if level.code == self.node else kept
        return np.where(bad, np.nan, kept * self.sign)

    @cached_property
    def _levels(self) -> tuple[Level, ...]:
        """The means on the way from the indicator to the root."""
        found: list[Level] = []
        path = self.hierarchy.path(self.lever.indicator)
        for below, code in pairwise(path):
            children = self.hierarchy.children(code)
            weights = np.array([self.hierarchy.node(child).weight for child in children])
            if not weights.sum() > 0 and self.steps.zero_weights == "equal":
                weights = np.ones(len(weights))
            cells = np.stack([self._of(child) for child in children], axis=1)
            found.append(Level(code, children.index(below), cells, weights, self._specs[code]))
        return tuple(found)

    @property
    def _specs(self) -> dict[str, AggregateSpec]:
        return self.scheme.specs

    def _of(self, code: str) -> FloatArray:
        """Normalised values or scores of an element now (units,)."""
        return self.result.cells[:, self.hierarchy.places[code]]

    def contributions(self, values: FloatArray) -> Contributions:
        """Scores less those now (units, m)."""
        now = self._of(self.node) * self.sign
        cells = (self._slowly(values) if self.slow else self._scores(values)) - now[:, None]
        usable = np.asarray(~(np.isnan(cells) & ~np.isnan(now)[:, None]).any(axis=0))
        none = np.zeros((0, len(values)), dtype=np.int64)
        return Contributions(values, np.nan_to_num(cells), np.zeros(len(values), dtype=np.bool_), none, usable)

    def hits(self, values: FloatArray) -> BoolArray:
        """None: an index knows no veto."""
        return np.zeros(len(values), dtype=np.bool_)

    def thresholds(self) -> list[float]:
        """Values at which the unit becomes best or worst (under ranks: passes another unit), and goals of the scale.

        A column's range counts as none up to a share ``SAME`` of its values, so that share on both sides is one too.
        Where scores need not rise or fall in between, a fine comb is added over the range that is seen.
        """
        others = self.column.others
        placed = self._method.ranked
        marks = [*(others if placed or not len(others) else [others.min(), others.max()]), 0.0]
        marks += [float(self.column.target)] if self.column.target is not None else []
        marks += [float(self.spec.params[name]) for name in ("lower", "upper") if name in self.spec.params]
        if self.column.direction < 0:
            marks += [-mark for mark in marks]
        edges = [float(mark) * self.column.scale * edge for mark in marks for edge in (1.0, 1.0 - SAME, 1.0 + SAME)]
        values = {value for value in edges if math.isfinite(value)}
        if not self.certain and len(others):
            low, high = sorted((float(others.min()) * self.column.scale, float(others.max()) * self.column.scale))
            room = (high - low) or max(1.0, abs(high))
            values |= set(np.linspace(low - room, high + room, SLOW_COMB if self.slow else COMB).tolist())
        return sorted(values)

    def bends(self) -> list[float]:
        """None besides the thresholds."""
        return []

    def pole(self, value: float) -> float | None:
        """Under min-max: the other end of the others, where the unit would be the best or the worst."""
        if not self._method.linear:
            return None
        ends = self.column.others * self.column.scale
        if not len(ends) or ends.min() <= value <= ends.max():
            return None
        return float(ends.min() if value > ends.max() else ends.max())

"""A target-responsibility appraisal (``AppraisalScheme``, ``run``) under uncertain points and values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, FloatArray
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.products import product
from yiqi.engine.run.appraisal import AppraisalResult
from yiqi.engine.run.judging import judge
from yiqi.engine.run.missing import OBSERVED
from yiqi.engine.run.runner import run
from yiqi.engine.run.totals import place_draws, thin
from yiqi.engine.scheme.appraisal import AppraisalScheme
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.uncertainty.blocks import block_of
from yiqi.engine.uncertainty.noise import ValueNoise, WeightNoise, drawn_weights
from yiqi.engine.uncertainty.simulation import Batch
from yiqi.engine.uncertainty.standing import Failure


class Shares(NamedTuple):
    """Figures judged by the rules, before they are weighed; j = 1 where every draw has the same figures, else draws.

    ``shares`` (j, units, indicators): points over W of the indicators that count, nan where excluded; ``extra``: points
    of those that stand on top (bonus); ``fresh``: rests on a value of this period; ``used``: for tie-breakers;
    ``vetoed`` (j, units).
    """

    shares: FloatArray
    extra: FloatArray
    fresh: BoolArray
    used: FloatArray
    vetoed: BoolArray

    def weighed(self, cells: FloatArray, weights: FloatArray) -> FloatArray:
        """Σ weights·cells over the indicators: cells (j, units, k), weights (draws, k) -> (draws, units)."""
        if len(cells) == 1:
            return product(weights, cells[0].T)
        return np.asarray(np.einsum("juk,jk->ju", cells, weights))


@dataclass(frozen=True, eq=False)
class AppraisalModel:
    """Places of the total, or of one ``block``, when the points of indicators or the values are uncertain.

    ``points``: noise of each indicator's points; the points of a block are a decision, so its indicators are brought
    back to their sum. The share of its points that an indicator earns does not change with them: deductions and steps
    of a rule scale along. Bonuses stand as they are. ``values``: noise of each figure; everything is judged anew.

    Errors: those of ``run`` for the figures as given, ``nothing_varied``, ``unknown_block``, ``unknown_element``,
    ``unknown_indicator``. A draw whose figures a rule refuses is a failed draw.
    """

    scheme: AppraisalScheme
    data: Dataset
    points: WeightNoise | None = None
    values: ValueNoise | None = None
    block: str | None = None

    def __post_init__(self) -> None:
        if self.points is None and self.values is None:
            raise EngineError("nothing_varied", "neither points nor values are uncertain: there is nothing to draw")
        self.scheme.check_part(self.block)
        object.__setattr__(self, "data", self.scheme.figures(self.data))
        self.nominal()  # checks the figures
        self._spread, self._amplitude  # noqa: B018 - check the names in the noise

    @property
    def units(self) -> tuple[str, ...]:
        """Codes of the units."""
        return self.data.units

    @cached_property
    def _result(self) -> AppraisalResult:
        return run(self.scheme, self.data)

    @cached_property
    def _spread(self) -> FloatArray:
        spread = self.points.spread(self.scheme.columns) if self.points else np.zeros(len(self.scheme.columns))
        return np.where(self._counts, spread, 0.0)

    @cached_property
    def _amplitude(self) -> FloatArray:
        values = self.data.values
        return self.values.amplitude(self.scheme.columns, values) if self.values else np.zeros_like(values)

    @cached_property
    def _counts(self) -> BoolArray:
        return np.array([spec.counts for spec in self.scheme.indicators])

    @cached_property
    def _points(self) -> FloatArray:
        return np.array([spec.points for spec in self.scheme.indicators])

    @cached_property
    def _judged(self) -> Shares:
        return self._judge(self.data)

    @cached_property
    def _columns(self) -> tuple[tuple[list[int], list[int]], ...]:
        """Of each block: the columns that count, and all."""
        every = [self.scheme.block_columns(block.code) for block in self.scheme.blocks]
        return tuple(([column for column in columns if self._counts[column]], columns) for columns in every)

    @property
    def batch_size(self) -> int:
        """Draws in a block."""
        units, indicators = self.data.values.shape
        return block_of(units * indicators if self.values else max(units, indicators))

    def nominal(self) -> Batch:
        """What ``run`` says."""
        result = self._result
        scores, places = result.scores_of(self.block), result.places_of(self.block)
        tier = result.in_tier[None, :] if self.block is None else None
        return Batch(scores[None, :], places.astype(np.int32)[None, :], tier)

    def draw(self, random: np.random.Generator, first: int, count: int) -> Batch:
        """Points of all draws first, then the errors of their values."""
        weights = self.drawn_points(random.random((count, len(self.scheme.columns))))
        if self.values is None:
            return self._placed(self._judged, weights, {})
        errors = self.values.errors(random.random((count, *self.data.values.shape)))
        judged, failed = [], {}
        for number in range(count):
            try:
                values = self.data.values + self._amplitude * errors[number]
                judged.append(self._judge(replace(self.data, values=values)))
            except EngineError as error:
                failed[number] = Failure(first + number, error.code, error.message, error.data)
                judged.append(self._judged)
        return self._placed(Shares(*map(np.concatenate, zip(*judged, strict=True))), weights, failed)

    def drawn_points(self, uniform: FloatArray) -> FloatArray:
        """Points (draws, i) from ``uniform`` numbers of that shape, each block brought back to its sum."""
        drawn = drawn_weights(self._points, self._spread, uniform)
        for counted, _ in self._columns:
            total = drawn[:, counted].sum(axis=1, keepdims=True)
            stated = self._points[counted].sum()
            drawn[:, counted] *= np.divide(stated, total, out=np.ones_like(total), where=total > 0)
        return drawn

    def _judge(self, inputs: Dataset) -> Shares:
        """The steps of ``run`` up to the points of each cell, without its records."""
        found = judge(self.scheme, inputs)
        points = found.weighed.rule_points
        shares = np.divide(points, self._points, out=np.full_like(points, np.nan), where=self._counts)
        extra = np.where(self._counts | np.isnan(points), 0.0, points)
        fresh = (found.filled.source == OBSERVED) & ~np.isnan(found.scored.points)
        vetoed = inputs.vetoed | found.veto.any(axis=1)
        return Shares(shares[None], extra[None], fresh[None], found.filled.used[None], vetoed[None])

    def _block_points(self, judged: Shares, weights: FloatArray, number: int) -> FloatArray:
        """Points (draws, u) of a block: what is excluded is shared out, bonuses stand on top, thin coverage is nan."""
        counted, columns = self._columns[number]
        extra = judged.extra[:, :, columns].sum(axis=2)
        if not counted:
            return np.array(np.broadcast_to(extra, (len(weights), extra.shape[1])))
        used, shares = weights[:, counted], judged.shares[:, :, counted]
        gaps = np.isnan(shares)
        full, kept = used.sum(axis=1, keepdims=True), judged.weighed(np.where(gaps, 0.0, 1.0), used)
        factor = np.divide(full, kept, out=np.full(kept.shape, np.nan), where=kept > 0)
        points: FloatArray = judged.weighed(np.where(gaps, 0.0, shares), used) * factor + extra
        least = self.scheme.blocks[number].coverage
        if least > 0:
            coverage = judged.weighed(judged.fresh[:, :, counted].astype(np.float64), used) / full
            points[thin(coverage, least)] = np.nan
        return points

    def _scores(self, judged: Shares, weights: FloatArray) -> FloatArray:
        """Scores (draws, u) of the block or the total; a block that nobody has a score in does not enter the total."""
        if self.block is not None:
            return self._block_points(judged, weights, self.scheme.parts.index(self.block))
        points = [self._block_points(judged, weights, number) for number in range(len(self.scheme.blocks))]
        empty = [np.isnan(part).all(axis=1, keepdims=True) for part in points]
        total = np.sum([np.where(none, 0.0, part) for none, part in zip(empty, points, strict=True)], axis=0)
        return np.asarray(np.where(np.all(empty, axis=0), np.nan, total))

    def _placed(self, judged: Shares, weights: FloatArray, failed: Mapping[int, Failure]) -> Batch:
        scheme, scores = self.scheme, self._scores(judged, weights)
        scores[list(failed)] = np.nan
        places = place_draws(scheme, scores, judged.used, self.block)
        tier = None
        if self.block is None:
            tier = (places > 0) & (places <= scheme.tier_size) & ~judged.vetoed
        return Batch(scores, places, tier, tuple(failed.values()))

"""A target-responsibility appraisal (``Plan``, ``run``) under uncertain points and values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from yiqi.appraisal.engine.arrays import BoolArray, FloatArray, IntArray
from yiqi.appraisal.engine.errors import EngineError
from yiqi.appraisal.engine.inputs import Inputs, read_inputs
from yiqi.appraisal.engine.missing import OBSERVED, fill
from yiqi.appraisal.engine.plan import Plan
from yiqi.appraisal.engine.ranking import ranks
from yiqi.appraisal.engine.result import Result
from yiqi.appraisal.engine.rounding import round_half_up
from yiqi.appraisal.engine.runner import check_domains, run
from yiqi.appraisal.engine.scoring import Part, Scorer
from yiqi.appraisal.engine.standing import Peers, standing
from yiqi.appraisal.engine.totals import veto_cells, weigh
from yiqi.appraisal.engine.uncertainty.blocks import block_of
from yiqi.appraisal.engine.uncertainty.linear import joined
from yiqi.appraisal.engine.uncertainty.noise import ValueNoise, WeightNoise, drawn_weights
from yiqi.appraisal.engine.uncertainty.places import PlaceArray, place_rows
from yiqi.appraisal.engine.uncertainty.simulation import Batch
from yiqi.appraisal.engine.uncertainty.standing import Failure


@dataclass(frozen=True, eq=False)
class Judged:
    """Figures judged by the rules, before they are weighed. (u, i) = (units, indicators).

    ``shares`` (u, i): points over W of the indicators that count, nan where excluded; ``extra`` (u, i): points of those
    that stand on top (bonus); ``fresh`` (u, i): rests on a value of this period; ``used`` (u, i) for tie-breakers;
    ``vetoed`` (u,).
    """

    shares: FloatArray
    extra: FloatArray
    fresh: BoolArray
    used: FloatArray
    vetoed: BoolArray


@dataclass(frozen=True, eq=False)
class AppraisalModel:
    """Places of the total, or of one ``block``, when the points of indicators or the values are uncertain.

    ``figures`` are the values that ``run`` takes, ``arguments`` its keywords. ``points``: noise of each
    indicator's points; the points of a block are a decision, so its indicators are brought back to their sum. The
    share of its points that an indicator earns does not change with them: deductions and steps of a rule scale along.
    Bonuses stand as they are. ``values``: noise of each figure; everything is judged anew.

    Errors: those of ``run`` for the figures as given, ``nothing_varied``, ``unknown_block``, ``unknown_element``,
    ``unknown_indicator``. A draw whose figures a rule refuses is a failed draw.
    """

    plan: Plan
    units: tuple[str, ...]
    figures: ArrayLike
    points: WeightNoise | None = None
    values: ValueNoise | None = None
    block: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.points is None and self.values is None:
            raise EngineError("nothing_varied", "neither points nor values are uncertain: there is nothing to draw")
        known = [block.code for block in self.plan.blocks]
        if self.block is not None and self.block not in known:
            raise EngineError("unknown_block", f"unknown block {self.block!r}", {"block": self.block})
        object.__setattr__(self, "units", tuple(self.units))
        self.nominal()  # checks the figures
        self._spread, self._amplitude  # noqa: B018 - check the names in the noise

    @cached_property
    def _result(self) -> Result:
        return run(self.plan, self.units, self.figures, **self.arguments)

    @cached_property
    def _codes(self) -> tuple[str, ...]:
        return tuple(spec.code for spec in self.plan.indicators)

    @cached_property
    def _spread(self) -> FloatArray:
        spread = self.points.spread(self._codes) if self.points else np.zeros(len(self._codes))
        return np.where(self._counts, spread, 0.0)

    @cached_property
    def _amplitude(self) -> FloatArray:
        values = self._inputs.values
        return self.values.amplitude(self._codes, values) if self.values else np.zeros_like(values)

    @cached_property
    def _counts(self) -> BoolArray:
        return np.array([spec.counts for spec in self.plan.indicators])

    @cached_property
    def _points(self) -> FloatArray:
        return np.array([spec.points for spec in self.plan.indicators])

    @cached_property
    def _inputs(self) -> Inputs:
        given: dict[str, Any] = dict.fromkeys(("targets", "previous", "previous_age", "growth", "groups", "vetoed"))
        return read_inputs(self.plan, self.units, self.figures, **{**given, **self.arguments})

    @cached_property
    def _judged(self) -> Judged:
        return self._judge(self._inputs)

    @property
    def batch_size(self) -> int:
        """Draws in a block."""
        return block_of(max(len(self.units), len(self._codes)))

    def nominal(self) -> Batch:
        """What ``run`` says."""
        result = self._result
        if self.block is None:
            scores, places, tier = result.total_points, result.total_ranks, result.in_tier[None, :]
        else:
            column = result.blocks.index(self.block)
            scores, places, tier = result.block_points[:, column], result.block_ranks[:, column], None
        return Batch(scores[None, :], places.astype(np.int32)[None, :], tier)

    def draw(self, random: np.random.Generator, first: int, count: int) -> Batch:
        """Points of all draws first, then values draw by draw."""
        weights = self.drawn_points(random.random((count, len(self._codes))))
        if self.values is None:
            return self._placed(self._judged, weights)
        return joined([self._redrawn(random, first + number, weights[[number]]) for number in range(count)])

    def drawn_points(self, uniform: FloatArray) -> FloatArray:
        """Points (draws, i) from ``uniform`` numbers of that shape, each block brought back to its sum."""
        drawn = drawn_weights(self._points, self._spread, uniform)
        for block in self.plan.blocks:
            columns = self._counted(block.code)
            total = drawn[:, columns].sum(axis=1, keepdims=True)
            stated = self._points[columns].sum()
            scale = np.divide(stated, total, out=np.ones_like(total), where=total > 0)
            drawn[:, columns] *= scale
        return drawn

    def _counted(self, block: str) -> list[int]:
        return [column for column in self.plan.block_columns(block) if self._counts[column]]

    def _redrawn(self, random: np.random.Generator, run_number: int, weights: FloatArray) -> Batch:
        assert self.values is not None
        noise = self.values.errors(random.random(self._inputs.values.shape))
        values = self._inputs.values + self._amplitude * noise
        try:
            return self._placed(self._judge(replace(self._inputs, values=values)), weights)
        except EngineError as error:
            empty = np.zeros((1, len(self.units)), dtype=np.int32)
            tier = np.zeros(empty.shape, dtype=np.bool_) if self.block is None else None
            failure = Failure(run_number, error.code, error.message, error.data)
            return Batch(np.full(empty.shape, np.nan), empty, tier, (failure,))

    def _judge(self, inputs: Inputs) -> Judged:
        """The steps of ``run`` up to the points of each cell, without its records."""
        plan, filled = self.plan, fill(self.plan, inputs)
        check_domains(plan, inputs, filled)
        peers = Peers(inputs.groups, plan.ties, plan.tolerance)
        place = standing(filled.used, np.array([spec.sign for spec in plan.indicators]), peers)
        parts = [Part.of(spec) for spec in plan.indicators]
        scored = Scorer(peers, plan.zero_range).score(parts, filled.used, inputs.targets, inputs.growth, place)
        rule_points = weigh(plan, inputs, filled, scored.points).rule_points
        shares = np.divide(rule_points, self._points, out=np.full_like(rule_points, np.nan), where=self._counts)
        extra = np.where(self._counts | np.isnan(rule_points), 0.0, rule_points)
        fresh = (filled.source == OBSERVED) & ~np.isnan(scored.points)
        return Judged(shares, extra, fresh, filled.used, inputs.vetoed | veto_cells(plan, inputs).any(axis=1))

    def _block_points(self, judged: Judged, weights: FloatArray, number: int) -> FloatArray:
        """Points (draws, u) of a block: what is excluded is shared out, bonuses stand on top, thin coverage is nan."""
        block = self.plan.blocks[number]
        counted, columns = self._counted(block.code), self.plan.block_columns(block.code)
        extra = judged.extra[:, columns].sum(axis=1)
        if not counted:
            return np.broadcast_to(extra, (len(weights), len(extra)))
        used, shares = weights[:, counted], judged.shares[:, counted]
        full, kept = used.sum(axis=1, keepdims=True), used @ (~np.isnan(shares)).T.astype(np.float64)
        factor = np.divide(full, kept, out=np.full(kept.shape, np.nan), where=kept > 0)
        coverage = used @ judged.fresh[:, counted].T.astype(np.float64) / full
        points = (used @ np.nan_to_num(shares).T) * factor + extra
        return np.where(coverage < block.coverage - 1e-9, np.nan, points)

    def _scores(self, judged: Judged, weights: FloatArray) -> FloatArray:
        """Scores (draws, u) of the block or the total; a block that nobody has a score in does not enter the total."""
        if self.block is not None:
            return self._block_points(judged, weights, self._result.blocks.index(self.block))
        points = [self._block_points(judged, weights, number) for number in range(len(self.plan.blocks))]
        empty = [np.isnan(part).all(axis=1, keepdims=True) for part in points]
        total = np.sum([np.where(none, 0.0, part) for none, part in zip(empty, points, strict=True)], axis=0)
        return np.where(np.all(empty, axis=0), np.nan, total)

    def _placed(self, judged: Judged, weights: FloatArray) -> Batch:
        plan, scores = self.plan, self._scores(judged, weights)
        ranked = round_half_up(scores, plan.places) if plan.rank_rounded else scores
        places = place_rows(ranked, plan.ties, plan.tolerance)
        self._break_ties(places, ranked, judged)
        tier = None
        if self.block is None:
            tier = (places > 0) & (places <= plan.tier_size) & ~judged.vetoed
        return Batch(scores, places, tier)

    def _break_ties(self, places: PlaceArray, ranked: FloatArray, judged: Judged) -> None:
        """Rank anew, with the plan's tie-breakers, the draws in which two share a place."""
        columns = [self.plan.column(code) for code in self.plan.tie_breakers]
        columns = [column for column in columns if self.block in (None, self.plan.indicators[column].block)]
        if not columns:
            return
        breakers = [judged.used[:, column] * self.plan.indicators[column].sign for column in columns]
        for row, found in enumerate(places):
            if _shared(found):
                places[row] = ranks(ranked[row], self.plan.ties, self.plan.tolerance, breakers)


def _shared(places: PlaceArray) -> bool:
    taken: IntArray = places[places > 0].astype(np.int64)
    return len(np.unique(taken)) < len(taken)


def appraisal_model(
    plan: Plan,
    units: Sequence[str],
    values: ArrayLike,
    *,
    points: WeightNoise | None = None,
    noise: ValueNoise | None = None,
    block: str | None = None,
    **arguments: Any,
) -> AppraisalModel:
    """The model of an appraisal; ``arguments`` are the keywords of ``run``. See ``AppraisalModel``."""
    return AppraisalModel(plan, tuple(units), values, points, noise, block, arguments)

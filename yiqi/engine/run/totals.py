"""From cells to blocks, totals, ranks and the tier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray, exact_row_sums, group_indices
from yiqi.engine.ground.ranking import NO_RANK, PlaceArray, place_rows, ranks
from yiqi.engine.ground.rounding import round_half_up
from yiqi.engine.run.missing import OBSERVED, Filled
from yiqi.engine.scheme.appraisal import AppraisalScheme
from yiqi.engine.scheme.dataset import Dataset


@dataclass(frozen=True, eq=False)
class Weighed:
    """Cells after the missing policy.

    ``cell_points`` nan where excluded; ``cell_max`` full marks of the cell, 0 where excluded; ``factor`` and
    ``coverage`` (units, blocks); ``zeroed`` marks the cells that the zero policy decided.
    """

    rule_points: FloatArray
    cell_points: FloatArray
    cell_max: FloatArray
    factor: FloatArray
    coverage: FloatArray
    zeroed: BoolArray


def weigh(scheme: AppraisalScheme, inputs: Dataset, filled: Filled, points: FloatArray) -> Weighed:
    """Give missing cells 0 where the policy says so and share out the points of the excluded ones in their block."""
    mixed = np.array(["growth" in spec.part.rule.parts for spec in scheme.indicators])
    absent = np.isnan(filled.used) | (mixed & np.isnan(inputs.growth))
    zeroed = np.isnan(points) & absent & (np.array(filled.policies) == "zero")
    rule_points = np.where(zeroed, 0.0, points)
    fresh = (filled.source == OBSERVED) & ~np.isnan(points)
    factors = np.ones((len(inputs.units), len(scheme.blocks)))
    coverage = np.ones_like(factors)
    cell_factor = np.ones_like(points)
    for number, block in enumerate(scheme.blocks):
        counted = [column for column in scheme.block_columns(block.code) if scheme.indicators[column].counts]
        weights = np.array([scheme.indicators[column].points for column in counted])
        if counted:
            factors[:, number] = _factor(~np.isnan(rule_points[:, counted]), weights)
            coverage[:, number] = np.where(
                fresh[:, counted].all(axis=1), 1.0, fresh[:, counted] @ weights / weights.sum()
            )
            cell_factor[:, counted] = factors[:, [number]]
    kept = ~np.isnan(rule_points)
    full = np.array([spec.part.rule.full(spec.part) for spec in scheme.indicators])
    cell_max = np.where(kept, full * np.where(np.isnan(cell_factor), 0.0, cell_factor), 0.0)
    return Weighed(rule_points, rule_points * cell_factor, cell_max, factors, coverage, zeroed)


def _factor(kept: BoolArray, weights: FloatArray) -> FloatArray:
    """Block's points over the points kept (units,); exactly 1 with nothing missing, nan with nothing kept."""
    left = kept @ weights
    share = np.divide(weights.sum(), left, out=np.full(len(left), np.nan), where=left > 0)
    return np.where(kept.all(axis=1), 1.0, share)


def thin(coverage: FloatArray, least: float) -> BoolArray:
    """Whether a block rests on too little to have a score; any shape. Rounding of the share must not decide."""
    return np.asarray(coverage < least - 1e-12)


@dataclass(frozen=True, eq=False)
class Totals:
    """Scores (units, blocks) and (units,), nan without a score. ``base``: the blocks that enter the total."""

    block_points: FloatArray
    total_points: FloatArray
    base: tuple[int, ...]


def add_up(scheme: AppraisalScheme, weighed: Weighed) -> Totals:
    """Block = exact sum of its cells; total = exact sum of the cells of all blocks that anybody has a score in.

    A unit without a score in one of those blocks has no total: sums over different blocks are not comparable.
    """
    block_points = np.empty_like(weighed.factor)
    for number, block in enumerate(scheme.blocks):
        sums = exact_row_sums(weighed.cell_points[:, scheme.block_columns(block.code)])
        sparse = thin(weighed.coverage[:, number], block.coverage)
        block_points[:, number] = np.where(sparse | np.isnan(weighed.factor[:, number]), np.nan, sums)
    base = tuple(int(number) for number in np.flatnonzero(~np.isnan(block_points).all(axis=0)))
    columns = [column for number in base for column in scheme.block_columns(scheme.blocks[number].code)]
    total = exact_row_sums(weighed.cell_points[:, columns])
    total[np.isnan(block_points[:, list(base)]).any(axis=1)] = np.nan
    return Totals(block_points, total if base else np.full(len(total), np.nan), base)


@dataclass(frozen=True, eq=False)
class Ranked:
    """Ranks over all and inside the ranking group, 0 without one; ``ranked_*`` are the scores that were ranked."""

    ranked_blocks: FloatArray
    ranked_total: FloatArray
    block_ranks: IntArray
    block_group_ranks: IntArray
    total_ranks: IntArray
    total_group_ranks: IntArray


def rank_all(scheme: AppraisalScheme, inputs: Dataset, used: FloatArray, totals: Totals) -> Ranked:
    """Rank blocks and total, rounded or not as the scheme says. A block's ties are told apart by its own indicators."""
    blocks = _to_rank(scheme, totals.block_points)
    total = _to_rank(scheme, totals.total_points)
    block_ranks, group_ranks = np.zeros(blocks.shape, dtype=np.int64), np.zeros(blocks.shape, dtype=np.int64)
    for number, block in enumerate(scheme.blocks):
        breakers = _breakers(scheme, used, block.code)
        block_ranks[:, number] = ranks(blocks[:, number], scheme.ties, scheme.tolerance, breakers)
        group_ranks[:, number] = _inside(scheme, inputs.peers, blocks[:, number], breakers)
    breakers = _breakers(scheme, used)
    total_ranks = ranks(total, scheme.ties, scheme.tolerance, breakers)
    return Ranked(blocks, total, block_ranks, group_ranks, total_ranks, _inside(scheme, inputs.peers, total, breakers))


def _to_rank(scheme: AppraisalScheme, points: FloatArray) -> FloatArray:
    return round_half_up(points, scheme.places) if scheme.rank_rounded else points


def _breakers(scheme: AppraisalScheme, used: FloatArray, block: str | None = None) -> list[FloatArray]:
    return [used[:, column] * scheme.indicators[column].sign for column in scheme.breakers(block)]


def place_draws(scheme: AppraisalScheme, scores: FloatArray, used: FloatArray, block: str | None = None) -> PlaceArray:
    """Places (draws, units) of many draws of the total or a block, as ``rank_all`` gives them one by one.

    ``scores`` (draws, units); ``used`` (draws or 1, units, indicators): what the rules saw.
    """
    ranked = _to_rank(scheme, scores)
    places = place_rows(ranked, scheme.ties, scheme.tolerance)
    for draw, row in enumerate(places) if scheme.breakers(block) else ():
        taken = row[row > 0]
        if len(np.unique(taken)) < len(taken):
            breakers = _breakers(scheme, used[min(draw, len(used) - 1)], block)
            row[:] = ranks(ranked[draw], scheme.ties, scheme.tolerance, breakers)
    return places


def _inside(
    scheme: AppraisalScheme, groups: Sequence[str] | None, scores: FloatArray, breakers: list[FloatArray]
) -> IntArray:
    inside = np.zeros(len(scores), dtype=np.int64)
    for members in group_indices(groups, len(scores)):
        cut = [breaker[members] for breaker in breakers]
        inside[members] = ranks(scores[members], scheme.ties, scheme.tolerance, cut)
    return inside


def veto_cells(scheme: AppraisalScheme, inputs: Dataset) -> BoolArray:
    """Cells (units, indicators) whose observed value is worse than the indicator's veto limit."""
    cells = np.zeros(inputs.values.shape, dtype=np.bool_)
    for column, spec in enumerate(scheme.indicators):
        if spec.veto_limit is not None:
            cells[:, column] = spec.sign * (inputs.values[:, column] - spec.veto_limit) < -scheme.tolerance
    return cells


def tier(scheme: AppraisalScheme, total_ranks: IntArray, vetoed: BoolArray) -> BoolArray:
    """The first ``tier_size`` places of the total without the vetoed, whose place nobody takes over."""
    placed: BoolArray = (total_ranks != NO_RANK) & (total_ranks <= scheme.tier_size)
    return placed & ~vetoed

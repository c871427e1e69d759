"""From cells to blocks, totals, ranks and the tier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray, exact_row_sums, group_indices
from yiqi.engine.ground.ranking import NO_RANK, PlaceArray, place_rows, ranks
from yiqi.engine.ground.rounding import round_half_up
from yiqi.engine.run.missing import OBSERVED, Filled
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.plan import Plan


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


def weigh(plan: Plan, inputs: Dataset, filled: Filled, points: FloatArray) -> Weighed:
    """Give missing cells 0 where the policy says so and share out the points of the excluded ones in their block."""
    mixed = np.array(["growth" in spec.part.rule.parts for spec in plan.indicators])
    absent = np.isnan(filled.used) | (mixed & np.isnan(inputs.growth))
    zeroed = np.isnan(points) & absent & (np.array(filled.policies) == "zero")
    rule_points = np.where(zeroed, 0.0, points)
    fresh = (filled.source == OBSERVED) & ~np.isnan(points)
    factors = np.ones((len(inputs.units), len(plan.blocks)))
    coverage = np.ones_like(factors)
    cell_factor = np.ones_like(points)
    for number, block in enumerate(plan.blocks):
        counted = [column for column in plan.block_columns(block.code) if plan.indicators[column].counts]
        weights = np.array([plan.indicators[column].points for column in counted])
        if counted:
            factors[:, number] = _factor(~np.isnan(rule_points[:, counted]), weights)
            coverage[:, number] = np.where(
                fresh[:, counted].all(axis=1), 1.0, fresh[:, counted] @ weights / weights.sum()
            )
            cell_factor[:, counted] = factors[:, [number]]
    kept = ~np.isnan(rule_points)
    full = np.array([spec.part.rule.full(spec.part) for spec in plan.indicators])
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


def add_up(plan: Plan, weighed: Weighed) -> Totals:
    """Block = exact sum of its cells; total = exact sum of the cells of all blocks that anybody has a score in.

    A unit without a score in one of those blocks has no total: sums over different blocks are not comparable.
    """
    block_points = np.empty_like(weighed.factor)
    for number, block in enumerate(plan.blocks):
        sums = exact_row_sums(weighed.cell_points[:, plan.block_columns(block.code)])
        sparse = thin(weighed.coverage[:, number], block.coverage)
        block_points[:, number] = np.where(sparse | np.isnan(weighed.factor[:, number]), np.nan, sums)
    base = tuple(int(number) for number in np.flatnonzero(~np.isnan(block_points).all(axis=0)))
    columns = [column for number in base for column in plan.block_columns(plan.blocks[number].code)]
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


def rank_all(plan: Plan, inputs: Dataset, used: FloatArray, totals: Totals) -> Ranked:
    """Rank blocks and total, rounded or not as the plan says. A block's ties are told apart by its own indicators."""
    blocks = _to_rank(plan, totals.block_points)
    total = _to_rank(plan, totals.total_points)
    block_ranks, group_ranks = np.zeros(blocks.shape, dtype=np.int64), np.zeros(blocks.shape, dtype=np.int64)
    for number, block in enumerate(plan.blocks):
        breakers = _breakers(plan, used, block.code)
        block_ranks[:, number] = ranks(blocks[:, number], plan.ties, plan.tolerance, breakers)
        group_ranks[:, number] = _inside(plan, inputs.peers, blocks[:, number], breakers)
    breakers = _breakers(plan, used)
    total_ranks = ranks(total, plan.ties, plan.tolerance, breakers)
    return Ranked(blocks, total, block_ranks, group_ranks, total_ranks, _inside(plan, inputs.peers, total, breakers))


def _to_rank(plan: Plan, points: FloatArray) -> FloatArray:
    return round_half_up(points, plan.places) if plan.rank_rounded else points


def _breakers(plan: Plan, used: FloatArray, block: str | None = None) -> list[FloatArray]:
    return [used[:, column] * plan.indicators[column].sign for column in plan.breakers(block)]


def place_draws(plan: Plan, scores: FloatArray, used: FloatArray, block: str | None = None) -> PlaceArray:
    """Places (draws, units) of many draws of the total or a block, as ``rank_all`` gives them one by one.

    ``scores`` (draws, units); ``used`` (draws or 1, units, indicators): what the rules saw.
    """
    ranked = _to_rank(plan, scores)
    places = place_rows(ranked, plan.ties, plan.tolerance)
    for draw, row in enumerate(places) if plan.breakers(block) else ():
        taken = row[row > 0]
        if len(np.unique(taken)) < len(taken):
            breakers = _breakers(plan, used[min(draw, len(used) - 1)], block)
            row[:] = ranks(ranked[draw], plan.ties, plan.tolerance, breakers)
    return places


def _inside(plan: Plan, groups: Sequence[str] | None, scores: FloatArray, breakers: list[FloatArray]) -> IntArray:
    inside = np.zeros(len(scores), dtype=np.int64)
    for members in group_indices(groups, len(scores)):
        cut = [breaker[members] for breaker in breakers]
        inside[members] = ranks(scores[members], plan.ties, plan.tolerance, cut)
    return inside


def veto_cells(plan: Plan, inputs: Dataset) -> BoolArray:
    """Cells (units, indicators) whose observed value is worse than the indicator's veto limit."""
    cells = np.zeros(inputs.values.shape, dtype=np.bool_)
    for column, spec in enumerate(plan.indicators):
        if spec.veto_limit is not None:
            cells[:, column] = spec.sign * (inputs.values[:, column] - spec.veto_limit) < -plan.tolerance
    return cells


def tier(plan: Plan, total_ranks: IntArray, vetoed: BoolArray) -> BoolArray:
    """The first ``tier_size`` places of the total without the vetoed, whose place nobody takes over."""
    placed: BoolArray = (total_ranks != NO_RANK) & (total_ranks <= plan.tier_size)
    return placed & ~vetoed

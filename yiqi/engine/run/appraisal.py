"""The result of an appraisal: every number with the way to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray
from yiqi.engine.ground.rounding import round_half_up
from yiqi.engine.run.missing import SOURCES
from yiqi.engine.run.result import Result
from yiqi.engine.scheme.appraisal import AppraisalScheme
from yiqi.engine.scheme.dataset import Dataset


class Loss(NamedTuple):
    """Points that a unit lost on an indicator, out of ``full`` marks."""

    indicator: str
    points: float
    full: float


@dataclass(frozen=True, eq=False)
class AppraisalResult(Result):
    """One run. Arrays are closed to writing; (u, i) = (units, indicators), (u, b) = (units, blocks).

    - ``used_values`` (u, i): what the rules saw, after carry and group mean; nan where there is nothing.
    - ``cell_points`` (u, i): unrounded, after renormalisation; nan where the cell is excluded.
    - ``cell_max`` (u, i): full marks of the cell after renormalisation, 0 where excluded. For ``bonus`` the cap, which
      stands on top of the block. Over-fulfilment (cap above 1) can exceed it.
    - ``shares`` (u, i): points before renormalisation over the indicator's points; nan where excluded, or W is 0.
    - ``cell_ranks``, ``cell_group_ranks`` (u, i): place of the used value among all, in the ranking group; 0 = none.
    - ``block_points`` (u, b), ``total_points`` (u,): unrounded, nan without a score. Each is the correctly rounded sum
      (``math.fsum``) of the recorded cells of the block; of the blocks in ``total_blocks``.
    - ``block_coverage`` (u, b): part of the block's points that rests on values of this period.
    - ``block_ranks``, ``block_group_ranks`` (u, b), ``total_ranks``, ``total_group_ranks`` (u,): 1 best, 0 = none.
    - ``vetoed``, ``in_tier`` (u,) bool.
    - ``steps``: every intermediate array by name (``source``, ``best``, ``worst``, ``n``, ``group_rank``, ``flat``,
      ``rule_points``, ``zeroed``, ``factor``, ``ranked_blocks``, ``ranked_total``, ``veto``).
    """

    scheme: AppraisalScheme
    data: Dataset
    units: tuple[str, ...]
    used_values: FloatArray
    cell_points: FloatArray
    cell_max: FloatArray
    shares: FloatArray
    cell_ranks: IntArray
    cell_group_ranks: IntArray
    block_points: FloatArray
    block_coverage: FloatArray
    block_ranks: IntArray
    block_group_ranks: IntArray
    total_points: FloatArray
    total_ranks: IntArray
    total_group_ranks: IntArray
    total_blocks: tuple[str, ...]
    vetoed: BoolArray
    in_tier: BoolArray
    steps: Mapping[str, Any]

    def scores_of(self, part: str | None) -> FloatArray:
        """Points of the total or of a block."""
        return self.total_points if part is None else self.block_points[:, self.scheme.parts.index(part)]

    def ranked_of(self, part: str | None) -> FloatArray:
        """The scores that were ranked: rounded where the scheme says so."""
        found: FloatArray = (
            self.steps["ranked_total"]
            if part is None
            else self.steps["ranked_blocks"][:, self.scheme.parts.index(part)]
        )
        return found

    def columns_of(self, part: str | None) -> list[int]:
        """Columns whose points enter a score."""
        blocks = self.total_blocks if part is None else (part,)
        return [column for code in blocks for column in self.scheme.block_columns(code)]

    def places_of(self, part: str | None) -> IntArray:
        """Places by the total or by a block, over all units."""
        return self.total_ranks if part is None else self.block_ranks[:, self.scheme.parts.index(part)]

    def first_places(self, size: int) -> BoolArray:  # noqa: ARG002 - the scheme has said it
        """The tier of the scheme, without the vetoed; ``size`` is the scheme's."""
        return self.in_tier

    def source(self, unit: str, indicator: str) -> str:
        """Where the used value of a cell came from: one of ``missing.SOURCES``."""
        return SOURCES[int(self.steps["source"][self.row(unit), self.scheme.column(indicator)])]

    def published(self, array: ArrayLike) -> FloatArray:
        """The numbers as published: decimal half-up at the scheme's places. Never feed them back into a sum."""
        return round_half_up(array, self.scheme.places)

    def losses(self, unit: str) -> list[Loss]:
        """Points lost by indicator, largest first, equal ones in the scheme's order.

        Excluded cells, bonuses and losses within the scheme's tolerance are left out.
        """
        row = self.row(unit)
        lost = self.cell_max[row] - self.cell_points[row]
        found = [
            Loss(spec.code, float(lost[column]), float(self.cell_max[row, column]))
            for column, spec in enumerate(self.scheme.indicators)
            if spec.counts and not np.isnan(lost[column]) and lost[column] > self.scheme.tolerance
        ]
        return sorted(found, key=lambda loss: -loss.points)

"""The result of a run: every number with the way to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.rounding import round_half_up
from yiqi.engine.run.missing import SOURCES
from yiqi.engine.run.outcome import Outcome
from yiqi.engine.scheme.plan import Plan


class Loss(NamedTuple):
    """Points that a unit lost on an indicator, out of ``full`` marks."""

    indicator: str
    points: float
    full: float


@dataclass(frozen=True, eq=False)
class Result(Outcome):
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
    - ``steps``: every intermediate array by name (inputs, ``source``, ``best``, ``worst``, ``n``, ``flat``,
      ``rule_points``, ``zeroed``, ``factor``, ``ranked_blocks``, ``ranked_total``, ``veto``).
    - ``input_digest``: SHA-256 of plan and inputs; the same digest gives the same arrays bit for bit.
    """

    plan: Plan
    units: tuple[str, ...]
    groups: tuple[str, ...] | None
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
    input_digest: str

    @property
    def indicators(self) -> tuple[str, ...]:
        """Codes of the columns."""
        return tuple(spec.code for spec in self.plan.indicators)

    @property
    def blocks(self) -> tuple[str, ...]:
        """Codes of the block columns."""
        return tuple(block.code for block in self.plan.blocks)

    @property
    def parts(self) -> tuple[str, ...]:
        """Codes of the blocks."""
        return self.blocks

    @property
    def digest(self) -> str:
        """See ``input_digest``."""
        return self.input_digest

    def check_part(self, part: str | None) -> None:
        """Error ``unknown_block``."""
        if part is not None and part not in self.blocks:
            raise EngineError("unknown_block", f"unknown block {part!r}", {"block": part})

    def scores_of(self, part: str | None) -> FloatArray:
        """Points of the total or of a block."""
        return self.total_points if part is None else self.block_points[:, self.blocks.index(part)]

    def places_of(self, part: str | None) -> IntArray:
        """Places by the total or by a block, over all units."""
        return self.total_ranks if part is None else self.block_ranks[:, self.blocks.index(part)]

    def first_places(self, size: int) -> BoolArray:  # noqa: ARG002 - the plan has said it
        """The tier of the plan, without the vetoed; ``size`` is the plan's."""
        return self.in_tier

    def source(self, unit: str, indicator: str) -> str:
        """Where the used value of a cell came from: one of ``missing.SOURCES``."""
        return SOURCES[int(self.steps["source"][self.row(unit), self.plan.column(indicator)])]

    def published(self, array: ArrayLike) -> FloatArray:
        """The numbers as published: decimal half-up at the plan's places. Never feed them back into a sum."""
        return round_half_up(array, self.plan.places)

    def losses(self, unit: str) -> list[Loss]:
        """Points lost by indicator, largest first, equal ones in the plan's order.

        Excluded cells, bonuses and losses within the plan's tolerance are left out.
        """
        row = self.row(unit)
        lost = self.cell_max[row] - self.cell_points[row]
        found = [
            Loss(spec.code, float(lost[column]), float(self.cell_max[row, column]))
            for column, spec in enumerate(self.plan.indicators)
            if spec.counts and not np.isnan(lost[column]) and lost[column] > self.plan.tolerance
        ]
        return sorted(found, key=lambda loss: -loss.points)

"""The one entry: check everything, run the kernels, record every step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from yiqi.engine.ground.arrays import BoolArray, IntArray, frozen
from yiqi.engine.ground.ranking import rank_columns
from yiqi.engine.ground.standing import Standing
from yiqi.engine.run.judging import Judged, judge
from yiqi.engine.run.missing import Filled
from yiqi.engine.run.result import Result
from yiqi.engine.run.totals import add_up, rank_all, tier
from yiqi.engine.scheme.dataset import Dataset, appraisal_data
from yiqi.engine.scheme.digest import appraisal_digest
from yiqi.engine.scheme.plan import Plan


def run(
    plan: Plan,
    units: Sequence[str],
    values: ArrayLike,
    *,
    targets: ArrayLike | None = None,
    previous: ArrayLike | None = None,
    previous_age: ArrayLike | None = None,
    growth: ArrayLike | None = None,
    groups: Sequence[str] | None = None,
    vetoed: Sequence[bool] | None = None,
) -> Result:
    """Score and rank ``units`` under ``plan``.

    ``values``, ``targets``, ``previous`` (last known values, for ``carry``) and ``growth`` (for ``level_and_growth``)
    are shaped (units, indicators) in the units of the indicator, nan = missing; left out = all missing.
    ``previous_age`` counts periods since the previous value. ``groups`` names each unit's ranking group.
    ``vetoed`` marks units that a decision bars from the tier.

    Errors (``EngineError``): ``no_units``, ``duplicate_unit``, ``no_observations``, ``shape_mismatch``,
    ``not_a_number``, ``not_finite`` (±inf or beyond 1e100), ``target_not_positive`` (``ratio``), ``value_negative``
    (``ratio`` with lower is better, ``deduct``, ``bonus``, ``veto``); each names its cell. A missing target is no
    error: the cell is excluded with the warning ``no_target``.
    """
    inputs = appraisal_data(
        plan,
        units,
        values,
        targets=targets,
        previous=previous,
        previous_age=previous_age,
        growth=growth,
        groups=groups,
        vetoed=vetoed,
    )
    return _finish(plan, inputs, judge(plan, inputs))


def _overall_ranks(plan: Plan, inputs: Dataset, filled: Filled, place: Standing) -> IntArray:
    if inputs.peers is None:
        return place.rank
    signs = np.array([spec.sign for spec in plan.indicators])
    return rank_columns(filled.used * signs, plan.ties, plan.tolerance)


def _finish(plan: Plan, inputs: Dataset, judged: Judged) -> Result:
    filled, place, weighed = judged.filled, judged.place, judged.weighed
    totals = add_up(plan, weighed)
    ranked = rank_all(plan, inputs, filled.used, totals)
    vetoed: BoolArray = inputs.vetoed | judged.veto.any(axis=1)
    weights = np.array([spec.points or np.nan for spec in plan.indicators])
    steps = {
        "values": inputs.values, "targets": inputs.targets, "previous": inputs.previous,
        "previous_age": inputs.previous_age, "growth": inputs.growth, "source": filled.source,
        "best": place.best, "worst": place.worst, "n": place.n, "group_rank": place.rank, "flat": judged.scored.flat,
        "rule_points": weighed.rule_points, "zeroed": weighed.zeroed, "factor": weighed.factor,
        "ranked_blocks": ranked.ranked_blocks, "ranked_total": ranked.ranked_total, "veto": judged.veto,
    }  # fmt: skip
    return Result(
        plan=plan,
        units=inputs.units,
        groups=inputs.peers,
        used_values=frozen(filled.used),
        cell_points=frozen(weighed.cell_points),
        cell_max=frozen(weighed.cell_max),
        shares=frozen(weighed.rule_points / weights),
        cell_ranks=frozen(_overall_ranks(plan, inputs, filled, place)),
        cell_group_ranks=frozen(place.rank),
        block_points=frozen(totals.block_points),
        block_coverage=frozen(weighed.coverage),
        block_ranks=frozen(ranked.block_ranks),
        block_group_ranks=frozen(ranked.block_group_ranks),
        total_points=frozen(totals.total_points),
        total_ranks=frozen(ranked.total_ranks),
        total_group_ranks=frozen(ranked.total_group_ranks),
        total_blocks=tuple(plan.blocks[number].code for number in totals.base),
        vetoed=frozen(vetoed),
        in_tier=frozen(tier(plan, ranked.total_ranks, vetoed)),
        steps={name: frozen(array) for name, array in steps.items()},
        input_digest=appraisal_digest(plan, inputs),
    )

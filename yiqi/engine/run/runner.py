"""The one entry: check everything, run the kernels, record every step."""

from __future__ import annotations

from collections.abc import Callable
from typing import overload

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, IntArray, frozen
from yiqi.engine.ground.ranking import rank_columns
from yiqi.engine.ground.standing import Standing
from yiqi.engine.run.appraisal import AppraisalResult
from yiqi.engine.run.index import IndexResult
from yiqi.engine.run.judging import judge
from yiqi.engine.run.missing import Filled
from yiqi.engine.run.pipeline import Pipeline
from yiqi.engine.run.totals import add_up, rank_all, tier
from yiqi.engine.scheme.appraisal import AppraisalScheme
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.index import IndexScheme


@overload
def run(scheme: AppraisalScheme, data: Dataset) -> AppraisalResult: ...
@overload
def run(scheme: IndexScheme, data: Dataset, *, told: Callable[[str], object] | None = None) -> IndexResult: ...
def run(
    scheme: AppraisalScheme | IndexScheme, data: Dataset, *, told: Callable[[str], object] | None = None
) -> AppraisalResult | IndexResult:
    """Score and rank the units of the data. The data may hold more columns than the scheme; those do not count.

    Of an index ``told`` is called with the name of each step when it is done, for a bar of progress.

    Errors (``EngineError``), each with its place and what to do: ``unknown_indicator`` (no column for it).
    Of an appraisal: ``no_observations``, ``target_not_positive`` (``ratio``), ``value_negative`` (``ratio`` with lower
    is better, ``deduct``, ``bonus``, ``veto``); a missing target is no error: the cell is excluded with the warning
    ``no_target``. Of an index: ``one_unit`` (less than two), ``all_missing`` (an indicator without any value),
    ``no_variance`` (nothing varies at all, or by ``zero_range``), ``unknown_group``, ``unknown_denominator``,
    ``denominator_zero``, ``weights_sum_zero``, ``not_positive`` (a geometric, harmonic or general mean), and those of
    ``impute``, ``treat`` and ``normalise``.
    """
    if isinstance(scheme, IndexScheme):
        return Pipeline(scheme.hierarchy, data, told=told).result(scheme)
    return _appraised(scheme, scheme.figures(data))


def _overall_ranks(scheme: AppraisalScheme, inputs: Dataset, filled: Filled, place: Standing) -> IntArray:
    if inputs.peers is None:
        return place.rank
    signs = np.array([spec.sign for spec in scheme.indicators])
    return rank_columns(filled.used * signs, scheme.ties, scheme.tolerance)


def _appraised(scheme: AppraisalScheme, inputs: Dataset) -> AppraisalResult:
    judged = judge(scheme, inputs)
    filled, place, weighed = judged.filled, judged.place, judged.weighed
    totals = add_up(scheme, weighed)
    ranked = rank_all(scheme, inputs, filled.used, totals)
    vetoed: BoolArray = inputs.vetoed | judged.veto.any(axis=1)
    weights = np.array([spec.points or np.nan for spec in scheme.indicators])
    steps = {
        "source": filled.source, "best": place.best, "worst": place.worst, "n": place.n, "group_rank": place.rank,
        "flat": judged.scored.flat, "rule_points": weighed.rule_points, "zeroed": weighed.zeroed,
        "factor": weighed.factor, "ranked_blocks": ranked.ranked_blocks, "ranked_total": ranked.ranked_total,
        "veto": judged.veto,
    }  # fmt: skip
    return AppraisalResult(
        scheme=scheme,
        data=inputs,
        units=inputs.units,
        used_values=frozen(filled.used),
        cell_points=frozen(weighed.cell_points),
        cell_max=frozen(weighed.cell_max),
        shares=frozen(weighed.rule_points / weights),
        cell_ranks=frozen(_overall_ranks(scheme, inputs, filled, place)),
        cell_group_ranks=frozen(place.rank),
        block_points=frozen(totals.block_points),
        block_coverage=frozen(weighed.coverage),
        block_ranks=frozen(ranked.block_ranks),
        block_group_ranks=frozen(ranked.block_group_ranks),
        total_points=frozen(totals.total_points),
        total_ranks=frozen(ranked.total_ranks),
        total_group_ranks=frozen(ranked.total_group_ranks),
        total_blocks=tuple(scheme.blocks[number].code for number in totals.base),
        vetoed=frozen(vetoed),
        in_tier=frozen(tier(scheme, ranked.total_ranks, vetoed)),
        steps={name: frozen(array) for name, array in steps.items()},
    )

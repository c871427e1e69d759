"""The one entry: check everything, run the kernels, record every step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray, frozen
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.ranking import rank_columns
from yiqi.engine.ground.standing import Peers, Standing, standing
from yiqi.engine.run.missing import Filled, fill
from yiqi.engine.run.result import Result
from yiqi.engine.run.scoring import Scorer
from yiqi.engine.run.totals import add_up, rank_all, tier, veto_cells, weigh
from yiqi.engine.scheme.inputs import Inputs, cell_error, digest, read_inputs
from yiqi.engine.scheme.methods.rule import Scored
from yiqi.engine.scheme.plan import IndicatorSpec, Plan


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
    inputs = read_inputs(
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
    filled = fill(plan, inputs)
    check_domains(plan, inputs, filled)
    peers = Peers(inputs.groups, plan.ties, plan.tolerance)
    place = standing(filled.used, np.array([spec.sign for spec in plan.indicators]), peers)
    parts = [spec.part for spec in plan.indicators]
    scored = Scorer(peers, plan.zero_range).score(parts, filled.used, inputs.targets, inputs.growth, place)
    return _finish(plan, inputs, filled, place, scored)


def check_domains(plan: Plan, inputs: Inputs, filled: Filled) -> None:
    """Refuse targets and values at which a rule has no meaning, naming the first such cell."""
    for column, spec in enumerate(plan.indicators):
        part = spec.part.seen()
        targets, used = inputs.targets[:, column], filled.used[:, column]
        if part.rule.positive_target and (targets <= 0).any():
            text = f"must be above 0 under the rule {part.rule.id!r} (use 'gap' for such targets)"
            raise _refused("target_not_positive", text, "targets", _Column(spec, inputs.units, targets, targets <= 0))
        if part.rule.refuses_negative(part.sign) and (used < 0).any():
            text = f"must not be below 0 under the rule {part.rule.id!r}"
            raise _refused("value_negative", text, "values", _Column(spec, inputs.units, used, used < 0))


class _Column(NamedTuple):
    spec: IndicatorSpec
    units: tuple[str, ...]
    numbers: FloatArray
    wrong: BoolArray


def _refused(code: str, text: str, array: str, column: _Column) -> EngineError:
    row = int(np.flatnonzero(column.wrong)[0])
    unit, value = column.units[row], float(column.numbers[row])
    return cell_error(code, text, array=array, unit=unit, indicator=column.spec.code, value=value)


def _overall_ranks(plan: Plan, inputs: Inputs, filled: Filled, place: Standing) -> IntArray:
    if inputs.groups is None:
        return place.rank
    signs = np.array([spec.sign for spec in plan.indicators])
    return rank_columns(filled.used * signs, plan.ties, plan.tolerance)


def _finish(plan: Plan, inputs: Inputs, filled: Filled, place: Standing, scored: Scored) -> Result:
    weighed = weigh(plan, inputs, filled, scored.points)
    totals = add_up(plan, weighed)
    ranked = rank_all(plan, inputs, filled.used, totals)
    veto = veto_cells(plan, inputs)
    vetoed: BoolArray = inputs.vetoed | veto.any(axis=1)
    weights = np.array([spec.points or np.nan for spec in plan.indicators])
    steps = {
        "values": inputs.values, "targets": inputs.targets, "previous": inputs.previous,
        "previous_age": inputs.previous_age, "growth": inputs.growth, "source": filled.source,
        "best": place.best, "worst": place.worst, "n": place.n, "group_rank": place.rank, "flat": scored.flat,
        "rule_points": weighed.rule_points, "zeroed": weighed.zeroed, "factor": weighed.factor,
        "ranked_blocks": ranked.ranked_blocks, "ranked_total": ranked.ranked_total, "veto": veto,
    }  # fmt: skip
    return Result(
        plan=plan,
        units=inputs.units,
        groups=inputs.groups,
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
        input_digest=digest(plan, inputs),
    )

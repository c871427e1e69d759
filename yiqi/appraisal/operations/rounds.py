"""A round: every county scored and ranked at a period, kept with every step, and published once."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiqi.appraisal.enums import FrameworkStatus, RoundStatus
from yiqi.appraisal.models import Block, Framework, Indicator, Round, ScoreCell, Standing
from yiqi.appraisal.operations.access import OFFICE_ONLY, kept_framework
from yiqi.appraisal.operations.faults import Names, in_words
from yiqi.appraisal.operations.scoring import RoundInput, read_input, scheme_of
from yiqi.appraisal.queries import league_of
from yiqi.appraisal.queries.seals import SEAL_ALGORITHM, seal_of
from yiqi.appraisal.readers.periods import Period, period_of
from yiqi.appraisal.rules import keeps_framework, sees_league
from yiqi.core.models import Region
from yiqi.core.operations import record, recorder
from yiqi.core.rules import Mandate
from yiqi.engine import AppraisalResult, EngineError, run
from yiqi.engine.tell import explain, notices
from yiqi.kit.errors import ConflictError, InvalidInputError
from yiqi.kit.facts import Facts
from yiqi.kit.moves import Deed, Guard, Life, Move
from yiqi.kit.records import locked, missing


@dataclass(frozen=True, eq=False)
class _Work:
    """What is read once for a round."""

    framework: Framework
    blocks: Sequence[Block]
    indicators: Sequence[Indicator]
    regions: Sequence[Region]

    @property
    def names(self) -> Names:
        return Names.of(list(self.regions), list(self.indicators), list(self.blocks))


@transaction.atomic
def run_round(*, by: Mandate, today: date, now: datetime, framework: Framework, period: str, as_of: date) -> Round:
    """Score and rank the league of ``framework`` at ``period`` with the figures approved by ``as_of``: a trial.

    Every round gets a new number; the same figures and rules give the same digests. Errors: NotFoundError,
    NotAllowedError (office only), ConflictError ``framework_not_active``, InvalidInputError (``period``,
    ``period_ahead``, ``as_of_ahead``, ``no_observations``, ``target_not_positive`` and what else the engine refuses).
    """
    framework = kept_framework(by, framework, lock=True)
    wanted = _checked_period(framework, period, as_of, today)
    work = _Work(
        framework,
        list(framework.blocks.order_by("order", "code")),
        list(framework.indicators.order_by("block__order", "order", "code")),
        list(league_of(framework)),
    )
    given, result = _score(work, wanted, as_of)
    number = 1 + max(framework.rounds.values_list("number", flat=True), default=0)
    made = Round(
        framework=framework,
        number=number,
        period=str(wanted),
        as_of=as_of,
        parameters={
            "plan": result.scheme.to_dict(),
            "regions": [region.code for region in work.regions],
            "total_blocks": list(result.total_blocks),
        },
        warnings=[
            {
                "code": item.code,
                "indicator": item.indicator,
                "unit": item.unit,
                "data": dict(item.data),
                "message": item.message,
            }
            for item in notices(result)
        ],
        algorithm=SEAL_ALGORITHM,
        input_digest=result.digest,
        run_by=by.person,
        run_at=now,
        demo=framework.demo,
    )
    standings, cells = list(_standings(made, work, result)), list(_cells(made, work, given, result))
    made.result_digest = seal_of(standings, cells, work.blocks, work.indicators)
    made.save()
    Standing.objects.bulk_create(standings, batch_size=500)
    ScoreCell.objects.bulk_create(cells, batch_size=500)
    after = {
        "number": number,
        "period": made.period,
        "as_of": as_of,
        "input": made.input_digest,
        "result": made.result_digest,
    }
    record(by=by, verb="round.run", target=made, region_code=framework.keeper_id, today=today, after=after)
    return made


def _checked_period(framework: Framework, period: str, as_of: date, today: date) -> Period:
    if framework.status != FrameworkStatus.ACTIVE:
        message = _("“%(name)s”尚未启用或已停用，不能计算。请先核对分值并启用。") % {"name": framework.name}
        raise ConflictError(message, code="framework_not_active")
    wanted = period_of(period)
    if wanted.year != framework.year:
        message = _("期别%(period)s不在%(year)s年度内，请选择该年度的月份。") % {
            "period": wanted.label,
            "year": framework.year,
        }
        raise InvalidInputError(message, code="period_year")
    if wanted.last_day.replace(day=1) > today:
        raise InvalidInputError(_("%(period)s还没有到，不能计算。") % {"period": wanted.label}, code="period_ahead")
    if as_of > today:
        raise InvalidInputError(_("数据截至日期不能晚于今天。"), code="as_of_ahead")
    return wanted


def _score(work: _Work, period: Period, as_of: date) -> tuple[RoundInput, AppraisalResult]:
    try:
        scheme = scheme_of(work.framework, work.blocks, work.indicators)
        given = read_input(work.framework, work.regions, work.indicators, period=period, as_of=as_of)
        result = run(scheme, given.data)
    except EngineError as error:
        raise in_words(error, work.names) from error
    return given, result


def _points(value: Any) -> float | None:
    number = float(value)
    return None if math.isnan(number) else number


def _published(result: AppraisalResult, value: float | None) -> Decimal | None:
    """Half-up at the places of the scheme, as an exact decimal."""
    return None if value is None else Decimal(f"{float(result.published(value)):.{result.scheme.places}f}")


def _standings(made: Round, work: _Work, result: AppraisalResult) -> Iterator[Standing]:
    """One row a county and block, and one for the total."""
    columns: list[tuple[Block | None, Any, Any, Any]] = [
        (block, result.block_points[:, index], result.block_ranks[:, index], result.block_coverage[:, index])
        for index, block in enumerate(work.blocks)
    ]
    columns.append((None, result.total_points, result.total_ranks, None))
    for block, points, ranks, coverage in columns:
        shared = Counter(int(rank) for rank in ranks if rank)
        for row, region in enumerate(work.regions):
            value = _points(points[row])
            yield Standing(
                round=made,
                region=region,
                block=block,
                points=value,
                published_points=_published(result, value),
                rank=int(ranks[row]) or None,
                tied=shared[int(ranks[row])] > 1,
                in_tier=block is None and bool(result.in_tier[row]),
                coverage=1.0 if coverage is None else float(coverage[row]),
            )


def _cells(made: Round, work: _Work, given: RoundInput, result: AppraisalResult) -> Iterator[ScoreCell]:
    """One row a county and indicator with the records and every step behind it."""
    shared = [Counter(int(rank) for rank in ranks if rank) for ranks in result.cell_ranks.T]
    for row, region in enumerate(work.regions):
        for column, indicator in enumerate(work.indicators):
            key = (region.code, indicator.pk)
            yield ScoreCell(
                round=made,
                region=region,
                indicator=indicator,
                observation_id=given.observations.get(key),
                target_id=given.target_records.get(key),
                value=_points(result.used_values[row, column]),
                points=_points(result.cell_points[row, column]),
                full_points=float(result.cell_max[row, column]),
                rank=int(result.cell_ranks[row, column]) or None,
                tied=shared[column][int(result.cell_ranks[row, column])] > 1,
                steps=explain(result, region.code, indicator.code).to_dict()["steps"],
            )


def _held(by: Mandate, made: Round) -> Round:
    held: Round = locked(Round.objects.select_related("framework__keeper", "framework__region"), made.pk)
    if not sees_league(by, held.framework):
        raise missing()
    return held


def _stuck(made: Round, _after: str) -> ConflictError:
    message = _("第%(number)s轮已经发布，不能再次发布。") % {"number": made.number}
    return ConflictError(message, code="round_published")


def _unbroken(made: Round, _facts: Facts) -> None:
    framework = made.framework
    if (
        seal_of(made.standings.all(), made.cells.all(), framework.blocks.all(), framework.indicators.all())
        != made.result_digest
    ):
        raise ConflictError(
            _("第%(number)s轮的存储结果与计算时的摘要不符，不能发布。请重新计算一轮。") % {"number": made.number},
            code="round_broken",
        )


def _published_by(deed: Deed[Round, Mandate]) -> None:
    deed.row.published_by, deed.row.published_on = deed.by.person, deed.today


ROUND: Life[Round, Mandate] = Life(
    noun="round",
    states=RoundStatus,
    begins=(RoundStatus.DRAFT,),
    lock=_held,
    stuck=_stuck,
    record=recorder("framework.keeper_id"),
)

# shown to the whole county and fixed for good; refused when what is stored is not what was worked out
publish_round = Move(
    ROUND,
    "publish",
    {RoundStatus.DRAFT: (RoundStatus.PUBLISHED,)},
    label=gettext_lazy("发布"),
    said=gettext_lazy("第%(number)s轮已发布，结果不再变动。"),
    who=(Guard(lambda by, row: keeps_framework(by, row.framework), OFFICE_ONLY, "office_only"),),
    check=_unbroken,
    sets=_published_by,
    told=lambda deed: {"number": deed.row.number, "result": deed.row.result_digest},
)

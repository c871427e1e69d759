"""Figures: entered by one person, approved by another; every revision is kept and one is in force."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from yiqi.appraisal.enums import APPROVAL_MOVES, Approval, FrameworkStatus, ValueStatus
from yiqi.appraisal.models import Framework, Indicator, Observation
from yiqi.appraisal.operations.access import in_league, locked, of_framework
from yiqi.appraisal.operations.figures import figure, one_of
from yiqi.appraisal.queries.frameworks import unseen
from yiqi.appraisal.rules import Period, may_approve, may_report, may_see_observation, period_of, sees_league
from yiqi.core.models import Region
from yiqi.core.operations import record
from yiqi.core.rules import Mandate
from yiqi.kit.errors import ConflictError, InvalidInputError, NotAllowedError


def checked_period(framework: Framework, text: str, today: date) -> Period:
    """A month of the framework's year or before it that has begun; InvalidInputError otherwise."""
    if framework.status == FrameworkStatus.CLOSED:
        message = _("“%(name)s”已停用，不能再录入数据。") % {"name": framework.name}
        raise ConflictError(message, code="framework_closed")
    period = period_of(text)
    if period.last_day.replace(day=1) > today:
        raise InvalidInputError(_("%(period)s还没有到，不能录入数据。") % {"period": period.label}, code="period_ahead")
    if period.year > framework.year:
        message = _("期别%(period)s不在%(year)s年度内，请选择该年度的月份。")
        raise InvalidInputError(message % {"period": period.label, "year": framework.year}, code="period_year")
    return period


@transaction.atomic
def report_observation(
    *,
    by: Mandate,
    today: date,
    indicator: Indicator,
    region: Region,
    period: str,
    value: Decimal | float | str,
    value_status: str = ValueStatus.FLASH,
    published_rank: int | None = None,
    source: str = "",
    demo: bool = False,
) -> Observation:
    """Enter a figure; it waits for somebody else's approval as the next revision.

    Errors: NotFoundError, NotAllowedError (neither the office nor the lead unit's reporter), InvalidInputError
    ``period``, ``period_ahead``, ``period_year``, ``figure``, ``region_outside``; ConflictError
    ``observation_pending`` while an earlier one waits, ``observation_same`` when nothing would change.
    """
    indicator = of_framework(indicator)
    framework = indicator.framework
    if not sees_league(by, framework):
        raise unseen()
    in_league(framework, region)
    if not may_report(by, indicator, region.code):
        message = _("指标“%(indicator)s”的数据由牵头单位的填报人或考核督查人员填报。") % {"indicator": indicator.name}
        raise NotAllowedError(message, code="not_reporter")
    wanted = checked_period(framework, period, today)
    number = figure(value, indicator.name)
    status = one_of(ValueStatus, value_status, _("数据性质"))
    last = _last_revision(indicator, region, wanted, number, status)
    made = Observation.objects.create(
        indicator=indicator,
        region=region,
        period=str(wanted),
        value=number,
        value_status=status,
        published_rank=published_rank,
        revision=last + 1,
        entered_by=by.person,
        entered_on=today,
        source=source[:300],
        demo=demo,
    )
    after = {
        "indicator": indicator.code,
        "region": region.code,
        "period": made.period,
        "value": number,
        "status": status,
        "revision": made.revision,
    }
    record(by=by, verb="observation.report", target=made, region_code=framework.keeper_id, today=today, after=after)
    return made


def _last_revision(indicator: Indicator, region: Region, period: Period, number: Decimal, status: str) -> int:
    rows = Observation.objects.filter(indicator=indicator, region=region, period=str(period))
    if pending := rows.filter(approval=Approval.PENDING).select_related("entered_by").first():
        message = _("%(period)s的数据已由%(person)s填报，正在等待审核。请先审核或退回，再填报新的数据。")
        facts = {"period": period.label, "person": pending.entered_by.name}
        raise ConflictError(message % facts, code="observation_pending", data={"observation": pending.pk})
    same = rows.filter(current=True, value=number, value_status=status).first()
    if same:
        message = _("%(period)s的现行数据与填报的数值和性质完全相同，不需要重复填报。") % {"period": period.label}
        raise ConflictError(message, code="observation_same", data={"observation": same.pk})
    return int(rows.aggregate(last=Max("revision"))["last"] or 0)


def _pending(by: Mandate, observation: Observation) -> Observation:
    """The observation, locked, if it waits and ``by`` may judge it."""
    rows = Observation.objects.select_related("indicator__framework__keeper", "indicator__framework__region")
    found = locked(rows, observation.pk)
    if not may_see_observation(by, found):
        raise unseen()
    if found.entered_by_id == by.person.pk:
        raise NotAllowedError(_("不能审核自己填报的数据，请由其他审核人办理。"), code="own_figure")
    if not may_approve(by, found):
        raise NotAllowedError(_("这项数据由牵头单位的审核人或考核督查人员审核。"), code="not_reviewer")
    if not APPROVAL_MOVES[found.approval]:
        message = _("这项数据已经办理过，现在的状态是“%(status)s”。") % {"status": found.get_approval_display()}
        raise ConflictError(message, code="observation_decided")
    return found


def _judge(by: Mandate, today: date, found: Observation, approval: str, opinion: str) -> None:
    found.approval, found.approved_by, found.approved_on, found.opinion = approval, by.person, today, opinion[:300]
    found.save(update_fields=["approval", "approved_by", "approved_on", "opinion", "current"])


@transaction.atomic
def approve_observation(*, by: Mandate, today: date, observation: Observation, opinion: str = "") -> Observation:
    """Put a waiting figure into force in place of the one before.

    Errors: NotFoundError; NotAllowedError ``own_figure`` (who entered it) and ``not_reviewer``; ConflictError
    ``observation_decided``, ``observation_overtaken`` (a later revision is in force already).
    """
    found = _pending(by, observation)
    same = Observation.objects.filter(
        indicator=found.indicator, region=found.region_id, period=found.period, current=True
    )
    before = same.first()
    if before and before.revision > found.revision:
        message = _("填报之后已有更新的数据（第%(revision)s次修订）生效。请退回这一条，按最新数据重新填报。")
        raise ConflictError(message % {"revision": before.revision}, code="observation_overtaken")
    same.update(current=False)
    found.current = True
    _judge(by, today, found, Approval.APPROVED, opinion)
    record(
        by=by,
        verb="observation.approve",
        target=found,
        region_code=found.indicator.framework.keeper_id,
        today=today,
        before={"approval": Approval.PENDING, "in_force": before.value if before else None},
        after={"approval": found.approval, "in_force": found.value, "opinion": found.opinion},
    )
    return found


@transaction.atomic
def return_observation(*, by: Mandate, today: date, observation: Observation, opinion: str) -> Observation:
    """Send a waiting figure back with a reason. Errors: as for approval; InvalidInputError ``opinion_missing``."""
    found = _pending(by, observation)
    if not opinion.strip():
        raise InvalidInputError(_("退回时请写明原因，便于填报人更正。"), code="opinion_missing")
    _judge(by, today, found, Approval.RETURNED, opinion.strip())
    record(
        by=by,
        verb="observation.return",
        target=found,
        region_code=found.indicator.framework.keeper_id,
        today=today,
        before={"approval": Approval.PENDING},
        after={"approval": found.approval, "opinion": found.opinion},
    )
    return found

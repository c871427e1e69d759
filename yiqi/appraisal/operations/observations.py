"""Figures: entered by one person, approved by another; every revision is kept and one is in force."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiqi.appraisal.enums import Approval, FrameworkStatus, ValueStatus
from yiqi.appraisal.models import Framework, Indicator, Observation
from yiqi.appraisal.operations.access import in_league, of_framework
from yiqi.appraisal.operations.figures import figure, one_of
from yiqi.appraisal.readers.periods import Period, period_of
from yiqi.appraisal.rules import may_approve, may_report, may_see_observation, sees_league
from yiqi.core.models import Region
from yiqi.core.operations import record, recorder
from yiqi.core.rules import Mandate
from yiqi.kit.errors import ConflictError, InvalidInputError, NotAllowedError
from yiqi.kit.facts import FactField, FactKind, Facts
from yiqi.kit.moves import Deed, Guard, Life, Move
from yiqi.kit.records import locked, missing


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
        raise missing()
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


def _held(by: Mandate, observation: Observation) -> Observation:
    rows = Observation.objects.select_related("indicator__framework__keeper", "indicator__framework__region")
    held = locked(rows, observation.pk)
    if not may_see_observation(by, held):
        raise missing()
    return held


def _stuck(observation: Observation, _after: str) -> ConflictError:
    message = _("这项数据已经办理过，现在的状态是“%(status)s”。") % {"status": observation.get_approval_display()}
    return ConflictError(message, code="observation_decided")


def _in_force(observation: Observation) -> QuerySet[Observation]:
    return Observation.objects.filter(
        indicator=observation.indicator, region=observation.region_id, period=observation.period, current=True
    )


def _not_overtaken(observation: Observation, _facts: Facts) -> None:
    before = _in_force(observation).first()
    if before and before.revision > observation.revision:
        message = _("填报之后已有更新的数据（第%(revision)s次修订）生效。请退回这一条，按最新数据重新填报。")
        raise ConflictError(message % {"revision": before.revision}, code="observation_overtaken")


def _judge(deed: Deed[Observation, Mandate]) -> None:
    row = deed.row
    row.approved_by, row.approved_on, row.opinion = deed.by.person, deed.today, deed.text


def _put_in_force(deed: Deed[Observation, Mandate]) -> None:
    same = _in_force(deed.row)
    deed.was["in_force"], deed.now["in_force"] = same.values_list("value", flat=True).first(), deed.row.value
    same.update(current=False)
    deed.row.current = True
    _judge(deed)


OBSERVATION: Life[Observation, Mandate] = Life(
    noun="observation",
    states=Approval,
    begins=(Approval.PENDING,),
    lock=_held,
    stuck=_stuck,
    record=recorder("indicator.framework.keeper_id"),
    state="approval",
    text="opinion",
)
JUDGES = (
    Guard[Observation, Mandate](
        lambda by, row: row.entered_by_id != by.person.pk,
        gettext_lazy("不能审核自己填报的数据，请由其他审核人办理。"),
        "own_figure",
    ),
    Guard[Observation, Mandate](
        may_approve, gettext_lazy("这项数据由牵头单位的审核人或考核督查人员审核。"), "not_reviewer"
    ),
)


def _opinion(*, required: bool) -> tuple[FactField, ...]:
    return (
        FactField(
            name="opinion",
            label=gettext_lazy("审核意见"),
            kind=FactKind.WORDS,
            length=300,
            help=gettext_lazy("退回时必须写明原因。"),
            required=required,
            needed=gettext_lazy("退回时请写明原因，便于填报人更正。"),
            code="opinion_missing",
        ),
    )


# the waiting figure comes into force in place of the one before, unless a later revision is in force already
approve_observation = Move(
    OBSERVATION,
    "approve",
    {Approval.PENDING: (Approval.APPROVED,)},
    label=gettext_lazy("审核通过"),
    said=gettext_lazy("数据已审核，现已生效。"),
    who=JUDGES,
    fields=_opinion(required=False),
    check=_not_overtaken,
    sets=_put_in_force,
    told=lambda deed: {"opinion": deed.row.opinion},
)

return_observation = Move(
    OBSERVATION,
    "return",
    {Approval.PENDING: (Approval.RETURNED,)},
    label=gettext_lazy("退回"),
    said=gettext_lazy("数据已退回，填报人可以重新填报。"),
    who=JUDGES,
    fields=_opinion(required=True),
    sets=_judge,
    told=lambda deed: {"opinion": deed.row.opinion},
)

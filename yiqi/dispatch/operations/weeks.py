"""The weekly meeting: opened with an agenda that the data drew up, closed with a record that nobody can change."""

from __future__ import annotations

from datetime import date, timedelta
from typing import cast

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from yiqi.core.enums import SettingKey
from yiqi.core.models import Person
from yiqi.core.operations import record, recorder
from yiqi.core.queries import setting
from yiqi.core.rules import Mandate
from yiqi.dispatch import rules
from yiqi.dispatch.enums import AgendaStatus, Opening, WeekStatus
from yiqi.dispatch.models import Week
from yiqi.dispatch.operations.drawing import fill_agenda
from yiqi.dispatch.operations.meeting import closed, lock_campaign, lock_week
from yiqi.dispatch.queries import visible_campaigns, visible_weeks, week_record
from yiqi.kit.digest import canonical, digest, jsonable, preferred_algorithm
from yiqi.kit.errors import ConflictError, InvalidInputError
from yiqi.kit.facts import KEPT, FactField, FactKind
from yiqi.kit.moves import Deed, Guard, Life, Move
from yiqi.kit.records import ensure, found, locked
from yiqi.plan.enums import CampaignStatus
from yiqi.plan.models import Campaign


def monday_of(day: date) -> date:
    """The Monday of that day's week."""
    return day - timedelta(days=day.weekday())


@transaction.atomic
def open_week(
    *,
    by: Mandate | None,
    today: date,
    campaign: Campaign,
    how: str,
    monday: date | None = None,
    meets_on: date | None = None,
    place: str = "",
    chair: Person | None = None,
    demo: bool | None = None,
) -> Week:
    """Open the week of ``monday`` (this week) and draw its agenda.

    Idempotent: a week that is open already is returned as it is, without a record. ``by`` is None when a schedule
    opens it. Raises ConflictError when that week was closed (week_closed) or an earlier one is still open
    (previous_open), InvalidInputError for a day that is no Monday or a campaign that is not active.
    """
    campaign = _lock_active(by, campaign)
    monday = monday or monday_of(today)
    if monday.weekday() != 0:
        raise InvalidInputError(
            _("调度周以周一的日期命名，%(day)s不是周一。") % {"day": monday.isoformat()}, code="not_a_monday"
        )
    same = Week.objects.filter(campaign=campaign, monday=monday).first()
    if same is not None:
        return _already(same)
    _ensure_free(campaign)
    weekday = int(cast(int, setting(campaign.region_id, SettingKey.MEETING_WEEKDAY)))
    number = Week.objects.filter(campaign=campaign).aggregate(Max("number", default=0))["number__max"] + 1
    week = Week.objects.create(
        campaign=campaign,
        region_id=campaign.region_id,
        number=number,
        monday=monday,
        place=place,
        chair=chair,
        meets_on=meets_on or monday + timedelta(days=weekday - 1),
        opened_how=Opening(how),
        opened_on=today,
        opened_by=by.person if by else None,
        demo=campaign.demo if demo is None else demo,
    )
    items = fill_agenda(week, today=today)
    after = {"number": number, "monday": monday, "how": how, "items": items, "left_out": week.left_out}
    record(by=by, verb="week.open", target=week, region_code=week.region_id, today=today, after=after)
    return week


def _lock_active(by: Mandate | None, campaign: Campaign) -> Campaign:
    if by is not None:
        found(visible_campaigns(by), campaign.pk)
        ensure(rules.runs_dispatch(by, campaign.region_id), _("调度会由考核督查人员或县领导开启。"))
    campaign = lock_campaign(campaign)
    if campaign.status != CampaignStatus.ACTIVE:
        message = _("“%(campaign)s”目前是“%(status)s”，进行中的专项行动才能开调度会。")
        facts = {"campaign": campaign.name, "status": campaign.get_status_display()}
        raise InvalidInputError(message % facts, code="campaign_not_active")
    return campaign


def _already(week: Week) -> Week:
    if week.status == WeekStatus.OPEN:
        return week
    message = _("%(monday)s这一周的调度会（第%(number)s期）已经开完，不能再次开启。")
    raise ConflictError(
        message % {"monday": week.monday.isoformat(), "number": week.number}, code="week_closed", data={"week": week.pk}
    )


def _ensure_free(campaign: Campaign) -> None:
    still = Week.objects.filter(campaign=campaign, status=WeekStatus.OPEN).first()
    if still is not None:
        message = _("第%(number)s期调度会还没有结束，请先结束它：议题和督办事项才能接续到新的一期。")
        raise ConflictError(message % {"number": still.number}, code="previous_open", data={"week": still.pk})


@transaction.atomic
def redraw_agenda(*, by: Mandate, today: date, week: Week, version: int | None = None) -> Week:
    """Draw the agenda again from today's data; items that were decided, added by hand or led to a directive stay."""
    week = lock_week(by, week)
    week.expect_version(version)
    ensure(rules.runs_dispatch(by, week.region_id), _("议程由考核督查人员或县领导重新生成。"))
    before = {"items": week.items.count(), "left_out": week.left_out}
    items = fill_agenda(week, today=today)
    after = {"items": items, "left_out": week.left_out}
    record(by=by, verb="week.redraw", target=week, region_code=week.region_id, today=today, before=before, after=after)
    return week


def _held(by: Mandate, week: Week) -> Week:
    return locked(visible_weeks(by).select_related("campaign", "region"), week.pk)


def _freeze(deed: Deed[Week, Mandate]) -> None:
    """Items still pending are put off; the record is frozen with its digest. Unfinished directives need nothing done:
    the next agenda begins with them."""
    row, facts = deed.row, deed.facts
    pending = row.items.filter(status=AgendaStatus.PENDING)
    deed.now["deferred"] = pending.update(status=AgendaStatus.DEFERRED, decision="会上未及审议，顺延下期。")
    row.closed_by, row.closed_on = deed.by.person, deed.today
    row.meets_on, row.place, row.attendance = facts["meets_on"], facts["place"], facts["attendance"]
    row.record = jsonable(week_record(row, today=deed.today))
    row.algorithm = preferred_algorithm()
    row.digest = digest(canonical(row.record), row.algorithm)


WEEK: Life[Week, Mandate] = Life(
    noun="week",
    states=WeekStatus,
    begins=(WeekStatus.OPEN,),
    lock=_held,
    stuck=lambda row, _after: closed(row),
    record=recorder(),
)

close_week = Move(
    WEEK,
    "close",
    {WeekStatus.OPEN: (WeekStatus.CLOSED,)},
    label=_("结束会议并固定纪要"),
    said=_("第%(number)s期调度会已结束，纪要已固定。"),
    who=(Guard(lambda by, row: rules.runs_dispatch(by, row.region_id), _("调度会由考核督查人员或县领导结束。")),),
    fields=(
        FactField(name="meets_on", label=_("开会日期"), kind=FactKind.DAY, required=True, default=KEPT),
        FactField(name="place", label=_("地点"), length=60, default=KEPT),
        FactField(
            name="attendance",
            label=_("参会单位"),
            kind=FactKind.WORDS,
            help=_("写入纪要的出席单位和人员。"),
            default=KEPT,
        ),
    ),
    sets=_freeze,
    told=lambda deed: {"digest": deed.row.digest, "algorithm": deed.row.algorithm},
)

"""Lists beside the directives: weekly meetings, reports, how much supervision each unit gets."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from yiqi.core.views.middleware import WhoRequest
from yiqi.dispatch.enums import ReportStatus, WeekStatus
from yiqi.dispatch.models import Report, Week
from yiqi.dispatch.operations import monday_of
from yiqi.dispatch.queries import Load, supervision_load, visible_reports, weeks_for
from yiqi.dispatch.views.access import reader, report_reader
from yiqi.kit import clock
from yiqi.kit.marks import badge, sparkline
from yiqi.kit.web.columns import DATE, NUMBER, TITLE, Column, filed, page
from yiqi.kit.web.filters import Filter
from yiqi.kit.web.tables import Button, List, Listing, answer_list, file
from yiqi.kit.wording import NOTHING, cn_date, cn_day, date_range, local_name

_week, _report = page("dispatch:show_week"), page("dispatch:show_report")


def _directives(week: Week) -> str:
    return f"{reverse('dispatch:list_directives')}?week={week.pk}"


def _number(week: Week) -> str:
    return _("第%(number)s期") % {"number": week.number}


def _week_status(week: Week) -> str:
    return badge(week.get_status_display(), "blue" if week.status == WeekStatus.OPEN else "neutral")


WEEKS = List(
    title=_("周调度"),
    status=_("一周一调度：议程由数据生成，未了事项自动接续到下一期。"),
    file=_("周调度会"),
    columns=(
        Column("number", _("期数"), show=_number, link=_week, sort="number", phone=TITLE),
        filed("number", _("期数"), 8, NUMBER, places=0),
        Column("meets_on", _("开会日期"), DATE, 14, show=lambda row: cn_date(row.meets_on), sort="monday"),
        Column("get_status_display", _("状态"), width=10, show=_week_status),
        Column("item_count", _("议题"), NUMBER, 8, 0, link=_week),
        Column("decided_count", _("已议定"), NUMBER, 8, 0, link=_week),
        Column("given_count", _("交办督办"), NUMBER, 10, 0, link=_directives),
        Column("get_opened_how_display", _("开启方式"), width=12),
    ),
    filters=(Filter("status", _("状态"), WeekStatus.choices),),
    sorts={"monday": (_("日期"), ("monday",)), "number": (_("期数"), ("number",))},
    sort="-monday",
    empty=(
        _("还没有调度会"),
        _("开启后，系统按未了督办、红灯任务、提请协调、失分指标和久未上会的黄灯任务生成议程。"),
    ),
)


@require_GET
def list_weeks(request: WhoRequest) -> HttpResponseBase:
    """All weeks that the person sees, the newest first."""
    who = reader(request)
    opens = Button(reverse("dispatch:open_week"), _("开启本周调度会"), "calendar-plus")

    def begin(shown: Listing) -> dict[str, Any]:
        week = next((week for week in shown.rows if week.status == WeekStatus.OPEN), None)
        if week is not None:
            return {"action": Button(_week(week), _("打开第%(number)s期调度会") % {"number": week.number})}
        return {"action": opens if who.prefixes("office", "leader") else None}

    return answer_list(request, WEEKS, weeks_for(who), begin)


def _report_status(row: Report) -> str:
    return badge(row.get_status_display(), "blue" if row.status == ReportStatus.DRAFT else "neutral")


def _signed(row: Report) -> str:
    if row.signed_by is None:
        return NOTHING
    return format_html('{}<span class="unit">{}</span>', row.signed_by.name, cn_day(row.signed_on))


REPORTS = List(
    title=_("工作报告"),
    status=_("两周一汇报：由数据起草，经修改、签发后固定。"),
    columns=(
        Column("document_number", _("发文字号"), width=20, link=_report, css="nowrap", sort="number", phone=TITLE),
        Column("title", _("标题"), width=50, css="wide"),
        Column("starts", _("报告期"), show=lambda row: date_range(row.starts, row.ends), sort="ends"),
        filed("starts", _("自"), 12, DATE),
        filed("ends", _("至"), 12, DATE),
        Column("get_status_display", _("状态"), width=10, show=_report_status),
        Column("drafted_by.name", _("起草人"), width=10),
        Column("signed_by.name", _("签发人"), width=10, show=_signed),
        filed("signed_on", _("签发日期"), 12, DATE),
    ),
    filters=(Filter("status", _("状态"), ReportStatus.choices),),
    sorts={"ends": (_("截止日期"), ("ends", "number")), "number": (_("期数"), ("number",))},
    sort="-ends",
    empty=(_("还没有报告"), _("选择起止日期，系统按这段时间的数据起草。")),
)


@require_GET
def list_reports(request: WhoRequest) -> HttpResponseBase:
    """All reports that the person sees."""
    who = report_reader(request)
    drafts = Button(reverse("dispatch:draft_report"), _("起草报告"), "file-plus")
    rows = visible_reports(who).select_related("campaign", "drafted_by", "signed_by")
    return answer_list(request, REPORTS, rows, {"action": drafts if who.has("office") else None})


def _load_table(monday: date) -> List:
    given = f"{reverse('dispatch:list_directives')}?monday={monday.isoformat()}&unit="
    history = _("近四周督办要求")
    return List(
        title=_("督办频次"),
        notes=[_("%(monday)s起的一周") % {"monday": cn_date(monday)}],
        columns=(
            Column("unit.name", _("单位"), width=24, show=lambda row: local_name(row.unit), phone=TITLE),
            Column("given", _("交办"), NUMBER, 12, 0, link=lambda row: f"{given}{row.unit.pk}"),
            Column("supporting", _("协办"), NUMBER, 12, 0),
            Column("returned", _("退回补充"), NUMBER, 12, 0),
            Column("total", _("合计"), NUMBER, 12, 0),
            Column("history", _("近四周"), show=lambda row: sparkline(row.history, history)),
        ),
    )


def _total(loads: list[Load]) -> dict[str, int]:
    return {"total": sum(load.total for load in loads), "units": sum(load.total > 0 for load in loads)}


@require_GET
def show_load(request: WhoRequest) -> HttpResponseBase:
    """Requests by unit in a week."""
    who = reader(request)
    monday = _monday(request.GET.get("monday", ""))
    loads, what = supervision_load(who, monday=monday), _load_table(monday)
    if (found := file(request, what, loads)) is not None:
        return found
    week = timedelta(weeks=1)
    days = {"monday": monday, "sunday": monday + timedelta(days=6), "previous": monday - week, "next": monday + week}
    return render(request, "dispatch/load.html", {"what": what, "loads": loads, **days, **_total(loads)})


def _monday(text: str) -> date:
    try:
        return monday_of(date.fromisoformat(text))
    except (ValueError, OverflowError):
        return monday_of(clock.today())

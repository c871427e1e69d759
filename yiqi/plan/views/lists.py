"""Lists beside the board: progress, and my week."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_safe

from yiqi.core.enums import Role
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit import clock
from yiqi.kit.marks import badge, light
from yiqi.kit.web.columns import DATE, NUMBER, TITLE, Column, Text, filed, page
from yiqi.kit.web.filters import Choices, Filter, having
from yiqi.kit.web.tables import List, answer_list
from yiqi.kit.wording import NOTHING, local_name
from yiqi.plan.enums import ProgressStatus
from yiqi.plan.models import Progress, Task
from yiqi.plan.queries import LightRule, light_rule, my_week, visible_progress
from yiqi.plan.views.gate import campaign_of, unit_choices

_report, _task = page("plan:show_progress"), page("plan:show_task")


def _text(row: Progress) -> str:
    return Truncator(row.text).chars(80)


def _by(row: Progress) -> str:
    return f"{row.unit.label}{row.reported_by.name}"


def _reviewed(row: Progress) -> str:
    status = row.get_status_display()
    return format_html('{} <span class="muted">{}</span>', status, row.reviewed_by.name) if row.reviewed_by else status


def _units(request: WhoRequest) -> Choices:
    return unit_choices(request.who.home.code) if request.who.home else []


PROGRESS = List(
    title=_("进展"),
    status=_("单位填报并经他人审核的任务进展。"),
    file=_("进展清单"),
    caption=_("进展列表"),
    columns=(
        Column("on", _("填报日期"), DATE, link=_report, css="text-nowrap", sort="on"),
        filed("task.code", _("任务编号"), 10),
        Column("task.title", _("任务"), link=page("plan:show_task", "task_id"), css="wide", sort="task", phone=TITLE),
        filed("task.title", _("任务名称"), 36),
        filed("unit", _("填报单位"), 20, value=lambda row: local_name(row.unit)),
        filed("on", _("填报日期"), 12, DATE),
        filed("percent", _("完成进度（%）"), 10, NUMBER),
        Column("text", _("进展情况"), width=60, show=_text, css="wide"),
        Column("reported_by", _("填报"), show=_by, css="text-nowrap"),
        Column("percent", _("进度（%）"), NUMBER),
        filed("problem", _("存在问题"), 30),
        filed("ask", _("提请协调事项"), 30),
        Column("get_status_display", _("状态"), width=10, show=_reviewed, css="text-nowrap"),
        filed("reported_by.name", _("填报人"), 10),
        filed("reviewed_by.name", _("审核人"), 10),
    ),
    filters=(
        Filter("q", _("任务名称或编号"), narrow=having("task__title__icontains", "task__code__istartswith")),
        Filter("unit", _("填报单位"), _units),
        Filter("status", _("状态"), ProgressStatus.choices),
        Filter("task", _("任务"), narrow="task__code"),
    ),
    sorts={"on": (_("填报日期"), ("on", "pk")), "task": (_("任务编号"), ("task__code", "pk"))},
    sort="-on",
    empty=(_("没有符合条件的进展"), _("请去掉部分条件后再看。")),
    untouched=(_("还没有进展"), _("单位提交的进展会列在这里。")),
)


@require_safe
def list_progress(request: WhoRequest) -> HttpResponse:
    """All reports that I may see."""
    campaign = campaign_of(request, clock.today())
    rows = visible_progress(request.who).filter(task__campaign=campaign)
    path = [(reverse("plan:show_campaign"), local_name(campaign))] if campaign else []
    return answer_list(
        request, PROGRESS, rows.select_related("task", "unit", "reported_by", "reviewed_by"), {"path": path}
    )


def _week_tasks(title: Text, date_label: Text, link: Callable[[Task], str], due: Callable[[Task], Any]) -> List:
    return List(
        title=title,
        caption=title,
        columns=(
            Column("title", pgettext_lazy("column", "任务"), link=link, css="wide", phone=TITLE),
            Column("reading", _("亮灯与原因"), show=lambda row: light(row.reading), css="wide"),
            Column("lead_unit.label", _("牵头单位")),
            Column("due", date_label, DATE, value=due, css="text-nowrap"),
            Column("percent", _("进度（%）"), NUMBER),
        ),
    )


def _week_reports(title: Text, said: Column, link: Callable[[Progress], str]) -> List:
    return List(
        title=title,
        caption=title,
        columns=(
            Column("task.title", pgettext_lazy("column", "任务"), link=link, css="wide", phone=TITLE),
            said,
            Column("reported_by", _("填报"), show=_by, css="text-nowrap"),
            Column("on", _("填报日期"), DATE, css="text-nowrap"),
            Column("get_status_display", _("状态"), show=_report_status, css="text-nowrap"),
        ),
    )


def _report_status(row: Progress) -> str:
    return badge(row.get_status_display(), "yellow" if row.status == ProgressStatus.RETURNED else "blue")


def _opinion(row: Progress) -> str:
    said = {"name": row.reviewed_by.name, "text": row.opinion} if row.reviewed_by else None
    return _("%(name)s：%(text)s") % said if said else NOTHING


def _next(task: Task) -> Any:
    return task.next_due or task.due


_said = Column("text", _("进展情况"), show=_text, css="wide")
_returned = Column("opinion", _("退回意见"), show=_opinion, css="wide")
RETURNED = _week_reports(_("待补充和未提交的进展"), _returned, page("plan:edit_progress"))
TO_REVIEW = _week_reports(_("等待我审核的进展"), _said, _report)
TO_REPORT = _week_tasks(_("应填报的进展"), _("应报日期"), page("plan:report_progress"), lambda row: row.report_due)
TO_SEE = _week_tasks(_("等待验收的任务"), _("完成时限"), _task, _next)
TO_VERIFY = _week_tasks(_("等待验收的任务"), _("完成时限"), page("plan:verify_task"), _next)
ASKS = _week_tasks(_("提请协调的任务"), _("到期"), _task, _next)
DUE = _week_tasks(_("逾期和本周到期"), _("到期"), _task, _next)


@require_GET
def show_week(request: WhoRequest) -> HttpResponse:
    """What I must report, check, mend and verify this week, and what falls due."""
    today = clock.today()
    campaign = campaign_of(request, today)
    rule = light_rule(campaign.region_id) if campaign else LightRule()
    week = my_week(request.who, today, campaign=campaign, rule=rule)
    reports, tasks = reverse("plan:list_progress"), reverse("plan:board")
    verifies = request.who.has(Role.OFFICE, Role.FORCE_HEAD)
    sections = [
        (RETURNED, week.returned, reports),
        (TO_REPORT, week.to_report, tasks),
        (TO_REVIEW, week.to_review, reports),
        (TO_VERIFY if verifies else TO_SEE, week.to_verify, f"{tasks}?view=list&status=claimed"),
        (ASKS, week.asks, f"{tasks}?view=list"),
        (DUE, week.due, f"{tasks}?view=list"),
    ]
    context = {"week": week, "campaign": campaign, "sections": [section for section in sections if section[1]]}
    return render(request, "plan/my_week.html", context)

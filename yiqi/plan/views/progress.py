"""Reporting, reading and reviewing progress; my week."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from yiqi.core.enums import Role
from yiqi.core.views.attachments import attachment_response
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit import clock
from yiqi.kit.errors import NotAllowedError
from yiqi.kit.sheets import Column, ColumnKind, Table
from yiqi.kit.web.answers import workbook
from yiqi.kit.web.lists import Filter, chosen, listing
from yiqi.kit.wording import cn_date, local_name
from yiqi.plan import operations
from yiqi.plan.enums import ProgressStatus
from yiqi.plan.forms import ProgressForm, ReviewForm
from yiqi.plan.forms.progress import initial_of
from yiqi.plan.models import Progress, Task
from yiqi.plan.queries import LightRule, light_rule, my_week, visible_progress
from yiqi.plan.rules import can_review, can_write, is_own
from yiqi.plan.views.gate import campaign_of, done, form_page, missing, progress_of, task_of, unit_choices

SORTS = {
    "on": (gettext_lazy("填报日期"), ("on", "pk")),
    "task": (gettext_lazy("任务编号"), ("task__code", "pk")),
}


@require_GET
def show_week(request: WhoRequest) -> HttpResponse:
    """What I must report, check, mend and verify this week, and what falls due."""
    today = clock.today()
    campaign = campaign_of(request, today)
    rule = light_rule(campaign.region_id) if campaign else LightRule()
    week = my_week(request.who, today, campaign=campaign, rule=rule)
    verifies = request.who.has(Role.OFFICE, Role.FORCE_HEAD)
    context = {"week": week, "campaign": campaign, "verify": "verify" if verifies else "", "demo_data": week.demo}
    return render(request, "plan/my_week.html", context)


def _filters(request: WhoRequest) -> list[Filter]:
    home = request.who.home
    units = unit_choices(home.code) if home else []
    return [
        chosen(request, "q", _("任务名称或编号")),
        chosen(request, "unit", _("填报单位"), units),
        chosen(request, "status", _("状态"), ProgressStatus.choices),
        chosen(request, "task", _("任务")),
    ]


@require_safe
def list_progress(request: WhoRequest) -> HttpResponse:
    """All reports that I may see."""
    today = clock.today()
    campaign = campaign_of(request, today)
    filters = _filters(request)
    said = {item.name: item.value for item in filters}
    rows = visible_progress(request.who).filter(task__campaign=campaign)
    if said["q"]:
        rows = rows.filter(task__title__icontains=said["q"]) | rows.filter(task__code__istartswith=said["q"])
    if said["unit"]:
        rows = rows.filter(unit_id=int(said["unit"]))
    if said["status"]:
        rows = rows.filter(status=said["status"])
    if said["task"]:
        rows = rows.filter(task__code=said["task"])
    rows = rows.select_related("task", "unit", "reported_by", "reviewed_by")
    if request.GET.get("export") == "xlsx":
        return _export(rows.order_by("-on", "-pk"), today)
    shown = listing(request, rows, filters=filters, sorts=SORTS, default_sort="-on")
    demo = any(row.demo for row in shown.page.object_list)
    context = {"listing": shown, "campaign": campaign, "demo": demo, "demo_data": demo}
    return render(request, "plan/progress_list.html", context)


def _export(rows: Any, today: Any) -> HttpResponse:
    found = list(rows)
    columns = [
        Column(_("任务编号"), 10),
        Column(_("任务名称"), 36),
        Column(_("填报单位"), 20),
        Column(_("填报日期"), 12, ColumnKind.DATE),
        Column(_("完成进度（%）"), 10, ColumnKind.NUMBER),
        Column(_("进展情况"), 60),
        Column(_("存在问题"), 30),
        Column(_("提请协调事项"), 30),
        Column(_("状态"), 10),
        Column(_("填报人"), 10),
        Column(_("审核人"), 10),
    ]
    lines = [
        (
            row.task.code,
            row.task.title,
            local_name(row.unit),
            row.on,
            row.percent,
            row.text,
            row.problem,
            row.ask,
            row.get_status_display(),
            row.reported_by.name,
            row.reviewed_by.name if row.reviewed_by else "",
        )
        for row in found
    ]
    notes = [_("截至%(day)s") % {"day": cn_date(today)}]
    mark = _("演示数据") if any(row.demo for row in found) else ""
    return workbook(Table(_("进展清单"), columns, lines, notes=notes, mark=mark), _("进展清单"))


def _report_form(request: WhoRequest, task: Task, progress: Progress | None) -> tuple[ProgressForm, Progress | None]:
    units = [task.lead_unit, *task.support_units.all()]
    held = request.who.units(Role.REPORTER)
    mine = [unit for unit in units if unit.pk in held] if progress is None else [progress.unit]
    if not mine or mine[0].pk not in held:
        raise NotAllowedError(_("进展由牵头单位或配合单位的填报人填报。"))
    said = Progress.objects.filter(task=task, unit__in=mine).exclude(status=ProgressStatus.DRAFT)
    last = said.select_related("reported_by").order_by("-on", "-pk").first()
    known = initial_of(progress, again=False) if progress else initial_of(last, again=True) if last else {}
    form = ProgressForm(
        request.POST or None,
        request.FILES or None,
        task=task,
        units=mine,
        leads=any(unit.pk == task.lead_unit_id for unit in mine),
        initial=known,
    )
    return form, last


def _report(request: WhoRequest, task: Task, progress: Progress | None) -> HttpResponse:
    form, last = _report_form(request, task, progress)
    if request.method == "POST" and form.is_valid():
        submits = request.POST.get("do") != "save"
        verb = operations.report_progress if submits else operations.save_progress
        facts = form.facts | {"by": request.who, "today": clock.today(), "task": task, "progress": progress}
        if row := form.run(lambda: verb(**facts)):
            message = _("已提交，等待审核。") if submits else _("已存为草稿，提交后才进入审核。")
            return done(request, message, reverse("plan:show_progress", args=[row.pk]))
    context = {"task": task, "progress": progress, "last": last, "demo_data": task.demo}
    return form_page(request, "plan/progress_form.html", form, context)


@require_http_methods(["GET", "POST"])
def report_progress(request: WhoRequest, pk: int) -> HttpResponse:
    """A new report on a task."""
    return _report(request, task_of(request, pk), None)


@require_http_methods(["GET", "POST"])
def edit_progress(request: WhoRequest, pk: int) -> HttpResponse:
    """Go on with a draft or a returned report."""
    progress = progress_of(request, pk)
    if not can_write(request.who, progress):
        message = _("这份进展现在是“%(status)s”，您不能修改。") % {"status": progress.get_status_display()}
        raise NotAllowedError(message)
    return _report(request, progress.task, progress)


def _page(request: WhoRequest, progress: Progress, form: ReviewForm) -> HttpResponse:
    waiting = progress.status == ProgressStatus.SUBMITTED
    context = {
        "progress": progress,
        "task": progress.task,
        "files": list(progress.attachments.all()),
        "changes": list(progress.changes.select_related("by")),
        "may_review": waiting and can_review(request.who, progress),
        "own": waiting and is_own(request.who, progress),
        "may_write": can_write(request.who, progress),
        "demo_data": progress.demo,
    }
    return form_page(request, "plan/progress.html", form, context)


@require_GET
def show_progress(request: WhoRequest, pk: int) -> HttpResponse:
    """One report, with the review beneath for who may review it."""
    progress = progress_of(request, pk)
    return _page(request, progress, ReviewForm(initial={"version": progress.version}))


@require_http_methods(["POST"])
def review_progress(request: WhoRequest, pk: int) -> HttpResponse:
    """Approve or return."""
    progress = progress_of(request, pk)
    form = ReviewForm(request.POST)
    if form.is_valid():
        approves = request.POST.get("decision") == "approve"
        verb = operations.approve_progress if approves else operations.return_progress
        said = form.cleaned_data
        facts = {"progress": progress, "opinion": said["opinion"], "version": said["version"]}
        if form.run(lambda: verb(by=request.who, today=clock.today(), **facts)):
            message = _("已通过。") if approves else _("已退回填报人补充。")
            return done(request, message, reverse("plan:show_task", args=[progress.task_id]))
    return _page(request, progress, form)


@require_GET
def download_attachment(request: WhoRequest, pk: int, attachment: Any) -> HttpResponseBase:
    """A report's evidence, for those who may see the report."""
    found = progress_of(request, pk).attachments.filter(pk=attachment).first()
    if found is None:
        raise missing()
    return attachment_response(found)

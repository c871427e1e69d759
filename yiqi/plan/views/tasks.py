"""The page of a task, its forms, and the steps of its life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiqi.core.views.middleware import WhoRequest
from yiqi.kit import clock
from yiqi.kit.errors import NotAllowedError
from yiqi.plan import operations
from yiqi.plan.enums import TASK_MOVES, ProgressStatus, TaskStatus
from yiqi.plan.forms import NewTaskForm, NodeForm, TaskForm, WhyForm
from yiqi.plan.forms.tasks import initial_of
from yiqi.plan.models import Milestone, Task
from yiqi.plan.operations.keeping import RUNNING
from yiqi.plan.queries import light_of, light_rule, visible_progress
from yiqi.plan.rules import can_manage, can_report, can_verify
from yiqi.plan.views.gate import done, form_page, managed_campaign, missing, need_office, task_of

SHOWN_REPORTS = 10


@dataclass(frozen=True)
class Step:
    """A step of a task's life as its page offers it; ``does`` says what will happen."""

    name: str
    label: str | Promise
    does: str | Promise
    after: TaskStatus
    before: frozenset[TaskStatus]
    verb: Callable[..., Task]
    why: bool = True


STEPS = {
    step.name: step
    for step in (
        Step(
            "start",
            gettext_lazy("启动任务"),
            gettext_lazy("任务改为“推进中”，开始按节点、时限和报送频次亮灯。"),
            TaskStatus.ACTIVE,
            frozenset({TaskStatus.PLANNED, TaskStatus.SUSPENDED}),
            operations.start_task,
            why=False,
        ),
        Step(
            "suspend",
            gettext_lazy("暂缓任务"),
            gettext_lazy("任务改为“暂缓”：亮灰灯，时限停止计算，单位不再填报，恢复时可重新启动。"),
            TaskStatus.SUSPENDED,
            frozenset({TaskStatus.PLANNED, TaskStatus.ACTIVE}),
            operations.suspend_task,
        ),
        Step(
            "cancel",
            gettext_lazy("取消任务"),
            gettext_lazy("任务改为“取消”，此后不能恢复；已有的进展和记录保留。"),
            TaskStatus.CANCELLED,
            frozenset({TaskStatus.PLANNED, TaskStatus.ACTIVE, TaskStatus.SUSPENDED}),
            operations.cancel_task,
        ),
        Step(
            "reopen",
            gettext_lazy("重新办理"),
            gettext_lazy("已办结的任务改回“推进中”，原时限不变，单位继续填报。"),
            TaskStatus.ACTIVE,
            frozenset({TaskStatus.DONE}),
            operations.reopen_task,
        ),
    )
}


def steps_of(task: Task) -> list[Step]:
    """The steps that the table of moves allows now."""
    return [step for step in STEPS.values() if task.status in step.before and step.after in TASK_MOVES[task.status]]


def _report_address(request: WhoRequest, task: Task, reports: list[Any], units: set[int]) -> str:
    mine = [unit for unit in units if can_report(request.who, unit, units)]
    if task.status not in RUNNING or not mine:
        return ""
    mending = (ProgressStatus.DRAFT, ProgressStatus.RETURNED)
    for report in reports:
        if report.unit_id in mine and report.status in mending:
            return reverse("plan:edit_progress", args=[report.pk])
    waiting = {report.unit_id for report in reports if report.status == ProgressStatus.SUBMITTED}
    return reverse("plan:report_progress", args=[task.pk]) if set(mine) - waiting else ""


@require_GET
def show_task(request: WhoRequest, pk: int) -> HttpResponse:
    """Facts, light, nodes, reports, history; and what this person can do next."""
    today, task = clock.today(), task_of(request, pk)
    rule = light_rule(task.region_id)
    supports = list(task.support_units.all())
    units = {task.lead_unit_id, *(unit.pk for unit in supports)}
    reports = visible_progress(request.who).filter(task=task)
    shown = list(
        reports.select_related("unit", "reported_by", "reviewed_by", "milestone")
        .prefetch_related("attachments")
        .order_by("-on", "-pk")[: SHOWN_REPORTS + 1]
    )
    counted = [row for row in shown if row.unit_id == task.lead_unit_id and row.status != ProgressStatus.DRAFT]
    context = {
        "task": task,
        "reading": light_of(task, today=today, yellow_days=rule.yellow_days, grace_days=rule.grace_days),
        "supports": supports,
        "nodes": list(task.milestones.all()),
        "reports": shown[:SHOWN_REPORTS],
        "more_reports": len(shown) > SHOWN_REPORTS,
        "last": counted[0] if counted else None,
        "changes": list(task.changes.select_related("by")),
        "report_address": _report_address(request, task, shown, units),
        "may_manage": can_manage(request.who, task.region_id),
        "may_verify": task.status == TaskStatus.CLAIMED and can_verify(request.who, task),
        "steps": steps_of(task),
        "open": task.status not in {TaskStatus.DONE, TaskStatus.CANCELLED},
        "demo_data": task.demo,
    }
    return render(request, "plan/task.html", context)


@require_http_methods(["GET", "POST"])
def create_task(request: WhoRequest) -> HttpResponse:
    """A new task of the current campaign."""
    today = clock.today()
    campaign = managed_campaign(request, today)
    begin = {"starts": max(today, campaign.starts), "action": request.GET.get("action")}
    form = NewTaskForm(request.POST or None, campaign=campaign, today=today, initial=begin)
    if request.method == "POST" and form.is_valid():
        said, facts = form.cleaned_data, form.facts

        def create() -> Task:
            return operations.create_task(
                by=request.who,
                today=today,
                campaign=campaign,
                action=said["action"],
                code=said["code"] or None,
                milestones=said["nodes"],
                **facts.fields(),
                support_units=facts.support_units,
            )

        if task := form.run(create):
            message = _("已建立任务%(code)s。") % {"code": task.code}
            return done(request, message, reverse("plan:show_task", args=[task.pk]))
    return form_page(request, "plan/task_form.html", form, {"campaign": campaign})


@require_http_methods(["GET", "POST"])
def edit_task(request: WhoRequest, pk: int) -> HttpResponse:
    """What an existing task says."""
    today, task = clock.today(), task_of(request, pk)
    need_office(request, task.region_id)
    form = TaskForm(request.POST or None, campaign=task.campaign, today=today, initial=initial_of(task))
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        if form.run(
            lambda: operations.edit_task(by=request.who, today=today, task=task, facts=form.facts, version=version)
        ):
            return done(request, _("已保存修改。"), reverse("plan:show_task", args=[task.pk]))
    return form_page(request, "plan/task_form.html", form, {"campaign": task.campaign, "task": task})


@require_http_methods(["GET", "POST"])
def move_task(request: WhoRequest, pk: int, step: str) -> HttpResponse:
    """Start, suspend, cancel or reopen: says what will happen, asks why."""
    today, task = clock.today(), task_of(request, pk)
    chosen = STEPS.get(step)
    if chosen is None:
        raise missing()
    need_office(request, task.region_id)
    form = WhyForm(request.POST or None, needed=chosen.why, initial={"version": task.version})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        facts = {"by": request.who, "today": today, "task": task, "why": said["why"], "version": said["version"]}
        if moved := form.run(lambda: chosen.verb(**facts)):
            message = _("任务%(code)s现在是“%(status)s”。") % {"code": task.code, "status": moved.get_status_display()}
            return done(request, message, reverse("plan:show_task", args=[task.pk]))
    return form_page(request, "plan/task_step.html", form, {"task": task, "step": chosen})


@require_http_methods(["GET", "POST"])
def verify_task(request: WhoRequest, pk: int) -> HttpResponse:
    """Accept or refuse a claim, with the report and its evidence before one's eyes."""
    today, task = clock.today(), task_of(request, pk)
    if not can_verify(request.who, task):
        raise NotAllowedError(_("办结由考核督查人员或专班负责人验收，牵头单位不能自行验收。"), code="own_task")
    form = WhyForm(
        request.POST or None, needed=False, label=_("意见（不通过时必填）"), initial={"version": task.version}
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        accepts = request.POST.get("decision") == "accept"
        verb = operations.accept_task if accepts else operations.refuse_task
        facts = {"by": request.who, "today": today, "task": task, "why": said["why"], "version": said["version"]}
        if form.run(lambda: verb(**facts)):
            message = _("任务%(code)s已验收办结。") if accepts else _("任务%(code)s已退回继续办理。")
            return done(request, message % {"code": task.code}, reverse("plan:show_task", args=[task.pk]))
    claims = visible_progress(request.who).filter(task=task, claims_done=True, status=ProgressStatus.APPROVED)
    claim = claims.select_related("unit", "reported_by").prefetch_related("attachments").order_by("-on", "-pk").first()
    context = {"task": task, "claim": claim, "nodes": list(task.milestones.all()), "demo_data": task.demo}
    return form_page(request, "plan/task_verify.html", form, context)


@require_http_methods(["GET", "POST"])
def add_milestone(request: WhoRequest, pk: int) -> HttpResponse:
    """A further node."""
    today, task = clock.today(), task_of(request, pk)
    need_office(request, task.region_id)
    form = NodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        facts = {"by": request.who, "today": today, "task": task, "title": said["title"], "due": said["due"]}
        if form.run(lambda: operations.add_milestone(**facts)):
            return done(request, _("已增加节点。"), reverse("plan:show_task", args=[task.pk]))
    return form_page(request, "plan/node_form.html", form, {"task": task})


def _node_of(request: WhoRequest, pk: int) -> tuple[Task, Milestone]:
    node = Milestone.objects.filter(pk=pk).first()
    if node is None:
        raise missing()
    task = task_of(request, node.task_id)
    need_office(request, task.region_id)
    return task, node


@require_http_methods(["GET", "POST"])
def edit_milestone(request: WhoRequest, pk: int) -> HttpResponse:
    """Another name or day for an open node."""
    task, node = _node_of(request, pk)
    form = NodeForm(request.POST or None, initial={"title": node.title, "due": node.due})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        facts = {
            "by": request.who,
            "today": clock.today(),
            "milestone": node,
            "title": said["title"],
            "due": said["due"],
        }
        if form.run(lambda: operations.edit_milestone(**facts)):
            return done(request, _("已修改节点。"), reverse("plan:show_task", args=[task.pk]))
    return form_page(request, "plan/node_form.html", form, {"task": task, "node": node})


@require_POST
def remove_milestone(request: WhoRequest, pk: int) -> HttpResponse:
    """Take an open node away."""
    task, node = _node_of(request, pk)
    operations.remove_milestone(by=request.who, today=clock.today(), milestone=node)
    return done(request, _("已删除节点“%(node)s”。") % {"node": node.title}, reverse("plan:show_task", args=[task.pk]))

"""The page of a task, its forms, and the steps of its life."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiqi.core.views.middleware import WhoRequest
from yiqi.kit import clock
from yiqi.kit.records import found, missing
from yiqi.kit.web.deeds import answer, form_for, form_page, tell
from yiqi.plan import operations
from yiqi.plan.enums import ProgressStatus, TaskStatus
from yiqi.plan.forms import NewTaskForm, NodeForm, TaskForm
from yiqi.plan.forms.tasks import initial_of
from yiqi.plan.models import Milestone, Task
from yiqi.plan.operations.keeping import RUNNING
from yiqi.plan.queries import light_of, light_rule, visible_progress
from yiqi.plan.rules import can_manage, can_report, can_verify
from yiqi.plan.views.gate import managed_campaign, need_office, task_of

SHOWN_REPORTS = 10


def _address(task: Task) -> str:
    return reverse("plan:show_task", args=[task.pk])


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
        "steps": [move for move in operations.STEPS if task.status in move.ways],
        "open": task.status not in {TaskStatus.DONE, TaskStatus.CANCELLED},
        "demo": task.demo,
    }
    return render(request, "plan/task.html", context)


@require_http_methods(["GET", "POST"])
def create_task(request: WhoRequest) -> HttpResponse:
    """A new task of the current campaign."""
    today = clock.today()
    campaign = managed_campaign(request, today)
    begin = {"starts": max(today, campaign.starts), "action": request.GET.get("action")}
    form = NewTaskForm(request.POST or None, campaign=campaign, today=today, initial=begin)

    def create(said: dict[str, Any]) -> Task:
        return operations.create_task(
            by=request.who,
            today=today,
            campaign=campaign,
            action=said["action"],
            code=said["code"] or None,
            milestones=said["nodes"],
            **form.facts.fields(),
            support_units=form.facts.support_units,
        )

    return answer(
        request,
        form,
        create,
        done=lambda task: (_("已建立任务%(code)s。") % {"code": task.code}, _address(task)),
        page=form_page(request, "plan/task_form.html", form, campaign=campaign),
    )


@require_http_methods(["GET", "POST"])
def edit_task(request: WhoRequest, pk: int) -> HttpResponse:
    """What an existing task says."""
    today, task = clock.today(), task_of(request, pk)
    need_office(request, task.region_id)
    form = TaskForm(request.POST or None, campaign=task.campaign, today=today, initial=initial_of(task))

    def edit(said: dict[str, Any]) -> Task:
        return operations.edit_task(by=request.who, today=today, task=task, facts=form.facts, version=said["version"])

    return answer(
        request,
        form,
        edit,
        done=lambda _task: (_("已保存修改。"), _address(task)),
        page=form_page(request, "plan/task_form.html", form, campaign=task.campaign, task=task),
    )


@require_http_methods(["GET", "POST"])
def move_task(request: WhoRequest, pk: int, step: str) -> HttpResponse:
    """Start, suspend, cancel or reopen: says what will happen, asks why."""
    task = task_of(request, pk)
    move = operations.TASK.named(step)
    if move not in operations.STEPS:
        raise missing()
    move.admit(request.who, task)
    form = form_for(task, move, sent=request)
    return answer(
        request,
        form,
        lambda _facts: form.do(by=request.who, today=clock.today(), row=task),
        done=lambda moved: (move.done(moved), _address(task)),
        page=form_page(request, "plan/task_step.html", form, task=task, step=move),
    )


@require_http_methods(["GET", "POST"])
def verify_task(request: WhoRequest, pk: int) -> HttpResponse:
    """Accept or refuse a claim, with the report and its evidence before one's eyes."""
    task = task_of(request, pk)
    operations.accept_task.admit(request.who, task)
    form = form_for(task, operations.accept_task, operations.refuse_task, sent=request)
    claims = visible_progress(request.who).filter(task=task, claims_done=True, status=ProgressStatus.APPROVED)
    claim = claims.select_related("unit", "reported_by").prefetch_related("attachments").order_by("-on", "-pk").first()
    context = {"task": task, "claim": claim, "nodes": list(task.milestones.all()), "demo": task.demo}
    return answer(
        request,
        form,
        lambda _facts: form.do(by=request.who, today=clock.today(), row=task),
        done=lambda moved: (form.move.done(moved), _address(task)),
        page=form_page(request, "plan/task_verify.html", form, **context),
    )


@require_http_methods(["GET", "POST"])
def add_milestone(request: WhoRequest, pk: int) -> HttpResponse:
    """A further node."""
    today, task = clock.today(), task_of(request, pk)
    need_office(request, task.region_id)
    form = NodeForm(request.POST or None)
    return answer(
        request,
        form,
        lambda facts: operations.add_milestone(by=request.who, today=today, task=task, **facts),
        done=lambda _node: (_("已增加节点。"), _address(task)),
        page=form_page(request, "plan/node_form.html", form, task=task),
    )


def _node_of(request: WhoRequest, pk: int) -> tuple[Task, Milestone]:
    node = found(Milestone.objects.all(), pk)
    task = task_of(request, node.task_id)
    need_office(request, task.region_id)
    return task, node


@require_http_methods(["GET", "POST"])
def edit_milestone(request: WhoRequest, pk: int) -> HttpResponse:
    """Another name or day for an open node."""
    task, node = _node_of(request, pk)
    form = NodeForm(request.POST or None, initial={"title": node.title, "due": node.due})
    return answer(
        request,
        form,
        lambda facts: operations.edit_milestone(by=request.who, today=clock.today(), milestone=node, **facts),
        done=lambda _node: (_("已修改节点。"), _address(task)),
        page=form_page(request, "plan/node_form.html", form, task=task, node=node),
    )


@require_POST
def remove_milestone(request: WhoRequest, pk: int) -> HttpResponse:
    """Take an open node away."""
    task, node = _node_of(request, pk)
    operations.remove_milestone(by=request.who, today=clock.today(), milestone=node)
    return tell(request, _("已删除节点“%(node)s”。") % {"node": node.title}, _address(task))

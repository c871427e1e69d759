"""Reporting, reading and reviewing progress; my week."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yiqi.core.enums import Role
from yiqi.core.views.attachments import attachment_response
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit import clock
from yiqi.kit.errors import NotAllowedError
from yiqi.kit.records import found
from yiqi.kit.web.deeds import MoveForm, answer, form_for, form_page
from yiqi.plan import operations
from yiqi.plan.enums import ProgressStatus
from yiqi.plan.forms import ProgressForm
from yiqi.plan.forms.progress import initial_of
from yiqi.plan.models import Progress, Task
from yiqi.plan.rules import can_review, can_write, is_own
from yiqi.plan.views.gate import progress_of, task_of


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
    submits = request.POST.get("do") != "save"
    verb = operations.report_progress if submits else operations.save_progress
    said = _("已提交，等待审核。") if submits else _("已存为草稿，提交后才进入审核。")
    today = clock.today()
    context = {"task": task, "progress": progress, "last": last, "demo": task.demo}
    return answer(
        request,
        form,
        lambda _facts: verb(by=request.who, today=today, task=task, progress=progress, **form.facts),
        done=lambda row: (said, reverse("plan:show_progress", args=[row.pk])),
        page=form_page(request, "plan/progress_form.html", form, **context),
    )


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


REVIEW = (operations.approve_progress, operations.return_progress)


def _page(request: WhoRequest, progress: Progress, form: MoveForm, status: int) -> HttpResponse:
    waiting = progress.status == ProgressStatus.SUBMITTED
    context = {
        "progress": progress,
        "task": progress.task,
        "files": list(progress.attachments.all()),
        "changes": list(progress.changes.select_related("by")),
        "may_review": waiting and can_review(request.who, progress),
        "own": waiting and is_own(request.who, progress),
        "may_write": can_write(request.who, progress),
        "demo": progress.demo,
    }
    return render(request, "plan/progress.html", {**context, "form": form}, status=status)


@require_GET
def show_progress(request: WhoRequest, pk: int) -> HttpResponse:
    """One report, with the review beneath for who may review it."""
    progress = progress_of(request, pk)
    return _page(request, progress, form_for(progress, *REVIEW), 200)


@require_http_methods(["POST"])
def review_progress(request: WhoRequest, pk: int) -> HttpResponse:
    """Approve or return."""
    progress = progress_of(request, pk)
    form = form_for(progress, *REVIEW, sent=request)
    return answer(
        request,
        form,
        lambda _facts: form.do(by=request.who, today=clock.today(), row=progress),
        done=lambda made: (form.move.done(made), reverse("plan:show_task", args=[made.task_id])),
        page=lambda status: _page(request, progress, form, status),
    )


@require_GET
def download_attachment(request: WhoRequest, pk: int, attachment: Any) -> HttpResponseBase:
    """A report's evidence, for those who may see the report."""
    return attachment_response(found(progress_of(request, pk).attachments.all(), attachment))

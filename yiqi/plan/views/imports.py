"""Importing a breakdown: upload, look at what was read, apply or put aside."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiqi.core.views.middleware import WhoRequest
from yiqi.kit import clock
from yiqi.kit.errors import NotAllowedError
from yiqi.kit.records import missing
from yiqi.kit.web.answers import SeeOther
from yiqi.kit.web.deeds import answer, form_page, tell
from yiqi.plan import operations
from yiqi.plan.enums import ImportStatus
from yiqi.plan.forms import UploadForm
from yiqi.plan.models import TaskImport
from yiqi.plan.queries import visible_imports
from yiqi.plan.rules import reads_all
from yiqi.plan.views.gate import admit, managed_campaign

SHOWN = 200
RECENT = 20


def import_of(request: WhoRequest, pk: int) -> TaskImport:
    """An upload of the office's own campaigns, or 404; NotAllowedError for other readers of the county."""
    admit(request)
    found = visible_imports(request.who).select_related("campaign", "uploaded_by").filter(pk=pk).first()
    if found is not None:
        return found
    region = TaskImport.objects.filter(pk=pk).values_list("campaign__region", flat=True).first()
    if region is not None and reads_all(request.who, region):
        raise NotAllowedError(_("导入由考核督查人员办理。"))
    raise missing()


@require_http_methods(["GET", "POST"])
def upload_tasks(request: WhoRequest) -> HttpResponse:
    """Choose a file; what was uploaded lately stands beneath."""
    today = clock.today()
    campaign = managed_campaign(request, today)
    form = UploadForm(request.POST or None, request.FILES or None)

    def preview(said: dict[str, Any]) -> TaskImport:
        facts: dict[str, Any] = {"data": said["file"].read(), "filename": said["file"].name or ""}
        return operations.preview_tasks(by=request.who, today=today, now=clock.now(), campaign=campaign, **facts)

    recent = visible_imports(request.who).filter(campaign=campaign).defer("result").select_related("uploaded_by")
    return answer(
        request,
        form,
        preview,
        done=lambda row: SeeOther(reverse("plan:show_import", args=[row.pk])),
        page=form_page(request, "plan/import_upload.html", form, campaign=campaign, recent=list(recent[:RECENT])),
    )


@require_GET
def show_import(request: WhoRequest, pk: int) -> HttpResponse:
    """Every row as it was read, with its state and notes; what applying will do, in numbers; the result afterwards."""
    row = import_of(request, pk)
    counts = operations.counts_of(row)
    rows = row.result["rows"]
    state = request.GET.get("state", "")
    shown = [item for item in rows if item["state"] == state] if state in counts else rows
    context = {
        "import": row,
        "counts": counts,
        "total": len(rows),
        "state": state if state in counts else "",
        "page": Paginator(shown, SHOWN).get_page(request.GET.get("page")),
        "skipped": row.result["skipped"],
        "importable": counts["read"] + counts["guessed"],
        "waiting": row.status == ImportStatus.PREVIEWED,
        "applied": row.status == ImportStatus.APPLIED,
        "created": row.tasks.count() if row.status == ImportStatus.APPLIED else 0,
    }
    return render(request, "plan/import_preview.html", context)


@require_POST
def apply_import(request: WhoRequest, pk: int) -> HttpResponse:
    """Create the tasks; a second click says that it is done already."""
    row = import_of(request, pk)
    tasks = operations.apply_tasks(by=request.who, today=clock.today(), now=clock.now(), task_import=row)
    message = _("已导入%(number)s项任务。") % {"number": len(tasks)}
    return tell(request, message, reverse("plan:show_import", args=[pk]))


@require_POST
def discard_import(request: WhoRequest, pk: int) -> HttpResponse:
    """Put the upload aside."""
    row = import_of(request, pk)
    operations.discard_import(by=request.who, today=clock.today(), task_import=row)
    return tell(request, _("已放弃，没有导入任何任务。"), reverse("plan:upload_tasks"))

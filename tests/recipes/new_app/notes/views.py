"""The list of notes as a page and as a file; the panel on a task's page."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.views.decorators.http import require_GET
from yiqi.notes.queries import visible_notes
from yiqi.notes.rules import reads_notes

from yiqi.core.views.middleware import WhoRequest
from yiqi.kit.errors import NotFoundError
from yiqi.kit.web.answers import download


@require_GET
def list_notes(request: WhoRequest) -> HttpResponse:
    """All notes that the person sees."""
    if not reads_notes(request.who):
        raise NotFoundError("notes")
    rows = visible_notes(request.who).select_related("task")
    if request.GET.get("export") == "csv":
        lines = [f"{row.task.code},{row.title},{row.get_status_display()}" for row in rows]
        return download("\n".join(lines).encode("utf-8-sig"), "便签.csv", "text/csv")
    return render(request, "notes/list.html", {"rows": rows, "demo": any(row.demo for row in rows)})


def task_panel(request: HttpRequest, _place: str, task: Any) -> str:
    """How many notes wait on a task."""
    rows = visible_notes(cast(WhoRequest, request).who).filter(task=task)
    return format_html("<section class='card-y'>便签{}条</section>", len(rows))

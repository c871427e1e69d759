"""The list of notes; the panel on a task's page."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.views.decorators.http import require_GET
from yiqi.notes.enums import NoteStatus
from yiqi.notes.queries import visible_notes
from yiqi.notes.rules import reads_notes

from yiqi.core.views.middleware import WhoRequest
from yiqi.kit.errors import NotFoundError
from yiqi.kit.web.columns import Column
from yiqi.kit.web.filters import Filter
from yiqi.kit.web.tables import List, answer_list

NOTES = List(
    title="便签",
    columns=(
        Column("task.code", "任务", width=10),
        Column("title", "便签", width=30),
        Column("get_status_display", "状态", width=8),
    ),
    filters=(Filter("status", "状态", NoteStatus.choices),),
    empty=("还没有便签", "写下之后会列在这里。"),
)


@require_GET
def list_notes(request: WhoRequest) -> HttpResponse:
    """All notes that the person sees."""
    if not reads_notes(request.who):
        raise NotFoundError("notes")
    return answer_list(request, NOTES, visible_notes(request.who).select_related("task"))


def task_panel(request: HttpRequest, _place: str, task: Any) -> str:
    """How many notes wait on a task."""
    rows = visible_notes(cast(WhoRequest, request).who).filter(task=task)
    return format_html("<section class='card-y'>便签{}条</section>", len(rows))

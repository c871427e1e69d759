"""Reads of the notes, and what they tell others."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from yiqi.notes.enums import NoteStatus
from yiqi.notes.models import Note

from yiqi.core.doors import AgendaSource, Ask, Candidate, ItemKind, Passage, ReportPart, Telling
from yiqi.core.queries import within
from yiqi.core.rules import READS_COUNTY, Mandate
from yiqi.core.subjects import Kind, Ref, Told


def visible_notes(who: Mandate) -> QuerySet[Note]:
    """The notes of the regions that the person reads."""
    return Note.objects.filter(within("region_id", who.prefixes(*READS_COUNTY)))


def _tell(row: Any) -> Told:
    return Told(row.title, row.get_status_display(), row.title, row.task.lead_unit_id, at=())


def _draw(ask: Ask) -> list[Candidate]:
    held = [ref.pk for ref in ask.held if ref.kind == "notes.note"]
    rows = Note.objects.filter(task__campaign=ask.drive.pk, status=NoteStatus.OPEN).exclude(pk__in=held)
    return [
        Candidate("note", row.title, (row.pk,), Ref("notes.note", row.pk), (Ref("plan.action", row.task.action_id),))
        for row in rows.select_related("task")
    ]


def _describe(_ask: Ask, chosen: list[Candidate]) -> None:
    for row in chosen:
        row.reason += "便签待办。"


def _report(telling: Telling) -> Passage:
    ids = list(Note.objects.filter(task__campaign=telling.drive.pk).values_list("pk", flat=True))
    return Passage([telling.count("notes", "便签", f"便签{len(ids)}条", "notes.note", ids) + "。"])


NOTE = Kind("notes.note", visible_notes, _tell, "notes:list_notes", ("task",))
MATTER = AgendaSource({"note": ItemKind("便签", 5)}, _draw, _describe)
PART = ReportPart("notes", "便签情况", 55, _report)

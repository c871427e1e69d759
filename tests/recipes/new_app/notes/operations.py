"""Verbs of the notes."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from yiqi.notes.enums import NoteStatus
from yiqi.notes.models import Note

from yiqi.core.operations import record
from yiqi.core.rules import Mandate
from yiqi.kit.errors import ConflictError
from yiqi.plan.models import Task


@transaction.atomic
def write_note(*, by: Mandate, today: date, task: Task, title: str) -> Note:
    """Write a note about a task."""
    note = Note.objects.create(region_id=task.region_id, task=task, title=title, demo=task.demo)
    record(by=by, verb="note.create", target=note, region_code=note.region_id, today=today, after={"title": title})
    return note


@transaction.atomic
def finish_note(*, by: Mandate, today: date, note: Note) -> Note:
    """Finish it, once; ConflictError."""
    note = Note.objects.select_for_update().get(pk=note.pk)
    if note.status == NoteStatus.DONE:
        raise ConflictError("便签已经办完。", code="done")
    note.status = NoteStatus.DONE
    note.save()
    record(by=by, verb="note.finish", target=note, region_code=note.region_id, today=today)
    return note

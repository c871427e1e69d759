"""Verbs of the notes: one writes a note, the others are rows of its life."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from yiqi.notes.enums import NoteStatus
from yiqi.notes.models import Note
from yiqi.notes.queries import visible_notes

from yiqi.core.operations import record, recorder
from yiqi.core.rules import Mandate, reads_county
from yiqi.kit import records
from yiqi.kit.errors import ConflictError
from yiqi.kit.moves import Guard, Life, Move
from yiqi.plan.models import Task


@transaction.atomic
def write_note(*, by: Mandate, today: date, task: Task, title: str) -> Note:
    """Write a note about a task."""
    note = Note.objects.create(region_id=task.region_id, task=task, title=title, demo=task.demo)
    record(by=by, verb="note.create", target=note, region_code=note.region_id, today=today, after={"title": title})
    return note


def _lock(by: Mandate, note: Note) -> Note:
    return records.locked(visible_notes(by), note.pk)


def _stuck(_note: Note, _after: str) -> ConflictError:
    return ConflictError("便签已经办完。", code="step_not_possible")


NOTE = Life(noun="note", states=NoteStatus, begins=(NoteStatus.OPEN,), lock=_lock, stuck=_stuck, record=recorder())
READER = Guard(lambda who, note: reads_county(who, note.region_id), "便签由考核督查人员办理。")

finish_note = Move(NOTE, "finish", {NoteStatus.OPEN: (NoteStatus.DONE,)}, label="办完", who=(READER,))

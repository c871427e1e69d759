"""What the notes offer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from yiqi.notes.operations import write_note
from yiqi.notes.queries import MATTER, NOTE, PART
from yiqi.notes.rules import reads_notes

from yiqi.core.doors import Addresses, Chapter, GlossaryTerms, Verbs
from yiqi.kit.web.navigation import Entry, Panel
from yiqi.plan.models import Task


def _day(stage: Any, today: date) -> Iterator[None]:
    if today == date(2021, 7, 12):
        task = Task.objects.filter(demo=True).order_by("code")[0]
        write_note(by=stage.cast.who("office"), today=today, task=task, title="演示便签")
        yield


OFFERS = (
    Addresses("notes/", "yiqi.notes.urls"),
    Entry(60, "便签", "note", "notes:list_notes", reads_notes),
    Panel("plan.task", 60, "yiqi.notes.views.task_panel"),
    Verbs({"note.finish": "办完便签"}),
    GlossaryTerms("Words of the field that are not models", ("便签: note",)),
    Chapter(60, day=_day),
    MATTER,
    NOTE,
    PART,
)

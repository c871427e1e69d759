"""Choices of the notes, and the way of a note."""

from __future__ import annotations

from django.db.models import TextChoices


class NoteStatus(TextChoices):
    OPEN = "open", "待办"
    DONE = "done", "办完"

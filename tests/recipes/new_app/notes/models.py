"""A note about a task."""

from __future__ import annotations

from django.db import models
from yiqi.notes.enums import NoteStatus

from yiqi.core.models import Region
from yiqi.kit.fields import Sourced, Versioned
from yiqi.plan.models import Task


class Note(Versioned, Sourced):
    """A remark about a task that waits for an answer."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    task = models.ForeignKey(Task, models.PROTECT, related_name="+")
    title = models.CharField(max_length=100)
    status = models.CharField(max_length=8, choices=NoteStatus.choices, default=NoteStatus.OPEN)

    class Meta:
        verbose_name = "便签"
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.title

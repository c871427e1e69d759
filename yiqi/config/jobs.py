"""What the worker does by itself besides dispatch's own schedule."""

from __future__ import annotations

from datetime import timedelta

from yiqi.core.operations import sweep_attachments
from yiqi.kit import clock

SWEEP = "yiqi.config.jobs.sweep"
A_DAY = timedelta(days=1)


def sweep() -> list[str]:
    """Remove files that an upload left behind when its process was killed, a day ago or longer."""
    return sweep_attachments(older_than=(clock.wall() - A_DAY).timestamp())


def ensure_sweep() -> None:
    """Make the daily schedule's row if it is missing."""
    from django_q.models import Schedule

    defaults = {"func": SWEEP, "schedule_type": Schedule.DAILY, "next_run": clock.wall() + A_DAY, "repeats": -1}
    Schedule.objects.get_or_create(name="config.sweep", defaults=defaults)

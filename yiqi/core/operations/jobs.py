"""The worker's schedule: a row for each job that the apps offer; and the core's own job."""

from __future__ import annotations

from datetime import timedelta

from django_q.models import Schedule

from yiqi.core.doors import DailyJob
from yiqi.core.models import SentForm
from yiqi.core.operations.attachments import sweep_attachments
from yiqi.kit import clock
from yiqi.kit.offering import offered

A_DAY = timedelta(days=1)


def ensure_jobs() -> list[str]:
    """Make the missing rows of the schedule; returns their names. A job of old that has moved is found again."""
    made = []
    for job in offered(DailyJob):
        first = clock.wall() + A_DAY
        if job.hour is not None:
            first = (clock.now() + A_DAY).replace(hour=job.hour, minute=0, second=0, microsecond=0)
        new = {"func": job.function, "schedule_type": Schedule.DAILY, "next_run": first, "repeats": -1}
        _row, created = Schedule.objects.update_or_create(
            name=job.name, defaults={"func": job.function}, create_defaults=new
        )
        made += [job.name] if created else []
    return made


def sweep() -> list[str]:
    """Remove files that an upload left behind when its process was killed, and keys of forms; a day old or older."""
    yesterday = clock.wall() - A_DAY
    SentForm.objects.filter(sent_at__lt=yesterday).delete()
    return sweep_attachments(older_than=yesterday.timestamp())

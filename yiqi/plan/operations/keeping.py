"""The fields of a task that follow from its nodes and reports, computed in this one place.

They exist so that the light of a task is a comparison of a few dates with today (docs/algorithms/lights.md).
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from yiqi.plan.enums import Frequency, ProgressStatus, TaskStatus
from yiqi.plan.models import Milestone, Progress, Task

RUNNING = frozenset({TaskStatus.PLANNED, TaskStatus.ACTIVE})
COUNTED = (ProgressStatus.SUBMITTED, ProgressStatus.APPROVED)


@dataclass(frozen=True)
class KeptFields:
    """Values of the fields of the same names on Task."""

    next_due: date | None
    next_node: str
    report_due: date | None
    made_up_late: bool
    late_days: int


def _period_end(day: date, frequency: str) -> date:
    if frequency == Frequency.WEEKLY:
        return day + timedelta(days=6 - day.weekday())
    if frequency == Frequency.MONTHLY:
        return day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return day


def report_due_on(
    *, frequency: str, starts: date, last: date | None, next_due: date | None, final: date | None
) -> date | None:
    """The day by which the next report is expected.

    Daily, weekly (Sunday) or monthly (last day) by calendar periods: the period in which the task starts, then the
    one after that of the last report; by stage: the next node. Never later than the task's own due date
    (``final``) while that is still ahead of the last report.
    """
    if frequency == Frequency.STAGE:
        return next_due
    day = starts if last is None else max(starts, _period_end(last, frequency) + timedelta(days=1))
    due = _period_end(day, frequency)
    if final is not None and (last is None or last < final):
        due = min(due, max(final, starts))
    return due


def _lateness(task: Task, nodes: Sequence[Milestone]) -> int:
    if task.status in {TaskStatus.CLAIMED, TaskStatus.DONE}:
        finished, due = task.claimed_on, task.due
    else:
        done = [node for node in nodes if node.done_on is not None]
        latest = max(done, key=lambda node: (node.done_on, node.due), default=None)
        finished, due = (latest.done_on, latest.due) if latest else (None, None)
    return max(0, (finished - due).days) if finished and due else 0


def kept_fields(task: Task, nodes: Sequence[Milestone], last_report_on: date | None) -> KeptFields:
    """What the five kept fields must be, from the task's own dates, its nodes and the day of the last report."""
    late = _lateness(task, nodes)
    if task.status not in RUNNING:
        return KeptFields(next_due=None, next_node="", report_due=None, made_up_late=late > 0, late_days=late)
    dues = [(node.due, node.title) for node in nodes if node.done_on is None]
    if task.due is not None:
        # the task's own date comes first on the day of a node of the same day: it is the harder promise
        dues.append((task.due, ""))
    next_due, next_node = min(dues, default=(None, ""))
    report_due = report_due_on(
        frequency=task.frequency, starts=task.starts, last=last_report_on, next_due=next_due, final=task.due
    )
    return KeptFields(
        next_due=next_due, next_node=next_node, report_due=report_due, made_up_late=late > 0, late_days=late
    )


def keep(task: Task) -> None:
    """Recompute and save the kept fields together with everything else that the operation set on the task."""
    nodes = list(task.milestones.all())
    reports = Progress.objects.filter(task=task, unit=task.lead_unit_id, status__in=COUNTED)
    task.last_report_on = reports.order_by("-on").values_list("on", flat=True).first()
    apply_kept(task, kept_fields(task, nodes, task.last_report_on))
    task.version += 1
    task.save()


def apply_kept(task: Task, kept: KeptFields) -> None:
    """Set the five fields without saving."""
    task.next_due, task.next_node, task.report_due = kept.next_due, kept.next_node, kept.report_due
    task.made_up_late, task.late_days = kept.made_up_late, kept.late_days

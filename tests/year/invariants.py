"""What holds after each day, whatever was done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from yiqi.core.models import Promise
from yiqi.core.queries import verify_chain
from yiqi.dispatch.models import Directive
from yiqi.plan.enums import ProgressStatus
from yiqi.plan.models import Progress, Task
from yiqi.plan.operations.keeping import COUNTED, kept_fields


def broken(today: date) -> Iterator[str]:
    """One line for each thing that is not as it must be."""
    yield from _kept_dates()
    yield from _promises()
    report = verify_chain()
    if not report.ok:
        yield f"the trail is broken at {report.broken_sequence}: {report.why}"
    for progress in Progress.objects.filter(status=ProgressStatus.APPROVED, reviewed_by=None):
        yield f"progress {progress.pk} is approved by nobody on {today}"


def _kept_dates() -> Iterator[str]:
    """The dates that a task keeps are those that its nodes and reports give."""
    for task in Task.objects.prefetch_related("milestones"):
        counted = Progress.objects.filter(task=task, unit=task.lead_unit_id, status__in=COUNTED)
        last = counted.order_by("-on").values_list("on", flat=True).first()
        kept = kept_fields(task, list(task.milestones.all()), last)
        stored = (task.next_due, task.next_node, task.report_due, task.made_up_late, task.late_days)
        if stored != (kept.next_due, kept.next_node, kept.report_due, kept.made_up_late, kept.late_days):
            yield f"task {task.code} keeps {stored}, its nodes and reports give {kept}"


def _promises() -> Iterator[str]:
    """What is promised of a directive is its due date, and what was done of it the day it was done."""
    standing = Promise.objects.filter(subject_kind="dispatch.directive", moved_on=None)
    promised = {row.subject_id: (row.due, row.done_on) for row in standing}
    for row in Directive.objects.exclude(status__in=("draft", "assigned")):
        if promised.get(row.pk) != (row.due, row.done_on):
            yield f"directive {row.code} is due {row.due}, done {row.done_on}; promised {promised.get(row.pk)}"

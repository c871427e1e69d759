"""The life of a task: started, put on hold, called off, reopened; a claim accepted or refused."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from yiqi.core.operations import record
from yiqi.core.rules import Mandate
from yiqi.kit.errors import InvalidInputError
from yiqi.plan.enums import TaskStatus
from yiqi.plan.models import Task
from yiqi.plan.operations.keeping import keep
from yiqi.plan.operations.reach import lock_managed_task, lock_task, move_task, refused
from yiqi.plan.rules import can_verify


def _need(why: str) -> str:
    if not why.strip():
        raise InvalidInputError(_("请写明原因。"), code="why_needed")
    return why.strip()


def _finish(task: Task, verb: str, before: str, *, by: Mandate, today: date, why: str) -> Task:
    keep(task)
    after = {"status": task.status, "why": why}
    record(
        by=by, verb=verb, target=task, region_code=task.region_id, today=today, before={"status": before}, after=after
    )
    return task


def _manage(
    task: Task, after: TaskStatus, verb: str, *, by: Mandate, today: date, why: str, version: int | None
) -> Task:
    task = lock_managed_task(by, task)
    task.expect_version(version)
    before = task.status
    move_task(task, after, by=by, today=today, why=why)
    if after == TaskStatus.ACTIVE:
        task.claimed_on = task.finished_on = None
    return _finish(task, verb, before, by=by, today=today, why=why)


@transaction.atomic
def start_task(*, by: Mandate, today: date, task: Task, why: str = "", version: int | None = None) -> Task:
    """Set a task that is planned or on hold going."""
    return _manage(task, TaskStatus.ACTIVE, "task.start", by=by, today=today, why=why, version=version)


@transaction.atomic
def suspend_task(*, by: Mandate, today: date, task: Task, why: str, version: int | None = None) -> Task:
    """Put a task on hold: its clock stands still and its light is grey."""
    return _manage(task, TaskStatus.SUSPENDED, "task.suspend", by=by, today=today, why=_need(why), version=version)


@transaction.atomic
def cancel_task(*, by: Mandate, today: date, task: Task, why: str, version: int | None = None) -> Task:
    """Call a task off for good."""
    return _manage(task, TaskStatus.CANCELLED, "task.cancel", by=by, today=today, why=_need(why), version=version)


@transaction.atomic
def reopen_task(*, by: Mandate, today: date, task: Task, why: str, version: int | None = None) -> Task:
    """Take a finished task up again: the problem came back, or the acceptance was wrong."""
    return _manage(task, TaskStatus.ACTIVE, "task.reopen", by=by, today=today, why=_need(why), version=version)


def _claimed(by: Mandate, task: Task, version: int | None) -> Task:
    task = lock_task(by, task)
    if not can_verify(by, task):
        raise refused(_("办结由考核督查人员或专班负责人验收，牵头单位不能自行验收。"), code="own_task")
    task.expect_version(version)
    return task


@transaction.atomic
def accept_task(*, by: Mandate, today: date, task: Task, why: str = "", version: int | None = None) -> Task:
    """Accept a claim: the task is done, its open nodes are done on the day of the claim.

    Whether it was on time counts from the day of the claim, not of this acceptance.
    """
    task = _claimed(by, task, version)
    before = task.status
    move_task(task, TaskStatus.DONE, by=by, today=today, why=why)
    task.finished_on = today
    task.percent = 100
    task.needs_decision = False
    task.milestones.filter(done_on=None).update(done_on=task.claimed_on)
    return _finish(task, "task.accept", before, by=by, today=today, why=why)


@transaction.atomic
def refuse_task(*, by: Mandate, today: date, task: Task, why: str, version: int | None = None) -> Task:
    """Refuse a claim with the reason: the task goes on, its deadline stands."""
    task = _claimed(by, task, version)
    before = task.status
    move_task(task, TaskStatus.ACTIVE, by=by, today=today, why=_need(why))
    task.claimed_on = None
    return _finish(task, "task.refuse", before, by=by, today=today, why=why)

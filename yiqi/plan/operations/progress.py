"""What units report: saved as a draft, or handed in at once; its life from then on is a table (progress_life)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NotRequired, TypedDict, Unpack

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from yiqi.core.models import Unit
from yiqi.core.operations import record, store_attachment
from yiqi.core.rules import Mandate
from yiqi.kit.errors import ConflictError, InvalidInputError
from yiqi.kit.records import ensure, locked, save
from yiqi.plan.enums import ProgressStatus
from yiqi.plan.models import Milestone, Progress, ProgressStatusChange, Task
from yiqi.plan.operations.keeping import RUNNING
from yiqi.plan.operations.progress_life import begin_with, submit_progress
from yiqi.plan.operations.task_life import lock_task
from yiqi.plan.rules import can_report, can_write

AUDITED = ("percent", "text", "problem", "ask", "claims_done", "milestone_id")


class ProgressFacts(TypedDict):
    """What a unit says in a report, and the draft and its version where it goes on with one."""

    unit: Unit
    percent: int
    text: str
    problem: NotRequired[str]
    ask: NotRequired[str]
    claims_done: NotRequired[bool]
    milestone: NotRequired[Milestone | None]
    files: NotRequired[Sequence[File[Any]]]
    progress: NotRequired[Progress | None]
    version: NotRequired[int | None]


def _facts(progress: Progress) -> dict[str, Any]:
    return {name: getattr(progress, name) for name in AUDITED}


def _check(task: Task, unit: Unit, percent: int, text: str, *, claims_done: bool, milestone: Milestone | None) -> None:
    if not 0 <= percent <= 100:
        raise InvalidInputError(_("完成进度应为0到100之间的整数。"), code="percent_range")
    if not text.strip():
        raise InvalidInputError(_("请填写进展情况。"), code="text_needed")
    if (claims_done or milestone is not None) and unit.pk != task.lead_unit_id:
        raise InvalidInputError(_("申请办结和节点完成由牵头单位填报。"), code="lead_only")
    if milestone is not None and milestone.task_id != task.pk:
        raise InvalidInputError(_("所选节点不属于这项任务。"), code="node_elsewhere")


def _begin(by: Mandate, today: date, task: Task, unit: Unit) -> Progress:
    waiting = Progress.objects.filter(task=task, unit=unit).exclude(status=ProgressStatus.APPROVED).first()
    if waiting is not None:
        raise ConflictError(
            _("本单位在%(day)s已有一份进展（%(status)s），请在那一份上继续，不必重复填报。")
            % {"day": waiting.on.isoformat(), "status": waiting.get_status_display()},
            code="already_reported",
            data={"progress": waiting.pk},
        )
    return Progress(task=task, region_id=task.region_id, unit=unit, reported_by=by.person, on=today, demo=task.demo)


def _continue(by: Mandate, task: Task, unit: Unit, progress: Progress, version: int | None) -> Progress:
    held = locked(Progress.objects.filter(task=task, unit=unit), progress.pk)
    if not can_write(by, held):
        raise ConflictError(
            _("这份进展现在是“%(status)s”，不能再修改。") % {"status": held.get_status_display()}, code="not_editable"
        )
    held.expect_version(version)
    return held


def _save(
    *,
    by: Mandate,
    today: date,
    task: Task,
    unit: Unit,
    percent: int,
    text: str,
    problem: str = "",
    ask: str = "",
    claims_done: bool = False,
    milestone: Milestone | None = None,
    files: Sequence[File[Any]] = (),
    progress: Progress | None = None,
    version: int | None = None,
) -> Progress:
    units = {task.lead_unit_id, *task.support_units.values_list("pk", flat=True)}
    ensure(can_report(by, unit.pk, units), _("进展由牵头单位或配合单位的填报人填报。"))
    if task.status not in RUNNING:
        raise ConflictError(
            _("任务现在是“%(status)s”，不需要填报进展。") % {"status": task.get_status_display()},
            code="task_not_running",
        )
    _check(task, unit, percent, text, claims_done=claims_done, milestone=milestone)
    row = _begin(by, today, task, unit) if progress is None else _continue(by, task, unit, progress, version)
    fresh = row.pk is None
    row.percent, row.text, row.problem, row.ask = percent, text.strip(), problem.strip(), ask.strip()
    row.claims_done, row.milestone, row.on, row.reported_by = claims_done, milestone, today, by.person
    row.version += 0 if fresh else 1
    row.save()
    if fresh:
        ProgressStatusChange.objects.create(progress=row, before="", after=row.status, on=today, by=by.person)
    for file in files:
        name = str(file.name or "")
        row.attachments.add(store_attachment(by=by, today=today, region=task.region, unit=unit, file=file, name=name))
    return row


def _hand_in(row: Progress, task: Task, *, by: Mandate, today: date) -> None:
    row.task = task
    submit_progress.follow(row, by=by, today=today)
    save(row)
    begin_with(row, by=by, today=today)


@transaction.atomic
def save_progress(*, by: Mandate, today: date, task: Task, **said: Unpack[ProgressFacts]) -> Progress:
    """Keep a unit's report on a task as a draft, or change a draft or returned one.

    ``percent`` is 0–100. ConflictError: the unit has an open report already (``data["progress"]``), the task is not
    running, or the form is stale; InvalidInputError: claim or node by a unit that does not lead.
    """
    row = _save(by=by, today=today, task=lock_task(by, task), **said)
    record(by=by, verb="progress.save", target=row, region_code=row.region_id, today=today, after=_facts(row))
    return row


@transaction.atomic
def report_progress(*, by: Mandate, today: date, task: Task, **said: Unpack[ProgressFacts]) -> Progress:
    """Save and submit in one step, with the errors of both; nothing is kept when either fails."""
    task = lock_task(by, task)
    row = _save(by=by, today=today, task=task, **said)
    _hand_in(row, task, by=by, today=today)
    after = _facts(row) | {"status": row.status}
    record(by=by, verb="progress.report", target=row, region_code=row.region_id, today=today, after=after)
    return row

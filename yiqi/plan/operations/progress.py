"""What units report: saved as a draft, submitted once, approved or returned by somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from yiqi.core.models import Unit
from yiqi.core.operations import record, store_attachment
from yiqi.core.rules import Mandate, reports_for
from yiqi.kit.errors import ConflictError, InvalidInputError
from yiqi.plan.enums import ProgressStatus, TaskStatus
from yiqi.plan.models import Milestone, Progress, ProgressStatusChange, Task
from yiqi.plan.operations.keeping import RUNNING, keep
from yiqi.plan.operations.reach import lock_progress, lock_task, missing, move_progress, move_task, refused
from yiqi.plan.rules import can_report, can_review, can_write, is_own

AUDITED = ("percent", "text", "problem", "ask", "claims_done", "milestone_id")


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
    found = Progress.objects.select_for_update().filter(pk=progress.pk, task=task, unit=unit).first()
    if found is None:
        raise missing()
    if not can_write(by, found):
        raise ConflictError(
            _("这份进展现在是“%(status)s”，不能再修改。") % {"status": found.get_status_display()}, code="not_editable"
        )
    found.expect_version(version)
    return found


def _save(
    *,
    by: Mandate,
    today: date,
    task: Task,
    unit: Unit,
    percent: int,
    text: str,
    problem: str,
    ask: str,
    claims_done: bool,
    milestone: Milestone | None,
    files: Sequence[File[Any]],
    progress: Progress | None,
    version: int | None,
) -> Progress:
    units = {task.lead_unit_id, *task.support_units.values_list("pk", flat=True)}
    if not can_report(by, unit.pk, units):
        raise refused(_("进展由牵头单位或配合单位的填报人填报。"))
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


def _submit(progress: Progress, task: Task, *, by: Mandate, today: date) -> None:
    if progress.claims_done and task.evidence_rule and not progress.attachments.exists():
        raise InvalidInputError(
            _("申请办结须上传佐证材料：%(rule)s。") % {"rule": task.evidence_rule.rstrip("。")}, code="evidence_needed"
        )
    move_progress(progress, ProgressStatus.SUBMITTED, by=by, today=today)
    progress.on = today
    progress.version += 1
    progress.save(update_fields=["status", "on", "version"])
    if progress.unit_id == task.lead_unit_id:
        if task.status == TaskStatus.PLANNED:
            move_task(task, TaskStatus.ACTIVE, by=by, today=today, why=_("首次报送进展"))
        keep(task)


@transaction.atomic
def save_progress(
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
    """Keep a unit's report on a task as a draft, or change a draft or returned one.

    ``percent`` is 0–100. ConflictError: the unit has an open report already (``data["progress"]``), the task is not
    running, or the form is stale; InvalidInputError: claim or node by a unit that does not lead.
    """
    row = _save(
        by=by,
        today=today,
        task=lock_task(by, task),
        unit=unit,
        percent=percent,
        text=text,
        problem=problem,
        ask=ask,
        claims_done=claims_done,
        milestone=milestone,
        files=files,
        progress=progress,
        version=version,
    )
    record(by=by, verb="progress.save", target=row, region_code=row.region_id, today=today, after=_facts(row))
    return row


@transaction.atomic
def submit_progress(*, by: Mandate, today: date, progress: Progress, version: int | None = None) -> Progress:
    """Hand a draft or mended report in for review; a planned task is started by it.

    InvalidInputError: a claim without the evidence that the task's rule asks for.
    """
    row = lock_progress(by, progress)
    if not reports_for(by, [row.unit_id]):
        raise refused(_("进展由本单位填报人提交。"))
    row.expect_version(version)
    before = row.status
    _submit(row, row.task, by=by, today=today)
    record(
        by=by,
        verb="progress.submit",
        target=row,
        region_code=row.region_id,
        today=today,
        before={"status": before},
        after={"status": row.status},
    )
    return row


@transaction.atomic
def report_progress(
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
    """Save and submit in one step, with the errors of both; nothing is kept when either fails."""
    task = lock_task(by, task)
    row = _save(
        by=by,
        today=today,
        task=task,
        unit=unit,
        percent=percent,
        text=text,
        problem=problem,
        ask=ask,
        claims_done=claims_done,
        milestone=milestone,
        files=files,
        progress=progress,
        version=version,
    )
    _submit(row, task, by=by, today=today)
    after = _facts(row) | {"status": row.status}
    record(by=by, verb="progress.report", target=row, region_code=row.region_id, today=today, after=after)
    return row


def _reviewed(by: Mandate, progress: Progress, version: int | None) -> Progress:
    row = lock_progress(by, progress)
    if is_own(by, row):
        raise refused(_("不能审核自己填报的进展，请由本单位其他审核人或考核督查人员审核。"), code="own_report")
    if not can_review(by, row):
        raise refused(_("进展由填报单位的审核人或考核督查人员审核。"))
    row.expect_version(version)
    return row


def _conclude(row: Progress, after: ProgressStatus, *, by: Mandate, today: date, opinion: str) -> None:
    before = row.status
    move_progress(row, after, by=by, today=today, why=opinion)
    row.reviewed_by, row.reviewed_on, row.opinion = by.person, today, opinion[:300]
    row.version += 1
    row.save(update_fields=["status", "reviewed_by", "reviewed_on", "opinion", "version"])
    verb = "progress.approve" if after == ProgressStatus.APPROVED else "progress.return"
    facts = {"status": row.status, "opinion": row.opinion}
    record(by=by, verb=verb, target=row, region_code=row.region_id, today=today, before={"status": before}, after=facts)


@transaction.atomic
def approve_progress(
    *, by: Mandate, today: date, progress: Progress, opinion: str = "", version: int | None = None
) -> Progress:
    """Pass a report: its percent, node, ask and claim become the task's. NotAllowedError ``own_report``: one's own."""
    row = _reviewed(by, progress, version)
    _conclude(row, ProgressStatus.APPROVED, by=by, today=today, opinion=opinion)
    task = row.task
    if row.unit_id == task.lead_unit_id:
        task.percent, task.needs_decision = row.percent, bool(row.ask)
        if row.milestone_id is not None:
            task.milestones.filter(pk=row.milestone_id, done_on=None).update(done_on=row.on)
        if row.claims_done and task.status == TaskStatus.ACTIVE:
            move_task(task, TaskStatus.CLAIMED, by=by, today=today, why=_("申请办结"))
            task.claimed_on = row.on
        keep(task)
    return row


@transaction.atomic
def return_progress(
    *, by: Mandate, today: date, progress: Progress, opinion: str, version: int | None = None
) -> Progress:
    """Give a report back with what is missing. InvalidInputError: no opinion."""
    row = _reviewed(by, progress, version)
    if not opinion.strip():
        raise InvalidInputError(_("退回时请写明需要补充什么。"), code="opinion_needed")
    _conclude(row, ProgressStatus.RETURNED, by=by, today=today, opinion=opinion.strip())
    if row.unit_id == row.task.lead_unit_id:
        keep(row.task)
    return row

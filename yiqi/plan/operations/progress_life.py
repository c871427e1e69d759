"""The life of a report on a task as one table: handed in, approved or returned by somebody else."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from yiqi.core.operations import recorder
from yiqi.core.rules import Mandate, reports_for
from yiqi.kit.errors import ConflictError, InvalidInputError
from yiqi.kit.facts import FactField, FactKind, Facts
from yiqi.kit.moves import Deed, Guard, Life, Move
from yiqi.kit.records import locked
from yiqi.plan.enums import ProgressStatus, TaskStatus
from yiqi.plan.models import Progress, ProgressStatusChange, Task
from yiqi.plan.operations.keeping import keep
from yiqi.plan.operations.task_life import begin_task, claim_task, lock_task
from yiqi.plan.queries import visible_progress
from yiqi.plan.rules import can_review, is_own

DRAFT, SUBMITTED = ProgressStatus.DRAFT, ProgressStatus.SUBMITTED
APPROVED, RETURNED = ProgressStatus.APPROVED, ProgressStatus.RETURNED
Made = Deed[Progress, Mandate]


def lock_progress(by: Mandate, progress: Progress) -> Progress:
    """The report as it is on record now; its task is locked first, so that two verbs never wait for each other."""
    lock_task(by, Task(pk=progress.task_id))
    return locked(visible_progress(by), progress.pk)


def _stuck(progress: Progress, after: str) -> ConflictError:
    facts = {"before": PROGRESS.label(progress.status), "after": PROGRESS.label(after)}
    message = _("这份进展现在是“%(before)s”，不能改为“%(after)s”。请刷新页面查看最新状态。") % facts
    return ConflictError(message, code="no_such_move", data={"before": progress.status, "after": after})


def _keep_change(deed: Made) -> None:
    ProgressStatusChange.objects.create(
        progress=deed.row, before=deed.before, after=deed.after, on=deed.today, by=deed.by.person, why=deed.text
    )


def _evidenced(progress: Progress, _facts: Facts) -> None:
    rule = progress.task.evidence_rule
    if progress.claims_done and rule and not progress.attachments.exists():
        message = _("申请办结须上传佐证材料：%(rule)s。") % {"rule": rule.rstrip("。")}
        raise InvalidInputError(message, code="evidence_needed", data={"field": "evidence"})


def _dated(deed: Made) -> None:
    deed.row.on = deed.today


def _leads(progress: Progress) -> bool:
    return progress.unit_id == progress.task.lead_unit_id


def begin_with(progress: Progress, *, by: Mandate, today: date) -> None:
    """The lead unit's report was handed in: a planned task is started by it."""
    task = progress.task
    if _leads(progress):
        if task.status == TaskStatus.PLANNED:
            begin_task.follow(task, by=by, today=today, text=begin_task.label)
        keep(task)


def _judge(deed: Made) -> None:
    row = deed.row
    row.reviewed_by, row.reviewed_on, row.opinion = deed.by.person, deed.today, deed.text


def _count(deed: Made) -> None:
    """What an approved report says becomes the task's: percent, node, ask and claim."""
    row, task = deed.row, deed.row.task
    if not _leads(row):
        return
    task.percent, task.needs_decision = row.percent, bool(row.ask)
    if row.milestone_id is not None:
        task.milestones.filter(pk=row.milestone_id, done_on=None).update(done_on=row.on)
    if row.claims_done and task.status == TaskStatus.ACTIVE:
        claim_task.follow(task, by=deed.by, today=deed.today, text=claim_task.label)
        task.claimed_on = row.on
    keep(task)


def _uncount(deed: Made) -> None:
    if _leads(deed.row):
        keep(deed.row.task)


PROGRESS: Life[Progress, Mandate] = Life(
    noun="progress",
    states=ProgressStatus,
    begins=(DRAFT,),
    lock=lock_progress,
    stuck=_stuck,
    record=recorder(),
    keep=_keep_change,
    text="opinion",
)
REVIEWERS = (
    Guard[Progress, Mandate](
        lambda by, row: not is_own(by, row),
        _("不能审核自己填报的进展，请由本单位其他审核人或考核督查人员审核。"),
        "own_report",
    ),
    Guard[Progress, Mandate](can_review, _("进展由填报单位的审核人或考核督查人员审核。")),
)


def _opinion(required: bool) -> tuple[FactField, ...]:
    return (
        FactField(
            name="opinion",
            label=_("审核意见"),
            kind=FactKind.WORDS,
            length=300,
            help=_("退回时必须写明需要补充什么。"),
            required=required,
            needed=_("退回时请写明需要补充什么。"),
            code="opinion_needed",
        ),
    )


submit_progress = Move(
    PROGRESS,
    "submit",
    {DRAFT: (SUBMITTED,), RETURNED: (SUBMITTED,)},
    label=_("提交进展"),
    said=_("已提交，等待审核。"),
    who=(Guard(lambda by, row: reports_for(by, [row.unit_id]), _("进展由本单位填报人提交。")),),
    check=_evidenced,
    sets=_dated,
    then=lambda deed: begin_with(deed.row, by=deed.by, today=deed.today),
)

approve_progress = Move(
    PROGRESS,
    "approve",
    {SUBMITTED: (APPROVED,)},
    label=_("审核通过"),
    said=_("已通过。"),
    who=REVIEWERS,
    fields=_opinion(required=False),
    sets=_judge,
    told=lambda deed: {"opinion": deed.row.opinion},
    then=_count,
)

return_progress = Move(
    PROGRESS,
    "return",
    {SUBMITTED: (RETURNED,)},
    label=_("退回补充"),
    said=_("已退回填报人补充。"),
    who=REVIEWERS,
    fields=_opinion(required=True),
    sets=_judge,
    told=lambda deed: {"opinion": deed.row.opinion},
    then=_uncount,
)

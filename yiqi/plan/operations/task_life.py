"""The life of a task as one table: started, put on hold, called off, reopened; a claim accepted or refused."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yiqi.core.operations import recorder
from yiqi.core.rules import Mandate
from yiqi.kit.errors import ConflictError
from yiqi.kit.facts import FactField, FactKind, Text
from yiqi.kit.moves import Deed, Guard, Life, Move
from yiqi.kit.records import locked
from yiqi.plan.enums import TaskStatus
from yiqi.plan.models import Task, TaskStatusChange
from yiqi.plan.operations.keeping import keep
from yiqi.plan.queries import visible_tasks
from yiqi.plan.rules import can_manage, can_verify

PLANNED, ACTIVE, CLAIMED = TaskStatus.PLANNED, TaskStatus.ACTIVE, TaskStatus.CLAIMED
DONE, SUSPENDED, CANCELLED = TaskStatus.DONE, TaskStatus.SUSPENDED, TaskStatus.CANCELLED
Made = Deed[Task, Mandate]
WHY = _("原因")
NOW = _("任务%(code)s现在是“%(status)s”。")
OFFICE = (
    Guard[Task, Mandate](
        lambda by, row: can_manage(by, row.region_id), _("任务由考核督查人员维护，您当前的身份不能修改。")
    ),
)
VERIFIER = (
    Guard[Task, Mandate](can_verify, _("办结由考核督查人员或专班负责人验收，牵头单位不能自行验收。"), "own_task"),
)


def lock_task(by: Mandate, task: Task) -> Task:
    """The task as it is on record now; NotFoundError when out of scope."""
    return locked(visible_tasks(by), task.pk)


def lock_managed_task(by: Mandate, task: Task) -> Task:
    """The task, for the office."""
    held = lock_task(by, task)
    start_task.admit(by, held)
    return held


def _stuck(task: Task, after: str) -> ConflictError:
    facts = {"before": TASK.label(task.status), "after": TASK.label(after)}
    message = _("任务现在是“%(before)s”，不能改为“%(after)s”。请刷新页面查看最新状态。") % facts
    return ConflictError(message, code="no_such_move", data={"before": task.status, "after": after})


def _keep_change(deed: Made) -> None:
    TaskStatusChange.objects.create(
        task=deed.row, before=deed.before, after=deed.after, on=deed.today, by=deed.by.person, why=deed.text
    )


def _why(*, required: bool = True, label: Text = WHY) -> tuple[FactField, ...]:
    return (
        FactField(
            name="why",
            label=label,
            kind=FactKind.WORDS,
            length=300,
            required=required,
            needed=_("请写明原因。"),
            code="why_needed",
        ),
    )


def _told(deed: Made) -> dict[str, Any]:
    return {"why": deed.text}


def _go_on(deed: Made) -> None:
    deed.row.claimed_on = deed.row.finished_on = None


def _finish(deed: Made) -> None:
    """Whether it was on time counts from the day of the claim, not of this acceptance; so do its open nodes."""
    row = deed.row
    row.finished_on, row.percent, row.needs_decision = deed.today, 100, False
    row.milestones.filter(done_on=None).update(done_on=row.claimed_on)


TASK: Life[Task, Mandate] = Life(
    noun="task",
    states=TaskStatus,
    begins=(PLANNED,),
    lock=lock_task,
    stuck=_stuck,
    record=recorder(),
    keep=_keep_change,
    save=keep,
    text="why",
)

# the first report of the lead unit begins it
begin_task = Move(TASK, "begin", {PLANNED: (ACTIVE,)}, label=_("首次报送进展"), within="progress.submit")

# a report that says so, once it is approved, claims that the task is done
claim_task = Move(TASK, "claim", {ACTIVE: (CLAIMED,)}, label=_("申请办结"), within="progress.approve")

start_task = Move(
    TASK,
    "start",
    {PLANNED: (ACTIVE,), SUSPENDED: (ACTIVE,)},
    label=_("启动任务"),
    note=_("任务改为“推进中”，开始按节点、时限和报送频次亮灯。"),
    said=NOW,
    who=OFFICE,
    fields=_why(required=False),
    sets=_go_on,
    told=_told,
)

# on hold the clock stands still and the light is grey
suspend_task = Move(
    TASK,
    "suspend",
    {PLANNED: (SUSPENDED,), ACTIVE: (SUSPENDED,)},
    label=_("暂缓任务"),
    note=_("任务改为“暂缓”：亮灰灯，时限停止计算，单位不再填报，恢复时可重新启动。"),
    said=NOW,
    who=OFFICE,
    fields=_why(),
    told=_told,
)

cancel_task = Move(
    TASK,
    "cancel",
    {PLANNED: (CANCELLED,), ACTIVE: (CANCELLED,), SUSPENDED: (CANCELLED,)},
    label=_("取消任务"),
    note=_("任务改为“取消”，此后不能恢复；已有的进展和记录保留。"),
    said=NOW,
    grave=True,
    who=OFFICE,
    fields=_why(),
    told=_told,
)

# the problem came back, or the acceptance was wrong
reopen_task = Move(
    TASK,
    "reopen",
    {DONE: (ACTIVE,)},
    label=_("重新办理"),
    note=_("已办结的任务改回“推进中”，原时限不变，单位继续填报。"),
    said=NOW,
    who=OFFICE,
    fields=_why(),
    sets=_go_on,
    told=_told,
)

accept_task = Move(
    TASK,
    "accept",
    {CLAIMED: (DONE,)},
    label=_("验收通过"),
    said=_("任务%(code)s已验收办结。"),
    who=VERIFIER,
    fields=_why(required=False, label=_("意见（不通过时必填）")),
    sets=_finish,
    told=_told,
)

# the task goes on, its due date stands
refuse_task = Move(
    TASK,
    "refuse",
    {CLAIMED: (ACTIVE,)},
    label=_("不通过"),
    said=_("任务%(code)s已退回继续办理。"),
    grave=True,
    who=VERIFIER,
    fields=_why(),
    sets=_go_on,
    told=_told,
)
STEPS = (start_task, suspend_task, cancel_task, reopen_task)

"""The checks that every verb of the plan begins with: in scope, allowed, the move exists; and the appended step."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from yiqi.core.rules import Mandate
from yiqi.kit.errors import ConflictError, NotAllowedError, NotFoundError
from yiqi.plan.enums import PROGRESS_MOVES, TASK_MOVES, CampaignStatus, ProgressStatus, TaskStatus
from yiqi.plan.models import Campaign, Progress, ProgressStatusChange, Task, TaskStatusChange
from yiqi.plan.queries import campaigns_for, visible_progress, visible_tasks
from yiqi.plan.rules import can_manage


def missing() -> NotFoundError:
    """The one answer for what does not exist and for what is out of scope."""
    return NotFoundError(_("没有找到这条记录，或者它不在您的职责范围内。"))


def refused(message: str, code: str = "not_allowed") -> NotAllowedError:
    """Seen, but not to be done by this person."""
    return NotAllowedError(message, code=code)


def lock_campaign(by: Mandate, campaign: Campaign) -> Campaign:
    """The campaign, locked, for the office that runs it; ConflictError when it has ended."""
    found = campaigns_for(by).select_related(None).select_for_update().filter(pk=campaign.pk).first()
    if found is None:
        raise missing()
    if not can_manage(by, found.region_id):
        raise refused(_("专项行动、目标、行动和任务由考核督查人员维护，您当前的身份不能修改。"))
    if found.status == CampaignStatus.CLOSED:
        raise ConflictError(_("“%(name)s”已经结束，不能再修改。") % {"name": found.name}, code="campaign_closed")
    return found


def lock_task(by: Mandate, task: Task) -> Task:
    """The task as it is on record now, locked; NotFoundError when out of scope."""
    found = visible_tasks(by).select_for_update().filter(pk=task.pk).first()
    if found is None:
        raise missing()
    return found


def lock_managed_task(by: Mandate, task: Task) -> Task:
    """The task, locked, for the office."""
    found = lock_task(by, task)
    if not can_manage(by, found.region_id):
        raise refused(_("任务由考核督查人员维护，您当前的身份不能修改。"))
    return found


def lock_progress(by: Mandate, progress: Progress) -> Progress:
    """The report as it is on record now; its task is locked first, so that two verbs never wait for each other."""
    lock_task(by, Task(pk=progress.task_id))
    found = visible_progress(by).select_for_update().filter(pk=progress.pk).first()
    if found is None:
        raise missing()
    return found


def move_task(task: Task, after: TaskStatus, *, by: Mandate, today: date, why: str = "") -> None:
    """Set the status and append the step; ConflictError when the table of moves has no such step."""
    before = TaskStatus(task.status)
    if after not in TASK_MOVES[before]:
        raise ConflictError(
            _("任务现在是“%(before)s”，不能改为“%(after)s”。请刷新页面查看最新状态。")
            % {"before": before.label, "after": after.label},
            code="no_such_move",
            data={"before": before.value, "after": after.value},
        )
    task.status = after
    TaskStatusChange.objects.create(task=task, before=before, after=after, on=today, by=by.person, why=why[:300])


def move_progress(progress: Progress, after: ProgressStatus, *, by: Mandate, today: date, why: str = "") -> None:
    """The same for a report."""
    before = ProgressStatus(progress.status)
    if after not in PROGRESS_MOVES[before]:
        raise ConflictError(
            _("这份进展现在是“%(before)s”，不能改为“%(after)s”。请刷新页面查看最新状态。")
            % {"before": before.label, "after": after.label},
            code="no_such_move",
            data={"before": before.value, "after": after.value},
        )
    progress.status = after
    ProgressStatusChange.objects.create(
        progress=progress, before=before, after=after, on=today, by=by.person, why=why[:300]
    )

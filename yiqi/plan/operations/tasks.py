"""Tasks and their nodes: created and edited by the assessment office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from yiqi.core.models import Person, Unit
from yiqi.core.operations import record
from yiqi.core.rules import Mandate
from yiqi.kit.errors import ConflictError, InvalidInputError
from yiqi.kit.records import locked
from yiqi.plan.enums import Frequency, TaskStatus
from yiqi.plan.models import Action, Campaign, Milestone, Task, TaskStatusChange
from yiqi.plan.operations.campaigns import lock_campaign
from yiqi.plan.operations.keeping import apply_kept, keep, kept_fields
from yiqi.plan.operations.task_life import lock_managed_task

COLUMNS = ("title", "measure", "lead_unit", "leader", "starts", "due", "ongoing", "frequency", "evidence_rule")
ENDED = frozenset({TaskStatus.DONE, TaskStatus.CANCELLED})


@dataclass(frozen=True)
class NewNode:
    """A node to be created with its task."""

    title: str
    due: date


@dataclass(frozen=True, kw_only=True)
class TaskFacts:
    """What a task says, as typed into the form or read from a sheet."""

    title: str
    lead_unit: Unit
    starts: date
    measure: str = ""
    support_units: Sequence[Unit] = ()
    leader: Person | None = None
    due: date | None = None
    ongoing: bool = False
    frequency: str = Frequency.MONTHLY
    evidence_rule: str = ""

    def check(self, campaign: Campaign) -> None:
        """Raise InvalidInputError when the facts contradict each other or name units of elsewhere."""
        if not self.title.strip():
            raise InvalidInputError(_("任务名称不能为空。"), code="title_needed")
        if self.due is None and not self.ongoing:
            raise InvalidInputError(_("请填写完成时限；没有时限的请勾选“长期坚持”。"), code="due_needed")
        if self.due is not None and self.due < self.starts:
            raise InvalidInputError(_("完成时限不能早于开始日期。"), code="due_before_start")
        if self.lead_unit in self.support_units:
            raise InvalidInputError(_("牵头单位不能同时是配合单位。"), code="lead_supports")
        for unit in (self.lead_unit, *self.support_units):
            if not unit.region_id.startswith(campaign.region.prefix):
                raise InvalidInputError(_("“%(unit)s”不是本地区的单位。") % {"unit": unit.name}, code="unit_elsewhere")

    def fields(self) -> dict[str, Any]:
        """Values of the task's own columns."""
        return {name: getattr(self, name) for name in COLUMNS}

    def audited(self) -> dict[str, Any]:
        """What the trail keeps of them."""
        fields = self.fields() | {
            "lead_unit": self.lead_unit.code,
            "leader": self.leader.username if self.leader else None,
        }
        return fields | {"support_units": sorted(unit.code for unit in self.support_units)}


def next_number(action: Action) -> int:
    """The first free running number in codes such as A03-07; the caller holds the campaign's lock."""
    prefix = f"{action.code}-"
    codes = Task.objects.filter(campaign=action.campaign_id, code__startswith=prefix).values_list("code", flat=True)
    numbers = [int(tail) for code in codes if (tail := code.removeprefix(prefix)).isdecimal()]
    return max(numbers, default=0) + 1


def write_task(
    facts: TaskFacts,
    *,
    by: Mandate,
    today: date,
    action: Action,
    code: str,
    nodes: Sequence[NewNode] = (),
    demo: bool = False,
    source: str = "",
) -> Task:
    """Write one checked task with its nodes and its first step, without an audit record: that is the caller's."""
    campaign = action.campaign
    task = Task(
        campaign=campaign,
        action=action,
        region_id=campaign.region_id,
        code=code,
        first_due=facts.due,
        demo=demo,
        source=source,
        **facts.fields(),
    )
    milestones = [Milestone(task=task, title=node.title, due=node.due, order=order) for order, node in enumerate(nodes)]
    apply_kept(task, kept_fields(task, milestones, None))
    task.save()
    task.support_units.set(facts.support_units)
    Milestone.objects.bulk_create(milestones)
    TaskStatusChange.objects.create(task=task, before="", after=TaskStatus.PLANNED, on=today, by=by.person)
    return task


def _check_node(title: str, due: date, final: date | None) -> None:
    if not title.strip():
        raise InvalidInputError(_("节点名称不能为空。"), code="title_needed")
    if final is not None and due > final:
        raise InvalidInputError(_("节点“%(node)s”的日期晚于任务的完成时限。") % {"node": title}, code="node_after_due")


@transaction.atomic
def create_task(
    *,
    by: Mandate,
    today: date,
    campaign: Campaign,
    action: Action,
    title: str,
    lead_unit: Unit,
    starts: date,
    code: str | None = None,
    measure: str = "",
    support_units: Sequence[Unit] = (),
    leader: Person | None = None,
    due: date | None = None,
    ongoing: bool = False,
    frequency: str = Frequency.MONTHLY,
    evidence_rule: str = "",
    milestones: Sequence[NewNode] = (),
    demo: bool = False,
    source: str = "",
) -> Task:
    """Create a task of an action, not started yet; without a code it gets the action's next, such as A03-07.

    InvalidInputError: the facts contradict each other; ConflictError: the code is in use or the campaign has ended.
    """
    campaign = lock_campaign(by, campaign)
    if action.campaign_id != campaign.pk:
        raise InvalidInputError(_("所选行动不属于这项专项行动。"), code="action_elsewhere")
    facts = TaskFacts(
        title=title,
        measure=measure,
        lead_unit=lead_unit,
        support_units=tuple(support_units),
        leader=leader,
        starts=starts,
        due=due,
        ongoing=ongoing,
        frequency=frequency,
        evidence_rule=evidence_rule,
    )
    facts.check(campaign)
    for node in milestones:
        _check_node(node.title, node.due, due)
    code = code or f"{action.code}-{next_number(action):02d}"
    if Task.objects.filter(campaign=campaign, code=code).exists():
        raise ConflictError(_("任务编号“%(code)s”已被使用，请换一个。") % {"code": code}, code="code_in_use")
    task = write_task(facts, by=by, today=today, action=action, code=code, nodes=milestones, demo=demo, source=source)
    after = facts.audited() | {
        "code": code,
        "action": action.code,
        "nodes": [[node.title, node.due] for node in milestones],
    }
    record(by=by, verb="task.create", target=task, region_code=task.region_id, today=today, after=after)
    return task


def _facts_of(task: Task) -> TaskFacts:
    return TaskFacts(support_units=tuple(task.support_units.all()), **{name: getattr(task, name) for name in COLUMNS})


@transaction.atomic
def edit_task(*, by: Mandate, today: date, task: Task, facts: TaskFacts, version: int | None = None) -> Task:
    """Replace what a task says; its first due date stays on record. ConflictError: stale form, or the task ended."""
    task = lock_managed_task(by, task)
    task.expect_version(version)
    if task.status in ENDED:
        raise ConflictError(_("任务已办结或取消，不能再修改。"), code="task_ended")
    facts.check(task.campaign)
    was, now = _facts_of(task).audited(), facts.audited()
    late = task.milestones.filter(due__gt=facts.due).first() if facts.due else None
    if late is not None:
        _check_node(late.title, late.due, facts.due)
    for name, value in facts.fields().items():
        setattr(task, name, value)
    task.first_due = task.first_due or facts.due
    keep(task)
    task.support_units.set(facts.support_units)
    changed = [name for name in now if was[name] != now[name]]
    record(
        by=by,
        verb="task.edit",
        target=task,
        region_code=task.region_id,
        today=today,
        before={name: was[name] for name in changed},
        after={name: now[name] for name in changed},
    )
    return task


@transaction.atomic
def add_milestone(*, by: Mandate, today: date, task: Task, title: str, due: date) -> Milestone:
    """Add a node to a task that has not ended. InvalidInputError: after the task's due date."""
    task = lock_managed_task(by, task)
    if task.status in ENDED:
        raise ConflictError(_("任务已办结或取消，不能再修改。"), code="task_ended")
    _check_node(title, due, task.due)
    node = Milestone.objects.create(task=task, title=title, due=due, order=task.milestones.count())
    keep(task)
    after = {"title": title, "due": due, "task": task.code}
    record(by=by, verb="milestone.add", target=node, region_code=task.region_id, today=today, after=after)
    return node


def _open_node(by: Mandate, milestone: Milestone) -> tuple[Task, Milestone]:
    task = lock_managed_task(by, Task(pk=milestone.task_id))
    node = locked(Milestone.objects.all(), milestone.pk)
    if node.done_on is not None or task.status in ENDED:
        raise ConflictError(_("节点“%(node)s”已完成，不能再修改。") % {"node": node.title}, code="node_done")
    return task, node


@transaction.atomic
def edit_milestone(*, by: Mandate, today: date, milestone: Milestone, title: str, due: date) -> Milestone:
    """Rename or move a node that is still open."""
    task, node = _open_node(by, milestone)
    _check_node(title, due, task.due)
    before = {"title": node.title, "due": node.due}
    node.title, node.due = title, due
    node.save(update_fields=["title", "due"])
    keep(task)
    after = {"title": title, "due": due}
    record(
        by=by, verb="milestone.edit", target=node, region_code=task.region_id, today=today, before=before, after=after
    )
    return node


@transaction.atomic
def remove_milestone(*, by: Mandate, today: date, milestone: Milestone) -> Task:
    """Take away a node that is still open and that no report names."""
    task, node = _open_node(by, milestone)
    if task.progress.filter(milestone=node).exists():
        raise ConflictError(_("已有进展报告了节点“%(node)s”，不能删除。") % {"node": node.title}, code="node_reported")
    before = {"title": node.title, "due": node.due, "task": task.code}
    record(by=by, verb="milestone.remove", target=node, region_code=task.region_id, today=today, before=before)
    node.delete()
    keep(task)
    return task

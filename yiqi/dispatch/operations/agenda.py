"""Items of an open week: added by hand, decided, noted, put off."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from yiqi.core.operations import record
from yiqi.core.rules import Mandate
from yiqi.dispatch import rules
from yiqi.dispatch.enums import AgendaKind, AgendaStatus
from yiqi.dispatch.models import AgendaItem, TaskForce, Week
from yiqi.dispatch.operations.meeting import lock_item, lock_week
from yiqi.kit.errors import ConflictError, InvalidInputError
from yiqi.kit.records import ensure, save
from yiqi.plan.models import Task


@transaction.atomic
def add_item(
    *,
    by: Mandate,
    today: date,
    week: Week,
    title: str,
    reason: str = "",
    force: TaskForce | None = None,
    task: Task | None = None,
) -> AgendaItem:
    """Put an item on the agenda by hand. A task force adds its own; a task stands on an agenda once (ConflictError)."""
    week = lock_week(by, week)
    ensure(rules.can_record(by, force, week.region_id), _("临时议题由考核督查人员、县领导或本专班添加。"))
    if not title.strip():
        raise InvalidInputError(_("请填写议题。"), code="title_needed", data={"field": "title"})
    if force is not None and force.campaign_id != week.campaign_id:
        raise InvalidInputError(_("所选专班不属于本专项行动。"), code="foreign_force", data={"field": "force"})
    if task is not None and week.items.filter(task=task).exists():
        raise ConflictError(_("任务“%(task)s”已经在议程中。") % {"task": task.title}, code="task_on_agenda")
    order = week.items.aggregate(Max("order", default=0))["order__max"] + 1
    item = AgendaItem.objects.create(
        week=week,
        force=force,
        kind=AgendaKind.MANUAL,
        order=order,
        title=title.strip(),
        reason=reason.strip(),
        task=task,
    )
    after = {"week": week.number, "title": item.title, "force": force.unit.name if force else None}
    record(by=by, verb="agenda.add", target=item, region_code=week.region_id, today=today, after=after)
    return item


@transaction.atomic
def decide_item(
    *, by: Mandate, today: date, item: AgendaItem, decision: str, status: str, version: int | None = None
) -> AgendaItem:
    """Record what the meeting decided on an item; it may be recorded anew until the week is closed.

    ``decided`` needs words or a directive given from the item; ``pending`` takes the record back.
    """
    item = lock_item(by, item)
    item.expect_version(version)
    ensure(rules.can_record(by, item.force, item.week.region_id), _("议定事项由考核督查人员、县领导或本专班记录。"))
    if status not in AgendaStatus.values:
        raise InvalidInputError(_("请选择议题的处理结果。"), code="status_unknown", data={"field": "status"})
    if status == AgendaStatus.DECIDED and not decision.strip() and not item.given.exists():
        raise InvalidInputError(
            _("请写明议定事项，或者先从本议题交办督办事项。"), code="decision_needed", data={"field": "decision"}
        )
    before = {"status": item.status, "decision": item.decision}
    item.status, item.decision = status, decision.strip()
    save(item)
    after = {"status": item.status, "decision": item.decision}
    record(
        by=by,
        verb="agenda.decide",
        target=item,
        region_code=item.week.region_id,
        today=today,
        before=before,
        after=after,
    )
    return item

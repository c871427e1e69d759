"""Things of the plan that others may point at."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from yiqi.core.rules import Mandate
from yiqi.core.subjects import Kind, Told
from yiqi.kit.wording import cn_day
from yiqi.plan.models import Milestone
from yiqi.plan.queries.scope import visible_progress, visible_tasks


def _task(row: Any) -> Told:
    return Told(f"{row.code} {row.title}", row.lead_unit.label, row.title, row.lead_unit_id)


def _progress(row: Any) -> Told:
    detail = f"{cn_day(row.on)} {row.unit.label} {row.text[:80]}"
    return Told(row.task.title, detail, title=row.task.title, unit_id=row.unit_id, at=(row.task_id,))


def _visible_nodes(who: Mandate) -> QuerySet[Milestone]:
    return Milestone.objects.filter(task__in=visible_tasks(who))


def _node(row: Any) -> Told:
    return Told(
        row.title,
        f"{cn_day(row.due)} {row.task.title}",
        title=row.title,
        unit_id=row.task.lead_unit_id,
        at=(row.task_id,),
    )


KINDS = (
    Kind("plan.task", visible_tasks, tell=_task, page="plan:show_task", joins=("lead_unit",), order=("code",)),
    Kind(
        "plan.progress",
        visible_progress,
        tell=_progress,
        page="plan:show_task",
        joins=("task", "unit"),
        order=("-on", "-id"),
    ),
    Kind("plan.milestone", _visible_nodes, tell=_node, page="plan:show_task", joins=("task",), order=("due",)),
)

"""The tasks that a meeting must look at: red ones, those that ask for a decision, yellow ones once in some weeks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from yiqi.core.doors import AgendaSource, Ask, Candidate, ItemKind
from yiqi.core.enums import Light, SettingKey
from yiqi.core.limits import Reading
from yiqi.core.subjects import Ref
from yiqi.kit.wording import sentence
from yiqi.plan.enums import ProgressStatus, TaskMatter, TaskStatus
from yiqi.plan.models import Progress, Task
from yiqi.plan.queries.lights import LightRule, light_of, with_lights

REASON_LENGTH = 400
ASK_LENGTH = 160
QUOTE_LENGTH = 300
OPEN = (TaskStatus.PLANNED, TaskStatus.ACTIVE, TaskStatus.CLAIMED)
OVER = (TaskStatus.DONE, TaskStatus.CANCELLED)


def _rule(ask: Ask) -> dict[str, int]:
    rule = LightRule(int(ask.settings[SettingKey.YELLOW_DAYS]), int(ask.settings[SettingKey.REPORT_GRACE_DAYS]))
    return {"yellow_days": rule.yellow_days, "grace_days": rule.grace_days}


def _draw(ask: Ask) -> list[Candidate]:
    deferred = {ref.pk: kind for ref, kind in ask.deferred.items() if ref.kind == "plan.task"}
    exceptional = Q(light__in=(Light.RED, Light.YELLOW)) | Q(needs_decision=True)
    rows = (
        with_lights(Task.objects.filter(campaign=ask.drive.pk), today=ask.today, **_rule(ask))
        .filter((Q(status__in=OPEN) & exceptional) | (Q(pk__in=deferred) & ~Q(status__in=OVER)))
        .exclude(pk__in=[ref.pk for ref in ask.held if ref.kind == "plan.task"])
        .select_related("lead_unit", "action")
        .order_by("code")
    )
    found: list[Candidate] = []
    for task in rows:
        kind = _kind(ask, task) or deferred.get(task.pk)
        if kind is not None:
            due = task.next_due.isoformat() if task.next_due else "9999"
            belongs = (Ref("plan.action", task.action_id),)
            subject = Ref("plan.task", task.pk)
            found.append(
                Candidate(
                    kind=kind, title=task.title, rank=(due, task.code), subject=subject, belongs=belongs, row=task
                )
            )
    return found


def _kind(ask: Ask, task: Any) -> str | None:
    if task.light == Light.RED:
        return TaskMatter.RED
    if task.needs_decision:
        return TaskMatter.DECISION
    if task.light == Light.YELLOW and Ref("plan.task", task.pk) not in ask.recent:
        return TaskMatter.YELLOW
    return None


def _latest_progress(tasks: Iterable[Task]) -> dict[int, Progress]:
    """The last approved progress of each task, in two statements."""
    mine = Progress.objects.filter(task=OuterRef("pk"), status=ProgressStatus.APPROVED).order_by("-on", "-id")
    ids = [task.pk for task in tasks]
    rows = (
        Task.objects.filter(pk__in=ids)
        .annotate(last=Subquery(mine.values("pk")[:1]))
        .values_list("pk", "last")
        .order_by()
    )
    last = {task: progress for task, progress in rows if progress is not None}
    found = Progress.objects.in_bulk(list(last.values()))
    return {task: found[progress] for task, progress in last.items()}


def _describe(ask: Ask, chosen: list[Candidate]) -> None:
    progress, rule = _latest_progress([row.row for row in chosen]), _rule(ask)
    for row in chosen:
        _describe_task(row, light_of(row.row, today=ask.today, **rule), progress.get(row.row.pk))
        if row.kind == TaskMatter.YELLOW and not row.firm:
            row.reason += _("近%(weeks)s周未上会。") % {"weeks": int(ask.settings[SettingKey.AGENDA_QUIET_WEEKS])}


def _describe_task(candidate: Candidate, light: Reading, progress: Progress | None) -> None:
    task: Task = candidate.row
    ask = (progress.ask if progress else "").strip() if task.needs_decision else ""
    candidate.facts = {
        "code": task.code,
        "unit": task.lead_unit.label,
        "action": task.action.name,
        "percent": task.percent,
        "next_node": task.next_node,
        "next_due": task.next_due and task.next_due.isoformat(),
        "deadline": task.due and task.due.isoformat(),
        "first_deadline": task.first_due and task.first_due.isoformat(),
        "light": light.colour,
        "light_reason": light.reason,
        "reported_on": progress and progress.on.isoformat(),
        "progress": (progress.text if progress else "")[:QUOTE_LENGTH],
        "problem": (progress.problem if progress else "")[:QUOTE_LENGTH],
        "ask": ask[:QUOTE_LENGTH],
    }
    told = [candidate.reason] if candidate.reason else []
    if candidate.kind != TaskMatter.DECISION:
        told.append(sentence(light.reason))
    if task.needs_decision:
        told.append(
            _("%(unit)s提请协调：%(ask)s") % {"unit": task.lead_unit.label, "ask": sentence(ask[:ASK_LENGTH])}
            if ask
            else _("%(unit)s提请会议协调。") % {"unit": task.lead_unit.label}
        )
    candidate.reason = "".join(told)[:REASON_LENGTH]


SOURCE = AgendaSource(
    {
        TaskMatter.RED: ItemKind(TaskMatter.RED.label, 2),
        TaskMatter.DECISION: ItemKind(TaskMatter.DECISION.label, 3),
        TaskMatter.YELLOW: ItemKind(TaskMatter.YELLOW.label, 5),
    },
    _draw,
    _describe,
)

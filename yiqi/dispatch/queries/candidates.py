"""What might stand on an agenda: directives, tasks and indicators with the reason and the facts of the day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from yiqi.appraisal.models import Indicator, IndicatorSupport, Round, ScoreCell
from yiqi.appraisal.queries import points_lost
from yiqi.core.enums import Light
from yiqi.dispatch.enums import AgendaKind
from yiqi.dispatch.models import AgendaItem, Directive
from yiqi.dispatch.queries.clocks import directive_light
from yiqi.dispatch.queries.phrases import period_text, sentence
from yiqi.kit.wording import figure, place, points
from yiqi.plan.enums import ProgressStatus
from yiqi.plan.models import Progress, Task

REASON_LENGTH = 400
ASK_LENGTH = 160
QUOTE_LENGTH = 300


@dataclass
class Candidate:
    """A possible item. ``firm`` ones are never left out; ``rank`` orders them inside a task force."""

    kind: str
    force_id: int | None
    title: str
    rank: tuple[Any, ...]
    reason: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    firm: bool = False
    task: Task | None = None
    indicator: Indicator | None = None
    round: Round | None = None
    directive: Directive | None = None


KIND_ORDER = {
    AgendaKind.CARRIED: 0,
    AgendaKind.RED_TASK: 2,
    AgendaKind.DECISION: 3,
    AgendaKind.INDICATOR: 4,
    AgendaKind.YELLOW_TASK: 5,
    AgendaKind.MANUAL: 6,
}
DEFERRED_ORDER = 1


def item_rank(kind: str) -> int:
    """Where a kind of item stands inside its task force."""
    return KIND_ORDER[AgendaKind(kind)]


def from_directive(directive: Directive, *, force_id: int | None, today: date) -> Candidate:
    """An unfinished directive; red ones first, then by due date."""
    light = directive_light(directive, today)
    status = directive.get_status_display()
    facts = {
        "code": directive.code,
        "unit": directive.unit.label,
        "status": directive.status,
        "assigned_on": directive.assigned_on.isoformat(),
        "due": directive.due.isoformat(),
        "first_due": directive.first_due.isoformat(),
        "feedback_due": directive.feedback_due.isoformat(),
        "light": light.colour,
        "light_reason": light.reason,
        "requirement": directive.requirement[:QUOTE_LENGTH],
    }
    late_first = 0 if light.colour == Light.RED else 1
    rank = (KIND_ORDER[AgendaKind.CARRIED], late_first, directive.due.isoformat(), directive.code)
    reason = _("%(light)s目前状态：%(status)s。") % {"light": light.reason, "status": status}
    return Candidate(
        AgendaKind.CARRIED,
        force_id,
        directive.title,
        rank,
        reason[:REASON_LENGTH],
        facts,
        firm=True,
        directive=directive,
    )


def latest_progress(tasks: Iterable[Task]) -> dict[int, Progress]:
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


def describe_task(candidate: Candidate, light: Any, progress: Progress | None) -> None:
    """Fill in reason and facts of a task's candidate, from its light and its last approved progress."""
    task = candidate.task
    if task is None:
        return
    ask = (progress.ask if progress else "").strip() if task.needs_decision else ""
    candidate.facts = {
        "code": task.code,
        "unit": task.lead_unit.label,
        "action": task.action.name,
        "percent": task.percent,
        "next_node": task.next_node,
        "next_due": task.next_due and task.next_due.isoformat(),
        "deadline": task.deadline and task.deadline.isoformat(),
        "first_deadline": task.first_deadline and task.first_deadline.isoformat(),
        "light": light.colour,
        "light_reason": light.reason,
        "reported_on": progress and progress.on.isoformat(),
        "progress": (progress.text if progress else "")[:QUOTE_LENGTH],
        "problem": (progress.problem if progress else "")[:QUOTE_LENGTH],
        "ask": ask[:QUOTE_LENGTH],
    }
    told = [candidate.reason] if candidate.reason else []
    if candidate.kind != AgendaKind.DECISION:
        told.append(sentence(light.reason))
    if task.needs_decision:
        told.append(
            _("%(unit)s提请协调：%(ask)s") % {"unit": task.lead_unit.label, "ask": sentence(ask[:ASK_LENGTH])}
            if ask
            else _("%(unit)s提请会议协调。") % {"unit": task.lead_unit.label}
        )
    candidate.reason = "".join(told)[:REASON_LENGTH]


def describe_indicator(candidate: Candidate, cell: ScoreCell, previous: ScoreCell | None) -> None:
    """Fill in reason and facts of an indicator's candidate from its cell and that of the round before."""
    indicator = cell.indicator
    loss = loss_of(cell)
    fallen = fallen_places(cell, previous)
    supports = IndicatorSupport.objects.filter(indicator=indicator).select_related("task").order_by("task__code")
    candidate.facts = {
        "code": indicator.code,
        "block": indicator.block.name,
        "unit": indicator.lead_unit.label if indicator.lead_unit else "",
        "unit_text": indicator.unit_text,
        "value": cell.value,
        "points": cell.points,
        "full_points": cell.full_points,
        "loss": loss,
        "rank": cell.rank,
        "tied": cell.tied,
        "previous_rank": previous.rank if previous else None,
        "previous_tied": bool(previous and previous.tied),
        "period": cell.round.period,
        "tasks": [{"id": row.task_id, "code": row.task.code, "title": row.task.title} for row in supports],
    }
    told = _("%(period)s失%(loss)s（满分%(full)s）") if loss > 0 else _("%(period)s未失分（满分%(full)s）")
    told = told % {"period": period_text(cell.round.period), "loss": points(loss), "full": points(cell.full_points)}
    if cell.rank:
        told += "，" + _("居%(place)s") % {"place": place(cell.rank, cell.tied)}
    if fallen > 0:
        told += "，" + _("较上轮下降%(places)s位") % {"places": figure(fallen, 0)}
    candidate.reason = (candidate.reason + told + "。")[:REASON_LENGTH]


def loss_of(cell: ScoreCell) -> float:
    """Points lost as published; nothing where the cell was not scored."""
    return points_lost(cell, int(cell.round.parameters["plan"]["places"]))


def fallen_places(cell: ScoreCell, previous: ScoreCell | None) -> int:
    """Places lost against the round before; 0 where one of the ranks is unknown."""
    return cell.rank - previous.rank if previous and previous.rank and cell.rank else 0


def from_deferred_manual(item: AgendaItem) -> Candidate:
    """An item put on by hand and deferred by the last meeting comes back with its words."""
    reason = _("上期会议顺延。%(reason)s") % {"reason": item.reason}
    rank = (DEFERRED_ORDER, KIND_ORDER[AgendaKind.MANUAL], item.order)
    return Candidate(
        AgendaKind.MANUAL, item.force_id, item.title, rank, reason[:REASON_LENGTH], dict(item.facts), firm=True
    )

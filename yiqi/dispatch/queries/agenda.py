"""The agenda by exception, drawn from the data; in words and with a worked example in docs/algorithms/agenda.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from yiqi.appraisal.enums import FrameworkStatus, RoundStatus
from yiqi.appraisal.models import Framework, Round, ScoreCell
from yiqi.core.enums import Light, SettingKey
from yiqi.core.queries import settings_for
from yiqi.dispatch.enums import UNFINISHED, AgendaKind, AgendaStatus, WeekStatus
from yiqi.dispatch.models import AgendaItem, Directive, Week
from yiqi.dispatch.queries.candidates import (
    DEFERRED_ORDER,
    KIND_ORDER,
    Candidate,
    describe_indicator,
    describe_task,
    fallen_places,
    from_deferred_manual,
    from_directive,
    latest_progress,
    loss_of,
)
from yiqi.dispatch.queries.scope import forces_of
from yiqi.plan.enums import TaskStatus
from yiqi.plan.models import Campaign, Task
from yiqi.plan.queries import LightRule, light_of, light_rule, with_lights


@dataclass(frozen=True)
class AgendaRules:
    """The county's measures, each a setting: items a task force can treat in one meeting, indicators worth the meeting,
    weeks after which a yellow task comes up again."""

    per_force: int = 10
    indicators: int = 5
    quiet_weeks: int = 3


def agenda_rules_for(region_code: str) -> AgendaRules:
    """The measures in force in a county; one statement."""
    values = settings_for(region_code)
    return AgendaRules(
        per_force=int(values[SettingKey.AGENDA_PER_FORCE]),
        indicators=int(values[SettingKey.AGENDA_INDICATORS]),
        quiet_weeks=int(values[SettingKey.AGENDA_QUIET_WEEKS]),
    )


@dataclass
class Agenda:
    """The items in order, and how many of which kind were left out for which task force."""

    items: list[Candidate]
    left_out: list[dict[str, Any]]


@dataclass
class _Drawing:
    """What one drawing looks at."""

    campaign: Campaign
    monday: date
    today: date
    rules: AgendaRules
    light_rule: LightRule
    force_of_action: dict[int, int] = field(default_factory=dict)
    force_of_block: dict[int, int] = field(default_factory=dict)
    force_order: dict[int | None, int] = field(default_factory=dict)
    tasks: set[int] = field(default_factory=set)
    indicators: set[int] = field(default_factory=set)

    def force_of(self, action_id: int | None, block_id: int | None) -> int | None:
        """The task force that answers for the action or, without one, for the block."""
        return self.force_of_action.get(action_id or 0) or self.force_of_block.get(block_id or 0)


def draw_agenda(
    campaign: Campaign,
    *,
    monday: date,
    today: date,
    kept: Iterable[AgendaItem] = (),
) -> Agenda:
    """Draw the agenda of the week of ``monday`` as of ``today``; what ``kept`` already holds is not drawn again.

    Writes nothing. Reasons are in the county's language. One statement for each chosen indicator, else constant.
    """
    with translation.override(settings.LANGUAGE_CODE):
        drawing = _prepare(campaign, monday, today)
        kept = list(kept)
        drawing.tasks |= {item.task_id for item in kept if item.task_id}
        drawing.indicators |= {item.indicator_id for item in kept if item.indicator_id}
        found = _carried(drawing, {item.directive_id for item in kept if item.directive_id})
        deferred = _deferred(drawing, {item.title for item in kept if item.kind == AgendaKind.MANUAL})
        found += [row for row in deferred if row.kind == AgendaKind.MANUAL]
        again = {row.task.pk: row for row in deferred if row.task}
        found += _tasks(drawing, again)
        found += _indicators(drawing, {row.indicator.pk for row in deferred if row.indicator})
        chosen, left_out = _cut(drawing, found)
        _describe_tasks(drawing, chosen)
    return Agenda(chosen, left_out)


def _prepare(campaign: Campaign, monday: date, today: date) -> _Drawing:
    drawing = _Drawing(campaign, monday, today, agenda_rules_for(campaign.region_id), light_rule(campaign.region_id))
    for position, force in enumerate(forces_of(campaign).prefetch_related("actions", "blocks")):
        drawing.force_order[force.pk] = position
        for action in force.actions.all():
            drawing.force_of_action.setdefault(action.pk, force.pk)
        for block in force.blocks.all():
            drawing.force_of_block.setdefault(block.pk, force.pk)
    drawing.force_order[None] = len(drawing.force_order)
    return drawing


def _carried(drawing: _Drawing, kept: set[int | None]) -> list[Candidate]:
    rows = (
        Directive.objects.filter(campaign=drawing.campaign, status__in=UNFINISHED)
        .exclude(week__monday=drawing.monday)
        .select_related("unit", "task", "indicator")
        .order_by("due", "code")
    )
    found: list[Candidate] = []
    for directive in rows:
        task, indicator = directive.task, directive.indicator
        force = directive.force_id or drawing.force_of(
            task.action_id if task else None, indicator.block_id if indicator else None
        )
        # the matter itself comes with its directive, not a second time
        drawing.tasks |= {task.pk} if task else set()
        drawing.indicators |= {indicator.pk} if indicator else set()
        if directive.pk not in kept:
            found.append(from_directive(directive, force_id=force, today=drawing.today))
    return found


def _deferred(drawing: _Drawing, kept_titles: set[str]) -> list[Candidate]:
    """What the last closed meeting put off, and what was not reached by it."""
    last = (
        Week.objects.filter(campaign=drawing.campaign, status=WeekStatus.CLOSED, monday__lt=drawing.monday)
        .order_by("-monday")
        .first()
    )
    if last is None:
        return []
    rows = last.items.filter(status=AgendaStatus.DEFERRED, directive__isnull=True).select_related(
        "task", "task__lead_unit", "task__action", "indicator"
    )
    found: list[Candidate] = []
    for item in rows.order_by("order"):
        if item.task_id in drawing.tasks or item.indicator_id in drawing.indicators:
            continue
        if item.task is None and item.indicator is None:
            found += [from_deferred_manual(item)] if item.title not in kept_titles else []
        elif item.task is None or item.task.status not in (TaskStatus.DONE, TaskStatus.CANCELLED):
            rank = (DEFERRED_ORDER, KIND_ORDER[AgendaKind(item.kind)], item.order)
            found.append(
                Candidate(
                    item.kind, item.force_id, item.title, rank, task=item.task, indicator=item.indicator, firm=True
                )
            )
    return found


def _lit(drawing: _Drawing) -> QuerySet[Task]:
    rows = Task.objects.filter(campaign=drawing.campaign)
    rule = drawing.light_rule
    return with_lights(rows, today=drawing.today, yellow_days=rule.yellow_days, grace_days=rule.grace_days)


def _tasks(drawing: _Drawing, deferred: dict[int, Candidate]) -> list[Candidate]:
    open_states = (TaskStatus.PLANNED, TaskStatus.ACTIVE, TaskStatus.CLAIMED)
    exceptional = Q(light__in=(Light.RED, Light.YELLOW)) | Q(needs_decision=True)
    rows = (
        _lit(drawing)
        .filter(Q(status__in=open_states) & exceptional | Q(pk__in=deferred))
        .exclude(pk__in=drawing.tasks)
        .select_related("lead_unit", "action")
        .order_by("code")
    )
    recent = _looked_at(drawing)
    found: list[Candidate] = []
    for task in rows:
        candidate = _task_candidate(drawing, task, deferred.get(task.pk), recent)
        if candidate is not None:
            found.append(candidate)
    return found


def _task_candidate(drawing: _Drawing, task: Any, deferred: Candidate | None, recent: set[int]) -> Candidate | None:
    force = drawing.force_of(task.action_id, None)
    due = task.next_due.isoformat() if task.next_due else "9999"
    reason = ""
    if task.light == Light.RED:
        kind = AgendaKind.RED_TASK
    elif task.needs_decision:
        kind = AgendaKind.DECISION
    elif task.light == Light.YELLOW and task.pk not in recent:
        kind = AgendaKind.YELLOW_TASK
    elif deferred is None:
        return None
    else:
        kind = AgendaKind(deferred.kind)
    rank: tuple[Any, ...] = (KIND_ORDER[kind], due, task.code)
    if deferred is not None:
        reason, rank = _("上期会议顺延。"), (DEFERRED_ORDER, KIND_ORDER[kind], due, task.code)
    return Candidate(kind, force, task.title, rank, reason, task=task, firm=deferred is not None)


def _looked_at(drawing: _Drawing) -> set[int]:
    """Tasks that a meeting of the last weeks had before it, by themselves or through a directive."""
    since = drawing.monday - timedelta(weeks=drawing.rules.quiet_weeks)
    items = AgendaItem.objects.filter(
        week__campaign=drawing.campaign, week__monday__gte=since, week__monday__lt=drawing.monday
    )
    pairs = items.values_list("task_id", "directive__task_id").order_by()
    return {task for pair in pairs for task in pair if task is not None}


def framework_of(campaign: Campaign) -> Framework | None:
    """The framework in force by which the campaign's county is appraised that year."""
    rows = Framework.objects.filter(year=campaign.year, status=FrameworkStatus.ACTIVE).select_related("keeper")
    mine = [row for row in rows.order_by("code") if campaign.region_id.startswith(row.keeper.prefix)]
    return max(mine, key=lambda row: len(row.keeper.prefix), default=None)


def published_rounds(campaign: Campaign, *, until: date | None = None) -> list[Round]:
    """The last two published rounds of the campaign's framework, the latest first."""
    framework = framework_of(campaign)
    if framework is None:
        return []
    rows = Round.objects.filter(framework=framework, status=RoundStatus.PUBLISHED)
    if until is not None:
        rows = rows.filter(published_on__lte=until)
    return list(rows.order_by("-period", "-number")[:2])


def _indicators(drawing: _Drawing, deferred: set[int]) -> list[Candidate]:
    rounds = published_rounds(drawing.campaign, until=drawing.today)
    if not rounds:
        return []
    county = drawing.campaign.region_id
    cells = ScoreCell.objects.filter(round=rounds[0], region_id=county).select_related(
        "round", "indicator", "indicator__block", "indicator__lead_unit"
    )
    before = {cell.indicator_id: cell for cell in ScoreCell.objects.filter(round__in=rounds[1:], region_id=county)}
    scored = sorted(cells, key=lambda cell: (-loss_of(cell), cell.indicator.order, cell.indicator.code))
    losing = [cell for cell in scored if loss_of(cell) > 0 and cell.indicator_id not in drawing.indicators]
    worst = {cell.indicator_id for cell in losing[: drawing.rules.indicators]}
    found: list[Candidate] = []
    for position, cell in enumerate(scored):
        indicator, previous = cell.indicator, before.get(cell.indicator_id)
        again = indicator.pk in deferred
        wanted = indicator.pk in worst or fallen_places(cell, previous) > 0 or again
        if not wanted or indicator.pk in drawing.indicators:
            continue
        head = DEFERRED_ORDER if again else KIND_ORDER[AgendaKind.INDICATOR]
        candidate = Candidate(
            AgendaKind.INDICATOR, drawing.force_of(None, indicator.block_id), indicator.name, (head, 4, position)
        )
        candidate.indicator, candidate.round, candidate.firm = indicator, cell.round, again
        candidate.reason = _("上期会议顺延。") if again else ""
        describe_indicator(candidate, cell, previous)
        found.append(candidate)
    return found


def _cut(drawing: _Drawing, found: list[Candidate]) -> tuple[list[Candidate], list[dict[str, Any]]]:
    """In the order of the task forces; beyond the limit an item that is not firm is counted instead of listed."""
    ordered = sorted(found, key=lambda row: (drawing.force_order[row.force_id], row.rank))
    taken: Counter[int | None] = Counter()
    out: Counter[tuple[int | None, str]] = Counter()
    chosen: list[Candidate] = []
    for row in ordered:
        if row.firm:
            chosen.append(row)
        elif taken[row.force_id] < drawing.rules.per_force:
            taken[row.force_id] += 1
            chosen.append(row)
        else:
            out[row.force_id, str(row.kind)] += 1
    return chosen, [{"force": force, "kind": kind, "count": count} for (force, kind), count in out.items()]


def _describe_tasks(drawing: _Drawing, chosen: list[Candidate]) -> None:
    tasks = [row.task for row in chosen if row.task is not None]
    progress = latest_progress(tasks)
    rule = drawing.light_rule
    for row in chosen:
        if row.task is not None:
            light = light_of(row.task, today=drawing.today, yellow_days=rule.yellow_days, grace_days=rule.grace_days)
            describe_task(row, light, progress.get(row.task.pk))
            if row.kind == AgendaKind.YELLOW_TASK and not row.firm:
                row.reason += _("近%(weeks)s周未上会。") % {"weeks": drawing.rules.quiet_weeks}

"""What a report between two dates is written from: counted records, each figure with the records that it counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from yiqi.appraisal.models import Round, ScoreCell, Standing
from yiqi.core.enums import Light
from yiqi.core.models import Unit
from yiqi.dispatch.enums import UNFINISHED, DirectiveStatus
from yiqi.dispatch.models import Directive, Week
from yiqi.dispatch.queries.agenda import published_rounds
from yiqi.dispatch.queries.clocks import with_directive_lights
from yiqi.plan.enums import ProgressStatus, TaskStatus
from yiqi.plan.models import Action, Campaign, Milestone, Progress, Task
from yiqi.plan.queries import LightRule, light_of, light_rule, with_lights

MOST_IDS = 1000
TASK_FIELDS = (
    *("code", "title", "action_id", "lead_unit_id", "status", "starts", "deadline", "next_due", "next_node"),
    *("report_due", "made_up_late", "late_days", "claimed_on", "finished_on"),
)
PROGRESS_FIELDS = ("task_id", "unit_id", "on", "percent", "text", "problem", "claims_done")


@dataclass
class Facts:
    """The figures of a report: each with the words in which it is printed and the records that it counts."""

    found: dict[str, dict[str, Any]] = field(default_factory=dict)

    def count(self, key: str, label: str, phrase: str, model: str, ids: Iterable[int]) -> str:
        """Keep a figure and return the phrase that the text prints."""
        known = list(ids)
        self.found[key] = {
            "label": label,
            "phrase": phrase,
            "value": len(known),
            "model": model,
            "ids": known[:MOST_IDS],
        }
        return phrase

    def figure(self, key: str, label: str, phrase: str, *, value: float | None, model: str, ids: Sequence[int]) -> str:
        """Keep a figure that is no count."""
        self.found[key] = {"label": label, "phrase": phrase, "value": value, "model": model, "ids": list(ids)}
        return phrase


@dataclass
class Material:
    """Everything read for one report."""

    campaign: Campaign
    starts: date
    ends: date
    today: date
    tasks: list[Any]
    actions: list[Action]
    progress: list[Progress]
    directives: list[Any]
    weeks: list[Week]
    rounds: list[Round]
    totals: list[Standing | None]
    blocks: list[list[Standing]]
    cells: list[ScoreCell]
    nodes: list[Milestone]
    rule: LightRule

    def reason(self, task: Task) -> str:
        """Why a task has its light."""
        return str(
            light_of(task, today=self.today, yellow_days=self.rule.yellow_days, grace_days=self.rule.grace_days).reason
        )


def gather(campaign: Campaign, *, starts: date, ends: date, today: date, ahead: date) -> Material:
    """Read it all; a fixed number of statements."""
    rule = light_rule(campaign.region_id)
    tasks = _tasks(campaign, today, rule)
    progress = _progress(campaign, starts, ends, {task.pk: task for task in tasks})
    _name_units(tasks, progress)
    rounds = published_rounds(campaign, until=today)
    standings = list(
        Standing.objects.filter(round__in=rounds, region_id=campaign.region_id)
        .select_related("block")
        .order_by("block__order")
    )
    cells = ScoreCell.objects.filter(round__in=rounds[:1], region_id=campaign.region_id).select_related(
        "round", "indicator", "indicator__lead_unit"
    )
    given = Directive.objects.filter(campaign=campaign).exclude(status=DirectiveStatus.DRAFT).select_related("unit")
    return Material(
        campaign=campaign,
        starts=starts,
        ends=ends,
        today=today,
        tasks=tasks,
        actions=list(campaign.actions.order_by("order")),
        progress=progress,
        directives=list(with_directive_lights(given, today=today).order_by("due", "code")),
        weeks=list(Week.objects.filter(campaign=campaign, meets_on__range=(starts, ends)).order_by("monday")),
        rounds=rounds,
        totals=[
            next((row for row in standings if row.round_id == one.pk and row.block_id is None), None) for one in rounds
        ],
        blocks=[[row for row in standings if row.round_id == one.pk and row.block_id is not None] for one in rounds],
        cells=list(cells.order_by("indicator__order")),
        nodes=_nodes(campaign, today, ahead),
        rule=rule,
    )


def _tasks(campaign: Campaign, today: date, rule: LightRule) -> list[Any]:
    # a large campaign is read whole: only what is printed or decides the light
    rows = Task.objects.filter(campaign=campaign).exclude(status=TaskStatus.CANCELLED).only(*TASK_FIELDS)
    tasks = with_lights(rows, today=today, yellow_days=rule.yellow_days, grace_days=rule.grace_days).order_by("code")
    return list(cast("Iterable[Any]", tasks))


def _progress(campaign: Campaign, starts: date, ends: date, tasks: Mapping[int, Task]) -> list[Progress]:
    rows = Progress.objects.filter(task__campaign=campaign, status=ProgressStatus.APPROVED, on__range=(starts, ends))
    found = list(rows.only(*PROGRESS_FIELDS).order_by("-claims_done", "-on", "-percent", "id"))
    cancelled = Task.objects.only(*TASK_FIELDS).in_bulk({row.task_id for row in found} - tasks.keys())
    for row in found:
        row.task = tasks.get(row.task_id) or cancelled[row.task_id]
    return found


def _name_units(tasks: Iterable[Task], progress: Iterable[Progress]) -> None:
    """One object a unit, not one a row."""
    units = Unit.objects.in_bulk({task.lead_unit_id for task in tasks} | {row.unit_id for row in progress})
    for task in tasks:
        task.lead_unit = units[task.lead_unit_id]
    for row in progress:
        row.unit = units[row.unit_id]


def _nodes(campaign: Campaign, today: date, ahead: date) -> list[Milestone]:
    rows = Milestone.objects.filter(
        task__campaign=campaign, task__status__in=(TaskStatus.PLANNED, TaskStatus.ACTIVE), done_on__isnull=True
    )
    return list(
        rows.filter(due__gt=today, due__lte=ahead)
        .select_related("task", "task__lead_unit")
        .order_by("due", "task__code")
    )


def done_between(material: Material) -> list[Directive]:
    """Directives finished in the report's time."""
    return [row for row in material.directives if row.done_on and material.starts <= row.done_on <= material.ends]


def in_hand(material: Material) -> list[Any]:
    """Directives not finished yet."""
    return [row for row in material.directives if row.status in UNFINISHED]


def of_light(rows: Iterable[Any], light: Light) -> list[Any]:
    """Those of one colour."""
    return [row for row in rows if row.light == light]

"""The board: tasks of a campaign by action and light, counted and picked without loading them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import Case, Count, F, OrderBy, OuterRef, Q, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import RowNumber

from yiqi.core.enums import Light
from yiqi.core.models import AuditHead
from yiqi.core.rules import Mandate
from yiqi.plan.models import Action, Campaign, Task
from yiqi.plan.queries.lights import LightRule, light_case, light_q, light_rule, read_lights
from yiqi.plan.queries.scope import visible_tasks
from yiqi.plan.rules import reads_all

# overdue first, then what comes next; what has no date any more comes last
URGENT = (F("next_due").asc(nulls_last=True), "code")
COUNTED = (Light.RED, Light.YELLOW, Light.GREEN, Light.GREY)


@dataclass(frozen=True)
class ActionLights:
    """How many tasks of an action show which light."""

    action: Action
    red: int = 0
    yellow: int = 0
    green: int = 0
    grey: int = 0

    @property
    def total(self) -> int:
        """All tasks of the action."""
        return self.red + self.yellow + self.green + self.grey

    @property
    def by_light(self) -> list[tuple[Light, int]]:
        """Each light with its number, worst first."""
        return [(light, getattr(self, light.value)) for light in COUNTED]


@dataclass(frozen=True)
class TaskFilter:
    """What a reader filters by; ids and values as checked by the page, empty for all."""

    action: int | None = None
    unit: int | None = None
    light: str = ""
    status: str = ""
    text: str = ""

    @property
    def countable(self) -> bool:
        """Whether the counts by action and light already say how many tasks match."""
        return not (self.unit or self.status or self.text)

    @property
    def quick(self) -> bool:
        """Whether the first tasks of an action stand near the front of the index that orders them."""
        return self.countable and self.light != Light.GREY

    def apply(self, tasks: QuerySet[Task], *, today: date, rule: LightRule) -> QuerySet[Task]:
        """The tasks that match."""
        given: dict[str, Any] = {"action_id": self.action, "lead_unit_id": self.unit, "status": self.status}
        tasks = tasks.filter(**{name: value for name, value in given.items() if value})
        if self.light:
            colour = light_q(self.light, today=today, yellow_days=rule.yellow_days, grace_days=rule.grace_days)
            tasks = tasks.filter(colour)
        if self.text:
            # Chinese has no case, and folding a hundred thousand titles costs more than reading them
            lookup = "contains" if self.text.lower() == self.text.upper() else "icontains"
            tasks = tasks.filter(Q(**{f"title__{lookup}": self.text}) | Q(code__startswith=self.text.upper()))
        return tasks


def _counted(tasks: QuerySet[Task], today: date, rule: LightRule) -> dict[int, dict[str, int]]:
    light = light_case(today=today, yellow_days=rule.yellow_days, grace_days=rule.grace_days)
    # counting a column of the index lets the database answer from the index alone
    rows = tasks.order_by().annotate(light=light).values_list("action_id", "light").annotate(n=Count("status"))
    counts: dict[int, dict[str, int]] = {}
    for action, colour, number in rows:
        counts.setdefault(action, {})[colour] = number
    return counts


def _remembered(tasks: QuerySet[Task], campaign: Campaign, today: date, rule: LightRule) -> dict[int, dict[str, int]]:
    """Counts of a whole campaign, kept until the next operation: no task changes without a record in the trail."""
    mark = AuditHead.objects.values_list("digest", flat=True).first()
    if not mark:
        return _counted(tasks, today, rule)
    name = f"plan.lights.{campaign.pk}.{today:%Y%m%d}.{rule.yellow_days}.{rule.grace_days}.{mark}"
    kept: dict[int, dict[str, int]] | None = cache.get(name)
    if kept is None:
        kept = _counted(tasks, today, rule)
        cache.set(name, kept, timeout=600)
    return kept


def light_counts(
    who: Mandate, campaign: Campaign, today: date, *, rule: LightRule | None = None, choice: TaskFilter | None = None
) -> list[ActionLights]:
    """Every action of the campaign with its tasks by light, as far as ``who`` sees them and ``choice`` asks for them.

    Two or three statements, whatever the number of tasks; for readers of the whole county the counts of the campaign
    are remembered until the next operation.
    """
    rule = rule or light_rule(campaign.region_id)
    tasks = visible_tasks(who, campaign=campaign)
    choice = choice or TaskFilter()
    if choice.countable:
        whole = reads_all(who, campaign.region_id)
        counts = _remembered(tasks, campaign, today, rule) if whole else _counted(tasks, today, rule)
    else:
        counts = _counted(replace(choice, light="").apply(tasks, today=today, rule=rule), today, rule)
    # filtered here, not in SQL: a page that shows the actions as a filter has read them already
    actions = [action for action in campaign.actions.all() if choice.action in {None, action.pk}]
    shown = {choice.light} if choice.light else set(COUNTED)
    return [
        ActionLights(action, **{colour: n for colour, n in counts.get(action.pk, {}).items() if colour in shown})
        for action in actions
    ]


def severity(today: date, rule: LightRule) -> OrderBy:
    """An ordering by light: red, yellow, green, grey."""
    days: dict[str, Any] = {"today": today, "yellow_days": rule.yellow_days, "grace_days": rule.grace_days}
    worse = (Light.GREY, Light.RED, Light.YELLOW)
    whens = [When(light_q(colour, **days), then=Value(COUNTED.index(colour))) for colour in worse]
    return Case(*whens, default=Value(COUNTED.index(Light.GREEN))).asc()


def first_tasks(
    who: Mandate, counts: Sequence[ActionLights], today: date, *, rule: LightRule, choice: TaskFilter, each: int
) -> dict[int, list[Task]]:
    """The ``each`` worst and most urgent matching tasks of every action, by action id, with readings; two statements.

    ``counts`` are those of :func:`light_counts` for the same choice: where every action has enough red tasks, or one
    light alone is asked for, the order of urgency is the order of the index, and no more than the shown rows are read.
    """
    if not counts:
        return {}
    campaign = counts[0].action.campaign
    tasks = choice.apply(visible_tasks(who, campaign=campaign), today=today, rule=rule)
    plain = choice.light or all(count.red >= min(each, count.total) for count in counts)
    if choice.quick and plain and reads_all(who, campaign.region_id):
        keys = _picked_by_index(tasks, campaign, each)
    else:
        place = Window(RowNumber(), partition_by="action", order_by=(severity(today, rule), *URGENT))
        keys = list(tasks.order_by().annotate(place=place).filter(place__lte=each).values_list("pk", flat=True))
    rows = Task.objects.filter(pk__in=keys).select_related("lead_unit").order_by(*URGENT)
    grouped: dict[int, list[Task]] = {}
    for task in read_lights(rows, today=today, rule=rule):
        grouped.setdefault(task.action_id, []).append(task)
    for shown in grouped.values():
        shown.sort(key=lambda task: COUNTED.index(task.reading.colour))
    return grouped


def _picked_by_index(tasks: QuerySet[Task], campaign: Campaign, each: int) -> list[int]:
    # a few keys from the front of the index of each action: a window over all tasks would read every one of them
    mine = tasks.filter(action=OuterRef("pk")).order_by(*URGENT).values("pk")
    names = [f"place_{place}" for place in range(each)]
    picks = {name: Subquery(mine[place : place + 1]) for place, name in enumerate(names)}
    found = campaign.actions.annotate(**picks).values_list(*names)
    return [key for row in found for key in row if key is not None]


def total_of(counts: Iterable[ActionLights]) -> dict[str, int]:
    """The sums over all actions: by light, and ``total``."""
    rows = list(counts)
    return {name: sum(getattr(row, name) for row in rows) for name in ("red", "yellow", "green", "grey", "total")}

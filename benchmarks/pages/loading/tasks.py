"""Tasks with nodes, supporting units and steps; the kept fields come from the product's own ``kept_fields``."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tqdm import tqdm

from benchmarks.pages.loading.copying import columns_of, copy, renumber, row_of
from benchmarks.pages.loading.founding import TODAY, County
from yiqi.plan.enums import Frequency, TaskStatus
from yiqi.plan.models import Milestone, Task, TaskStatusChange
from yiqi.plan.operations.keeping import apply_kept, kept_fields

BEGAN = date(2021, 1, 4)
VERBS = ("推进", "完成", "开展", "加快", "实施", "提升", "落实", "整治")
PLACES = (
    "唐兴镇",
    "南梁镇",
    "里砦镇",
    "隆化镇",
    "桥上镇",
    "西闫镇",
    "中卫乡",
    "南唐乡",
    "王庄镇",
    "浇底乡",
    "城区",
    "经开区",
)
MATTERS = (
    "农村道路改造",
    "标准化厂房建设",
    "散煤清零",
    "扬尘污染治理",
    "老旧小区改造",
    "规上企业培育",
    "政务服务事项标准化",
    "招商项目签约",
    "产业扶贫车间建设",
    "河道综合整治",
    "学校食堂改造",
    "卫生院能力提升",
    "党员教育培训",
    "信访积案化解",
    "高标准农田建设",
    "文物保护修缮",
)
NODES = ("完成方案编制", "完成前期手续", "完成招标", "开工建设", "完成主体工程", "通过验收")


@dataclass(frozen=True)
class Fate:
    """What has become of a task by :data:`TODAY`: what its progress must agree with."""

    status: str
    frequency: str
    finished: date | None
    reported_this_month: bool


FATES = (
    # status, share, what is late about it
    (TaskStatus.ACTIVE, 49, ""),
    (TaskStatus.ACTIVE, 3, "overdue"),
    (TaskStatus.ACTIVE, 4, "soon"),
    (TaskStatus.DONE, 30, ""),
    (TaskStatus.DONE, 3, "late"),
    (TaskStatus.CLAIMED, 4, ""),
    (TaskStatus.PLANNED, 3, ""),
    (TaskStatus.SUSPENDED, 2, ""),
    (TaskStatus.CANCELLED, 2, ""),
)


def _due(chance: random.Random, status: str, late: str) -> date:
    if late == "overdue":
        return TODAY - timedelta(days=chance.randint(1, 60))
    if late == "soon":
        return TODAY + timedelta(days=chance.randint(0, 7))
    if status in {TaskStatus.DONE, TaskStatus.CLAIMED}:
        return TODAY - timedelta(days=chance.randint(0, 75))
    return TODAY + timedelta(days=chance.randint(8, 180))


def _finished(chance: random.Random, status: str, late: str, due: date) -> date | None:
    if status not in {TaskStatus.DONE, TaskStatus.CLAIMED}:
        return None
    day = due + timedelta(days=chance.randint(1, 20)) if late else due - timedelta(days=chance.randint(0, 9))
    return min(day, TODAY)


def _nodes(chance: random.Random, task: Task, fate: Fate, numbers: Iterator[int]) -> list[Milestone]:
    ends = task.due or TODAY
    count = chance.choice((1, 2, 2, 3, 3, 4))
    nodes = []
    for order in range(count):
        due = task.starts + (ends - task.starts) * (order + 1) // count
        done = due - timedelta(days=chance.randint(0, 5)) if due < TODAY and due != ends else fate.finished
        title = NODES[(order + task.pk) % len(NODES)]
        nodes.append(Milestone(pk=next(numbers), task_id=task.pk, title=title, due=due, done_on=done, order=order))
    return nodes


def _one(county: County, number: int, choice: tuple[str, int, str]) -> tuple[Task, Fate]:
    chance, (status, _share, late) = county.chance, choice
    action = county.actions[number % len(county.actions)]
    unit = county.units[chance.randrange(len(county.units))]
    later = status == TaskStatus.PLANNED
    frequency = chance.choices((Frequency.MONTHLY, Frequency.WEEKLY, Frequency.STAGE), (94, 1, 5))[0]
    due = _due(chance, status, late)
    finished = _finished(chance, status, late, due)
    fate = Fate(status, frequency, finished, chance.random() < 0.6)
    matter, place = chance.choice(MATTERS), chance.choice(PLACES)
    done = status == TaskStatus.DONE
    task = Task(
        pk=number,
        campaign_id=county.campaign.pk,
        action_id=action.pk,
        region_id=county.campaign.region_id,
        code=f"{action.code}-{number // len(county.actions) + 1:05d}",
        title=f"{chance.choice(VERBS)}{place}{matter}（第{number}项）",
        measure=f"由{unit.label}牵头，会同有关单位对{place}{matter}逐项排查，列出清单，倒排工期，按月报送进展。",
        evidence_rule="验收资料",
        lead_unit_id=unit.pk,
        leader_id=chance.choice(county.cast.leaders).pk,
        starts=TODAY + timedelta(days=chance.randint(3, 20))
        if later
        else BEGAN + timedelta(days=chance.randint(0, 25)),
        due=due + timedelta(days=60) if later else due,
        frequency=frequency,
        status=status,
        percent=100 if finished else 0 if later else chance.randint(20, 95),
        claimed_on=finished,
        finished_on=min(finished + timedelta(days=3), TODAY) if finished and done else None,
        needs_decision=status == TaskStatus.ACTIVE and chance.random() < 0.005,
        demo=True,
    )
    task.first_due = task.due
    return task, fate


def last_report(task: Task, fate: Fate) -> date | None:
    """The day of the lead unit's last report that counts."""
    if fate.status == TaskStatus.PLANNED:
        return None
    if fate.finished:
        return fate.finished
    if fate.status in {TaskStatus.CANCELLED, TaskStatus.SUSPENDED}:
        return date(2021, 9, 27)
    if fate.frequency == Frequency.WEEKLY:
        return date(2021, 12, 24)
    return date(2021, 12, 24) if fate.reported_this_month else date(2021, 11, 26)


def make_tasks(county: County, count: int, bar: tqdm[Any]) -> tuple[list[tuple[int, int, date, Fate]], list[Any]]:
    """Copy ``count`` tasks; returns what the progress needs of each (task, unit, start, fate) and the trail's facts."""
    supports = Task.support_units.through
    columns = {model: columns_of(model) for model in (Task, Milestone, TaskStatusChange)}
    node_numbers, step_number = iter(range(1, 10 * count)), 0
    rows: dict[Any, list[Any]] = {Task: [], Milestone: [], TaskStatusChange: [], supports: []}
    choices = county.chance.choices(FATES, [share for _status, share, _late in FATES], k=count)
    kept, told = [], []
    office = county.cast.who("office").person.pk
    for number, choice in enumerate(choices, start=1):
        task, fate = _one(county, number, choice)
        nodes = _nodes(county.chance, task, fate, node_numbers)
        task.last_report_on = last_report(task, fate)
        apply_kept(task, kept_fields(task, nodes, task.last_report_on))
        rows[Task].append(row_of(task, columns[Task]))
        rows[Milestone] += [row_of(node, columns[Milestone]) for node in nodes]
        for unit in county.chance.sample(county.units, county.chance.choice((0, 1, 1, 2))):
            if unit.pk != task.lead_unit_id:
                rows[supports].append((task.pk, unit.pk))
        for before, after, day in _steps(task):
            step_number += 1
            rows[TaskStatusChange].append((step_number, task.pk, before, after, day, office, ""))
        kept.append((task.pk, task.lead_unit_id, task.starts, fate))
        told.append((task.pk, task.code, task.title, task.lead_unit_id))
        if number % 1_000 == 0:
            bar.update(1_000)
    for model in (Task, Milestone):
        county.counts[model._meta.model_name or ""] = copy(model, columns[model], rows[model], bar)
    copy(supports, ("task_id", "unit_id"), rows[supports], bar)
    order = ("id", "task_id", "before", "after", "on", "by_id", "why")
    copy(TaskStatusChange, order, rows[TaskStatusChange], bar)
    renumber(Task, Milestone, TaskStatusChange, supports)
    return kept, told


def _steps(task: Task) -> list[tuple[str, str, date]]:
    steps = [("", TaskStatus.PLANNED.value, min(task.starts, TODAY))]
    if task.status == TaskStatus.PLANNED:
        return steps
    steps.append((TaskStatus.PLANNED.value, TaskStatus.ACTIVE.value, task.starts))
    if task.claimed_on:
        steps.append((TaskStatus.ACTIVE.value, TaskStatus.CLAIMED.value, task.claimed_on))
    if task.status == TaskStatus.DONE and task.finished_on:
        steps.append((TaskStatus.CLAIMED.value, TaskStatus.DONE.value, task.finished_on))
    elif task.status in {TaskStatus.SUSPENDED, TaskStatus.CANCELLED}:
        steps.append((TaskStatus.ACTIVE.value, task.status, date(2021, 10, 11)))
    return [(before, after, day) for before, after, day in steps]

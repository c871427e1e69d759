"""What the plan tells in the fortnightly report: sentences made from counted records, nothing invented."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from yiqi.core.doors import Passage, ReportPart, Telling
from yiqi.core.enums import Light
from yiqi.core.models import Unit
from yiqi.kit.wording import cn_day, date_range, numeral, quoted, sentence
from yiqi.plan.enums import ProgressStatus, TaskStatus
from yiqi.plan.models import Action, Milestone, Progress, Task
from yiqi.plan.queries.lights import LightRule, light_of, light_rule, with_lights

NOTABLE = 2
LISTED = 10
QUOTE = 160
TASK_FIELDS = (
    *("code", "title", "action_id", "lead_unit_id", "status", "starts", "due", "next_due", "next_node"),
    *("report_due", "made_up_late", "late_days", "claimed_on", "finished_on"),
)
PROGRESS_FIELDS = ("task_id", "unit_id", "on", "percent", "text", "problem", "claims_done")


@dataclass
class _TaskMaterial:
    """Everything that the plan reads for one report."""

    rule: LightRule
    tasks: list[Any]
    progress: list[Progress]
    actions: list[Action]
    nodes: list[Milestone]


def _gather(telling: Telling) -> _TaskMaterial:
    """Read it all; a fixed number of statements."""
    drive = telling.drive
    rule = light_rule(drive.region)
    tasks = _tasks(drive.pk, telling.today, rule)
    progress = _progress(telling, {task.pk: task for task in tasks})
    _name_units(tasks, progress)
    actions = list(Action.objects.filter(campaign=drive.pk).order_by("order"))
    return _TaskMaterial(rule=rule, tasks=tasks, progress=progress, actions=actions, nodes=_nodes(telling))


def _tasks(campaign: int, today: date, rule: LightRule) -> list[Any]:
    # a large campaign is read whole: only what is printed or decides the light
    rows = Task.objects.filter(campaign=campaign).exclude(status=TaskStatus.CANCELLED).only(*TASK_FIELDS)
    tasks = with_lights(rows, today=today, yellow_days=rule.yellow_days, grace_days=rule.grace_days).order_by("code")
    return list(cast("Iterable[Any]", tasks))


def _progress(telling: Telling, tasks: Mapping[int, Task]) -> list[Progress]:
    days = (telling.starts, telling.ends)
    rows = Progress.objects.filter(task__campaign=telling.drive.pk, status=ProgressStatus.APPROVED, on__range=days)
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


def _nodes(telling: Telling) -> list[Milestone]:
    open_states = (TaskStatus.PLANNED, TaskStatus.ACTIVE)
    rows = Milestone.objects.filter(task__campaign=telling.drive.pk, task__status__in=open_states, done_on__isnull=True)
    ahead = rows.filter(due__gt=telling.today, due__lte=telling.ahead)
    return list(ahead.select_related("task", "task__lead_unit").order_by("due", "task__code"))


def _of_light(rows: Iterable[Any], light: Light) -> list[Any]:
    return [row for row in rows if row.light == light]


def _ids(rows: list[Any]) -> list[int]:
    return [row.pk for row in rows]


def _overall(telling: Telling) -> Passage:
    material = telling.once(_gather)
    tasks = material.tasks
    done = [task for task in tasks if task.status == TaskStatus.DONE]
    lights = "、".join(
        telling.count(f"tasks_{light}", f"{light.label}任务", f"{light.label}{len(found)}项", "plan.task", _ids(found))
        for light in (Light.GREEN, Light.YELLOW, Light.RED, Light.GREY)
        if (found := _of_light(tasks, light))
    )
    total = telling.count("tasks", "任务总数", f"任务{len(tasks)}项", "plan.task", _ids(tasks))
    finished = telling.count("tasks_done", "已办结任务", f"已办结{len(done)}项", "plan.task", _ids(done))
    first = f"{quoted(telling.drive.name)}共安排{total}，截至{cn_day(telling.today)}{finished}"
    lines = [f"{first}；按进度亮灯，{lights}。" if lights else f"{first}。"]
    reported = telling.count(
        "progress",
        "通过审核的进展",
        f"通过审核的进展{len(material.progress)}条",
        "plan.progress",
        _ids(material.progress),
    )
    lines.append(f"{date_range(telling.starts, telling.ends)}，各单位报送并{reported}。")
    return Passage(lines)


def _actions(telling: Telling) -> Passage:
    material = telling.once(_gather)
    lines: list[str] = []
    for number, action in enumerate(material.actions, start=1):
        lines.append(f"（{numeral(number)}）{action.name}")
        lines.append(_of_action(telling, material, action))
        notable = _notable(material, action)
        lines += [sentence(f"{row.unit.label}：{row.task.title}，{row.text[:QUOTE]}") for row in notable]
        if not notable:
            lines.append("本期没有通过审核的进展。")
    return Passage(lines)


def _notable(material: _TaskMaterial, action: Action) -> list[Progress]:
    """What to tell of an action: what was finished first, then the latest; one report a task."""
    first: dict[int, Progress] = {}
    for row in material.progress:
        if row.task.action_id == action.pk:
            first.setdefault(row.task_id, row)
    return list(first.values())[:NOTABLE]


def _of_action(telling: Telling, material: _TaskMaterial, action: Action) -> str:
    mine = [task for task in material.tasks if task.action_id == action.pk]
    if not mine:
        return "尚未安排任务。"
    done = [task for task in mine if task.status == TaskStatus.DONE]
    key = f"action_{action.code}"
    parts = [
        telling.count(key, f"{action.name}任务", f"任务{len(mine)}项", "plan.task", _ids(mine)),
        telling.count(f"{key}_done", f"{action.name}已办结", f"已办结{len(done)}项", "plan.task", _ids(done)),
    ]
    for light in (Light.YELLOW, Light.RED):
        found = _of_light(mine, light)
        if found:
            label, phrase = f"{action.name}{light.label}", f"{light.label}{len(found)}项"
            parts.append(telling.count(f"{key}_{light}", label, phrase, "plan.task", _ids(found)))
    return "，".join(parts) + "。"


def _problems(telling: Telling) -> Passage:
    material = telling.once(_gather)
    red = _of_light(material.tasks, Light.RED)
    lines: list[str] = []
    if red:
        count = telling.count("problems_red", "红灯任务", f"红灯任务{len(red)}项", "plan.task", _ids(red))
        lines.append(f"一是部分任务滞后，{count}。")
        rule = {"yellow_days": material.rule.yellow_days, "grace_days": material.rule.grace_days}
        lines += [
            sentence(f"{task.lead_unit.label}“{task.title}”：{light_of(task, today=telling.today, **rule).reason}")
            for task in red[:LISTED]
        ]
        if len(red) > LISTED:
            lines.append(f"其余红灯任务{len(red) - LISTED}项。")
    told = [row for row in material.progress if row.problem.strip()]
    if told:
        count = telling.count(
            "problems_told", "单位反映的问题", f"各单位反映问题{len(told)}个", "plan.progress", _ids(told)
        )
        lines.append(f"{'二' if red else '一'}是{count}。")
        lines += [sentence(f"{row.unit.label}反映：{row.problem.strip()[:QUOTE]}") for row in told[:LISTED]]
        if len(told) > LISTED:
            lines.append(f"其余问题{len(told) - LISTED}个。")
    return Passage(lines)


def _next(telling: Telling) -> Passage:
    nodes = telling.once(_gather).nodes
    if not nodes:
        return Passage([])
    count = telling.count("nodes", "近期节点", f"应完成的节点{len(nodes)}个", "plan.milestone", _ids(nodes))
    lines = [f"{cn_day(telling.ahead)}前{count}。"]
    lines += [
        f"{cn_day(node.due)}前，{node.task.lead_unit.label}完成“{node.title}”（{node.task.title}）。"
        for node in nodes[:LISTED]
    ]
    if len(nodes) > LISTED:
        lines.append(f"其余节点{len(nodes) - LISTED}个。")
    return Passage(lines)


PARTS = (
    ReportPart("overall", "总体情况", 10, _overall),
    ReportPart("actions", "各项行动进展情况", 20, _actions),
    ReportPart("problems", "存在问题", 50, _problems),
    ReportPart("next", "下步打算", 60, _next),
)

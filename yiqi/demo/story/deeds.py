"""Campaign, actions, tasks, and eight weeks of progress; what becomes of each task stands in data/tasks.csv."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from yiqi.demo import DATA
from yiqi.demo.story.cast import BEGINNING, FORCES, Cast, announcement
from yiqi.plan.enums import Frequency, TaskStatus
from yiqi.plan.models import Action, Campaign, Milestone, Progress, Task
from yiqi.plan.operations import (
    NewNode,
    accept_task,
    activate_campaign,
    add_action,
    add_goal,
    approve_progress,
    create_campaign,
    create_task,
    report_progress,
    return_progress,
    start_task,
)

CODE = "YC2021"
FIRST_FRIDAY = date(2021, 7, 16)
FRIDAYS = tuple(FIRST_FRIDAY + timedelta(weeks=week) for week in range(8))
FIRST_DAY = date(2021, 7, 9)
LAST_FRIDAY = FRIDAYS[-1]
SLIPS_FROM = {"slip", "stuck"}
STOPS_AT_LAST = {"slip", "stuck", "near"}
LEADS = {
    "A01": "FGJ",
    "A02": "XCB",
    "A03": "GXJ",
    "A04": "STJ",
    "A05": "SPJ",
    "A06": "MZJ",
    "A07": "ZZB",
    "A08": "XWB",
    "A09": "JWJ",
    "A10": "JKJ",
}
SERVES = {
    "A01": "G2",
    "A02": "G4",
    "A03": "G2",
    "A04": "G5",
    "A05": "G4",
    "A06": "G5",
    "A07": "G4",
    "A08": "G3",
    "A09": "G4",
    "A10": "G1",
}
PROBLEMS = (
    "部分要件办理进度偏慢，正与有关部门对接。",
    "前期手续仍需补充材料，已列出清单逐项办理。",
    "施工力量不足，已要求增加人员和设备。",
    "配套资金尚有缺口，正在申请调剂。",
)
ASKS = (
    "请求协调有关部门加快要件审批。",
    "请求统筹安排配套资金。",
    "请求明确用地指标来源。",
    "请求组织现场会办，确定实施主体。",
)


@dataclass(frozen=True)
class Fate:
    """A task of the story with what will become of it."""

    task: Task
    fate: str
    lead: str
    frequency: str
    nodes: tuple[date, ...]


def found_campaign(cast: Cast) -> Campaign:
    """The campaign, its goals and its ten actions in the county's own words."""
    said = announcement()
    office = cast.who("office")
    campaign = create_campaign(
        by=office,
        today=BEGINNING,
        region=cast.county,
        code=CODE,
        name=said["campaign"]["zh"],
        name_en=said["campaign"]["en"],
        aim=said["appraisal"]["aim"]["zh"],
        year=2021,
        starts=BEGINNING,
        ends=date(2021, 12, 31),
        demo=True,
        source="名称、目标和行动：翼城县2021年公开发布；其余为演示数据",
    )
    goals = {}
    for order, goal in enumerate(said["goals"], start=1):
        goals[goal["code"]] = add_goal(
            by=office,
            today=BEGINNING,
            campaign=campaign,
            code=goal["code"],
            name=goal["zh"],
            name_en=goal["en"],
            order=order,
        )
    for order, action in enumerate(said["actions"], start=1):
        add_action(
            by=office,
            today=BEGINNING,
            campaign=campaign,
            code=action["code"],
            name=action["zh"],
            name_en=action["en"],
            order=order,
            lead_unit=cast.units[LEADS[action["code"]]],
            leader=cast.leaders[order % len(cast.leaders)],
            goals=[goals[SERVES[action["code"]]]],
        )
    return activate_campaign(by=office, today=BEGINNING, campaign=campaign)


def _nodes(text: str) -> list[NewNode]:
    nodes = []
    for part in filter(None, text.split(";")):
        title, day = part.rsplit("@", 1)
        nodes.append(NewNode(title=title, due=date.fromisoformat(f"2021-{day}")))
    return nodes


def assign_tasks(cast: Cast, campaign: Campaign) -> list[Fate]:
    """The tasks of data/tasks.csv, handed out and (but for the later ones) begun."""
    office = cast.who("office")
    actions = {action.code: action for action in Action.objects.filter(campaign=campaign)}
    fates = []
    with (DATA / "tasks.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for place, row in enumerate(rows):
        later = row["fate"] == "planned"
        nodes = _nodes(row["nodes"])
        task = create_task(
            by=office,
            today=FIRST_DAY,
            campaign=campaign,
            action=actions[row["action"]],
            title=row["title"],
            measure=row["measure"],
            lead_unit=cast.units[row["lead"]],
            support_units=[cast.units[code] for code in row["supports"].split(";") if code],
            leader=cast.leaders[place % len(cast.leaders)],
            starts=date(2021, 9, 15) if later else FIRST_DAY,
            due=date.fromisoformat(row["deadline"]),
            frequency=row["frequency"],
            milestones=nodes,
            demo=True,
        )
        if not later:
            task = start_task(by=office, today=FIRST_DAY, task=task)
        fates.append(
            Fate(
                task=task,
                fate=row["fate"],
                lead=row["lead"],
                frequency=row["frequency"],
                nodes=tuple(node.due for node in nodes),
            )
        )
    return fates


def reports_on(fate: Fate, friday: date) -> bool:
    """Whether the unit reports on that Friday: by its frequency, or because a node falls into the week."""
    if fate.fate == "planned":
        return False
    if fate.fate == "silent" and friday > date(2021, 7, 30):
        return False
    if fate.frequency == Frequency.WEEKLY:
        return True
    if any(friday <= due + lateness(fate) < friday + timedelta(weeks=1) for due in fate.nodes):
        return True
    return fate.frequency == Frequency.MONTHLY and (friday + timedelta(weeks=1)).month != friday.month


def lateness(fate: Fate) -> timedelta:
    """How long after its date a node of this task is done."""
    return timedelta(days=9) if fate.fate == "late" else timedelta(0)


def _open_node(task: Task) -> Milestone | None:
    return task.milestones.filter(done_on__isnull=True).order_by("due", "order").first()


def _node_reached(fate: Fate, node: Milestone | None, friday: date, *, last: bool) -> Milestone | None:
    if node is None:
        return None
    if last and fate.fate in STOPS_AT_LAST:
        return None
    # what falls due before the next Friday is done by this one
    return node if node.due + lateness(fate) < friday + timedelta(weeks=1) else None


def _percent(fate: Fate, task: Task, friday: date, *, finished: bool) -> int:
    if finished:
        return 100
    due = task.due or date(2021, 12, 31)
    share = (friday - FIRST_DAY).days / max((due - FIRST_DAY).days, 1)
    pace = {"slip": 0.6, "stuck": 0.45}.get(fate.fate, 0.95)
    return max(task.percent, min(95, round(100 * share * pace)))


def _words(
    chance: random.Random, fate: Fate, task: Task, reached: Milestone | None, node: Milestone | None, percent: int
) -> str:
    if percent == 100:
        return f"“{task.title}”已按要求全部完成，相关资料已归档。"
    if reached is not None:
        return f"节点“{reached.title}”已完成，总体进度{percent}%，正在推进下一步工作。"
    if node is None:
        return f"按计划推进，总体进度{percent}%。"
    if fate.fate in SLIPS_FROM:
        return f"节点“{node.title}”尚未完成，总体进度{percent}%，正在抓紧办理。"
    return chance.choice(
        (
            f"按计划推进“{node.title}”，总体进度{percent}%。",
            f"本期组织{chance.randint(2, 6)}次现场推进，“{node.title}”进展正常，总体进度{percent}%。",
            f"“{node.title}”各项准备已落实，总体进度{percent}%。",
        )
    )


def _report(cast: Cast, fate: Fate, friday: date, chance: random.Random) -> Progress | None:
    task = Task.objects.get(pk=fate.task.pk)
    if task.status != TaskStatus.ACTIVE:
        return None
    node = _open_node(task)
    left = task.milestones.filter(done_on__isnull=True).count()
    reached = _node_reached(fate, node, friday, last=left == 1)
    ends = fate.fate in {"done", "late", "claimed"}
    finished = ends and reached is not None and left == 1
    percent = _percent(fate, task, friday, finished=finished)
    behind = fate.fate in SLIPS_FROM and node is not None and node.due < friday
    return report_progress(
        by=cast.who(f"reporter:{fate.lead}"),
        today=friday,
        task=task,
        unit=cast.units[fate.lead],
        percent=percent,
        text=_words(chance, fate, task, reached, node, percent),
        problem=chance.choice(PROBLEMS) if behind else "",
        ask=chance.choice(ASKS) if behind and fate.fate == "stuck" else "",
        claims_done=finished,
        milestone=reached,
    )


def week_of_progress(cast: Cast, fates: list[Fate], friday: date, chance: random.Random) -> Iterator[None]:
    """One Friday: units report, their reviewers check the same day, the office accepts what is done on Monday."""
    for fate in fates:
        if not reports_on(fate, friday):
            continue
        progress = _report(cast, fate, friday, chance)
        if progress is None:
            continue
        reviewer = cast.who(f"reviewer:{fate.lead}")
        if friday == LAST_FRIDAY and chance.random() < 0.12:
            continue  # still waits for its reviewer on the Monday of the story
        elif friday == LAST_FRIDAY and chance.random() < 0.04:
            return_progress(by=reviewer, today=friday, progress=progress, opinion="请补充完成数量和存在问题。")
        else:
            approve_progress(by=reviewer, today=friday, progress=progress, opinion="情况属实。")
        yield


def accept_finished(cast: Cast, fates: list[Fate], monday: date) -> None:
    """The office verifies what was claimed, all but the tasks that wait on the story's last day."""
    waiting = {fate.task.pk for fate in fates if fate.fate == "claimed"}
    for task in Task.objects.filter(pk__in=[fate.task.pk for fate in fates], status=TaskStatus.CLAIMED).exclude(
        pk__in=waiting
    ):
        own = task.lead_unit_id == cast.units["KHB"].pk  # the office does not verify its own work
        verifier = cast.who("head:ZB1" if own else "office2")
        accept_task(by=verifier, today=monday, task=task, why="现场核验，符合办结要求。")


def force_actions(campaign: Campaign) -> dict[str, list[Action]]:
    """Which actions each force answers for."""
    actions = {action.code: action for action in Action.objects.filter(campaign=campaign)}
    return {code: [actions[name] for name in names] for code, _zh, _en, names, _blocks in FORCES}

"""The draft of a report: sentences made from counted records, nothing invented; what is missing is left to fill in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils import translation

from yiqi.core.enums import Light
from yiqi.dispatch.enums import DirectiveStatus
from yiqi.dispatch.queries.candidates import loss_of
from yiqi.dispatch.queries.material import Facts, Material, done_between, gather, in_hand, of_light
from yiqi.dispatch.queries.phrases import period_text, quoted, sentence
from yiqi.kit.wording import cn_day, date_range, figure, place, points
from yiqi.plan.enums import TaskStatus
from yiqi.plan.models import Action, Campaign, Progress

TO_FILL_IN = "（请补充）"
NOTABLE = 2
LISTED = 10
LARGEST = 5
AHEAD = timedelta(days=14)
QUOTE = 160
NUMERALS = "一二三四五六七八九十"


def draft_sections(
    campaign: Campaign, *, starts: date, ends: date, today: date
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The sections in order and the facts behind their figures; always in Chinese, as the document is."""
    writers: list[tuple[str, Callable[[Material, Facts], dict[str, Any]]]] = [
        ("overall", _overall),
        ("actions", _actions),
        ("directives", _directives),
        ("standings", _standings),
        ("problems", _problems),
        ("next", _next),
    ]
    with translation.override(settings.LANGUAGE_CODE):
        material = gather(campaign, starts=starts, ends=ends, today=today, ahead=max(today, ends) + AHEAD)
        facts = Facts()
        sections: list[dict[str, Any]] = []
        for key, write in writers:
            before = set(facts.found)
            section = write(material, facts)
            section["text"] = section["text"].strip() or TO_FILL_IN
            sections.append({"key": key, **section, "facts": [name for name in facts.found if name not in before]})
    return sections, facts.found


def numeral(number: int) -> str:
    """1 一, 10 十, 11 十一, 20 二十."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return NUMERALS[ones - 1]
    return ("" if tens == 1 else NUMERALS[tens - 1]) + "十" + (NUMERALS[ones - 1] if ones else "")


def _ids(rows: list[Any]) -> list[int]:
    return [row.pk for row in rows]


def _overall(material: Material, facts: Facts) -> dict[str, Any]:
    tasks = material.tasks
    done = [task for task in tasks if task.status == TaskStatus.DONE]
    lights = "、".join(
        facts.count(f"tasks_{light}", f"{light.label}任务", f"{light.label}{len(found)}项", "plan.task", _ids(found))
        for light in (Light.GREEN, Light.YELLOW, Light.RED, Light.GREY)
        if (found := of_light(tasks, light))
    )
    total = facts.count("tasks", "任务总数", f"任务{len(tasks)}项", "plan.task", _ids(tasks))
    finished = facts.count("tasks_done", "已办结任务", f"已办结{len(done)}项", "plan.task", _ids(done))
    first = f"{quoted(material.campaign.name)}共安排{total}，截至{cn_day(material.today)}{finished}"
    lines = [f"{first}；按进度亮灯，{lights}。" if lights else f"{first}。"]
    reported = facts.count(
        "progress",
        "通过审核的进展",
        f"通过审核的进展{len(material.progress)}条",
        "plan.progress",
        _ids(material.progress),
    )
    lines.append(f"{date_range(material.starts, material.ends)}，各单位报送并{reported}。")
    lines += _place(material, facts)
    return {"heading": "总体情况", "text": "\n".join(lines)}


def _place(material: Material, facts: Facts) -> list[str]:
    total = material.totals[0] if material.totals else None
    if total is None or total.rank is None:
        return []
    one = material.rounds[0]
    ranked = facts.figure(
        "rank",
        "总分位次",
        f"居{place(total.rank, total.tied)}",
        value=total.rank,
        model="appraisal.standing",
        ids=[total.pk],
    )
    scored = facts.figure(
        "points",
        "总分",
        f"总分{points(total.published_points)}",
        value=total.points,
        model="appraisal.standing",
        ids=[total.pk],
    )
    text = f"{period_text(one.period)}考核内部测算{scored}，在全市{ranked}"
    before = material.totals[1] if len(material.totals) > 1 else None
    if before is not None and before.rank:
        moved = before.rank - total.rank
        word = f"上升{moved}位" if moved > 0 else f"下降{-moved}位" if moved < 0 else "位次不变"
        text += "，较上轮" + facts.figure(
            "moved", "位次变化", word, value=moved, model="appraisal.standing", ids=[total.pk, before.pk]
        )
    size = one.framework.tier_size
    text += f"，进入第一方阵（前{size}位）" if total.in_tier else f"，尚未进入第一方阵（前{size}位）"
    return [text + "。"]


def _actions(material: Material, facts: Facts) -> dict[str, Any]:
    lines: list[str] = []
    for number, action in enumerate(material.actions, start=1):
        lines.append(f"（{numeral(number)}）{action.name}")
        lines.append(_of_action(material, facts, action))
        notable = _notable(material, action)
        lines += [sentence(f"{row.unit.label}：{row.task.title}，{row.text[:QUOTE]}") for row in notable]
        if not notable:
            lines.append("本期没有通过审核的进展。")
    return {"heading": "各项行动进展情况", "text": "\n".join(lines)}


def _notable(material: Material, action: Action) -> list[Progress]:
    """What to tell of an action: what was finished first, then the latest; one report a task."""
    first: dict[int, Progress] = {}
    for row in material.progress:
        if row.task.action_id == action.pk:
            first.setdefault(row.task_id, row)
    return list(first.values())[:NOTABLE]


def _of_action(material: Material, facts: Facts, action: Action) -> str:
    mine = [task for task in material.tasks if task.action_id == action.pk]
    if not mine:
        return "尚未安排任务。"
    done = [task for task in mine if task.status == TaskStatus.DONE]
    key = f"action_{action.code}"
    parts = [
        facts.count(key, f"{action.name}任务", f"任务{len(mine)}项", "plan.task", _ids(mine)),
        facts.count(f"{key}_done", f"{action.name}已办结", f"已办结{len(done)}项", "plan.task", _ids(done)),
    ]
    for light in (Light.YELLOW, Light.RED):
        found = of_light(mine, light)
        if found:
            parts.append(
                facts.count(
                    f"{key}_{light}",
                    f"{action.name}{light.label}",
                    f"{light.label}{len(found)}项",
                    "plan.task",
                    _ids(found),
                )
            )
    return "，".join(parts) + "。"


def _directives(material: Material, facts: Facts) -> dict[str, Any]:
    given = [row for row in material.directives if material.starts <= row.assigned_on <= material.ends]
    done, open_ = done_between(material), in_hand(material)
    late = [row for row in open_ if row.light == Light.RED]  # what the cockpit counts: due, or not heard of in time
    on_time = [row for row in done if row.done_on and row.done_on <= row.due]
    model = "dispatch.directive"
    meetings = facts.count(
        "weeks", "周调度会", f"周调度会{len(material.weeks)}次", "dispatch.week", _ids(material.weeks)
    )
    text = f"本期召开{meetings}，" + facts.count("given", "交办事项", f"交办督办事项{len(given)}件", model, _ids(given))
    text += "，" + facts.count("done", "办结事项", f"办结{len(done)}件", model, _ids(done))
    if done:
        text += "（" + facts.count("done_on_time", "按期办结", f"按期{len(on_time)}件", model, _ids(on_time)) + "）"
    text += "；目前" + facts.count("in_hand", "在办事项", f"在办{len(open_)}件", model, _ids(open_))
    text += "，" + facts.count("late", "逾期事项", f"逾期{len(late)}件", model, _ids(late)) + "。"
    lines = [text]
    lines += [_late(row, material.today) for row in late[:LISTED]]
    if len(late) > LISTED:
        lines.append(f"其余逾期事项{len(late) - LISTED}件。")
    waiting = [row for row in open_ if row.status == DirectiveStatus.FEEDBACK]
    if waiting:
        lines.append(facts.count("waiting", "待审核事项", f"已报结待审核{len(waiting)}件", model, _ids(waiting)) + "。")
    return {"heading": "督办落实情况", "text": "\n".join(lines)}


def _late(row: Any, today: date) -> str:
    overdue = row.due < today
    limit, what = (row.due, "办结") if overdue else (row.feedback_due, "反馈")
    return f"{row.unit.label}承办的“{row.title}”应于{cn_day(limit)}{what}，已逾期{(today - limit).days}天。"


def _standings(material: Material, facts: Facts) -> dict[str, Any]:
    if not material.rounds:
        return {"heading": "指标位次与失分", "text": ""}
    one = material.rounds[0]
    losing = sorted(
        (cell for cell in material.cells if loss_of(cell) > 0), key=lambda cell: (-loss_of(cell), cell.indicator.order)
    )
    lines = []
    for cell in losing[:LARGEST]:
        lost = facts.figure(
            f"loss_{cell.indicator.code}",
            f"{cell.indicator.name}失分",
            f"{cell.indicator.name}失{points(loss_of(cell))}",
            value=loss_of(cell),
            model="appraisal.scorecell",
            ids=[cell.pk],
        )
        where = f"，居{place(cell.rank, cell.tied)}" if cell.rank else ""
        unit = f"，牵头单位{cell.indicator.lead_unit.label}" if cell.indicator.lead_unit else ""
        lines.append(f"{lost}（满分{points(cell.full_points)}）{where}{unit}。")
    section: dict[str, Any] = {"heading": "指标位次与失分", "text": "\n".join(lines) or "各项指标均未失分。"}
    if material.blocks and material.blocks[0]:
        section["table"] = _table(material, facts)
        section["table"]["title"] = f"{period_text(one.period)}各板块得分和位次"
    return section


def _table(material: Material, facts: Facts) -> dict[str, Any]:
    before = {row.block_id: row for row in (material.blocks[1] if len(material.blocks) > 1 else [])}
    rows: list[list[str]] = []
    for row in material.blocks[0]:
        last = before.get(row.block_id)
        name = row.block.name if row.block else ""
        facts.figure(
            f"block_{row.block_id}",
            f"{name}位次",
            place(row.rank, row.tied),
            value=row.rank,
            model="appraisal.standing",
            ids=[row.pk],
        )
        cells = [name, figure(row.published_points, 2), place(row.rank, row.tied)]
        rows.append([*cells, place(last.rank, last.tied) if last else "—"])
    one = material.rounds[0]
    source = f"第{one.number}轮考核结果（截至{cn_day(one.as_of)}）"
    return {"header": ["板块", "得分（分）", "位次", "上轮位次"], "rows": rows, "source": source}


def _problems(material: Material, facts: Facts) -> dict[str, Any]:
    red = of_light(material.tasks, Light.RED)
    lines: list[str] = []
    if red:
        count = facts.count("problems_red", "红灯任务", f"红灯任务{len(red)}项", "plan.task", _ids(red))
        lines.append(f"一是部分任务滞后，{count}。")
        lines += [sentence(f"{task.lead_unit.label}“{task.title}”：{material.reason(task)}") for task in red[:LISTED]]
        if len(red) > LISTED:
            lines.append(f"其余红灯任务{len(red) - LISTED}项。")
    told = [row for row in material.progress if row.problem.strip()]
    if told:
        count = facts.count(
            "problems_told", "单位反映的问题", f"各单位反映问题{len(told)}个", "plan.progress", _ids(told)
        )
        lines.append(f"{'二' if red else '一'}是{count}。")
        lines += [sentence(f"{row.unit.label}反映：{row.problem.strip()[:QUOTE]}") for row in told[:LISTED]]
        if len(told) > LISTED:
            lines.append(f"其余问题{len(told) - LISTED}个。")
    return {"heading": "存在问题", "text": "\n".join(lines)}


def _next(material: Material, facts: Facts) -> dict[str, Any]:
    lines: list[str] = []
    if material.nodes:
        until = cn_day(max(material.today, material.ends) + AHEAD)
        count = facts.count(
            "nodes", "近期节点", f"应完成的节点{len(material.nodes)}个", "plan.milestone", _ids(material.nodes)
        )
        lines.append(f"{until}前{count}。")
        lines += [
            f"{cn_day(node.due)}前，{node.task.lead_unit.label}完成“{node.title}”（{node.task.title}）。"
            for node in material.nodes[:LISTED]
        ]
        if len(material.nodes) > LISTED:
            lines.append(f"其余节点{len(material.nodes) - LISTED}个。")
    due = [row for row in in_hand(material) if row.due >= material.today]
    if due:
        count = facts.count("due", "待办结督办事项", f"应办结的督办事项{len(due)}件", "dispatch.directive", _ids(due))
        lines.append(f"继续跟踪{count}，按时限办结、销号。")
    return {"heading": "下步打算", "text": "\n".join(lines)}

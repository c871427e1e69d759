"""What dispatch tells in the fortnightly report: meetings held, directives given, done, late and ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from yiqi.core.doors import Passage, ReportPart, Telling
from yiqi.core.enums import Light
from yiqi.dispatch.enums import UNFINISHED, DirectiveStatus
from yiqi.dispatch.models import Directive, Week
from yiqi.dispatch.queries.clocks import with_directive_lights
from yiqi.kit.wording import cn_day

LISTED = 10
KIND = "dispatch.directive"


@dataclass
class _MeetingMaterial:
    """The directives that were given, with their lights, and the meetings of the report's time."""

    directives: list[Any]
    weeks: list[Week]

    @property
    def in_hand(self) -> list[Any]:
        """Directives not finished yet."""
        return [row for row in self.directives if row.status in UNFINISHED]


def _gather(telling: Telling) -> _MeetingMaterial:
    given = Directive.objects.filter(campaign=telling.drive.pk).exclude(status=DirectiveStatus.DRAFT)
    lit = with_directive_lights(given.select_related("unit"), today=telling.today).order_by("due", "code")
    days = (telling.starts, telling.ends)
    weeks = Week.objects.filter(campaign=telling.drive.pk, meets_on__range=days).order_by("monday")
    return _MeetingMaterial(list(lit), list(weeks))


def _ids(rows: list[Any]) -> list[int]:
    return [row.pk for row in rows]


def _directives(telling: Telling) -> Passage:
    material, starts, ends = telling.once(_gather), telling.starts, telling.ends
    given = [row for row in material.directives if starts <= row.assigned_on <= ends]
    done = [row for row in material.directives if row.done_on and starts <= row.done_on <= ends]
    open_ = material.in_hand
    late = [row for row in open_ if row.light == Light.RED]  # what the cockpit counts: due, or not heard of in time
    on_time = [row for row in done if row.done_on and row.done_on <= row.due]
    weeks = material.weeks
    meetings = telling.count("weeks", "周调度会", f"周调度会{len(weeks)}次", "dispatch.week", _ids(weeks))
    text = f"本期召开{meetings}，" + telling.count(
        "given", "交办事项", f"交办督办事项{len(given)}件", KIND, _ids(given)
    )
    text += "，" + telling.count("done", "办结事项", f"办结{len(done)}件", KIND, _ids(done))
    if done:
        text += "（" + telling.count("done_on_time", "按期办结", f"按期{len(on_time)}件", KIND, _ids(on_time)) + "）"
    text += "；目前" + telling.count("in_hand", "在办事项", f"在办{len(open_)}件", KIND, _ids(open_))
    text += "，" + telling.count("late", "逾期事项", f"逾期{len(late)}件", KIND, _ids(late)) + "。"
    lines = [text]
    lines += [_late(row, telling.today) for row in late[:LISTED]]
    if len(late) > LISTED:
        lines.append(f"其余逾期事项{len(late) - LISTED}件。")
    waiting = [row for row in open_ if row.status == DirectiveStatus.FEEDBACK]
    if waiting:
        phrase = f"已报结待审核{len(waiting)}件"
        lines.append(telling.count("waiting", "待审核事项", phrase, KIND, _ids(waiting)) + "。")
    return Passage(lines)


def _late(row: Any, today: date) -> str:
    overdue = row.due < today
    limit, what = (row.due, "办结") if overdue else (row.feedback_due, "反馈")
    return f"{row.unit.label}承办的“{row.title}”应于{cn_day(limit)}{what}，已逾期{(today - limit).days}天。"


def _next(telling: Telling) -> Passage:
    due = [row for row in telling.once(_gather).in_hand if row.due >= telling.today]
    if not due:
        return Passage([])
    count = telling.count("due", "待办结督办事项", f"应办结的督办事项{len(due)}件", KIND, _ids(due))
    return Passage([f"继续跟踪{count}，按时限办结、销号。"])


PARTS = (
    ReportPart("directives", "督办落实情况", 30, _directives),
    ReportPart("next", "下步打算", 61, _next),
)

"""Lights of tasks: once in SQL for lists and counts, once in Python with the reason; docs/algorithms/lights.md.

A property test proves the two equal. Both read only the task's own columns, which the operations keep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yiqi.core.enums import Light, SettingKey
from yiqi.core.limits import Reading, next_change
from yiqi.core.queries import settings_for
from yiqi.kit.wording import cn_day, in_days, in_english
from yiqi.plan.enums import TaskStatus
from yiqi.plan.models import Task

YELLOW_DAYS = 7
GRACE_DAYS = 3
FINISHED = (TaskStatus.CLAIMED, TaskStatus.DONE)
STOPPED = (TaskStatus.SUSPENDED, TaskStatus.CANCELLED)
Why = Callable[[Task, date], tuple[str, int | None]]


@dataclass(frozen=True)
class LightRule:
    """The two numbers that a county may set: days before a date, and days after a report was due."""

    yellow_days: int = YELLOW_DAYS
    grace_days: int = GRACE_DAYS


def light_rule(region_code: str) -> LightRule:
    """The rule in force in a region; one statement."""
    values = settings_for(region_code)
    return LightRule(int(values[SettingKey.YELLOW_DAYS]), int(values[SettingKey.REPORT_GRACE_DAYS]))


def light_q(colour: str, *, today: date, yellow_days: int = YELLOW_DAYS, grace_days: int = GRACE_DAYS) -> Q:
    """The tasks of one light as a condition on plain columns; the four conditions part the tasks between them."""
    soon, overdue = today + timedelta(days=yellow_days), today - timedelta(days=grace_days)
    running = Q(status=TaskStatus.ACTIVE) | Q(status=TaskStatus.PLANNED, starts__lte=today)
    finished = Q(status__in=FINISHED)
    if colour == Light.RED:
        return running & Q(next_due__lt=today)
    if colour == Light.YELLOW:
        ahead = Q(next_due__isnull=True) | Q(next_due__gte=today)
        warned = Q(next_due__lte=soon) | Q(report_due__lt=overdue) | Q(made_up_late=True)
        return (running & ahead & warned) | (finished & Q(made_up_late=True))
    if colour == Light.GREY:
        return Q(status__in=STOPPED) | Q(status=TaskStatus.PLANNED, starts__gt=today)
    far = Q(next_due__isnull=True) | Q(next_due__gt=soon)
    reported = Q(report_due__isnull=True) | Q(report_due__gte=overdue)
    return (running & far & reported & Q(made_up_late=False)) | (finished & Q(made_up_late=False))


def light_case(*, today: date, yellow_days: int = YELLOW_DAYS, grace_days: int = GRACE_DAYS) -> Case:
    """The light as one expression; the conditions are tried from the shortest to test, green is what is left."""
    ordered = (Light.GREY, Light.RED, Light.YELLOW)
    rule: dict[str, Any] = {"today": today, "yellow_days": yellow_days, "grace_days": grace_days}
    whens = [When(light_q(colour, **rule), then=Value(colour.value)) for colour in ordered]
    return Case(*whens, default=Value(Light.GREEN.value))


def with_lights(
    tasks: QuerySet[Task], *, today: date, yellow_days: int = YELLOW_DAYS, grace_days: int = GRACE_DAYS
) -> QuerySet[Task]:
    """The tasks with ``light`` (red, yellow, green, grey) computed by the database."""
    return tasks.annotate(light=light_case(today=today, yellow_days=yellow_days, grace_days=grace_days))


def read_lights(tasks: Iterable[Task], *, today: date, rule: LightRule) -> list[Task]:
    """The tasks with ``reading`` set: the light with its reason, for rows already in memory."""
    rows = list(tasks)
    for task in rows:
        task.reading = light_of(task, today=today, yellow_days=rule.yellow_days, grace_days=rule.grace_days)
    return rows


def light_of(task: Task, *, today: date, yellow_days: int = YELLOW_DAYS, grace_days: int = GRACE_DAYS) -> Reading:
    """The light of one task with its reason in the reader's language; no database access."""
    rule = LightRule(yellow_days, grace_days)
    colour, why = _rule_on(task, today, rule)
    turns = _turns(task, rule) if task.status not in (*STOPPED, *FINISHED) else ()
    changes_on = next_change(lambda day: _rule_on(task, day, rule)[0], turns, today)
    reason, days = why(task, today)
    return Reading(colour, reason, days, changes_on)


def _rule_on(task: Task, day: date, rule: LightRule) -> tuple[Light, Why]:
    """The first rule that holds on a day: its colour, and who tells the reason."""
    if task.status in STOPPED or (task.status == TaskStatus.PLANNED and task.starts > day):
        return Light.GREY, _why_grey
    if task.status in FINISHED:
        return (Light.YELLOW if task.made_up_late else Light.GREEN), _finished
    return _in_hand(task, day, rule)


def _in_hand(task: Task, day: date, rule: LightRule) -> tuple[Light, Why]:
    if task.next_due is not None and task.next_due < day:
        return Light.RED, _overdue
    if task.next_due is not None and task.next_due <= day + timedelta(days=rule.yellow_days):
        return Light.YELLOW, _left
    if task.report_due is not None and task.report_due < day - timedelta(days=rule.grace_days):
        return Light.YELLOW, _unreported
    if task.made_up_late:
        return Light.YELLOW, _made_up
    return Light.GREEN, _left


def _turns(task: Task, rule: LightRule) -> list[date]:
    """The days on which another rule may come to hold for a task in hand."""
    turns = [task.starts]
    if task.next_due is not None:
        turns += [task.next_due - timedelta(days=rule.yellow_days), task.next_due + timedelta(days=1)]
    if task.report_due is not None:
        turns.append(task.report_due + timedelta(days=rule.grace_days + 1))
    return turns


def _overdue(task: Task, today: date) -> tuple[str, int | None]:
    due = cast(date, task.next_due)  # the rule that leads here asks for it
    days = (today - due).days
    facts = {"what": _what(task), "day": _day(due, today), "days": in_days(days)}
    return _("%(what)s应于%(day)s完成，已逾期%(days)s") % facts, days


def _unreported(task: Task, today: date) -> tuple[str, int | None]:
    due = cast(date, task.report_due)  # the rule that leads here asks for it
    days = (today - due).days
    return _("应于%(day)s前报送进展，已超过%(days)s") % {"day": _day(due, today), "days": in_days(days)}, days


def _made_up(task: Task, _today: date) -> tuple[str, int | None]:
    return _("最近完成的节点逾期%(days)s后补办") % {"days": in_days(task.late_days)}, task.late_days


def _day(day: date, today: date) -> str:
    if day.year == today.year:
        return cn_day(day)
    return f"{cn_day(day)} {day.year}" if in_english() else f"{day.year}年{cn_day(day)}"


def _what(task: Task) -> str:
    return _("节点“%(node)s”") % {"node": task.next_node} if task.next_node else pgettext("subject", "任务")


def _left(task: Task, today: date) -> tuple[str, int | None]:
    if task.next_due is None:
        return _("长期坚持，按期报送进展"), None
    days = (task.next_due - today).days
    facts = {"what": _what(task), "day": _day(task.next_due, today), "days": in_days(days)}
    text = _("%(what)s应于%(day)s完成，还有%(days)s") if days else _("%(what)s应于%(day)s完成，今天到期")
    return text % facts, -days


def _why_grey(task: Task, today: date) -> tuple[str, int | None]:
    if task.status == TaskStatus.CANCELLED:
        return _("任务已取消"), None
    if task.status == TaskStatus.SUSPENDED:
        return _("任务暂缓，时限停止计算"), None
    return _("尚未启动，计划于%(day)s启动") % {"day": _day(task.starts, today)}, None


def _finished(task: Task, today: date) -> tuple[str, int | None]:
    done = task.status == TaskStatus.DONE
    day = task.finished_on if done else task.claimed_on
    facts = {"days": in_days(task.late_days), "day": _day(day, today) if day else ""}
    if task.made_up_late:
        late = _("逾期%(days)s后补办，已于%(day)s办结") if done else _("逾期%(days)s后于%(day)s申请办结，等待验收")
        return late % facts, task.late_days
    return (_("已于%(day)s办结") if done else _("已于%(day)s申请办结，等待验收")) % facts, None

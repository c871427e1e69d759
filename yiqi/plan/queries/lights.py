"""Lights of tasks: once in SQL for lists and counts, once in Python with the reason; docs/algorithms/lights.md.

A property test proves the two equal. Both read only the task's own columns, which the operations keep.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yiqi.core.enums import SettingKey
from yiqi.core.queries import settings_for
from yiqi.kit.wording import cn_day, in_days, in_english
from yiqi.plan.enums import Light, TaskStatus
from yiqi.plan.models import Task

YELLOW_DAYS = 7
GRACE_DAYS = 3
FINISHED = (TaskStatus.CLAIMED, TaskStatus.DONE)
STOPPED = (TaskStatus.SUSPENDED, TaskStatus.CANCELLED)


@dataclass(frozen=True)
class LightRule:
    """The two numbers that a county may set: days before a date, and days after a report was due."""

    yellow_days: int = YELLOW_DAYS
    grace_days: int = GRACE_DAYS


@dataclass(frozen=True)
class LightReading:
    """A light, why, and the days that it counts: past the date (positive), left (negative), None where none counts."""

    colour: Light
    reason: str
    days: int | None = None


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
    rule = {"today": today, "yellow_days": yellow_days, "grace_days": grace_days}
    whens = [When(light_q(colour, **rule), then=Value(colour.value)) for colour in ordered]  # type: ignore[arg-type]
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
        task.reading = light_of(task, today=today, yellow_days=rule.yellow_days, grace_days=rule.grace_days)  # type: ignore[attr-defined]
    return rows


def light_of(task: Task, *, today: date, yellow_days: int = YELLOW_DAYS, grace_days: int = GRACE_DAYS) -> LightReading:
    """The light of one task with its reason in the reader's language; no database access."""
    if task.status in STOPPED or (task.status == TaskStatus.PLANNED and task.starts > today):
        return LightReading(Light.GREY, _why_grey(task, today))
    if task.status in FINISHED:
        return _finished(task, today)
    if task.next_due is not None and task.next_due <= today + timedelta(days=yellow_days):
        return _due(task, task.next_due, today)
    return _running(task, today, grace_days)


def _due(task: Task, due: date, today: date) -> LightReading:
    days = (today - due).days
    if days <= 0:
        return LightReading(Light.YELLOW, _left(task, due, today), days)
    facts = {"what": _what(task), "day": _day(due, today), "days": in_days(days)}
    return LightReading(Light.RED, _("%(what)s应于%(day)s完成，已逾期%(days)s") % facts, days)


def _running(task: Task, today: date, grace_days: int) -> LightReading:
    if task.report_due is not None and task.report_due < today - timedelta(days=grace_days):
        days = (today - task.report_due).days
        facts = {"day": _day(task.report_due, today), "days": in_days(days)}
        return LightReading(Light.YELLOW, _("应于%(day)s前报送进展，已超过%(days)s") % facts, days)
    if task.made_up_late:
        return LightReading(
            Light.YELLOW, _("最近完成的节点逾期%(days)s后补办") % {"days": in_days(task.late_days)}, task.late_days
        )
    if task.next_due is not None:
        return LightReading(Light.GREEN, _left(task, task.next_due, today), (today - task.next_due).days)
    return LightReading(Light.GREEN, _("长期坚持，按期报送进展"))


def _day(day: date, today: date) -> str:
    if day.year == today.year:
        return cn_day(day)
    return f"{cn_day(day)} {day.year}" if in_english() else f"{day.year}年{cn_day(day)}"


def _what(task: Task) -> str:
    return _("节点“%(node)s”") % {"node": task.next_node} if task.next_node else pgettext("subject", "任务")


def _left(task: Task, due: date, today: date) -> str:
    days = (due - today).days
    facts = {"what": _what(task), "day": _day(due, today), "days": in_days(days)}
    return (_("%(what)s应于%(day)s完成，还有%(days)s") if days else _("%(what)s应于%(day)s完成，今天到期")) % facts


def _why_grey(task: Task, today: date) -> str:
    if task.status == TaskStatus.CANCELLED:
        return _("任务已取消")
    if task.status == TaskStatus.SUSPENDED:
        return _("任务暂缓，时限停止计算")
    return _("尚未启动，计划于%(day)s启动") % {"day": _day(task.starts, today)}


def _finished(task: Task, today: date) -> LightReading:
    done = task.status == TaskStatus.DONE
    day = task.finished_on if done else task.claimed_on
    facts = {"days": in_days(task.late_days), "day": _day(day, today) if day else ""}
    if task.made_up_late:
        late = _("逾期%(days)s后补办，已于%(day)s办结") if done else _("逾期%(days)s后于%(day)s申请办结，等待验收")
        return LightReading(Light.YELLOW, late % facts, task.late_days)
    return LightReading(Light.GREEN, (_("已于%(day)s办结") if done else _("已于%(day)s申请办结，等待验收")) % facts)

"""My week: what a person must report, check, mend and verify, and what falls due."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Generic, TypeVar

from django.db.models import F, Model, QuerySet

from yiqi.core.enums import Role
from yiqi.core.rules import Mandate
from yiqi.plan.enums import ProgressStatus, TaskStatus
from yiqi.plan.models import Campaign, Progress, Task
from yiqi.plan.queries.board import URGENT
from yiqi.plan.queries.lights import LightRule, read_lights
from yiqi.plan.queries.scope import visible_tasks

ROW = TypeVar("ROW", bound=Model)
MOST = 30
RUNNING = (TaskStatus.PLANNED, TaskStatus.ACTIVE)
COUNTY = (Role.LEADER, Role.OFFICE, Role.FORCE_HEAD, Role.FORCE_STAFF)


@dataclass(frozen=True)
class Some(Generic[ROW]):
    """The first rows of something, and whether there are more."""

    rows: list[ROW] = field(default_factory=list)
    more: bool = False

    def __bool__(self) -> bool:
        return bool(self.rows)


@dataclass(frozen=True)
class MyWeek:
    """Each list holds what this person is asked for between ``monday`` and ``sunday``; empty where not asked."""

    monday: date
    sunday: date
    returned: Some[Progress]
    to_report: Some[Task]
    to_review: Some[Progress]
    due: Some[Task]
    to_verify: Some[Task]
    asks: Some[Task]

    @property
    def demo(self) -> bool:
        """Whether any row shown is invented."""
        lists: tuple[list[Task] | list[Progress], ...] = (
            self.returned.rows,
            self.to_report.rows,
            self.to_review.rows,
            self.due.rows,
            self.to_verify.rows,
            self.asks.rows,
        )
        return any(row.demo for rows in lists for row in rows)

    @property
    def empty(self) -> bool:
        """Nothing is asked for."""
        return not (self.returned or self.to_report or self.to_review or self.due or self.to_verify or self.asks)


def _some(rows: QuerySet[ROW]) -> Some[ROW]:
    found = list(rows[: MOST + 1])
    return Some(found[:MOST], len(found) > MOST)


def _lit(tasks: QuerySet[Task], today: date, rule: LightRule) -> Some[Task]:
    some = _some(tasks.select_related("lead_unit", "action").order_by(*URGENT))
    read_lights(some.rows, today=today, rule=rule)
    return some


def _to_report(units: frozenset[int], sunday: date, today: date, rule: LightRule) -> Some[Task]:
    open_reports = Progress.objects.filter(unit=F("task__lead_unit"), unit_id__in=units)
    waiting = open_reports.exclude(status=ProgressStatus.APPROVED).values("task_id")
    tasks = Task.objects.filter(lead_unit_id__in=units, status__in=RUNNING, report_due__lte=sunday)
    return _lit(tasks.exclude(pk__in=waiting), today, rule)


def _due(who: Mandate, campaign: Campaign, week: tuple[date, date], today: date, rule: LightRule) -> Some[Task]:
    units = who.units(Role.REPORTER, Role.REVIEWER)
    if units:
        # a unit's own: what is overdue is still due
        tasks = Task.objects.filter(campaign=campaign, lead_unit_id__in=units, next_due__lte=week[1])
    else:
        tasks = visible_tasks(who, campaign=campaign).filter(next_due__range=week)
    return _lit(tasks.filter(status__in=RUNNING), today, rule)


def my_week(who: Mandate, today: date, *, campaign: Campaign | None, rule: LightRule) -> MyWeek:
    """What ``who`` is asked for in the week of ``today``; at most six statements, none for roles that ``who`` lacks."""
    monday = today - timedelta(days=today.weekday())
    week = (monday, monday + timedelta(days=6))
    reporter, reviewer = who.units(Role.REPORTER), who.units(Role.REVIEWER)
    reports = Progress.objects.select_related("task", "unit", "reported_by", "reviewed_by").order_by("on", "pk")
    mending = reports.filter(unit_id__in=reporter, status__in=(ProgressStatus.DRAFT, ProgressStatus.RETURNED))
    checking = reports.filter(unit_id__in=reviewer, status=ProgressStatus.SUBMITTED).exclude(reported_by=who.person)
    county = campaign is not None and who.reaches(campaign.region_id, *COUNTY)
    watched = visible_tasks(who, campaign=campaign)
    claimed = watched.filter(status=TaskStatus.CLAIMED).exclude(lead_unit_id__in=who.units())
    asking = watched.filter(needs_decision=True, status__in=RUNNING)
    return MyWeek(
        *week,
        returned=_some(mending) if reporter else Some(),
        to_report=_to_report(reporter, week[1], today, rule) if reporter else Some(),
        to_review=_some(checking) if reviewer else Some(),
        due=_due(who, campaign, week, today, rule) if campaign else Some(),
        to_verify=_lit(claimed, today, rule) if county else Some(),
        asks=_lit(asking, today, rule) if county else Some(),
    )

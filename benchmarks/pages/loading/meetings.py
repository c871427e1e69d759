"""Weekly meetings and reports by the operations, the year's directives with their steps by COPY."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from tqdm import tqdm

from benchmarks.pages.loading.copying import copy, renumber
from benchmarks.pages.loading.founding import TODAY, County
from yiqi.dispatch.enums import AgendaStatus, DirectiveStatus, Opening, Rating, Weight
from yiqi.dispatch.models import Directive, DirectiveStep, Week
from yiqi.dispatch.operations import (
    close_week,
    decide_item,
    draft_report,
    edit_report,
    open_week,
    sign_report,
)
from yiqi.dispatch.queries import TO_FILL_IN

CLOSED_MONDAYS = tuple(TODAY - timedelta(weeks=back) for back in range(8, 0, -1))
REPORT_ENDS = tuple(TODAY - timedelta(days=1 + 14 * back) for back in range(2, -1, -1))
NOTED_A_WEEK, DEFERRED_A_WEEK = 10, 3
UNFINISHED_SHARE = 0.03
COLUMNS = (
    *("id", "version", "demo", "source", "campaign_id", "region_id", "code", "week_id", "item_id", "force_id"),
    *("task_id", "indicator_id", "title", "requirement", "unit_id", "weight", "assigned_by_id", "assigned_on"),
    *("feedback_due", "due", "first_due", "first_feedback_on", "fed_back_on", "status", "done_on", "rating"),
    "subject_kind",
)
STEP_COLUMNS = ("id", "directive_id", "before", "after", "on", "by_id", "text")
WHOLE_WAY = (
    DirectiveStatus.ASSIGNED,
    DirectiveStatus.ACCEPTED,
    DirectiveStatus.FEEDBACK,
    DirectiveStatus.DONE,
    DirectiveStatus.CLOSED,
)


def _timed(county: County, name: str, began: float) -> None:
    county.seconds[name] = max(county.seconds.get(name, 0.0), time.perf_counter() - began)


def hold_weeks(county: County, bar: tqdm[Any]) -> None:
    """Eight meetings, opened, gone through but for three items that are put off, closed."""
    office = county.cast.who("office")
    for monday in CLOSED_MONDAYS:
        week = _open(county, monday)
        for item in week.items.order_by("order")[:NOTED_A_WEEK]:
            decide_item(by=office, today=monday, item=item, decision="按时限推进。", status=AgendaStatus.NOTED)
        rest = week.items.filter(status=AgendaStatus.PENDING)
        rest.filter(order__lte=week.items.count() - DEFERRED_A_WEEK).update(status=AgendaStatus.NOTED)
        began = time.perf_counter()
        close_week(by=office, today=monday, week=Week.objects.get(pk=week.pk), attendance="各专班及有关单位")
        _timed(county, "close_week", began)
        bar.update()


def _open(county: County, monday: date) -> Week:
    began = time.perf_counter()
    week = open_week(
        by=county.cast.who("office"),
        today=monday,
        campaign=county.campaign,
        how=Opening.HAND,
        place="县政府三楼会议室",
        chair=county.cast.leaders[0],
    )
    _timed(county, "open_week", began)
    return week


def open_this_week(county: County) -> None:
    """The meeting that lies open, with the unfinished directives on its agenda."""
    week = _open(county, TODAY)
    county.counts["agenda items of the open week"] = week.items.count()


def write_reports(county: County, bar: tqdm[Any]) -> None:
    """Three fortnights, the last one left as a draft."""
    cast = county.cast
    for ends in REPORT_ENDS:
        began = time.perf_counter()
        report = draft_report(
            by=cast.who("office"),
            today=max(ends + timedelta(days=1), county.campaign.starts),
            campaign=county.campaign,
            starts=ends - timedelta(days=13),
            ends=ends,
            mark="翼考办",
        )
        _timed(county, "draft_report", began)
        if ends != REPORT_ENDS[-1]:
            texts = [(part["key"], "按计划推进。") for part in report.sections if TO_FILL_IN in part["text"]]
            report = edit_report(by=cast.who("office"), today=ends, report=report, sections=texts)
            began = time.perf_counter()
            sign_report(by=cast.who("leader"), today=ends, report=report)
            _timed(county, "sign_report", began)
        bar.update()


def _directives(
    county: County, count: int, weeks: list[tuple[int, date]], steps: list[tuple[Any, ...]]
) -> Iterator[tuple[Any, ...]]:
    chance, campaign = county.chance, county.campaign
    leader, office = county.cast.who("leader").person.pk, county.cast.who("office2").person.pk
    tasks = max(county.counts["task"], 1)
    for number in range(1, count + 1):
        unfinished = number > count * (1 - UNFINISHED_SHARE)
        week, monday = chance.choice(weeks[-3:]) if unfinished else (None, date(2021, 1, 4))
        if not unfinished:
            monday += timedelta(weeks=number * 48 // count)
            week = next((pk for pk, day in weeks if day == monday), None)
        unit, force = chance.choice(county.units), chance.choice(county.forces)
        major = chance.random() < 0.15
        due = monday + timedelta(days=30 if major else 7)
        path = WHOLE_WAY[: chance.randint(1, 3)] if unfinished else WHOLE_WAY
        done = monday + timedelta(days=chance.randint(4, 9)) if not unfinished else None
        fed_back = monday + timedelta(days=3) if len(path) > 2 else None
        before = ""
        for place, after in enumerate(path):
            by = leader if place in {0, 4} else office if place == 3 else county.reporters[unit.pk]
            day = min(monday + timedelta(days=place), TODAY)
            steps.append((len(steps) + 1, number, before, after.value, day, by, "已按要求办理。" if place else ""))
            before = after.value
        yield (
            *(
                number,
                len(path),
                True,
                "",
                campaign.pk,
                campaign.region_id,
                f"DB2021-{number:04d}",
                week,
                None,
                force.pk,
            ),
            *(chance.randint(1, tasks), None, f"限期完成第{number}件逾期节点", "列出未完成环节、责任人和完成日期。"),
            *(unit.pk, (Weight.MAJOR if major else Weight.ORDINARY).value, leader, monday),
            *(monday + timedelta(days=3), due, due, fed_back, fed_back, path[-1].value, done),
            "" if unfinished else chance.choice((Rating.EXCELLENT, Rating.GOOD, Rating.PASS)).value,
            "",
        )


def make_directives(county: County, count: int, bar: tqdm[Any]) -> None:
    """The year's directives, all but three in a hundred finished."""
    steps: list[tuple[Any, ...]] = []
    # read before the COPY: its connection answers nothing else while rows are going in
    weeks = list(Week.objects.order_by("monday").values_list("pk", "monday"))
    county.counts["directives"] = copy(Directive, COLUMNS, _directives(county, count, weeks, steps), bar)
    copy(DirectiveStep, STEP_COLUMNS, steps, bar)
    renumber(Directive, DirectiveStep)

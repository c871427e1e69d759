"""Who sees which drafts: a task force its own, a unit nothing before it is given, the auditor what is closed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.dispatch.conftest import Drive
from tests.world import TODAY
from yiqi.dispatch.enums import Opening
from yiqi.dispatch.operations import close_week, draft_report, open_week, propose_directive
from yiqi.dispatch.queries import visible_directives, visible_items, visible_reports, visible_weeks

WEEK = timedelta(days=7)


def set_up(drive: Drive) -> None:
    """A closed and an open week with items of two task forces; a draft and a given directive of each; a report."""
    office = drive.world.who("office")
    drive.task(next_due=TODAY - timedelta(days=30))
    drive.task(action=1, next_due=TODAY - timedelta(days=30))
    closed = open_week(by=office, today=TODAY - WEEK, campaign=drive.campaign, how=Opening.HAND)
    close_week(by=office, today=TODAY - WEEK, week=closed)
    open_week(by=office, today=TODAY, campaign=drive.campaign, how=Opening.HAND)
    for force, unit in ((drive.force, drive.world.bureau), (drive.other_force, drive.world.other_bureau)):
        propose_directive(by=office, today=TODAY, campaign=drive.campaign, title="草", unit=unit, force=force)
        drive.directive(force=force, unit=unit)
    draft_report(by=office, today=TODAY, campaign=drive.campaign, starts=TODAY - WEEK, ends=TODAY)


@pytest.mark.parametrize(
    ("asker", "weeks", "items", "directives", "reports"),
    [
        ("leader", 2, 4, 4, 1),
        ("office", 2, 4, 4, 1),
        ("force_head", 2, 3, 3, 0),
        ("force_staff", 2, 3, 3, 0),
        ("other_force_head", 2, 3, 3, 0),
        ("reporter", 1, 2, 1, 0),
        ("reviewer", 1, 2, 1, 0),
        ("other_reporter", 1, 2, 1, 0),
        ("auditor", 1, 2, 2, 0),
        ("admin", 0, 0, 0, 0),
        ("outsider", 0, 0, 0, 0),
    ],
)
def test_what_each_sees(drive: Drive, asker: str, weeks: int, items: int, directives: int, reports: int) -> None:
    set_up(drive)
    who = drive.world.who(asker)
    seen = [rows(who).count() for rows in (visible_weeks, visible_items, visible_directives, visible_reports)]
    assert seen == [weeks, items, directives, reports]


def test_a_supporting_unit_sees_the_directive_once(drive: Drive) -> None:
    drive.directive(support_units=[drive.world.other_bureau, drive.world.town])
    assert visible_directives(drive.world.who("other_reporter")).count() == 1

"""A week from opening to the next: agenda, decisions, directives, record, and what comes back by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.dispatch.conftest import MONDAY, Drive
from tests.world import TODAY
from yiqi.core.models import AuditRecord
from yiqi.dispatch.enums import AgendaKind, AgendaStatus, DirectiveStatus, Opening, WeekStatus
from yiqi.dispatch.models import AgendaItem, Week
from yiqi.dispatch.operations import (
    add_item,
    close_week,
    decide_item,
    give_directive,
    open_due_weeks,
    open_week,
    open_weeks_on,
    redraw_agenda,
)
from yiqi.kit.digest import canonical, digest
from yiqi.kit.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from yiqi.plan.enums import TaskMatter

NEXT = TODAY + timedelta(days=7)


def open_(drive: Drive, **facts: object) -> Week:
    return open_week(
        **{"by": drive.world.who("office"), "today": TODAY, "campaign": drive.campaign, "how": Opening.HAND} | facts
    )


def verbs() -> list[str]:
    return list(AuditRecord.objects.order_by("sequence").values_list("verb", flat=True))


def test_opens_once_and_records_how(drive: Drive) -> None:
    week = open_(drive, how=Opening.COMMAND)
    again = open_(drive)
    assert (again.pk, week.number, week.monday, week.opened_how) == (week.pk, 1, MONDAY, Opening.COMMAND)
    assert verbs().count("week.open") == 1


def test_the_schedule_opens_each_active_campaign_once(drive: Drive) -> None:
    assert open_weeks_on(TODAY) == [{"campaign": "YC2021", "week": 1, "done": "opened"}]
    assert open_weeks_on(TODAY) == [{"campaign": "YC2021", "week": 1, "done": "already_open"}]
    assert open_weeks_on(NEXT) == [{"campaign": "YC2021", "week": None, "done": "previous_open"}]
    week = Week.objects.get()
    assert (week.opened_how, week.opened_by, AuditRecord.objects.get(verb="week.open").person_name) == (
        "schedule",
        None,
        "系统",
    )


def test_the_scheduled_job_reads_the_day_and_names_itself(drive: Drive) -> None:
    assert open_due_weeks() == [{"campaign": "YC2021", "week": 1, "done": "opened"}]
    close_week(by=drive.world.who("office"), today=TODAY, week=Week.objects.get())
    assert open_due_weeks() == [{"campaign": "YC2021", "week": 1, "done": "already_closed"}]
    assert AuditRecord.objects.get(verb="week.open").channel == "job"


def test_agenda_is_grouped_by_force_and_each_kind_has_its_place(drive: Drive) -> None:
    yellow = drive.task(next_due=TODAY + timedelta(days=2))
    red = drive.task(next_due=TODAY - timedelta(days=3))
    asking = drive.task(needs_decision=True)
    drive.progress(asking, ask="土地指标不足")
    drive.task()  # green
    other = drive.task(action=1, next_due=TODAY - timedelta(days=1))
    nobodys = drive.task(action=2, next_due=TODAY - timedelta(days=9))
    week = open_(drive)
    assert [(item.kind, item.task_id, item.force) for item in week.items.order_by("order")] == [
        (TaskMatter.RED, red.pk, drive.force),
        (TaskMatter.DECISION, asking.pk, drive.force),
        (TaskMatter.YELLOW, yellow.pk, drive.force),
        (TaskMatter.RED, other.pk, drive.other_force),
        (TaskMatter.RED, nobodys.pk, None),
    ]
    assert week.items.get(task=asking).reason.endswith("发改局提请协调：土地指标不足。")


def test_unfinished_directives_come_back_by_themselves(drive: Drive) -> None:
    office = drive.world.who("office")
    drive.task(next_due=TODAY - timedelta(days=3))
    week = open_(drive)
    item = week.items.get()
    given = give_directive(
        by=office, today=TODAY, campaign=drive.campaign, title="完成招标", unit=drive.world.bureau, item=item
    )
    decide_item(by=office, today=TODAY, item=item, decision="限期完成", status=AgendaStatus.DECIDED)
    close_week(by=office, today=TODAY, week=week)
    following = open_(drive, today=NEXT)
    carried = following.items.get(kind=AgendaKind.CARRIED)
    assert (carried.directive_id, carried.order, carried.facts["status"]) == (given.pk, 1, DirectiveStatus.ASSIGNED)
    # its task is red still, but the matter stands on the agenda once
    assert following.items.count() == 1


def test_redrawing_keeps_what_was_decided_added_or_led_on(drive: Drive) -> None:
    office = drive.world.who("office")
    for days in (1, 2, 3):
        drive.task(next_due=TODAY - timedelta(days=days))
    week = open_(drive)
    first, second, third = week.items.order_by("order")
    decide_item(by=office, today=TODAY, item=first, decision="已议", status=AgendaStatus.DECIDED)
    give_directive(by=office, today=TODAY, campaign=drive.campaign, title="事", unit=drive.world.bureau, item=second)
    manual = add_item(by=office, today=TODAY, week=week, title="防汛准备", force=drive.force)
    assert third.task is not None
    third.task.next_due = None
    third.task.save()
    fresh = drive.task(next_due=TODAY - timedelta(days=5))
    redraw_agenda(by=office, today=TODAY, week=week)
    assert list(week.items.order_by("order").values_list("pk", flat=True)) == [
        first.pk,
        second.pk,
        AgendaItem.objects.get(task=fresh).pk,
        manual.pk,
    ]


def test_closing_freezes_the_record_and_defers_what_is_pending(drive: Drive) -> None:
    task = drive.task(next_due=TODAY - timedelta(days=3))
    office = drive.world.who("office")
    week = close_week(by=office, today=TODAY, week=open_(drive), attendance="发改局、唐兴镇", place="政府二楼")
    item = week.items.get()
    assert (week.status, item.status, item.decision) == (
        WeekStatus.CLOSED,
        AgendaStatus.DEFERRED,
        "会上未及审议，顺延下期。",
    )
    week.refresh_from_db()
    assert digest(canonical(week.record), week.algorithm) == week.digest
    task.next_due = None
    task.save()
    back = open_(drive, today=NEXT).items.get()
    assert (back.task_id, back.kind, back.reason.startswith("上期会议顺延。")) == (task.pk, TaskMatter.RED, True)
    with pytest.raises(ConflictError) as caught:
        decide_item(by=office, today=TODAY, item=item, decision="晚了", status=AgendaStatus.DECIDED)
    assert caught.value.code == "week_closed"


def test_a_limit_cuts_and_says_how_many(drive: Drive) -> None:
    for days in range(1, 14):
        drive.task(next_due=TODAY - timedelta(days=days))
    week = open_(drive)
    assert (week.items.count(), week.left_out) == (10, [{"force": drive.force.pk, "kind": "red_task", "count": 3}])


@pytest.mark.parametrize(
    ("asker", "error"),
    [
        ("force_head", NotAllowedError),
        ("auditor", NotAllowedError),
        ("reporter", NotAllowedError),
        ("admin", NotFoundError),
        ("outsider", NotFoundError),
    ],
)
def test_only_office_and_leaders_open(drive: Drive, asker: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        open_(drive, by=drive.world.who(asker))
    assert not Week.objects.exists()


def test_a_tuesday_names_no_week(drive: Drive) -> None:
    with pytest.raises(InvalidInputError) as caught:
        open_(drive, monday=MONDAY + timedelta(days=1))
    assert caught.value.code == "not_a_monday"


def test_a_force_sees_and_records_its_own_items_only(drive: Drive) -> None:
    drive.task(next_due=TODAY - timedelta(days=3))
    drive.task(action=1, next_due=TODAY - timedelta(days=3))
    week = open_(drive)
    mine, theirs = week.items.order_by("order")
    head = drive.world.who("force_head")
    assert decide_item(by=head, today=TODAY, item=mine, decision="好", status=AgendaStatus.DECIDED).version == 2
    with pytest.raises(NotFoundError):
        decide_item(by=head, today=TODAY, item=theirs, decision="好", status=AgendaStatus.DECIDED)

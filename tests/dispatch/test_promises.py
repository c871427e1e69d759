"""Signing for a directive is a promise: it stands in the ledger, moves with an extension, is settled by the review."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse

from tests.dispatch.conftest import Drive, build_drive
from tests.world import TODAY, build_world
from yiqi.core.models import Promise
from yiqi.core.queries import promises_for
from yiqi.dispatch.models import Directive
from yiqi.dispatch.operations import (
    accept_directive,
    ask_extension,
    decide_extension,
    feed_back,
    review_directive,
)

DAY = timedelta(days=1)
COLUMNS = (
    "title",
    "unit__code",
    "given_to",
    "given_by__name",
    "given_on",
    "basis",
    "due",
    "done_on",
    "moved_on",
    "demo",
)


def ledger(model: Any = Promise) -> list[tuple[Any, ...]]:
    return list(model.objects.order_by("subject_id", "id").values_list(*COLUMNS))


def extend(drive: Drive, row: Directive, due: date, today: date) -> None:
    wish = ask_extension(by=drive.world.who("reporter"), today=today, directive=row, new_due=due, reason="汛情")
    decide_extension(by=drive.world.who("office"), today=today, extension=wish, granted=True)


def hand_in(drive: Drive, row: Directive, on: date, *, passed: bool) -> None:
    feed_back(by=drive.world.who("reporter"), today=on, directive=row, text="完成", finished=True)
    review_directive(by=drive.world.who("office"), today=on + DAY, directive=row, passed=passed, text="请补充")


def tell(drive: Drive) -> None:
    """One extended before and after signing and done in time after being returned; one late; one never signed for."""
    one, late, _quiet = drive.directive(title="甲"), drive.directive(title="乙"), drive.directive(title="丙")
    extend(drive, one, one.due + 3 * DAY, TODAY)
    for row in (one, late):
        accept_directive(by=drive.world.who("reporter"), today=TODAY + DAY, directive=row)
    one.refresh_from_db()
    extend(drive, one, one.due + 7 * DAY, TODAY + 2 * DAY)
    hand_in(drive, one, TODAY + 3 * DAY, passed=False)
    assert [row[7] for row in ledger()] == [None, None, None]
    hand_in(drive, one, TODAY + 4 * DAY, passed=True)
    hand_in(drive, late, late.due + DAY, passed=True)


def told(drive: Drive) -> list[tuple[Any, ...]]:
    """What the ledger then holds: who promised is the reporter, who granted more time is the office."""
    one, late = Directive.objects.get(title="甲"), Directive.objects.get(title="乙")
    giver = drive.world.people["office"].name
    reporter, first = drive.world.people["reporter"].name, one.first_due + 3 * DAY
    return [
        ("甲", "FGJ", giver, reporter, TODAY + DAY, one.code, first, None, TODAY + 2 * DAY, False),
        ("甲", "FGJ", giver, giver, TODAY + 2 * DAY, "汛情", first + 7 * DAY, TODAY + 4 * DAY, None, False),
        ("乙", "FGJ", giver, reporter, TODAY + DAY, late.code, late.due, late.due + DAY, None, False),
    ]


def test_the_ledger_follows_the_directive(drive: Drive, sign_in: Any) -> None:
    tell(drive)
    assert ledger() == told(drive)
    states = promises_for(drive.world.who("leader"), today=TODAY + 60 * DAY).order_by("pk")
    assert sorted(row.state for row in states) == ["broken", "kept", "moved"]
    page = sign_in("leader").get(reverse("promises:list_promises")).content.decode()
    assert f'<a href="{reverse("dispatch:show_directive", args=[Directive.objects.get(title="甲").pk])}">甲</a>' in page


@pytest.mark.django_db(transaction=True)
def test_what_was_signed_for_before_goes_into_the_ledger() -> None:
    drive = build_drive(build_world())
    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        tell(drive)
        expected = told(drive)
        MigrationExecutor(connection).migrate([("dispatch", "0002_point_at_any_subject")])
        assert ledger() == []
        MigrationExecutor(connection).migrate([("dispatch", "0003_promises")])
        assert ledger() == expected
    finally:
        MigrationExecutor(connection).migrate(leaves)

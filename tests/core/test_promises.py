"""The ledger of promises: one row for each day that was named, kept or broken by the days alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.core.test_system_pages import SignIn, sheet, statements
from tests.world import TODAY, World
from yiqi.core.models import Promise
from yiqi.core.operations import give_promise, move_promise, settle_promise
from yiqi.core.queries import kept_rate, promises_for
from yiqi.core.subjects import Ref

DAY = timedelta(days=1)


def promised(world: World, number: int = 1, **facts: Any) -> Promise:
    """A promise of the bureau about something, due in a week."""
    given = {
        "title": f"事项{number}",
        "unit": world.bureau,
        "to": "刘文",
        "basis": f"DB{number}",
        "due": TODAY + 7 * DAY,
    }
    return give_promise(
        by=world.who("reporter"),
        today=TODAY,
        about=Ref("dispatch.directive", number),
        region_code="141022",
        **{**given, **facts},
    )


@pytest.mark.parametrize(
    ("due", "done", "state"),
    [
        (TODAY, None, "open"),
        (TODAY - DAY, None, "broken"),
        (TODAY - DAY, TODAY - DAY, "kept"),
        (TODAY - DAY, TODAY, "broken"),
        (TODAY + DAY, TODAY, "kept"),
    ],
)
def test_the_days_decide_whether_it_was_kept(world: World, due: date, done: date | None, state: str) -> None:
    promised(world, due=due)
    settle_promise(about=Ref("dispatch.directive", 1), done_on=done)
    assert [row.state for row in promises_for(world.who("leader"), today=TODAY)] == [state]


def test_a_later_day_stands_beside_the_first(world: World) -> None:
    promised(world)
    move_promise(by=world.who("office"), today=TODAY + DAY, about=Ref("dispatch.directive", 1), basis="汛情",
                 due=TODAY + 20 * DAY)  # fmt: skip
    move_promise(by=world.who("office"), today=TODAY, about=Ref("dispatch.directive", 9), basis="无", due=TODAY)
    settle_promise(about=Ref("dispatch.directive", 1), done_on=TODAY + 9 * DAY)
    rows = promises_for(world.who("leader"), today=TODAY + 30 * DAY).order_by("due")
    columns = ("state", "due", "given_on", "given_by__name", "basis", "moved_on", "done_on")
    assert list(rows.values_list(*columns)) == [
        ("moved", TODAY + 7 * DAY, TODAY, "李敏", "DB1", TODAY + DAY, None),
        ("kept", TODAY + 20 * DAY, TODAY + DAY, "陈静", "汛情", None, TODAY + 9 * DAY),
    ]  # fmt: skip
    assert (kept_rate(rows).good, kept_rate(rows).cases) == (1, 1)


def test_given_again_the_new_day_counts(world: World) -> None:
    promised(world)
    promised(world, due=TODAY + 3 * DAY)
    promised(world, unit=world.other_bureau)
    assert list(Promise.objects.order_by("pk").values_list("due", "moved_on", "unit__code")) == [
        (TODAY + 7 * DAY, TODAY, "FGJ"),
        (TODAY + 3 * DAY, None, "FGJ"),
        (TODAY + 7 * DAY, None, "HBJ"),
    ]


def test_a_unit_sees_its_own_and_the_county_all(world: World) -> None:
    promised(world)
    promised(world, 2, unit=world.other_bureau)
    seen = {
        name: sorted(promises_for(world.who(name), today=TODAY).values_list("title", flat=True))
        for name in ("leader", "auditor", "reporter", "other_reporter", "outsider", "admin")
    }
    assert seen == {
        "leader": ["事项1", "事项2"],
        "auditor": ["事项1", "事项2"],
        "reporter": ["事项1"],
        "other_reporter": ["事项2"],
        "outsider": [],
        "admin": [],
    }


@pytest.fixture
def leader(sign_in: SignIn) -> Client:
    """The leader's browser."""
    return sign_in("leader")


def test_the_list_costs_the_same_for_one_and_three(world: World, leader: Client) -> None:
    address = reverse("promises:list_promises")
    promised(world)
    one = statements(leader, address)
    promised(world, 2)
    promised(world, 3, due=TODAY - DAY)
    assert (one, statements(leader, address)) == (9, 9)


def test_the_page_says_the_rate_of_the_unit_that_is_chosen(world: World, leader: Client) -> None:
    address = reverse("promises:list_promises")
    assert "还没有承诺" in leader.get(address).content.decode()
    promised(world, due=TODAY - DAY)
    promised(world, 2, unit=world.other_bureau)
    settle_promise(about=Ref("dispatch.directive", 2), done_on=TODAY)
    assert "兑现率50.0%（1/2" in leader.get(address).content.decode()
    assert "兑现率100.0%（1/1" in leader.get(f"{address}?unit={world.other_bureau.pk}").content.decode()
    rows = sheet(leader.get(f"{address}?state=broken&export=xlsx"))
    assert [row[0] for row in rows if row[1] == "发改局"] == ["事项1"]

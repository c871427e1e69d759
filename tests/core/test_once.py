"""A form that is sent twice does its deed once and is answered the same."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.core.test_system_pages import SignIn
from tests.world import World, build_world
from yiqi.core.models import AuditRecord, SentForm, Unit
from yiqi.core.operations.jobs import sweep
from yiqi.kit import clock

UNIT = {"code": "NEW", "name": "新单位", "kind": "bureau", "order": "1"}


def key_of(client: Client) -> str:
    page = client.get(reverse("core:create_unit")).content.decode()
    return re.findall(r'name="form_key" value="([0-9a-f]{32})"', page)[0]


def send(client: Client, **facts: Any) -> Any:
    return client.post(reverse("core:create_unit"), UNIT | facts)


def left() -> tuple[int, int]:
    return Unit.objects.filter(name="新单位").count(), AuditRecord.objects.count()


def test_the_second_is_answered_like_the_first(world: World, sign_in: SignIn) -> None:
    client = sign_in("admin")
    key = key_of(client)
    first, second = send(client, form_key=key), send(client, form_key=key)
    assert (first.status_code, second.status_code, first.url) == (303, 303, second.url)
    assert left() == (1, 1)
    assert "这份表单已经提交过，没有重复办理。" in client.get(second.url).content.decode()


def test_a_form_that_was_refused_is_mended_and_sent_again(world: World, sign_in: SignIn) -> None:
    client = sign_in("admin")
    key = key_of(client)
    assert (send(client, form_key=key, name="").status_code, left(), SentForm.objects.count()) == (422, (0, 0), 0)
    assert (send(client, form_key=key, code=world.bureau.code).status_code, left()) == (422, (0, 0))
    assert (send(client, form_key=key).status_code, left()) == (303, (1, 1))


def test_a_key_is_its_senders_own_and_no_longer_than_it_is_made(world: World, sign_in: SignIn) -> None:
    admin, office = sign_in("admin"), sign_in("office")
    key = key_of(admin)
    assert send(office, form_key=key).status_code == 404
    assert (send(admin, form_key=key).status_code, left()) == (303, (1, 1))
    assert send(admin, form_key="a" * 33, code="NEW2", name="又一单位").status_code == 303
    assert SentForm.objects.count() == 1


def test_keys_go_after_a_day(world: World) -> None:
    for age in (1, 30):
        sent_at = clock.wall() - timedelta(hours=age)
        SentForm.objects.create(person=world.people["admin"], key=str(age), address="/", sent_at=sent_at)
    sweep()
    assert [row.key for row in SentForm.objects.all()] == ["1"]


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_time_do_it_once() -> None:
    world = build_world()
    client = Client()
    client.force_login(world.people["admin"], backend="django.contrib.auth.backends.ModelBackend")
    key = key_of(client)

    def press(_number: int) -> int:
        another = Client()
        another.cookies = client.cookies
        try:
            return int(send(another, form_key=key).status_code)
        finally:
            if connection.vendor != "sqlite":
                connection.close()

    # an in-memory SQLite database belongs to one connection: there the clicks follow each other
    if connection.vendor == "sqlite":
        answers = [press(number) for number in range(4)]
    else:
        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(press, range(4)))
    assert (answers, left()) == ([303] * 4, (1, 1))

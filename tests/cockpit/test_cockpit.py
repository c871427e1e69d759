"""The cockpit: an empty county says what to do next; a county at work costs a constant number of statements."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.world import TODAY, World
from yiqi.cockpit.queries import cockpit, standings
from yiqi.demo import loading


def test_an_empty_county_says_what_to_do_next(world: World, sign_in: Callable[[str], Client]) -> None:
    page = sign_in("leader").get("/").content.decode()
    assert "还没有发布的考核轮次" in page
    assert "导入任务分解表" in page


def test_a_county_without_a_round_has_no_standing(world: World) -> None:
    assert standings(world.who("leader")).table is None
    assert cockpit(world.who("leader"), today=TODAY).biggest == 0.0


@pytest.mark.django_db
def test_the_page_costs_twelve_statements(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    from yiqi.core.models import Person

    loading.load(2021, lambda _what: None)
    client = Client()
    client.force_login(Person.objects.get(username="leader"), backend="django.contrib.auth.backends.ModelBackend")
    cache.clear()
    first = client.get("/").content.decode()
    with django_assert_num_queries(12):
        again = client.get("/").content.decode()
    assert "居全市" in first
    assert first.count("<tr") == again.count("<tr")

"""The story: same seed, same county; everything invented is marked; everything was done through operations."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests import kept
from yiqi.appraisal.models import Observation, Round
from yiqi.core.models import AuditRecord, Person
from yiqi.core.queries import verify_chain
from yiqi.demo import loading
from yiqi.dispatch.models import Report, Week
from yiqi.plan.models import Campaign, Progress, Task

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def loaded(transactional_db: None) -> Iterator[None]:
    """The story in the database: on PostgreSQL it is told, on SQLite copied from the home in which ``yiqi`` told it."""
    if connection.vendor == "postgresql":
        told: list[str] = []
        assert loading.load(2021, told.append)
        assert abs(len(told) - 600) < 60
        yield
        return
    pour(kept.story())
    yield
    pour(kept.tables())


def pour(home: Path) -> None:
    """A kept database into the test's own, whole."""
    with closing(sqlite3.connect(home / kept.DATABASE)) as source:
        connection.ensure_connection()
        source.backup(connection.connection)


def the_overview_costs_twelve_statements(counted: DjangoAssertNumQueries) -> None:
    """In the whole story, which takes long to tell: hence in the same test."""
    client = Client()
    client.force_login(Person.objects.get(username="leader"), backend="django.contrib.auth.backends.ModelBackend")
    cache.clear()
    first = client.get("/").content.decode()
    with counted(12):
        again = client.get("/").content.decode()
    assert "居全市" in first
    assert first.count("<tr") == again.count("<tr")


def test_the_story_is_whole_marked_and_chained(loaded: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    assert Task.objects.count() == 120
    assert (Round.objects.count(), Week.objects.count(), Report.objects.count()) == (2, 6, 3)
    assert Observation.objects.filter(current=True).count() == 17 * 30 * 8
    for model in (Campaign, Task, Progress, Observation, Round, Week, Report):
        assert not model.objects.filter(demo=False).exists(), model
    assert AuditRecord.objects.filter(verb="task.create").count() == 120
    assert verify_chain().ok
    assert loading.load(2021, pytest.fail) is False
    the_overview_costs_twelve_statements(django_assert_num_queries)

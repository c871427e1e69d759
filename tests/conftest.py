"""Fixtures shared by all tests: the pinned business day, the origin of operations, the world, signed-in clients."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client, SimpleTestCase
from django.test.utils import override_settings
from hypothesis import settings as hypothesis_settings

from tests import audit_guard, kept
from tests.world import TODAY, World, build_world
from yiqi.kit.origin import Origin, coming_from

audit_guard.install()


# a shared machine is noisy: a property is about its law, not about its time; the same examples in every run
hypothesis_settings.register_profile("yiqi", deadline=None, derandomize=True)
hypothesis_settings.load_profile("yiqi")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--touching-the-database",
        action="store_true",
        help="only tests that use the database: no other can end differently on another database",
    )


def touches_the_database(item: pytest.Item) -> bool:
    """Whether a test has asked for the database: by a fixture, a mark, or as one of Django's test cases."""
    by_fixture = not {"db", "transactional_db"}.isdisjoint(getattr(item, "fixturenames", ()))
    by_class = issubclass(getattr(item, "cls", None) or object, SimpleTestCase)
    return by_fixture or by_class or item.get_closest_marker("django_db") is not None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what knows no database, where that is asked for."""
    if config.getoption("--touching-the-database"):
        config.hook.pytest_deselected(items=[item for item in items if not touches_the_database(item)])
        items[:] = [item for item in items if touches_the_database(item)]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """A test database begins as a copy of one that has its tables: its own ``migrate`` then finds nothing to do."""
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = os.environ.get("YIQI_TEST_TEMPLATE")  # see scripts/on_postgres
        yield
        return
    name = connection.creation._get_test_db_name()  # lives in memory as long as anybody is connected
    with (
        closing(sqlite3.connect(kept.tables() / kept.DATABASE)) as tables,
        closing(sqlite3.connect(name, uri=True)) as memory,
    ):
        tables.backup(memory)
        yield


def at_home(home: Path) -> override_settings:
    """Files go there; business time stands still; a password costs little; static files are looked up when asked for.

    (WhiteNoise reads the whole folder otherwise, for each client that a test makes.)
    """
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": home / "attachments"}}
    return override_settings(
        YIQI_AS_OF=TODAY,
        PASSWORD_HASHERS=["tests.world.QuickArgon2PasswordHasher", *settings.PASSWORD_HASHERS[1:]],
        WHITENOISE_AUTOREFRESH=True,
        YIQI_HOME=home,
        STORAGES={**settings.STORAGES, "default": files},
    )


@pytest.fixture(autouse=True)
def _pinned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Business time stands still; files go to a temporary home."""
    cache.clear()  # keys come back when a test's rows are rolled back
    with at_home(tmp_path_factory.mktemp("home")), coming_from(Origin("test")):
        yield


@pytest.fixture
def world(db: None) -> World:
    """The small county of tests/world.py."""
    return build_world()


@pytest.fixture
def sign_in(world: World) -> Callable[[str], Client]:
    """``sign_in("office")`` gives a client signed in as that person, without the cost of hashing a password."""

    return lambda asker: client_of(world, asker)


def client_of(world: World, asker: str) -> Client:
    """A client signed in as that person of the world; ``anonymous`` is nobody."""
    client = Client()
    if asker != "anonymous":
        client.force_login(world.people[asker], backend="django.contrib.auth.backends.ModelBackend")
    return client

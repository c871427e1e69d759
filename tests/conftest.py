"""Fixtures shared by all tests: the pinned business day, the origin of operations, the world, signed-in clients."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import settings as hypothesis_settings
from pytest_django.fixtures import Settings

from tests import audit_guard
from tests.world import TODAY, World, build_world
from yiqi.kit.origin import Origin, coming_from

audit_guard.install()


# a shared machine is noisy: a property is about its law, not about its time; the same examples in every run
hypothesis_settings.register_profile("yiqi", deadline=None, derandomize=True)
hypothesis_settings.load_profile("yiqi")


@pytest.fixture(autouse=True)
def _pinned(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Business time stands still; files go to a temporary home."""
    settings.YIQI_AS_OF = TODAY
    home = tmp_path_factory.mktemp("home")
    settings.YIQI_HOME = home
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": home / "attachments"},
        },
    }
    cache.clear()  # keys come back when a test's rows are rolled back
    with coming_from(Origin("test")):
        yield


@pytest.fixture
def world(db: None) -> World:
    """The small county of tests/world.py."""
    return build_world()


@pytest.fixture
def sign_in(world: World) -> Callable[[str], Client]:
    """``sign_in("office")`` gives a client signed in as that person, without the cost of hashing a password."""

    def client_of(asker: str) -> Client:
        client = Client()
        if asker != "anonymous":
            client.force_login(world.people[asker], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return client_of

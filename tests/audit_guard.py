"""Lets tests that commit clear the database: the trail's triggers refuse what Django's flush does between them."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.test import TransactionTestCase

_guard = importlib.import_module("yiqi.core.migrations.0003_audit_append_only")


@contextmanager
def guard_lifted() -> Iterator[None]:
    """Without the triggers inside: what somebody with full rights on the database could do."""
    editor = SimpleNamespace(
        connection=connection
    )  # a real schema editor refuses to work inside a transaction on SQLite
    _guard.unguard(None, editor)
    try:
        yield
    finally:
        _guard.guard(None, editor)


def _lifting(teardown: Callable[[Any], None]) -> Callable[[Any], None]:
    def lifted(self: Any) -> None:
        with guard_lifted():
            teardown(self)

    return lifted


def install() -> None:
    """Lift the guard around the flush after each test that commits; called once, from tests/conftest.py."""
    original = TransactionTestCase._fixture_teardown
    if not getattr(original, "lifts_guard", False):
        lifted = _lifting(original)
        lifted.lifts_guard = True
        TransactionTestCase._fixture_teardown = lifted

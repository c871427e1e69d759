"""Every named URL × every role: what is not written down in a matrix file fails.

An app's rows lie with its tests, in ``tests/<app>/matrix.py``: ``prepare(world)`` and ``ROWS``.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from copy import copy
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.closing import close
from tests.conftest import client_of
from tests.permissions.table import ASKERS, Row
from tests.world import World

MODULES = {
    path.parent.name: importlib.import_module(f"tests.{path.parent.name}.matrix")
    for path in sorted(Path(__file__).parents[1].glob("*/matrix.py"))
}


def named(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    """Every name that can be reversed, with its namespace."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from named(pattern.url_patterns, inner)
        elif pattern.name:
            yield f"{space}{pattern.name}"


def test_every_named_url_is_in_the_matrix() -> None:
    assert sorted({row.name for module in MODULES.values() for row in module.ROWS}) == sorted(
        set(named(get_resolver().url_patterns))
    )


@pytest.mark.parametrize("app", MODULES)
def test_the_matrix_holds(app: str, world: World) -> None:
    """An app's rows are asked in one world, made once: each asker's request is rolled back."""
    module = MODULES[app]
    module.prepare(world)
    clients = {asker: client_of(world, asker) for asker in ASKERS}
    rows = {f"{number} {row.method} {row.name}": row for number, row in enumerate(module.ROWS)}
    seen = {key: {asker: answer(world, row, clients[asker]) for asker in ASKERS} for key, row in rows.items()}
    assert seen == {key: dict(row.expected) for key, row in rows.items()}


def answer(world: World, row: Row, client: Client) -> int:
    """Status of one asker's request; database and cookies are put back, so that the next row finds them unchanged."""
    kwargs = row.kwargs(world) if callable(row.kwargs) else row.kwargs
    data = row.data(world) if callable(row.data) else (row.data or {})
    cookies = copy(client.cookies)
    with transaction.atomic():
        address = reverse(row.name, kwargs=kwargs)
        response = client.post(address, data) if row.method == "post" else client.get(address, row.query or None)
        status: int = response.status_code
        close(response)  # a download holds its file open until then
        transaction.set_rollback(True)
    client.cookies = cookies
    return status

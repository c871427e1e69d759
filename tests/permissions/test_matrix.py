"""Every named URL × every role: what is not written down in a matrix file fails.

An app's rows lie with its tests, in ``tests/<app>/matrix.py``: ``prepare(world)`` and ``ROWS``.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.closing import close
from tests.permissions.table import ASKERS, Row
from tests.world import World

MODULES = [
    importlib.import_module(f"tests.{path.parent.name}.matrix")
    for path in sorted(Path(__file__).parents[1].glob("*/matrix.py"))
]
ROWS: list[tuple[Callable[[World], None], Row]] = [(module.prepare, row) for module in MODULES for row in module.ROWS]


def named(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    """Every name that can be reversed, with its namespace."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from named(pattern.url_patterns, inner)
        elif pattern.name:
            yield f"{space}{pattern.name}"


def test_every_named_url_is_in_the_matrix() -> None:
    assert sorted({row.name for _prepare, row in ROWS}) == sorted(set(named(get_resolver().url_patterns)))


@pytest.mark.parametrize(("prepare", "row"), ROWS, ids=[f"{row.name}-{row.method}" for _prepare, row in ROWS])
def test_the_matrix_holds(
    prepare: Callable[[World], None], row: Row, world: World, sign_in: Callable[[str], Client]
) -> None:
    prepare(world)
    seen = {asker: answer(world, row, sign_in(asker)) for asker in ASKERS}
    assert seen == dict(row.expected)


def answer(world: World, row: Row, client: Client) -> int:
    """Status of one asker's request; the database is put back afterwards, so that the next asker finds it unchanged."""
    from django.db import transaction

    kwargs = row.kwargs(world) if callable(row.kwargs) else row.kwargs
    data = row.data(world) if callable(row.data) else (row.data or {})
    with transaction.atomic():
        address = reverse(row.name, kwargs=kwargs)
        response = client.post(address, data) if row.method == "post" else client.get(address, row.query or None)
        status: int = response.status_code
        close(response)  # a download holds its file open until then
        transaction.set_rollback(True)
    return status

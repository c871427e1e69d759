"""What a page asks of the database, found in this process against the same database.

Cold means that Django's cache is emptied before each request: what the product remembers between requests must not hide
a statement. Warm means that nothing has been written since the last request for the page.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.pages.server import HOST
from yiqi.core.models import Person

REPEATS = 7
SLOWEST = 3
SQL_LENGTH = 600


@dataclass(frozen=True)
class Asked:
    """Statements of one page, cold and warm; milliseconds are medians over :data:`REPEATS` cold requests.

    ``database_ms`` is waiting time for all statements together, ``python_ms`` the processor time of everything else:
    the ORM, the view, the template.
    """

    statements: int
    warm_statements: int
    database_ms: float
    python_ms: float
    size: int
    slowest: list[dict[str, Any]]


class _Watch:
    """Takes the time of each statement from sending it to having its rows on this side."""

    def __init__(self) -> None:
        self.seen: list[tuple[float, str]] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seen.append((time.perf_counter() - began, sql))


def client_of(username: str | None) -> Client:
    """A client of this process, signed in without the cost of hashing a password."""
    client = Client(SERVER_NAME=HOST)
    if username:
        person = Person.objects.get(username=username)
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _count(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(path, secure=True)
    return len(captured)


def ask(client: Client, path: str) -> Asked:
    """Count the statements of a page whose templates are loaded, and take their times."""
    for _ in range(2):
        answer = client.get(path, secure=True)
        if answer.status_code != 200:
            raise RuntimeError(f"HTTP {answer.status_code}")
    warm = _count(client, path)
    cache.clear()
    cold = _count(client, path)
    python, totals, runs = [], [], []
    for _ in range(REPEATS):
        cache.clear()
        watch = _Watch()
        began = time.process_time()
        with connection.execute_wrapper(watch):
            answer = client.get(path, secure=True)
        python.append((time.process_time() - began) * 1e3)
        totals.append(sum(taken for taken, _sql in watch.seen) * 1e3)
        runs.append(watch.seen)
    slowest = sorted(runs[-1], reverse=True)[:SLOWEST]
    return Asked(
        statements=cold,
        warm_statements=warm,
        database_ms=median(totals),
        python_ms=median(python),
        size=len(answer.content),
        slowest=[{"ms": round(taken * 1e3, 1), "sql": sql[:SQL_LENGTH]} for taken, sql in slowest],
    )

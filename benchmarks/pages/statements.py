"""What a page asks of the database, found in this process against the same database."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

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
    """Statements of one page; milliseconds are medians over :data:`REPEATS` requests."""

    statements: int
    database_ms: float
    whole_ms: float
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


def ask(client: Client, path: str) -> Asked:
    """Count the statements of a page that is warm, and take their times."""
    for _ in range(2):
        answer = client.get(path, secure=True)
        if answer.status_code != 200:
            raise RuntimeError(f"HTTP {answer.status_code}")
    with CaptureQueriesContext(connection) as captured:
        client.get(path, secure=True)
    wholes, totals, runs = [], [], []
    for _ in range(REPEATS):
        watch = _Watch()
        began = time.perf_counter()
        with connection.execute_wrapper(watch):
            answer = client.get(path, secure=True)
        wholes.append((time.perf_counter() - began) * 1e3)
        totals.append(sum(taken for taken, _sql in watch.seen) * 1e3)
        runs.append(watch.seen)
    slowest = sorted(runs[-1], reverse=True)[:SLOWEST]
    return Asked(
        statements=len(captured),
        database_ms=median(totals),
        whole_ms=median(wholes),
        size=len(answer.content),
        slowest=[{"ms": round(taken * 1e3, 1), "sql": sql[:SQL_LENGTH]} for taken, sql in slowest],
    )

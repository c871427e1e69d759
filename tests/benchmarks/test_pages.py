"""The measuring of pages: its loop, its verdict, and that nothing is left behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psutil
import psycopg
import pytest
from django.db.models import Model

from benchmarks.pages.loading import meetings, progress
from benchmarks.pages.postgres import throw_away_server
from benchmarks.pages.statements import Asked
from benchmarks.pages.table import HEAD, Row, head, line
from benchmarks.pages.visitors import Bounds, PageFailedError, Taken, Visitor, closed_loop
from yiqi.dispatch.models import Directive, DirectiveStep
from yiqi.plan.models import Progress, ProgressStatusChange


class Pages(BaseHTTPRequestHandler):
    """/fine answers 200 and sets a cookie, everything else 500."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.headers.get("Cookie", "").encode()
        self.send_response(200 if self.path == "/fine" else 500)
        self.send_header("Set-Cookie", "seen=yes; HttpOnly; Secure")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Quiet."""


@pytest.fixture
def port() -> Iterator[int]:
    """A small server on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_visitor_keeps_its_cookies(port: int) -> None:
    visitor = Visitor(port, {"language": "en"})
    assert visitor.ask("/fine") == (200, b"language=en")
    assert visitor.ask("/fine") == (200, b"language=en; seen=yes")
    visitor.leave()


@pytest.mark.parametrize(("clients", "most"), [(1, 5), (4, 5 + 3)])
def test_the_loop_ends_at_its_bound(port: int, clients: int, most: int) -> None:
    taken = closed_loop(port, "/fine", {}, clients=clients, bounds=Bounds(5, 30))
    assert taken.clients == clients
    assert 5 <= taken.requests <= most  # whoever is under way when the bound is reached ends its request
    assert 0 < taken.median <= taken.p95


def test_a_page_that_fails_is_an_error(port: int) -> None:
    with pytest.raises(PageFailedError, match="HTTP 500"):
        closed_loop(port, "/broken", {}, clients=2, bounds=Bounds(5, 30))


@pytest.mark.parametrize(
    ("median", "statements", "misses"),
    [(40.0, 12, []), (40.6, 12, ["41 ms"]), (40.0, 13, ["13 statements"]), (90.0, 20, ["90 ms", "20 statements"])],
)
def test_the_verdict(median: float, statements: int, misses: list[str]) -> None:
    asked = Asked(statements, 5, 10.0, 10.0, 2048, [])
    taken = Taken(1, 10, median, median, 10.0)
    row = Row("page", "/page", alone=taken, among=taken, asked=asked, size=2048, resident=2**20)
    assert row.misses == misses
    assert len(line(row)) == len(head()) == sum(width for _name, width in HEAD)


def test_the_database_is_gone_afterwards() -> None:
    with throw_away_server() as (url, first):
        folder = Path(parse_qs(urlsplit(url).query)["host"][0])
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert folder.is_dir()
        assert psutil.pid_exists(first)
    assert not folder.exists()
    assert not psutil.pid_exists(first)


@pytest.mark.parametrize(
    ("model", "columns"),
    [
        (Directive, meetings.COLUMNS),
        (DirectiveStep, meetings.STEP_COLUMNS),
        (Progress, progress.COLUMNS),
        (ProgressStatusChange, progress.STEP_COLUMNS),
    ],
)
def test_what_is_copied_has_every_column_that_must_be_filled(model: type[Model], columns: tuple[str, ...]) -> None:
    needed = {field.attname for field in model._meta.concrete_fields if not field.null}
    assert needed - set(columns) == set()

"""Pages at size on PostgreSQL and the production server: python -m benchmarks.pages

Starts a throw-away PostgreSQL, loads 100,000 tasks of 200 units with a year of progress, starts the production server
with 2 processes of 1 thread, and prints for each page: milliseconds and requests a second for one client alone and for
eight, the statements, what the database takes of it (found in this process), response size and memory. Everything is
stopped and deleted at the end, also after Ctrl-C. Exit status: 0, 1 a page failed, 2 usage or a missing program.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.pages.lifetime import end_politely
from benchmarks.pages.postgres import MissingProgramError, throw_away_server

if TYPE_CHECKING:
    import psutil

    from benchmarks.pages.loading import County
    from benchmarks.pages.table import Row

PROCESSES, THREADS, CLIENTS = 2, 1, 8
DAY = "2021-12-27"


def options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__.partition("\n")[0])
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--directives", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=2021)
    parser.add_argument("--port", type=int, default=8106)
    parser.add_argument("--requests", type=int, default=60, help="a page and client, at most")
    parser.add_argument("--seconds", type=float, default=4.0, help="a page and number of clients, at most")
    parser.add_argument("--only", default="", help="pages whose label contains this")
    parser.add_argument("--slow", action="store_true", help="print the slowest statements of pages that miss the aim")
    parser.add_argument("--hold", action="store_true", help="load, say how to connect, and wait for Ctrl-C")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the result there")
    return parser.parse_args()


@contextmanager
def home(url: str) -> Iterator[Path]:
    """A production home of our own, with Django set up in it, the database migrated and static files collected."""
    with tempfile.TemporaryDirectory(prefix="yiqi-pages-home-") as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "yiqi.config.settings",
            "YIQI_HOME": folder,
            "YIQI_MODE": "production",
            "YIQI_AS_OF": DAY,
            "YIQI_DATABASE_URL": url,
            "YIQI_HOSTS": "127.0.0.1",
        }
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        yield Path(folder)


class Measuring:
    """Holds what the pages share: the running server, the sessions of those who ask, the bounds."""

    def __init__(self, county: County, web: psutil.Process, database: psutil.Process, wanted: argparse.Namespace):
        self.county, self.web, self.database, self.wanted = county, web, database, wanted
        self.sessions: dict[str | None, dict[str, str]] = {None: {}}

    def cookies(self, asker: str | None) -> dict[str, str]:
        """The session of somebody, from signing in through the form once."""
        from django.urls import reverse

        from benchmarks.pages.visitors import Visitor
        from yiqi.demo.story.cast import PASSWORD

        if asker is not None and asker not in self.sessions:
            visitor = Visitor(self.wanted.port)
            visitor.sign_in(reverse("account_login"), asker, PASSWORD)
            visitor.leave()
            self.sessions[asker] = visitor.cookies
        return self.sessions[asker]

    def loops(self, path: str, asker: str | None) -> dict[str, Any]:
        """The page warmed in both processes, then asked by one client and by eight."""
        from benchmarks.pages.server import processor_seconds, resident
        from benchmarks.pages.visitors import Bounds, Visitor, closed_loop

        cookies, wanted = self.cookies(asker), self.wanted
        closed_loop(wanted.port, path, cookies, clients=CLIENTS, bounds=Bounds(2 * CLIENTS, wanted.seconds))
        alone = closed_loop(wanted.port, path, cookies, clients=1, bounds=Bounds(wanted.requests, wanted.seconds))
        many = Bounds(wanted.requests * CLIENTS, wanted.seconds)
        began = processor_seconds(self.web, self.database)
        among = closed_loop(wanted.port, path, cookies, clients=CLIENTS, bounds=many)
        spent = (processor_seconds(self.web, self.database) - began) * 1e3 / among.requests
        visitor = Visitor(wanted.port, dict(cookies))
        size = len(visitor.ask(path)[1])
        visitor.leave()
        memory = sum(resident(self.web))
        return {"alone": alone, "among": among, "processor_ms": spent, "size": size, "resident": memory}

    def row(self, label: str, address: Callable[[], str], asker: str | None, *, counted: bool = True) -> Row:
        """One row of the table; a page that is missing or fails becomes a row that says why."""
        from benchmarks.pages.statements import ask, client_of
        from benchmarks.pages.table import Row
        from benchmarks.pages.visitors import PageFailedError

        path = ""
        try:
            path = address()
            asked = ask(client_of(asker), path) if counted else None
            return Row(label, path, asked=asked, **self.loops(path, asker))
        except PageFailedError as error:
            return Row(label, path, fault=str(error))
        except Exception as error:  # noqa: BLE001 - the view's own error is the finding
            return Row(label, path, fault=f"{type(error).__name__}: {error}")

    def rows(self) -> Iterator[Row]:
        """All pages, the floor first."""
        from benchmarks.pages.pages import PAGES, static_file

        wanted = self.wanted.only
        if not wanted:
            yield self.row("a static file", static_file, None, counted=False)
        for page in PAGES:
            if wanted in page.label:
                yield self.row(page.label, partial(page.address, self.county), page.asker)


def _say_loaded(county: County, parts: dict[str, float], machine: dict[str, Any]) -> None:
    print(", ".join(f"{name} {value}" for name, value in machine.items() if not isinstance(value, dict)))
    print("rows: " + ", ".join(f"{name} {count:,}" for name, count in county.counts.items()))
    print(f"loaded in {sum(parts.values()):.0f} s: " + ", ".join(f"{name} {s:.0f} s" for name, s in parts.items()))
    print("operations (the slowest of each): " + ", ".join(f"{name} {s:.2f} s" for name, s in county.seconds.items()))


def _hold() -> None:
    print("\n".join(f"export {name}='{value}'" for name, value in os.environ.items() if name.startswith("YIQI_")))
    print("export DJANGO_SETTINGS_MODULE=yiqi.config.settings", flush=True)
    while True:
        time.sleep(3_600)


def _say_misses(rows: list[Row], *, slow: bool) -> None:
    from benchmarks.pages.table import AIM_MS, AIM_STATEMENTS

    short = [row for row in rows if row.misses]
    print(f"\naim: at most {AIM_MS:.0f} ms alone and {AIM_STATEMENTS} statements a page")
    for row in short:
        print(f"misses it: {row.label}: {', '.join(row.misses)}")
        for statement in row.asked.slowest if slow and row.asked else ():
            print(f"    {statement['ms']:>7.1f} ms  {statement['sql']}")
    failed = [row for row in rows if row.fault]
    for row in failed:
        print(f"failed: {row.label}: {row.fault[:300]}")
    if not short and not failed:
        print("every page keeps it")


def measure(wanted: argparse.Namespace, database: int) -> int:
    """Load, measure, print; the number of pages that failed."""
    import psutil

    from benchmarks.pages import machine
    from benchmarks.pages.loading import load
    from benchmarks.pages.server import resident, web_server
    from benchmarks.pages.table import head, line

    county, parts = load(wanted.seed, wanted.tasks, wanted.directives)
    facts = machine.facts()
    _say_loaded(county, parts, facts)
    if wanted.hold:
        _hold()
    rows = []
    with web_server(wanted.port, processes=PROCESSES, threads=THREADS) as web:
        print(f"server: {PROCESSES} processes of {THREADS} thread, {sum(resident(web)) / 2**20:.0f} MiB when started\n")
        print(head())
        neighbours = machine.Neighbours(web, psutil.Process(database))
        for row in Measuring(county, web, psutil.Process(database), wanted).rows():
            rows.append(row)
            print(line(row), flush=True)
        by_process = [round(size / 2**20) for size in resident(web)]
        facts |= {"others_share": round(neighbours.share(), 3), "loop_ms_at_end": round(machine.loop_ms(), 1)}
    print(f"\nMiB of each server process at the end: {by_process}")
    print(
        f"others used {facts['others_share']:.0%} of the machine; the loop took {facts['loop_ms_at_end']} ms at the end"
    )
    _say_misses(rows, slow=wanted.slow)
    if wanted.json:
        result = {
            "measured_at": time.strftime("%Y-%m-%d %H:%M %z"),
            "machine": facts,
            "rows": county.counts,
            "loading_seconds": parts,
            "operation_seconds": county.seconds,
            "pages": [row.data() for row in rows],
        }
        wanted.json.write_text(json.dumps(result, ensure_ascii=False, indent=1), encoding="utf-8")
    return sum(bool(row.fault) for row in rows)


def main() -> int:
    """Run within the life of the database."""
    wanted = options()
    end_politely()
    try:
        with throw_away_server() as (url, database), home(url):
            return 1 if measure(wanted, database) else 0
    except MissingProgramError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nstopped: nothing is left running", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())

"""A throw-away PostgreSQL: in a temporary folder, on a socket of its own, stopped and deleted at the end.

Nothing listens on the network and no port is taken, so that several may run at once and none meets a real server.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from benchmarks.pages.lifetime import tied

SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
START_SECONDS = 30.0
STOP_SECONDS = 30.0
INSTALL = "apt-get install postgresql"


class MissingProgramError(RuntimeError):
    """A program that the measurement needs is not installed."""


def _programs() -> Path:
    """The folder of initdb and postgres: Debian keeps them out of the path."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = versions[-1] if versions else shutil.which("initdb")
    if not found:
        raise MissingProgramError(f"PostgreSQL's server programs are missing: {INSTALL}")
    return Path(found).resolve().parent


def _owner() -> str | None:
    """PostgreSQL refuses to run as root; the package brings the user."""
    return "postgres" if os.geteuid() == 0 else None


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    import psycopg

    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')[-2000:]}")


@contextmanager
def throw_away_server() -> Iterator[tuple[str, int]]:
    """Start a server; gives its address as ``postgresql://…`` and the id of its first process."""
    programs, owner = _programs(), _owner()
    folder = Path(tempfile.mkdtemp(prefix="yiqi-pages-pg-"))
    server: subprocess.Popen[bytes] | None = None
    try:
        if owner:
            shutil.chown(folder, owner)
        data, log = folder / "data", folder / "log"
        options = ("-U", "yiqi", "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync")
        subprocess.run(
            [programs / "initdb", "-D", data, *options], check=True, stdout=subprocess.DEVNULL, user=owner, cwd="/"
        )
        settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        with log.open("wb") as file:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, "-k", folder, *settings],
                stdout=file,
                stderr=file,
                user=owner,
                cwd="/",
                start_new_session=True,  # Ctrl-C is ours: first the web server, then the database
                preexec_fn=tied(signal.SIGINT),  # noqa: PLW1509 - one thread here; INT is PostgreSQL's fast shutdown
            )
        url = f"postgresql://yiqi@/postgres?host={quote(str(folder), safe='')}"
        _wait(url, server, log)
        yield url, server.pid
    finally:
        if server is not None:
            _stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def _stop(server: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # fast, immediate, at last by force
        if server.poll() is None:
            server.send_signal(number)
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return

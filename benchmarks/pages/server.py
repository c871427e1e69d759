"""The production server under measurement, and the memory of its processes."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from benchmarks.pages.lifetime import tied
from yiqi.config.cli.serve import port_is_free, stop, web_command

HOST = "127.0.0.1"
START_SECONDS = 30.0


def _wait(port: int, web: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while port_is_free(HOST, port):
        if time.monotonic() > until or web.poll() is not None:
            raise RuntimeError("the web server did not start: see the messages above")
        time.sleep(0.1)


@contextmanager
def web_server(port: int, *, processes: int, threads: int) -> Iterator[psutil.Process]:
    """Start the product's own command line on loopback; gives its first process."""
    if not port_is_free(HOST, port):
        raise RuntimeError(f"port {port} is taken: choose another one with --port")
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "yiqi.config.settings"}
    command = web_command(HOST, port, processes=processes, threads=threads)
    # a session of its own: Ctrl-C is ours, we stop the server and then the database
    web = subprocess.Popen(
        command,
        env=environment,
        start_new_session=True,
        preexec_fn=tied(signal.SIGTERM),  # noqa: PLW1509 - one thread here
    )
    try:
        _wait(port, web)
        yield psutil.Process(web.pid)
    finally:
        stop([web])


def resident(web: psutil.Process) -> list[int]:
    """Bytes of RSS of the server's processes, the largest first; pages that they share count in each."""
    sizes = []
    for process in (web, *web.children(recursive=True)):
        try:
            sizes.append(process.memory_info().rss)
        except psutil.NoSuchProcess:
            continue
    return sorted(sizes, reverse=True)


def processor_seconds(*families: psutil.Process) -> float:
    """User and system time of the processes and their living children so far."""
    total = 0.0
    family = {process for first in families for process in (first, *first.children(recursive=True))}
    for process in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system
    return total

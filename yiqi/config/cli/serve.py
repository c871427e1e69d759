"""``yiqi up``: web and worker as children of one foreground process."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence

import click
import psutil
from django.conf import settings

from yiqi.config.cli.frame import say

GRACE_SECONDS = 8.0
START_SECONDS = 120.0  # a busy machine; a web process that ends is noticed at once


def _die_with_parent() -> None:
    """Linux: a child of a killed parent gets TERM, so that even ``kill -9`` leaves nothing behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def port_is_free(host: str, port: int) -> bool:
    """Whether somebody listens there already."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def web_command(host: str, port: int, *, processes: int, threads: int) -> list[str]:
    """granian's command line."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(processes), "--blocking-threads", str(threads), "--backpressure", "64"),
        *("--no-ws", "--log-level", "warning", "--workers-kill-timeout", "5", "--respawn-failed-workers"),
        "yiqi.config.wsgi:application",
    ]


def worker_command() -> list[str]:
    """django-q2's cluster."""
    return [sys.executable, "-m", "django", "qcluster"]


def _descendants(children: Sequence[subprocess.Popen[bytes]]) -> list[psutil.Process]:
    found: list[psutil.Process] = []
    for child in children:
        try:
            process = psutil.Process(child.pid)
            found += [process, *process.children(recursive=True)]
        except psutil.NoSuchProcess:
            continue
    return found


def stop(children: Sequence[subprocess.Popen[bytes]]) -> None:
    """TERM, a grace time, then KILL for every descendant that is left."""
    family = _descendants(children)
    for child in children:
        if child.poll() is None:
            child.terminate()
    _gone, alive = psutil.wait_procs(family, timeout=GRACE_SECONDS)
    for process in alive:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(alive, timeout=2)
    for child in children:
        child.poll()  # psutil took its status; without this it counts as running


def _wait_until_listening(host: str, port: int, web: subprocess.Popen[bytes]) -> bool:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and web.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex((host, port)) == 0:
                return True
        time.sleep(0.1)
    return False


def serve(host: str, port: int, *, processes: int, threads: int, banner: Sequence[str]) -> int:
    """Start both, print the banner once pages are served, wait; stop both when either ends or a signal comes."""
    if not port_is_free(host, port):
        say(f"端口 {port} 已被占用。请先停止占用它的程序，或换一个端口：PORT={port + 1} make run")
        return 2
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "yiqi.config.settings", "YIQI_HOME": str(settings.YIQI_HOME)}
    stopped: list[int] = []

    def remember(number: int, _frame: object) -> None:
        stopped.append(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, remember)
    children = [
        subprocess.Popen(command, env=environment, preexec_fn=_die_with_parent)  # noqa: PLW1509 - one thread here
        for command in (web_command(host, port, processes=processes, threads=threads), worker_command())
    ]
    try:
        if not _wait_until_listening(host, port, children[0]):
            if not stopped:
                say("网页服务没有启动成功，请看上面的信息。")
                return 1
            return 0
        for line in banner:
            click.echo(line)
        while not stopped and all(child.poll() is None for child in children):
            time.sleep(0.3)
        if not stopped:
            say("网页服务或后台任务意外退出，已全部停止。")
            return 1
        return 0
    finally:
        stop(children)

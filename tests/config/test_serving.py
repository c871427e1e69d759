"""``yiqi up``: what is started, how it ends, that nothing is left behind; small programs stand for web and worker."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import psutil
import pytest
from django_q.models import Schedule

from tests.config.conftest import Call
from yiqi.config.cli import serve, up
from yiqi.demo.story.cast import PASSWORD

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LISTENS = "import socket, sys, time; s = socket.socket(); s.bind(('127.0.0.1', int(sys.argv[1]))); s.listen(); "
STOPS_US = "import os, signal; os.kill(os.getppid(), signal.SIGTERM); "
WAITS = "import time; time.sleep(60)"
Serve = Callable[..., tuple[int, str, str]]


def program(text: str, *words: str) -> list[str]:
    """A command line that runs that Python."""
    return [sys.executable, "-S", "-c", text, *words]


@pytest.fixture
def port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], port: int) -> Iterator[Serve]:
    """``served(web=…, worker=…)`` runs those programs; gives status, output and errors. No child may be left."""
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def run(web: str, worker: str) -> tuple[int, str, str]:
        monkeypatch.setattr(serve, "web_command", lambda *_words, **_more: program(web, str(port)))
        monkeypatch.setattr(serve, "worker_command", lambda: program(worker))
        status = serve.serve("127.0.0.1", port, processes=1, threads=1, banner=["就绪"])
        assert psutil.Process().children(recursive=True) == []
        return status, *capsys.readouterr()

    yield run
    for number, handler in before.items():
        signal.signal(number, handler)


def test_the_banner_stands_once_pages_are_served_and_a_signal_ends_all_well(served: Serve) -> None:
    assert served(web=LISTENS + WAITS, worker="import time; time.sleep(1); " + STOPS_US + WAITS) == (0, "就绪\n", "")


def test_a_web_process_that_does_not_come_up_is_told(served: Serve) -> None:
    status, out, err = served(web="raise SystemExit(3)", worker=WAITS)
    assert (status, out, "没有启动成功" in err) == (1, "", True)


def test_a_signal_before_pages_are_served_is_no_failure(served: Serve) -> None:
    assert served(web=STOPS_US, worker=WAITS) == (0, "", "")


def test_when_one_of_the_two_ends_by_itself_the_other_is_stopped(served: Serve) -> None:
    status, out, err = served(web=LISTENS + WAITS, worker="import time; time.sleep(1)")
    assert (status, out, "意外退出" in err) == (1, "就绪\n", True)


def test_who_does_not_listen_to_a_request_is_killed_with_all_that_it_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "GRACE_SECONDS", 0.5)
    deaf = "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    child = f"{deaf} print('ready', flush=True); time.sleep(60)"
    parent = f"{deaf} subprocess.Popen([sys.executable, '-S', '-c', {child!r}]); time.sleep(60)"
    started = subprocess.Popen(program(parent), stdout=subprocess.PIPE)
    assert started.stdout is not None
    with started.stdout:
        assert started.stdout.readline() == b"ready\n"
        family = [psutil.Process(started.pid), *psutil.Process(started.pid).children(recursive=True)]
        serve.stop([started])
    started.wait()
    assert [process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in family] == [False, False]


def test_stopping_what_has_ended_does_nothing() -> None:
    ended = subprocess.Popen(program("pass"))
    ended.wait()
    serve.stop([ended])
    assert ended.returncode == 0


def test_a_port_in_use_is_said_before_anything_is_started(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert serve.serve("127.0.0.1", port, processes=1, threads=1, banner=["up"]) == 2
    out, err = capsys.readouterr()
    assert (out, f"端口 {port} 已被占用" in err) == ("", True)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What ``yiqi up`` asks to be served; nothing is started, and nothing loaded."""
    facts: dict[str, Any] = {}

    def serving(host: str, port: int, **more: Any) -> int:
        facts.update(host=host, port=port, **more)
        return 0

    monkeypatch.setattr(up, "serve", serving)
    monkeypatch.setattr(up, "load_demonstration", lambda seed: facts.update(seed=seed))
    return facts


@pytest.mark.django_db
def test_up_makes_the_jobs_and_serves_with_four_threads(call: Call, asked: dict[str, Any]) -> None:
    assert call("up", "--port", "8123").status == 0
    assert (asked["host"], asked["port"], asked["processes"], asked["threads"]) == ("127.0.0.1", 8123, 1, 4)
    assert asked["banner"] == ["", "  翼起已启动：http://127.0.0.1:8123/", "  按 Ctrl-C 停止。", ""]
    assert "seed" not in asked
    assert Schedule.objects.filter(name="dispatch.open_due_weeks").count() == 1


@pytest.mark.django_db
def test_an_embedded_database_has_one_web_process(call: Call, asked: dict[str, Any]) -> None:
    told = call("up", "--processes", "3", "--threads", "2")
    assert (told.status, "SQLite 只用一个网页进程" in told.err) == (0, True)
    assert (asked["processes"], asked["threads"]) == (1, 2)


@pytest.mark.django_db
def test_the_accounts_of_the_demonstration_are_told_where_it_is_loaded(
    call: Call, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yiqi.demo.loading.is_loaded", lambda: True)
    assert call("up", "--demo").status == 0
    assert asked["seed"] == 2021
    assert asked["banner"][2] == f"  演示账号（密码均为 {PASSWORD}）："
    assert len([line for line in asked["banner"] if line.startswith("    ")]) > 5


@pytest.mark.django_db
@pytest.mark.parametrize("words", [("--port", "0"), ("--port", "70000"), ("--processes", "0"), ("--threads", "99")])
def test_numbers_out_of_range_are_wrong_usage(call: Call, asked: dict[str, Any], words: tuple[str, str]) -> None:
    assert (call("up", *words).status, asked) == (2, {})


def test_web_and_worker_run_with_our_own_python() -> None:
    web = serve.web_command("10.0.0.1", 80, processes=3, threads=2)
    given = dict(pairwise(web))
    assert (web[:3], web[-1]) == ([sys.executable, "-m", "granian"], "yiqi.config.wsgi:application")
    assert [given[name] for name in ("--host", "--port", "--workers")] == ["10.0.0.1", "80", "3"]
    assert given["--blocking-threads"] == "2"
    assert serve.worker_command() == [sys.executable, "-m", "django", "qcluster"]

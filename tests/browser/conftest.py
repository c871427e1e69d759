"""A real server with the demonstration, and Debian's Chromium."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.kept import copied, story
from yiqi.demo.story.cast import PASSWORD

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 240
PATIENCE = 60_000  # milliseconds; the PDF of a report takes some ten seconds on a slow machine
expect.set_options(timeout=PATIENCE)


@dataclass(frozen=True)
class Site:
    """A running Yiqi."""

    address: str
    home: Path


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Debian's Chromium instead of Playwright's own."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    assert found, "Chromium is missing: apt-get install chromium"
    return {"executable_path": found, "args": FLAGS}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.3)
    raise AssertionError(f"no answer after {START_SECONDS} s: {log.read_text()}")


@contextmanager
def serving(home: Path) -> Iterator[Site]:
    """``yiqi up --demo`` in that home, pinned at the story's last day."""
    port = free_port()
    environment = {**os.environ, "YIQI_HOME": str(home), "YIQI_AS_OF": "2021-09-06", "PORT": str(port)}
    environment.pop("YIQI_DATABASE_URL", None)
    log = home / "log"
    with log.open("wb") as file:
        command = [str(Path(sys.executable).parent / "yiqi"), "up", "--demo"]
        process = subprocess.Popen(command, env=environment, stdout=file, stderr=file)
    try:
        _wait(process, port, log)
        yield Site(f"http://127.0.0.1:{port}", home)
        assert process.poll() is None, log.read_text()[-3000:]
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration for tests that only look."""
    with serving(copied(story(), tmp_path_factory.mktemp("site"))) as found:
        yield found


@pytest.fixture(scope="module")
def own_site(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A copy of the demonstration, for the tests of one file that change something."""
    with serving(copied(site.home, tmp_path_factory.mktemp("own"))) as found:
        yield found


SignIn = Callable[..., Page]


@contextmanager
def door(browser: Browser, site: Site) -> Iterator[SignIn]:
    """Gives the way to sign in; keyword arguments go to the browser's context."""
    contexts: list[BrowserContext] = []

    def signed_in(username: str, **options: object) -> Page:
        context = browser.new_context(base_url=site.address, locale="zh-CN", **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.goto("/account/login/")
        page.fill("input[name=login]", username)
        page.fill("input[name=password]", PASSWORD)
        page.click("form[action*=login] button[type=submit]")
        page.wait_for_url(lambda url: "/login/" not in url)
        return page

    yield signed_in
    for context in contexts:
        context.close()


@pytest.fixture
def visit(site: Site, browser: Browser) -> Iterator[SignIn]:
    """``visit("leader")`` gives a page signed in as that demonstration account, to look at."""
    with door(browser, site) as signed_in:
        yield signed_in


@pytest.fixture
def work(own_site: Site, browser: Browser) -> Iterator[SignIn]:
    """The same in the file's own copy of the demonstration, where things may be changed."""
    with door(browser, own_site) as signed_in:
        yield signed_in

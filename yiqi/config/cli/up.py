"""``yiqi up``."""

from __future__ import annotations

import click
from django.conf import settings
from django.db import connection

from yiqi.config.cli.demonstration import load_demonstration
from yiqi.config.cli.frame import say
from yiqi.config.cli.serve import serve
from yiqi.core.operations import ensure_jobs
from yiqi.demo import loading
from yiqi.demo.story.cast import NAMED, PASSWORD


def _accounts() -> list[str]:
    titles = {key: title for key, _role, _unit, title in NAMED}
    return [f"    {key:<10} {title}" for key, title in titles.items()]


def _banner(host: str, port: int, *, demo: bool) -> list[str]:
    lines = ["", f"  翼起已启动：http://{host}:{port}/"]
    if demo:
        lines += [f"  演示账号（密码均为 {PASSWORD}）：", *_accounts()]
    return [*lines, "  按 Ctrl-C 停止。", ""]


@click.command("up")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=settings.PORT, show_default=True)
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="web processes (more only with PostgreSQL)",
)
@click.option(
    "--threads", type=click.IntRange(1, 64), default=None, help="threads a process: 4 on SQLite, 1 on PostgreSQL"
)
@click.option("--demo", is_flag=True, help="load the demonstration the first time")
def up(host: str, port: int, processes: int, threads: int | None, demo: bool) -> int:
    """Start web and worker in the foreground; Ctrl-C stops both."""
    if demo:
        load_demonstration(2021)
    ensure_jobs()
    embedded = connection.vendor == "sqlite"
    if embedded and processes > 1:
        say("SQLite 只用一个网页进程；多进程请使用 PostgreSQL（YIQI_DATABASE_URL）。")
        processes = 1
    connection.close()
    shown = demo and loading.is_loaded()
    connection.close()
    return serve(
        host,
        port,
        processes=processes,
        threads=threads or (4 if embedded else 1),
        banner=_banner(host, port, demo=shown),
    )

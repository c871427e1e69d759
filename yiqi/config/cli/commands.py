"""The commands; each is one query or one operation."""

from __future__ import annotations

from pathlib import Path

import click
from django.conf import settings
from django.db import connection
from tqdm import tqdm

from yiqi.config.cli import transfer
from yiqi.config.cli.frame import FINDINGS, business_day, json_option, ready, say, show
from yiqi.config.cli.serve import serve
from yiqi.config.jobs import ensure_sweep
from yiqi.core.enums import RegionKind
from yiqi.core.models import Region
from yiqi.core.operations import load_regions, random_password, seed_calendar
from yiqi.core.queries import verify_chain
from yiqi.demo import loading, story
from yiqi.demo.story.cast import DATA, NAMED, PASSWORD
from yiqi.dispatch.operations import ensure_schedule
from yiqi.kit.errors import ConflictError, InvalidInputError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def root() -> None:
    """Yiqi (翼起): runs a county's drive end to end."""
    ready()


root.add_command(transfer.import_group)
root.add_command(transfer.campaign_group)
root.add_command(transfer.framework_group)
root.add_command(transfer.round_group)
root.add_command(transfer.week_group)
root.add_command(transfer.report_group)


@root.group("audit")
def audit_group() -> None:
    """The audit trail."""


@audit_group.command("verify")
@json_option
def audit_verify(as_json: bool) -> int:
    """Check every link of the chain; status 1 and the first broken link when a record was changed behind its back."""
    report = verify_chain()
    facts = {"ok": report.ok, "checked": report.checked, "broken": report.broken_sequence, "why": str(report.why or "")}
    words = (
        f"审计链完整，共核对{report.checked}条。"
        if report.ok
        else f"审计链在第{report.broken_sequence}条断开：{report.why}"
    )
    show(facts, as_json=as_json, lines=lambda: [words])
    return 0 if report.ok else FINDINGS


@root.group("demo")
def demo_group() -> None:
    """The demonstration: Yicheng in 2021."""


def _load(seed: int) -> bool:
    if loading.is_loaded():
        return False
    with tqdm(total=story.STEPS, desc="装入演示数据", unit="步", dynamic_ncols=True, leave=False, disable=None) as bar:

        def step(what: str) -> None:
            bar.update(1)
            bar.set_postfix_str(what)

        return loading.load(seed, step)


@demo_group.command("load")
@click.option("--seed", default=2021, show_default=True, help="same seed, same story")
@json_option
def demo_load(seed: int, as_json: bool) -> None:
    """Load the demonstration; does nothing where it is loaded already."""
    loaded = _load(seed)
    words = "演示数据已装入。" if loaded else "演示数据此前已装入，没有改动。"
    show({"loaded": loaded}, as_json=as_json, lines=lambda: [words])


@demo_group.command("reset")
@click.option("--seed", default=2021, show_default=True)
@click.option("--yes", is_flag=True, help="do not ask")
@json_option
def demo_reset(seed: int, yes: bool, as_json: bool) -> None:
    """Delete the demonstration's data in YIQI_HOME and load it anew."""
    if not yes:
        click.confirm(f"将删除 {settings.YIQI_HOME} 中的演示数据并重新装入，继续吗？", abort=True, err=True)
    loading.clear()
    loaded = _load(seed)
    show({"loaded": loaded}, as_json=as_json, lines=lambda: ["演示数据已重新装入。"])


@root.command("init")
@click.option("--county", required=True, metavar="CODE", help="six-digit code of the county, e.g. 141022")
@click.option(
    "--regions",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV: code,name,kind,parent; default: the shipped divisions of Linfen",
)
@click.option("--admin", "username", default="admin", show_default=True, help="login name of the system administrator")
@json_option
def init(county: str, regions: Path | None, username: str, as_json: bool) -> None:
    """Set up an own county: divisions, calendar, an assessment office and the system administrator's account."""
    from yiqi.config.cli.founding import found_county

    today = business_day()
    load_regions(
        regions or DATA / "linfen_regions.csv", today=today, source=(regions or DATA / "linfen_regions.csv").name
    )
    region = Region.objects.filter(pk=county, kind=RegionKind.COUNTY).first()
    if region is None:
        raise InvalidInputError(f"区划表中没有代码为{county}的县（市、区）。", code="no_county")
    seed_calendar(today=today)
    password = random_password()
    if not found_county(region, username=username, password=password, today=today):
        raise ConflictError(f"登录名“{username}”已经存在，没有改动。", code="exists")
    facts = {"county": county, "username": username, "password": password}
    words = [
        f"{region.name}已建立。系统管理员：{username}，初始密码：{password}（首次登录须修改）。",
        "下一步：yiqi up，登录后在“系统”中建立单位和人员。",
    ]
    show(facts, as_json=as_json, lines=lambda: words)


def _accounts() -> list[str]:
    titles = {key: title for key, _role, _unit, title in NAMED}
    return [f"    {key:<10} {title}" for key, title in titles.items()]


def _banner(host: str, port: int, *, demo: bool) -> list[str]:
    lines = ["", f"  翼起已启动：http://{host}:{port}/"]
    if demo:
        lines += [f"  演示账号（密码均为 {PASSWORD}）：", *_accounts()]
    return [*lines, "  按 Ctrl-C 停止。", ""]


@root.command("up")
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
        _load(2021)
    ensure_schedule()
    ensure_sweep()
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

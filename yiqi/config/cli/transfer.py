"""Commands that move data in and out, and run rounds, weeks and reports."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from django.db import transaction

from yiqi.appraisal.models import Framework
from yiqi.appraisal.operations import (
    activate_framework,
    apply_league,
    load_framework,
    preview_league,
    publish_round,
    run_round,
)
from yiqi.config.cli.frame import FINDINGS, business_day, json_option, operator, say, show
from yiqi.core.enums import RegionKind
from yiqi.core.models import Region
from yiqi.core.queries import units_of
from yiqi.demo.story.cast import DATA
from yiqi.dispatch.enums import AgendaStatus, Opening, WeekStatus
from yiqi.dispatch.models import Report, Week
from yiqi.dispatch.operations import close_week, open_week, report_document
from yiqi.kit import clock
from yiqi.kit.documents import render_docx, render_pdf
from yiqi.kit.errors import FileRefusedError, InvalidInputError, NotFoundError
from yiqi.plan.enums import CampaignStatus
from yiqi.plan.models import Campaign
from yiqi.plan.operations import apply_tasks, preview_tasks

TEMPLATE = DATA / "framework.json"
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TASK_KEYS = (
    *("row", "action", "code", "title", "measure", "lead_unit", "support_units", "deadline", "ongoing"),
    *("frequency", "state", "notes"),
)
CELL_KEYS = ("region", "indicator", "indicator_name", "unit", "value", "rank", "state", "notes")
DRY = click.option("--dry-run", is_flag=True, help="read and show, change nothing")


def campaign_of(code: str | None) -> Campaign:
    """The campaign of that code, or the one that is active; NotFoundError names what exists."""
    if code is not None:
        found = Campaign.objects.filter(code=code).select_related("region").first()
    else:
        found = (
            Campaign.objects.filter(status=CampaignStatus.ACTIVE).select_related("region").order_by("-starts").first()
        )
    if found is None:
        known = "、".join(Campaign.objects.values_list("code", flat=True)) or "（还没有）"
        raise NotFoundError(f"没有代码为“{code}”的专项行动。现有：{known}" if code else "没有进行中的专项行动。")
    return found


def framework_of_code(code: str) -> Framework:
    """The framework of that code; NotFoundError names what exists."""
    found = Framework.objects.filter(code=code).select_related("keeper").first()
    if found is None:
        known = "、".join(Framework.objects.values_list("code", flat=True)) or "（还没有）"
        raise NotFoundError(f"没有代码为“{code}”的指标体系。现有：{known}")
    return found


def _only(rows: list[dict[str, Any]], keys: tuple[str, ...]) -> list[dict[str, Any]]:
    """The keys that the command promises; a preview keeps more for the pages."""
    return [{key: row[key] for key in keys} for row in rows]


def _size_checked(path: Path) -> bytes:
    from django.conf import settings

    size = path.stat().st_size
    if size > settings.UPLOAD_LIMIT:
        raise FileRefusedError(
            f"文件“{path.name}”有{size / 2**20:.0f} MB，超过{settings.UPLOAD_LIMIT / 2**20:.0f} MB的上限。"
            "请删去无关的工作表和图片后再导入。"
        )
    return path.read_bytes()


def _notes(rows: list[dict[str, Any]], name: str) -> list[str]:
    words = {"read": "读取", "guessed": "推断", "error": "错误"}
    told = []
    for row in rows:
        where = row["region"] if "region" in row else f"第{row['row']}行"
        told += [f"  {where} {words[row['state']]} {row[name]}：{'；'.join(row['notes'])}"] if row["notes"] else []
    return told


@click.group("import")
def import_group() -> None:
    """Read a county's or the city's sheet."""


@import_group.command("tasks")
@click.argument("file", type=FILE)
@click.option("--campaign", required=True, metavar="CODE")
@DRY
@json_option
def import_tasks(file: Path, campaign: str, dry_run: bool, as_json: bool) -> int:
    """Import a task breakdown (.xlsx, .xls, .csv, .docx); status 1 when some rows could not be read."""
    target = campaign_of(campaign)
    today, now, data = business_day(), clock.now(), _size_checked(file)
    with transaction.atomic():
        by = operator(target.region, today=today)
        found = preview_tasks(by=by, today=today, now=now, campaign=target, data=data, filename=file.name)
        result: dict[str, Any] = found.result
        readable = [row for row in result["rows"] if row["state"] != "error"]
        if readable and not dry_run:
            apply_tasks(by=by, today=today, now=now, task_import=found)
        transaction.set_rollback(dry_run)

    def lines() -> list[str]:
        done = "未写入（试读）" if dry_run else f"已导入{len(readable)}项任务"
        return [
            *_notes(result["rows"], "title"),
            f"共{len(result['rows'])}行，错误{result['errors']}行，跳过{len(result['skipped'])}行；{done}。",
        ]

    rows = _only(result["rows"], TASK_KEYS)
    told = {"rows": rows, "skipped": result["skipped"], "errors": result["errors"]}
    told |= {} if dry_run else {"written": len(readable)}
    show(told, as_json=as_json, lines=lines)
    return FINDINGS if result["errors"] else 0


@import_group.command("observations")
@click.argument("file", type=FILE)
@click.option("--framework", required=True, metavar="CODE")
@click.option("--period", required=True, metavar="YYYY-MM")
@DRY
@json_option
def import_observations(file: Path, framework: str, period: str, dry_run: bool, as_json: bool) -> int:
    """Import a league sheet of the city; status 1 when some cells could not be read."""
    target = framework_of_code(framework)
    today, now, data = business_day(), clock.now(), _size_checked(file)
    with transaction.atomic():
        by = operator(target.keeper, today=today)
        found = preview_league(
            by=by, today=today, now=now, framework=target, period=period, data=data, filename=file.name
        )
        result: dict[str, Any] = found.result
        usable = [
            cell
            for cell in result["cells"]
            if cell["indicator"] and cell["state"] != "error" and cell["value"] is not None
        ]
        written = []
        if usable and not dry_run:
            written = apply_league(by=by, today=today, now=now, league_import=found)
        transaction.set_rollback(dry_run)

    def lines() -> list[str]:
        done = "未写入（试读）" if dry_run else f"写入{len(written)}个数据"
        return [
            *_notes(result["cells"], "indicator_name"),
            f"共{len(result['cells'])}个单元格，错误{result['errors']}个，跳过{len(result['skipped'])}行；{done}。",
        ]

    cells = _only(result["cells"], CELL_KEYS)
    told = {"cells": cells, "skipped": result["skipped"], "errors": result["errors"]}
    told |= {} if dry_run else {"written": len(written)}
    show(told, as_json=as_json, lines=lines)
    return FINDINGS if result["errors"] else 0


@click.group("campaign")
def campaign_group() -> None:
    """Campaigns."""


@campaign_group.command("list")
@json_option
def campaign_list(as_json: bool) -> None:
    """List the campaigns."""
    rows = [{"code": item.code, "name": item.name} for item in Campaign.objects.order_by("code")]
    show(rows, as_json=as_json, lines=lambda: [f"{row['code']}\t{row['name']}" for row in rows] or ["还没有专项行动。"])


@click.group("framework")
def framework_group() -> None:
    """Indicator frameworks."""


@framework_group.command("list")
@json_option
def framework_list(as_json: bool) -> None:
    """List the frameworks."""
    rows = [{"code": item.code, "name": item.name} for item in Framework.objects.order_by("code")]
    show(rows, as_json=as_json, lines=lambda: [f"{row['code']}\t{row['name']}" for row in rows] or ["还没有指标体系。"])


@framework_group.command("load")
@click.argument("file", type=FILE, required=False)
@click.option("--county", required=True, metavar="CODE", help="the county that keeps it, e.g. 141022")
@click.option("--year", type=click.IntRange(2000, 2100), help="default: this year")
@click.option("--code", help="default: the file's own")
@json_option
def framework_load(file: Path | None, county: str, year: int | None, code: str | None, as_json: bool) -> None:
    """Load a framework from JSON for the counties of a city; without a file the shipped template."""
    today = business_day()
    region = Region.objects.filter(pk=county, kind=RegionKind.COUNTY).select_related("parent").first()
    if region is None or region.parent is None:
        raise NotFoundError(f"没有代码为“{county}”的县（市、区），或者它没有上级市。请先运行 yiqi init。")
    try:
        data: Any = json.loads((file or TEMPLATE).read_text(encoding="utf-8"))
    except ValueError as error:
        raise InvalidInputError(f"文件不是有效的 JSON：{error}", code="not_json") from None
    if not isinstance(data, dict):
        raise InvalidInputError("指标体系文件应是一个JSON对象。", code="framework_file")
    data["code"] = code or data.get("code")
    homeless = _without_unknown_units(data, region)
    with transaction.atomic():
        by = operator(region, today=today)
        made = load_framework(
            by=by, today=today, region=region.parent, data=data, year=year or today.year, unit_region=region
        )
    facts = {"code": made.code, "name": made.name, "indicators": made.indicators.count()}
    show(
        facts,
        as_json=as_json,
        lines=lambda: [f"已装入“{made.name}”，共{facts['indicators']}项指标，核对后请启用。", *homeless],
    )


def _without_unknown_units(data: dict[str, Any], region: Region) -> list[str]:
    """Leave out lead units that the county has not made yet; one line that says so."""
    known = set(units_of(region.code).values_list("code", flat=True))
    listed = data.get("indicators")
    rows = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    rows = [row for row in rows if str(row.get("lead_unit")) not in known]
    for row in rows:
        row["lead_unit"] = None
    return [f"其中{len(rows)}项的牵头单位尚未建立，已留空。"] if rows else []


@framework_group.command("activate")
@click.argument("code")
@json_option
def framework_activate(code: str, as_json: bool) -> None:
    """Put a framework into force once its points add up."""
    today, framework = business_day(), framework_of_code(code)
    with transaction.atomic():
        by = operator(framework.keeper, today=today)
        made = activate_framework(by=by, today=today, framework=framework)
    facts = {"code": made.code, "name": made.name, "status": made.status}
    show(facts, as_json=as_json, lines=lambda: [f"“{made.name}”已启用。"])


@click.group("round")
def round_group() -> None:
    """Appraisal rounds."""


def _period(day: date) -> str:
    """The month whose figures are out on a day: the one before."""
    year, month = (day.year, day.month - 1) if day.month > 1 else (day.year - 1, 12)
    return f"{year}-{month:02}"


@round_group.command("run")
@click.option("--framework", required=True, metavar="CODE")
@click.option("--as-of", "as_of", required=True, type=click.DateTime(["%Y-%m-%d"]), metavar="DATE")
@click.option("--period", metavar="YYYY-MM", help="default: the month before")
@click.option("--publish", is_flag=True, help="freeze and publish the round")
@json_option
def round_run(framework: str, as_of: datetime, period: str | None, publish: bool, as_json: bool) -> None:
    """Score and rank all counties with the figures approved by a day."""
    target = framework_of_code(framework)
    today = business_day()
    with transaction.atomic():
        by = operator(target.keeper, today=today)
        made = run_round(
            by=by,
            today=today,
            now=clock.now(),
            framework=target,
            period=period or _period(as_of.date()),
            as_of=as_of.date(),
        )
        if publish:
            made = publish_round(by=by, today=today, round=made)
    standings = [
        {
            "region": row.region_id,
            "name": row.region.name,
            "points": None if row.published_points is None else float(row.published_points),
            "rank": row.rank,
            "in_tier": row.in_tier,
        }
        for row in made.standings.filter(block=None).select_related("region").order_by("rank", "region_id")
    ]
    facts = {
        "round": made.number,
        "period": made.period,
        "as_of": made.as_of.isoformat(),
        "status": made.status,
        "input_digest": made.input_digest,
        "result_digest": made.result_digest,
        "standings": standings,
        "warnings": made.warnings,
    }
    show(
        facts,
        as_json=as_json,
        lines=lambda: [f"第{row['rank']}位\t{row['name']}\t{row['points']}" for row in standings],
    )


@click.group("week")
def week_group() -> None:
    """The weekly dispatch meeting."""


def _week_facts(week: Week) -> dict[str, Any]:
    items = week.items.select_related("force__unit").order_by("order")
    return {
        "number": week.number,
        "monday": week.monday.isoformat(),
        "status": week.status,
        "items": [
            {
                "order": item.order,
                "kind": item.kind,
                "force": item.force.code if item.force else None,
                "title": item.title,
                "reason": item.reason,
                "status": item.status,
            }
            for item in items
        ],
    }


def _show_week(week: Week, *, as_json: bool) -> None:
    facts = _week_facts(week)
    show(
        facts,
        as_json=as_json,
        lines=lambda: [
            f"第{week.number}期（{week.monday:%Y-%m-%d}）{week.get_status_display()}",
            *(f"  {item['order']}. {item['title']}：{item['reason']}" for item in facts["items"]),
        ],
    )


@week_group.command("open")
@click.option("--campaign", metavar="CODE", help="default: the active one")
@json_option
def week_open(campaign: str | None, as_json: bool) -> None:
    """Open this week's meeting and draw up its agenda; an open one is shown as it is."""
    target, today = campaign_of(campaign), business_day()
    by = operator(target.region, today=today)
    _show_week(open_week(by=by, today=today, campaign=target, how=Opening.COMMAND), as_json=as_json)


@week_group.command("close")
@click.option("--campaign", metavar="CODE", help="default: the active one")
@json_option
def week_close(campaign: str | None, as_json: bool) -> None:
    """Close the open week: what is not decided is put off, the record is frozen."""
    target, today = campaign_of(campaign), business_day()
    week = Week.objects.filter(campaign=target, status=WeekStatus.OPEN).order_by("monday").first()
    if week is None:
        raise NotFoundError("没有正在筹备的调度会。")
    pending = week.items.filter(status=AgendaStatus.PENDING).count()
    by = operator(target.region, today=today)
    closed = close_week(by=by, today=today, week=week)
    if pending:
        say(f"有{pending}项议题未审议，已顺延下期。")
    _show_week(closed, as_json=as_json)


@click.group("report")
def report_group() -> None:
    """The fortnightly report."""


@report_group.command("export")
@click.argument("which", metavar="latest|NUMBER")
@click.option("--format", "kind", type=click.Choice(["docx", "pdf"]), default="docx", show_default=True)
@click.option("--output", required=True, type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--campaign", metavar="CODE", help="default: the active one")
@json_option
def report_export(which: str, kind: str, output: Path, campaign: str | None, as_json: bool) -> None:
    """Write a report as an official document."""
    reports = Report.objects.filter(campaign=campaign_of(campaign)).order_by("-ends", "-number")
    if which != "latest":
        if not which.isdecimal():
            raise click.BadParameter("expects latest or a number", param_hint="latest|NUMBER")
        reports = reports.filter(number=int(which))
    report = reports.first()
    if report is None:
        raise NotFoundError("没有可以导出的报告。")
    if not output.resolve().parent.is_dir():
        raise click.BadParameter(f"文件夹“{output.parent}”不存在", param_hint="--output")
    document = report_document(report)
    if kind == "pdf":
        say("正在生成 PDF…")
    output.write_bytes(render_docx(document) if kind == "docx" else render_pdf(document))
    facts = {
        "number": report.number,
        "document_number": report.document_number,
        "output": str(output),
        "bytes": output.stat().st_size,
    }
    show(facts, as_json=as_json, lines=lambda: [f"{report.document_number} → {output}"])

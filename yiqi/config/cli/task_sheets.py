"""``yiqi import tasks``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from django.db import transaction

from yiqi.config.cli.acting import campaign_of, operator
from yiqi.config.cli.frame import FINDINGS, business_day, json_option, show
from yiqi.config.cli.sheets import DRY, FILE, only, size_checked, told_notes
from yiqi.kit import clock
from yiqi.plan.operations import apply_tasks, preview_tasks

TASK_KEYS = (
    *("row", "action", "code", "title", "measure", "lead_unit", "support_units", "deadline", "ongoing"),
    *("frequency", "state", "notes"),
)


@click.command("tasks")
@click.argument("file", type=FILE)
@click.option("--campaign", required=True, metavar="CODE")
@DRY
@json_option
def import_tasks(file: Path, campaign: str, dry_run: bool, as_json: bool) -> int:
    """Import a task breakdown (.xlsx, .xls, .csv, .docx); status 1 when some rows could not be read."""
    target = campaign_of(campaign)
    today, now, data = business_day(), clock.now(), size_checked(file)
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
            *told_notes(result["rows"], "title"),
            f"共{len(result['rows'])}行，错误{result['errors']}行，跳过{len(result['skipped'])}行；{done}。",
        ]

    rows = only(result["rows"], TASK_KEYS)
    told = {"rows": rows, "skipped": result["skipped"], "errors": result["errors"]}
    told |= {} if dry_run else {"written": len(readable)}
    show(told, as_json=as_json, lines=lines)
    return FINDINGS if result["errors"] else 0

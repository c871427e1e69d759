"""``yiqi import observations``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from django.db import transaction

from yiqi.appraisal.operations import apply_league, preview_league
from yiqi.config.cli.acting import framework_of_code, operator
from yiqi.config.cli.frame import FINDINGS, business_day, json_option, show
from yiqi.config.cli.sheets import DRY, FILE, only, size_checked, told_notes
from yiqi.kit import clock

CELL_KEYS = ("region", "indicator", "indicator_name", "unit", "value", "rank", "state", "notes")


@click.command("observations")
@click.argument("file", type=FILE)
@click.option("--framework", required=True, metavar="CODE")
@click.option("--period", required=True, metavar="YYYY-MM")
@DRY
@json_option
def import_observations(file: Path, framework: str, period: str, dry_run: bool, as_json: bool) -> int:
    """Import a league sheet of the city; status 1 when some cells could not be read."""
    target = framework_of_code(framework)
    today, now, data = business_day(), clock.now(), size_checked(file)
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
            *told_notes(result["cells"], "indicator_name"),
            f"共{len(result['cells'])}个单元格，错误{result['errors']}个，跳过{len(result['skipped'])}行；{done}。",
        ]

    cells = only(result["cells"], CELL_KEYS)
    told = {"cells": cells, "skipped": result["skipped"], "errors": result["errors"]}
    told |= {} if dry_run else {"written": len(written)}
    show(told, as_json=as_json, lines=lines)
    return FINDINGS if result["errors"] else 0

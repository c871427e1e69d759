"""``yiqi import tasks``."""

from __future__ import annotations

from pathlib import Path

import click

from yiqi.config.cli.acting import campaign_of
from yiqi.config.cli.frame import json_option
from yiqi.config.cli.sheets import DRY, FILE, ImportWords, import_file
from yiqi.plan.operations import TASK_SHEET

WORDS = ImportWords("title", "行", "行", "已导入{}项任务")


@click.command("tasks")
@click.argument("file", type=FILE)
@click.option("--campaign", required=True, metavar="CODE")
@DRY
@json_option
def import_tasks(file: Path, campaign: str, dry_run: bool, as_json: bool) -> int:
    """Import a task breakdown (.xlsx, .xls, .csv, .docx); status 1 when some rows could not be read."""
    target = campaign_of(campaign)
    return import_file(
        TASK_SHEET, file, subject=target, region=target.region, words=WORDS, dry_run=dry_run, as_json=as_json
    )

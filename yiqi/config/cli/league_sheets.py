"""``yiqi import observations``."""

from __future__ import annotations

from pathlib import Path

import click

from yiqi.appraisal.operations import LEAGUE_SHEET
from yiqi.config.cli.acting import framework_of_code
from yiqi.config.cli.frame import json_option
from yiqi.config.cli.sheets import DRY, FILE, ImportWords, import_file

WORDS = ImportWords("indicator_name", "个单元格", "个", "写入{}个数据")


@click.command("observations")
@click.argument("file", type=FILE)
@click.option("--framework", required=True, metavar="CODE")
@click.option("--period", required=True, metavar="YYYY-MM")
@DRY
@json_option
def import_observations(file: Path, framework: str, period: str, dry_run: bool, as_json: bool) -> int:
    """Import a league sheet of the city; status 1 when some cells could not be read."""
    target = framework_of_code(framework)
    return import_file(
        LEAGUE_SHEET,
        file,
        subject=target,
        region=target.keeper,
        period=period,
        words=WORDS,
        dry_run=dry_run,
        as_json=as_json,
    )

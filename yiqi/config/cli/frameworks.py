"""``yiqi framework load`` and ``activate``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from django.db import transaction

from yiqi.appraisal.operations import activate_framework, load_framework
from yiqi.config.cli.acting import framework_of_code, operator
from yiqi.config.cli.frame import business_day, json_option, show
from yiqi.config.cli.sheets import FILE
from yiqi.core.enums import RegionKind
from yiqi.core.models import Region
from yiqi.core.queries import units_of
from yiqi.demo import DATA
from yiqi.kit.errors import InvalidInputError, NotFoundError

TEMPLATE = DATA / "framework.json"


@click.command("load")
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


@click.command("activate")
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

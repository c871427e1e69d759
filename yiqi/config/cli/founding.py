"""``yiqi init``: the first records of an own county."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from django.db import transaction

from yiqi.config.cli.acting import office_of
from yiqi.config.cli.frame import business_day, json_option, show
from yiqi.core.enums import RegionKind, Role
from yiqi.core.models import Person, Region
from yiqi.core.operations import appoint, create_person, load_regions, random_password, seed_calendar
from yiqi.demo import DATA
from yiqi.kit.errors import ConflictError, InvalidInputError


@transaction.atomic
def found_county(region: Region, *, username: str, password: str, today: date) -> bool:
    """An assessment office and the system administrator; False where the account exists already."""
    if Person.objects.filter(username__iexact=username).exists():
        return False
    unit = office_of(region, today=today)
    person = create_person(
        by=None,
        today=today,
        username=username,
        name="系统管理员",
        password=password,
        region_code=region.code,
        must_change_password=True,
    )
    appoint(by=None, today=today, person=person, role=Role.ADMIN, unit=unit, region=region, starts=today)
    return True


@click.command("init")
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

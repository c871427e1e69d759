"""The whole road: template, the city's sheet of examples, a round, standings, and why, to the last point."""

from __future__ import annotations

import csv
import json
import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import yiqi
from tests.world import TODAY, World
from yiqi.appraisal.models import Round
from yiqi.appraisal.operations import (
    LEAGUE_SHEET,
    activate_framework,
    load_framework,
    publish_round,
    run_round,
)
from yiqi.appraisal.queries import explain_cell, gap_list, score_cells, standings_table
from yiqi.core.enums import RegionKind, UnitKind
from yiqi.core.models import Region, Unit
from yiqi.core.operations.uploads import apply_upload, preview_upload
from yiqi.kit import clock
from yiqi.kit.wording import figure

DATA = Path(yiqi.__file__).parent / "demo" / "data"
EXAMPLE = Path(yiqi.__file__).parent.parent / "examples" / "league-sheet-2021-08.xlsx"


def whole_league(world: World) -> None:
    """The seventeen counties, and the units that lead indicators in the template."""
    with (DATA / "linfen_regions.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if len(row["code"]) == 6 and row["code"] != "141000"]
    known = set(Region.objects.values_list("code", flat=True))
    Region.objects.bulk_create(
        Region(code=row["code"], name=row["name"], kind=RegionKind.COUNTY, parent=world.city)
        for row in rows
        if row["code"] not in known
    )
    codes = {row["lead_unit"] for row in template()["indicators"]} - set(Unit.objects.values_list("code", flat=True))
    Unit.objects.bulk_create(
        Unit(region=world.county, code=code, name=code, kind=UnitKind.BUREAU) for code in sorted(codes)
    )


def template() -> dict[str, Any]:
    """The template of the demonstration."""
    data: dict[str, Any] = json.loads((DATA / "framework.json").read_text(encoding="utf-8"))
    return data


@pytest.fixture
def published(world: World) -> Round:
    """A published round of the seventeen counties from the example sheet."""
    whole_league(world)
    by = {"by": world.who("office"), "today": TODAY}
    framework = load_framework(region=world.city, data=template(), year=2021, unit_region=world.county, **by)
    activate_framework(framework=framework, **by)
    file = {"data": EXAMPLE.read_bytes(), "filename": EXAMPLE.name}
    made = preview_upload(LEAGUE_SHEET, now=clock.now(), subject=framework, period="2021-08", **file, **by)
    apply_upload(LEAGUE_SHEET, now=clock.now(), upload=made, **by)
    trial = run_round(now=clock.now(), framework=framework, period="2021-08", as_of=TODAY, **by)
    return publish_round(round=trial, **by)


def test_the_explained_points_add_up_to_the_published_score(world: World, published: Round) -> None:
    who = world.who("leader")
    table = standings_table(who, published)
    assert len(table.rows) == 17
    for row in table.rows:
        cells = score_cells(who, published, row.region)
        told = [cell.steps[-2]["output"] for cell in cells]
        assert told == [cell.points for cell in cells]
        counted = published.parameters["total_blocks"]
        lacking = [item for item in row.blocks if item.block.code in counted and item.points is None]
        entered = [cell.points for cell in cells if cell.indicator.block.code in counted and cell.points is not None]
        assert row.total.points == (None if lacking else math.fsum(entered))
        for standing in row.blocks:
            mine = [
                cell.points
                for cell in cells
                if cell.indicator.block_id == standing.block_id and cell.points is not None
            ]
            assert standing.points is None or standing.points == math.fsum(mine)
        assert all(len(explain_cell(who, cell)) == 4 for cell in cells)


def test_points_and_loss_make_the_full_marks_as_printed(world: World, published: Round) -> None:
    who = world.who("leader")
    rows = gap_list(who, published, world.county)
    printed = [tuple(Decimal(figure(value, 2)) for value in (row.cell.points, row.lost, row.full)) for row in rows]
    assert [earned + lost for earned, lost, _full in printed] == [full for _earned, _lost, full in printed]
    assert [row.lost for row in rows] == sorted((row.lost for row in rows), reverse=True)


def test_places_follow_the_points(world: World, published: Round) -> None:
    rows = standings_table(world.who("leader"), published).rows
    points = [row.total.points for row in rows if row.total.points is not None]
    assert points == sorted(points, reverse=True)
    assert sum(row.total.in_tier for row in rows) == min(6, len(points))


def test_a_round_of_the_whole_league_takes_few_statements(world: World, published: Round) -> None:
    with CaptureQueriesContext(connection) as statements:
        run_round(
            by=world.who("office"),
            today=TODAY,
            now=clock.now(),
            framework=published.framework,
            period="2021-08",
            as_of=TODAY,
        )
    assert len(statements) <= 24  # whatever the number of counties and indicators

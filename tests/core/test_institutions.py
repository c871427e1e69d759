"""Regions, units, settings, metrics."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.world import TODAY, World
from yiqi.core.doors import Metric
from yiqi.core.enums import SETTING_DEFAULTS, SettingKey, UnitKind
from yiqi.core.metrics import metric
from yiqi.core.models import AuditRecord, Region, Setting, Unit
from yiqi.core.operations import change_setting, create_unit, edit_unit, load_regions
from yiqi.core.queries import setting, settings_for, units_of
from yiqi.core.queries.settings import line_of, settings_overview
from yiqi.core.rules import Mandate
from yiqi.kit import offering
from yiqi.kit.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError


def last() -> AuditRecord:
    return AuditRecord.objects.order_by("-sequence")[0]


@pytest.mark.parametrize(
    ("code", "prefix"),
    [
        ("14", "14"),
        ("140000", "14"),
        ("141000", "1410"),
        ("141022", "141022"),
        ("141022100", "141022100"),
        ("142200", "1422"),
    ],
)
def test_the_prefix_of_a_region(code: str, prefix: str) -> None:
    assert Region(code=code).prefix == prefix


@pytest.mark.parametrize(
    ("name", "short"),
    [("翼城县", "翼城"), ("侯马市", "侯马"), ("尧都区", "尧都"), ("古县", "古县"), ("唐兴镇", "唐兴镇")],
)
def test_the_short_name_of_a_region(name: str, short: str) -> None:
    assert Region(name=name).short_name == short


def test_regions_are_read_from_a_table_once(db: None, tmp_path: Path) -> None:
    path = tmp_path / "regions.csv"
    path.write_text(
        "code,name,kind,parent,population_2020,area_km2\n14,山西省,province,,,\n141000,临汾市,city,14,3976481,\n"
        "141022,翼城县,county,141000,264181,1160\n",
        encoding="utf-8-sig",
    )
    added = load_regions(path, today=TODAY, source="统计局")
    assert [(r.code, r.parent_id, r.population_2020, r.area_km2, r.source) for r in added] == [
        ("14", None, None, None, "统计局"),
        ("141000", "14", 3976481, None, "统计局"),
        ("141022", "141000", 264181, 1160, "统计局"),
    ]
    assert (load_regions(path, today=TODAY), AuditRecord.objects.count()) == ([], 1)
    assert last().after == {"file": "regions.csv", "source": "统计局", "regions": ["14", "141000", "141022"]}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("14102,翼城县,county,", "region_code"),
        ("14102２,翼城县,county,", "region_code"),
        ("141022,翼城县,shire,", "region_kind"),
        ("151022,翼城县,county,14", "region_parent"),
    ],
)
def test_a_wrong_row_loads_nothing(db: None, tmp_path: Path, row: str, code: str) -> None:
    path = tmp_path / "regions.csv"
    path.write_text(f"code,name,kind,parent\n14,山西省,province,\n{row}\n", encoding="utf-8")
    with pytest.raises(InvalidInputError) as refusal:
        load_regions(path, today=TODAY)
    assert (refusal.value.code, Region.objects.count(), AuditRecord.objects.count()) == (code, 0, 0)


UNIT = {"code": "JYJ", "name": "教育局", "kind": UnitKind.BUREAU}


def test_a_unit_is_made_and_recorded(world: World, admin: Mandate) -> None:
    unit = create_unit(by=admin, today=TODAY, region=world.county, aliases=["县教育局"], **UNIT)
    assert (unit.label, last().verb, last().region_code) == ("教育局", "unit.create", "141022")
    with pytest.raises(InvalidInputError) as refusal:
        create_unit(by=admin, today=TODAY, region=world.county, **UNIT)
    assert refusal.value.code == "unit_code_taken"
    with pytest.raises(InvalidInputError):
        create_unit(by=admin, today=TODAY, region=world.county, code="X", name="x", kind="club")


@pytest.mark.parametrize(
    ("asker", "error"),
    [
        ("leader", NotAllowedError),
        ("office", NotAllowedError),
        ("auditor", NotAllowedError),
        ("outsider", NotFoundError),
    ],
)
def test_only_the_administrator_makes_units(world: World, asker: str, error: type) -> None:
    with pytest.raises(error):
        create_unit(by=world.who(asker), today=TODAY, region=world.county, **UNIT)
    with pytest.raises(error):
        edit_unit(by=world.who(asker), today=TODAY, unit=world.bureau, name="x")


def test_a_unit_is_edited_by_version(world: World, admin: Mandate) -> None:
    edit_unit(by=admin, today=TODAY, unit=world.bureau, version=1, short_name="发改", kind=UnitKind.BUREAU)
    assert (last().before, last().after) == ({"short_name": "发改局"}, {"short_name": "发改"})
    with pytest.raises(ConflictError):
        edit_unit(by=admin, today=TODAY, unit=world.bureau, version=1, short_name="x")
    with pytest.raises(TypeError):
        edit_unit(by=admin, today=TODAY, unit=world.bureau, code="x")
    with pytest.raises(InvalidInputError):
        edit_unit(by=admin, today=TODAY, unit=world.bureau, kind="club")
    assert Unit.objects.get(pk=world.bureau.pk).version == 2


def test_units_of_a_region_and_below(world: World, admin: Mandate) -> None:
    assert {unit.code for unit in units_of("141022")} == {"KHB", "FGJ", "HBJ", "TXZ", "ZB1", "ZB2"}
    assert {unit.code for unit in units_of("141000", [UnitKind.BUREAU])} == {"FGJ", "HBJ", "QWFGJ"}
    assert {unit.code for unit in units_of("141022100")} == {"TXZ"}
    edit_unit(by=admin, today=TODAY, unit=world.town, active=False)
    assert list(units_of("141022100")) == []


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("141022100", ["141022100", "141022", "141000", "1410", "140000", "14"]),
        ("141022", ["141022", "141000", "1410", "140000", "14"]),
        ("141000", ["141000", "1410", "140000", "14"]),
        ("14", ["1400", "14", "140000"]),
    ],
)
def test_the_line_of_a_region(code: str, line: list[str]) -> None:
    assert line_of(code) == line


def test_the_nearest_setting_is_in_force(world: World) -> None:
    key = SettingKey.YELLOW_DAYS
    assert (settings_for("141022"), setting("141022", key)) == (SETTING_DEFAULTS, 7)
    Setting.objects.create(region=world.city, key=key, value=10)
    Setting.objects.create(region=world.county, key=key, value=5)
    assert [setting(code, key) for code in ("141022", "141022100", "141021", "141000", "14")] == [5, 5, 10, 10, 7]
    with pytest.raises(KeyError):
        setting("141022", "light.colour")


def test_reading_all_settings_is_one_statement(world: World, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        settings_for("141022")


@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [
        (SettingKey.YELLOW_DAYS, 0, 0),
        (SettingKey.YELLOW_DAYS, 90, 90),
        (SettingKey.YELLOW_DAYS, 91, None),
        (SettingKey.YELLOW_DAYS, -1, None),
        (SettingKey.YELLOW_DAYS, 3.5, None),
        (SettingKey.YELLOW_DAYS, True, None),
        (SettingKey.YELLOW_DAYS, "7", None),
        (SettingKey.FEEDBACK_DAYS, 0, None),
        (SettingKey.MEETING_WEEKDAY, 7, 7),
        (SettingKey.MEETING_WEEKDAY, 8, None),
        (SettingKey.CLOCK_KIND, "working", "working"),
        (SettingKey.CLOCK_KIND, "lunar", None),
        (SettingKey.SECOND_FACTOR_ROLES, ["admin", "leader", "admin"], ["leader", "admin"]),
        (SettingKey.SECOND_FACTOR_ROLES, ["mayor"], None),
        (SettingKey.SECOND_FACTOR_ROLES, "admin", None),
        ("light.colour", 1, None),
    ],
)
def test_settings_take_what_fits(world: World, admin: Mandate, key: str, value: Any, kept: Any) -> None:
    try:
        change_setting(by=admin, today=TODAY, region=world.county, key=key, value=value)
        found = setting("141022", key)
    except InvalidInputError:
        found = None
    assert found == kept


def test_a_changed_setting_says_by_whom(world: World, admin: Mandate) -> None:
    key = SettingKey.YELLOW_DAYS
    change_setting(by=admin, today=TODAY, region=world.county, key=key, value=5, version=0)
    assert (last().before, last().after) == ({key: 7}, {key: 5})
    with pytest.raises(ConflictError):
        change_setting(by=admin, today=TODAY, region=world.county, key=key, value=6, version=0)
    row = next(row for row in settings_overview("141022") if row.key == key)
    assert (row.value, row.origin, row.changed_by, row.changed_on) == (5, "翼城县", "曹亮", TODAY)
    below = next(row for row in settings_overview("141022100") if row.key == key)
    assert (below.value, below.own, below.origin) == (5, None, "翼城县")
    with pytest.raises(NotFoundError):
        change_setting(by=admin, today=TODAY, region=world.city, key=key, value=6)


def test_metrics_are_offered_and_read_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def measure(region_code: str, today: date) -> Decimal:
        return Decimal(len(region_code) + today.day)

    monkeypatch.setattr(offering, "all_offers", lambda: (Metric("test.measure", measure),))
    assert metric("test.measure", region_code="141022", today=TODAY) == Decimal(12)
    with pytest.raises(LookupError):
        metric("test.nothing", region_code="141022", today=TODAY)

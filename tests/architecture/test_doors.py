"""A new app is entered by hand in two places: the layers of pyproject.toml and the settings."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

import pytest
from django.apps import apps as apps_registry
from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string

from tests.architecture.layers import PACKAGE, ROOT, app_layers, apps
from yiqi.core.doors import Addresses, ReportPart, Verbs
from yiqi.core.models import Person
from yiqi.core.rules import Mandate
from yiqi.core.subjects import Kind
from yiqi.kit.offering import all_offers, offered
from yiqi.kit.web.navigation import Entry, Panel, SearchField

# the files in which the apps may stand one after another
ENTERED = {"pyproject.toml", "yiqi/config/settings.py"}
LISTS = [ROOT / "pyproject.toml", *sorted(PACKAGE.rglob("*.py")), *sorted((ROOT / "scripts").glob("*.py"))]
LISTS += [path for path in sorted((ROOT / "tests").rglob("*.py")) if path != Path(__file__)]


def test_the_settings_and_the_layers_name_the_same_apps() -> None:
    installed = [name.removeprefix("yiqi.") for name in settings.INSTALLED_APPS if name.startswith("yiqi.")]
    named = {name for name in app_layers() if (PACKAGE / name).is_dir()}
    assert sorted(installed) == sorted(named - {"config", "engine"})
    heights = [app_layers()[name] for name in installed]
    assert heights == sorted(heights)  # lower apps first: a higher one may replace a template


def test_every_app_offers_its_addresses() -> None:
    assert sorted({at.module.split(".")[1] for at in offered(Addresses)}) == sorted(apps())


def lines_of_apps(path: Path) -> list[str]:
    """Places where three apps and more are named together, other than in imports and references."""
    words = "|".join(apps())
    text = path.read_text(encoding="utf-8")
    listed = re.findall(
        rf"""(?:["'(](?:yiqi\.)?(?:{words})(?:\.urls)?["')][,:\s]*(?:path\("[a-z/]*",\s*)?){{3,}}""", text
    )
    return [f"{path.relative_to(ROOT)}: {found[:60]}" for found in listed]


def test_apps_are_listed_nowhere_else() -> None:
    found = [line for path in LISTS for line in lines_of_apps(path)]
    assert sorted({line.partition(":")[0] for line in found} - ENTERED) == []


def test_the_check_finds_a_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.architecture.test_doors.ROOT", tmp_path)
    (tmp_path / "x.py").write_text('APPS = ("core", "plan", "appraisal")')
    assert len(lines_of_apps(tmp_path / "x.py")) == 1


def test_what_is_offered_is_there() -> None:
    assert [panel.draw for panel in offered(Panel) if not callable(import_string(panel.draw))] == []
    assert [place.url_name for place in (*offered(Entry), *offered(SearchField)) if not reverse(place.url_name)] == []
    orders = [entry.order for entry in offered(Entry)]
    assert len(set(orders)) == len(orders)


def test_nothing_is_offered_twice() -> None:
    verbs = [verb for one in offered(Verbs) for verb in one.labels]
    names = [(type(one), one.name) for one in all_offers() if hasattr(one, "name")]
    assert (len(set(verbs)), len(set(names))) == (len(verbs), len(names))


def test_a_kind_is_a_model_and_shows_what_it_names() -> None:
    kinds = offered(Kind)
    assert len({kind.key for kind in kinds}) == len(kinds)
    nobody = Mandate(Person())
    for kind in kinds:
        assert kind.visible(nobody).model._meta.label_lower == kind.key
        kind.visible(nobody).select_related(*kind.joins).order_by(*kind.order)


def test_what_dispatch_keeps_by_foreign_key_has_a_kind_and_points_down() -> None:
    keys = {kind.key for kind in offered(Kind)}
    for model in apps_registry.get_models():
        for key, column in getattr(model, "COLUMNS", {}).items():
            assert model._meta.get_field(column).related_model._meta.label_lower == key
            assert key in keys


def test_parts_of_one_section_stand_together() -> None:
    sections = [part.section for part in sorted(offered(ReportPart), key=lambda part: part.order)]
    assert [key for key, _parts in groupby(sections)] == list(dict.fromkeys(sections))

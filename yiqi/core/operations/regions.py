"""Regions, read from a table of codes."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from yiqi.core.enums import RegionKind
from yiqi.core.models import Region
from yiqi.core.operations.audit import record
from yiqi.core.operations.gate import admit_installer
from yiqi.core.rules import Mandate
from yiqi.kit.errors import InvalidInputError

CODE_LENGTHS = (2, 4, 6, 9, 12)


def _checked(code: str, name: str, kind: str, parent: Region | None) -> None:
    if not (code.isdecimal() and code.isascii() and len(code) in CODE_LENGTHS):
        raise InvalidInputError(
            _("区划代码“%(code)s”不对：应为2、4、6、9或12位数字（GB/T 2260）。") % {"code": code}, code="region_code"
        )
    if kind not in RegionKind.values:
        raise InvalidInputError(
            _("区划“%(name)s”的级别“%(kind)s”无法识别。") % {"name": name, "kind": kind}, code="region_kind"
        )
    if parent is not None and not code.startswith(parent.prefix):
        raise InvalidInputError(
            _("区划“%(name)s”（%(code)s）不在上级“%(parent)s”（%(prefix)s）之下。")
            % {"name": name, "code": code, "parent": parent.name, "prefix": parent.prefix},
            code="region_parent",
        )


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _read(row: dict[str, str], source: str) -> Region:
    parent = Region.objects.filter(pk=row["parent"]).first() if row.get("parent") else None
    _checked(row["code"], row["name"], row["kind"], parent)
    facts: dict[str, Any] = {
        "name": row["name"],
        "name_en": row.get("name_en") or "",
        "kind": row["kind"],
        "parent": parent,
        "population_2020": _number(row.get("population_2020")),
        "area_km2": _number(row.get("area_km2")),
        "source": source,
    }
    return Region.objects.create(code=row["code"], **facts)


@transaction.atomic
def load_regions(path: Path | str, *, today: date, by: Mandate | None = None, source: str = "") -> list[Region]:
    """Add the regions of a CSV file (code, name, kind, parent, population_2020, area_km2, perhaps name_en).

    Parents come before their children. A code that exists already is left as it is, so that loading twice does
    nothing; returns what was added. One audit record for the file. InvalidInputError names the first wrong row.
    """
    admit_installer(by, "")
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    known = set(Region.objects.values_list("pk", flat=True))
    added = [_read(row, source) for row in rows if row["code"] not in known]
    if added:
        after = {"file": Path(path).name, "source": source, "regions": [region.code for region in added]}
        record(by=by, verb="region.load", target=added[0], region_code="", today=today, after=after)
    return added

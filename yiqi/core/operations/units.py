"""Units of a region."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from yiqi.core.enums import UnitKind
from yiqi.core.models import Region, Unit
from yiqi.core.operations.audit import record
from yiqi.core.operations.gate import admit_administrator, admit_installer
from yiqi.core.rules import Mandate
from yiqi.kit.errors import InvalidInputError
from yiqi.kit.records import changed, locked, save

EDITABLE = ("name", "short_name", "name_en", "kind", "aliases", "order", "active")


def _check_kind(kind: str) -> None:
    if kind not in UnitKind.values:
        raise InvalidInputError(_("单位类别“%(kind)s”无法识别。") % {"kind": kind}, code="unit_kind")


@transaction.atomic
def create_unit(
    *,
    by: Mandate | None,
    today: date,
    region: Region,
    code: str,
    name: str,
    kind: str,
    short_name: str = "",
    name_en: str = "",
    aliases: Sequence[str] = (),
    order: int = 0,
    demo: bool = False,
    source: str = "",
) -> Unit:
    """Add a unit; InvalidInputError when the region has the code already or the kind is unknown."""
    admit_installer(by, region.code)
    _check_kind(kind)
    if Unit.objects.filter(region=region, code=code).exists():
        raise InvalidInputError(
            _("单位代码“%(code)s”在%(region)s已经使用。") % {"code": code, "region": region.name},
            code="unit_code_taken",
        )
    unit = Unit.objects.create(
        region=region,
        code=code,
        name=name,
        kind=kind,
        short_name=short_name,
        name_en=name_en,
        aliases=list(aliases),
        order=order,
        demo=demo,
        source=source,
    )
    after = {"code": code, "name": name, "kind": kind, "short_name": short_name, "aliases": list(aliases)}
    record(by=by, verb="unit.create", target=unit, region_code=region.code, today=today, after=after)
    return unit


@transaction.atomic
def edit_unit(*, by: Mandate, today: date, unit: Unit, version: int | None = None, **changes: Any) -> Unit:
    """Change any of EDITABLE; the code stays, because imports and records name the unit by it.

    Raises ConflictError for a stale form, InvalidInputError for an unknown kind, TypeError for another field. What is
    the same as before is not recorded; nothing changed at all leaves no record.
    """
    held = locked(Unit.objects.all(), unit.pk)
    admit_administrator(by, held.region_id)
    held.expect_version(version)
    _check_kind(changes.get("kind", held.kind))
    before, after = changed(held, EDITABLE, changes)
    if not after:
        return held
    save(held)
    record(
        by=by,
        verb="unit.edit",
        target=held,
        region_code=held.region_id,
        today=today,
        before=before,
        after=after,
    )
    return held

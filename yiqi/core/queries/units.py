"""Units of a region."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from yiqi.core.models import Region, Unit
from yiqi.core.queries.mandates import within


def units_of(region_code: str, kinds: Iterable[str] | None = None) -> QuerySet[Unit]:
    """The units in use in the region and below, perhaps of some kinds only, in their order."""
    units = Unit.objects.filter(within("region__code", [Region(code=region_code).prefix]), active=True)
    return units if kinds is None else units.filter(kind__in=list(kinds))


def unit_index(region_code: str) -> dict[str, Unit]:
    """Every name by which an import may call a unit: code, name, short name, aliases.

    A name wins over an alias; an alias that two units share is left out, because it names neither.
    """
    units = list(units_of(region_code).select_related("region"))
    names: dict[str, Unit] = {}
    for unit in reversed(units):
        names |= {name: unit for name in (unit.short_name, unit.name, unit.code) if name}
    aliases: dict[str, set[Unit]] = {}
    for unit in units:
        for alias in unit.aliases:
            aliases.setdefault(alias, set()).add(unit)
    clear = {alias: next(iter(owners)) for alias, owners in aliases.items() if len(owners) == 1}
    return clear | names

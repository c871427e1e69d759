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

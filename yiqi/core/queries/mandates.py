"""What a person may reach today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from yiqi.core.enums import RegionKind
from yiqi.core.models import Appointment, Person, Region
from yiqi.core.rules import Mandate, Post


def mandate_of(person: Person, *, today: date) -> Mandate:
    """The person with the appointments in force on ``today``, read in one statement."""
    held = (
        Appointment.objects.filter(person=person, starts__lte=today)
        .filter(Q(ends__isnull=True) | Q(ends__gte=today))
        .select_related("unit", "region", "unit__region")
        .order_by("id")
    )
    posts: list[Post] = []
    home: Region | None = None
    for appointment in held:
        posts.append(Post(appointment.role, appointment.unit_id, appointment.unit.kind, appointment.region.prefix))
        region = appointment.region
        if home is None or (home.kind != RegionKind.COUNTY and region.kind == RegionKind.COUNTY):
            home = region
    return Mandate(person=person, posts=tuple(posts), home=home)


def within(field: str, prefixes: Iterable[str]) -> Q:
    """Rows whose region code in ``field`` lies under one of the prefixes; no prefix means no row.

    ``field`` is a text column, or the column of a foreign key to Region (``region_id``): the key is the code itself.
    """
    if field.endswith("region_id"):
        field = field.removesuffix("_id") + "__code"
    condition = Q(pk__in=())
    for prefix in sorted(prefixes):
        condition |= Q(**{f"{field}__startswith": prefix})
    return condition

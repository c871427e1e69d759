"""The first records of an own county."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from yiqi.core.enums import Role, UnitKind
from yiqi.core.models import Person, Region, Unit
from yiqi.core.operations import appoint, create_person, create_unit


@transaction.atomic
def found_county(region: Region, *, username: str, password: str, today: date) -> bool:
    """An assessment office and the system administrator; False where the account exists already."""
    if Person.objects.filter(username__iexact=username).exists():
        return False
    unit = Unit.objects.filter(region=region, kind=UnitKind.OFFICE).order_by("order", "id").first()
    if unit is None:
        unit = create_unit(
            by=None, today=today, region=region, code="OFFICE", name="考核督查办公室", kind=UnitKind.OFFICE
        )
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

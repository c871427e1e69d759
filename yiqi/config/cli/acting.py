"""In whose name a command acts, and upon what."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from yiqi.appraisal.models import Framework
from yiqi.core.enums import Role, UnitKind
from yiqi.core.models import Person, Region, Unit
from yiqi.core.operations import appoint, create_person, create_unit
from yiqi.core.queries import mandate_of
from yiqi.core.rules import Mandate
from yiqi.demo import OPERATOR
from yiqi.kit.errors import NotFoundError
from yiqi.plan.enums import CampaignStatus
from yiqi.plan.models import Campaign


def office_of(region: Region, *, today: date) -> Unit:
    """The assessment office of a county, made where there is none."""
    unit = Unit.objects.filter(region=region, kind=UnitKind.OFFICE).order_by("order", "id").first()
    return unit or create_unit(
        by=None, today=today, region=region, code="OFFICE", name="考核督查办公室", kind=UnitKind.OFFICE
    )


@transaction.atomic
def operator(region: Region, *, today: date) -> Mandate:
    """The person in whose name a command acts: a named account that cannot log in, so that the trail tells it apart."""
    person = Person.objects.filter(username=OPERATOR).first()
    if person is None:
        person = create_person(
            by=None, today=today, username=OPERATOR, name="命令行操作员", password=None, region_code=region.code
        )
    mandate = mandate_of(person, today=today)
    if not mandate.reaches(region.code, Role.OFFICE):
        unit = office_of(region, today=today)
        appoint(
            by=None, today=today, person=person, role=Role.OFFICE, unit=unit, region=region, starts=date(2000, 1, 1)
        )
        mandate = mandate_of(person, today=today)
    return mandate


def campaign_of(code: str | None) -> Campaign:
    """The campaign of that code, or the one that is active; NotFoundError names what exists."""
    if code is not None:
        found = Campaign.objects.filter(code=code).select_related("region").first()
    else:
        found = (
            Campaign.objects.filter(status=CampaignStatus.ACTIVE).select_related("region").order_by("-starts").first()
        )
    if found is None:
        known = "、".join(Campaign.objects.values_list("code", flat=True)) or "（还没有）"
        raise NotFoundError(f"没有代码为“{code}”的专项行动。现有：{known}" if code else "没有进行中的专项行动。")
    return found


def framework_of_code(code: str) -> Framework:
    """The framework of that code; NotFoundError names what exists."""
    found = Framework.objects.filter(code=code).select_related("keeper").first()
    if found is None:
        known = "、".join(Framework.objects.values_list("code", flat=True)) or "（还没有）"
        raise NotFoundError(f"没有代码为“{code}”的指标体系。现有：{known}")
    return found

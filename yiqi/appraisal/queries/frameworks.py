"""Frameworks, indicators, and the counties that are ranked, as far as a person sees them."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from yiqi.appraisal.enums import FrameworkStatus
from yiqi.appraisal.models import Framework, Indicator
from yiqi.appraisal.rules import BUSINESS_ROLES
from yiqi.core.enums import RegionKind
from yiqi.core.models import Region
from yiqi.core.queries.settings import line_of
from yiqi.core.rules import Mandate
from yiqi.kit.records import missing


def kept_for(who: Mandate, field: str = "keeper__code") -> Q:
    """Rows of frameworks kept in a region that the person works in, above, or below; nothing for an administrator."""
    condition = Q(pk__in=())
    for prefix in sorted(who.prefixes(*BUSINESS_ROLES)):
        condition |= Q(**{f"{field}__startswith": prefix}) | Q(**{f"{field}__in": line_of(prefix)})
    return condition


def frameworks_for(who: Mandate) -> QuerySet[Framework]:
    """The frameworks that the person sees."""
    return Framework.objects.filter(kept_for(who)).select_related("region", "keeper")


def framework_for(who: Mandate, pk: int) -> Framework:
    """One of them; NotFoundError otherwise."""
    framework = frameworks_for(who).filter(pk=pk).first()
    if framework is None:
        raise missing()
    return framework


def current_framework(who: Mandate, today: date) -> Framework | None:
    """The active framework of this year, else the newest one in force; None when there is none."""
    active = frameworks_for(who).exclude(status=FrameworkStatus.DRAFT)
    return active.filter(year__lte=today.year).order_by("-year", "status", "code").first()


def indicator_for(who: Mandate, pk: int) -> Indicator:
    """One indicator with its framework and lead unit; NotFoundError otherwise."""
    rows = Indicator.objects.filter(kept_for(who, "framework__keeper__code"))
    found = rows.filter(pk=pk).select_related("framework__keeper", "framework__region", "block", "lead_unit").first()
    if found is None:
        raise missing()
    return found


def league_of(framework: Framework) -> QuerySet[Region]:
    """The counties that the framework ranks, by code."""
    return Region.objects.filter(kind=RegionKind.COUNTY, code__startswith=framework.region.prefix).order_by("code")

"""Reaching a record for an operation: out of sight is not found, in sight but not one's own is not allowed."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiqi.appraisal.models import Framework, Indicator
from yiqi.appraisal.rules import keeps_framework, sees_league
from yiqi.core.models import Region
from yiqi.core.rules import Mandate
from yiqi.kit.errors import InvalidInputError
from yiqi.kit.records import ensure, locked, missing

OFFICE_ONLY = gettext_lazy("只有考核督查人员可以进行这项操作。")


def kept_framework(by: Mandate, framework: Framework, *, lock: bool = False) -> Framework:
    """The framework, if ``by`` works in the office that keeps it."""
    if lock:
        framework = locked(Framework.objects.select_related("keeper", "region"), framework.pk)
    if not sees_league(by, framework):
        raise missing()
    ensure(keeps_framework(by, framework), OFFICE_ONLY, "office_only")
    return framework


def in_league(framework: Framework, region: Region) -> Region:
    """The region, if the framework ranks it; InvalidInputError otherwise."""
    if not region.code.startswith(framework.region.prefix):
        message = _("%(region)s不在“%(name)s”的考核范围内。") % {"region": region.name, "name": framework.name}
        raise InvalidInputError(message, code="region_outside", data={"region": region.code})
    return region


def of_framework(indicator: Indicator) -> Indicator:
    """The indicator with its framework, keeper and lead unit read once."""
    rows = Indicator.objects.select_related("framework__keeper", "framework__region", "lead_unit", "block")
    return rows.get(pk=indicator.pk)

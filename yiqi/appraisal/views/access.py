"""What the pages share: who reads, which framework is meant, the months that can be chosen, workbooks to download."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from yiqi.appraisal.forms.figures import month_choices
from yiqi.appraisal.models import Framework
from yiqi.appraisal.operations.access import kept_framework
from yiqi.appraisal.queries import current_framework, framework_for
from yiqi.appraisal.rules import BUSINESS_ROLES
from yiqi.core.rules import Mandate
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit import clock
from yiqi.kit.errors import NotFoundError
from yiqi.kit.records import missing


def reader(request: WhoRequest) -> Mandate:
    """The asking person; NotFoundError for somebody without any business in the county's work."""
    if not request.who.has(*BUSINESS_ROLES):
        raise missing()
    return request.who


def chosen_framework(request: WhoRequest) -> Framework | None:
    """The framework that the address names, else the current one; None when the county has none."""
    who, wanted = reader(request), request.GET.get("framework", "")
    if wanted:
        if not wanted.isdecimal():
            raise missing()
        return framework_for(who, int(wanted))
    return current_framework(who, clock.today())


def office_framework(request: WhoRequest) -> Framework:
    """The chosen framework, for a page that only its office opens; NotFoundError when there is none."""
    framework = chosen_framework(request)
    if framework is None:
        raise NotFoundError(_("还没有可用的考核指标体系。请先建立并启用指标体系。"), code="no_framework")
    return kept_framework(request.who, framework)


def months_of(framework: Framework, today: date) -> list[tuple[str, str]]:
    """The months of the framework's year that have begun."""
    return month_choices(framework.year, 12 if framework.year < today.year else today.month)

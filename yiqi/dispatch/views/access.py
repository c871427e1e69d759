"""What the pages share: who reads, which campaign is meant, where records are shown, files to download."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yiqi.core.rules import READS_COUNTY, Mandate
from yiqi.core.views.middleware import WhoRequest
from yiqi.dispatch.queries import visible_campaigns
from yiqi.dispatch.rules import BUSINESS_ROLES, prepares_dispatch, runs_dispatch
from yiqi.kit import clock
from yiqi.kit.errors import NotAllowedError, NotFoundError
from yiqi.kit.records import missing
from yiqi.plan.models import Campaign
from yiqi.plan.queries import current_campaign


def reader(request: WhoRequest) -> Mandate:
    """The asking person; NotFoundError for somebody without any business in the county's work."""
    if not request.who.has(*BUSINESS_ROLES):
        raise missing()
    return request.who


def report_reader(request: WhoRequest) -> Mandate:
    """Somebody who reads the county's work; NotFoundError for others: reports are not a unit's matter."""
    who = reader(request)
    if not who.has(*READS_COUNTY):
        raise missing()
    return who


def campaign_here(request: WhoRequest) -> Campaign:
    """The campaign that the address names, else the current one; NotFoundError where there is none."""
    who, wanted = reader(request), request.GET.get("campaign", "")
    rows = visible_campaigns(who).select_related("region")
    if wanted:
        campaign = rows.filter(pk=int(wanted) if wanted.isdecimal() else 0).first()
    else:
        campaign = current_campaign(who, clock.today()) or rows.order_by("-year", "code").first()
    if campaign is None:
        raise NotFoundError(_("还没有可用的专项行动。"), code="no_campaign")
    return campaign


def chair(request: WhoRequest, region_code: str) -> Mandate:
    """Somebody who calls meetings there; NotAllowedError for others."""
    who = reader(request)
    if not runs_dispatch(who, region_code):
        raise NotAllowedError(_("这一步由考核督查人员或县领导进行。"))
    return who


def preparer(request: WhoRequest, region_code: str) -> Mandate:
    """Somebody who prepares meetings there, task forces too; NotAllowedError for others."""
    who = reader(request)
    if not prepares_dispatch(who, region_code):
        raise NotAllowedError(_("这一步由考核督查人员、县领导或专班人员进行。"))
    return who

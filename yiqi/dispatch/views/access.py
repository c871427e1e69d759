"""What the pages share: who reads, which campaign is meant, where records are shown, files to download."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from yiqi.core.rules import READS_COUNTY, Mandate
from yiqi.core.views.middleware import WhoRequest
from yiqi.dispatch.models import AgendaItem, Directive
from yiqi.dispatch.queries import visible_campaigns, visible_directives
from yiqi.dispatch.rules import BUSINESS_ROLES, prepares_dispatch, runs_dispatch
from yiqi.kit import clock
from yiqi.kit.errors import NotAllowedError, NotFoundError
from yiqi.plan.models import Campaign
from yiqi.plan.queries import current_campaign, visible_tasks

PAGES = {
    "plan.task": "plan:show_task",
    "appraisal.indicator": "appraisal:show_indicator",
    "appraisal.round": "appraisal:show_round",
    "appraisal.scorecell": "appraisal:show_cell",
    "dispatch.directive": "dispatch:show_directive",
    "dispatch.week": "dispatch:show_week",
}


def reader(request: WhoRequest) -> Mandate:
    """The asking person; NotFoundError for somebody without any business in the county's work."""
    if not request.who.has(*BUSINESS_ROLES):
        raise NotFoundError(_("页面或记录不存在，或者不在您的职责范围内。"))
    return request.who


def report_reader(request: WhoRequest) -> Mandate:
    """Somebody who reads the county's work; NotFoundError for others: reports are not a unit's matter."""
    who = reader(request)
    if not who.has(*READS_COUNTY):
        raise NotFoundError(_("页面或记录不存在，或者不在您的职责范围内。"))
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


def address_of(model: str, key: Any) -> str:
    """Where a record is shown; ``key`` is a primary key, or the parts of an address that has several."""
    return reverse(PAGES[model], args=key if isinstance(key, tuple) else [key])


def subject_links(who: Mandate, subject: AgendaItem | Directive) -> list[tuple[str, str]]:
    """Label and address of the task, indicator or directive that an item or a directive is about.

    The address is empty where the record lies outside of the reader's scope."""
    whole = who.has(*READS_COUNTY)
    found: list[tuple[str, str]] = []
    if subject.task is not None:
        seen = whole or visible_tasks(who).filter(pk=subject.task.pk).exists()
        address = address_of("plan.task", subject.task_id) if seen else ""
        found.append((f"{subject.task.code} {subject.task.title}", address))
    if subject.indicator is not None:
        found.append((subject.indicator.name, address_of("appraisal.indicator", subject.indicator_id)))
    if isinstance(subject, AgendaItem) and subject.directive is not None:
        seen = whole or visible_directives(who).filter(pk=subject.directive.pk).exists()
        address = address_of("dispatch.directive", subject.directive_id) if seen else ""
        found.append((f"{subject.directive.code} {subject.directive.title}", address))
    return found

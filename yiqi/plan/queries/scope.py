"""What a person may see of the plan: the start of every other read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from yiqi.core.enums import Role
from yiqi.core.queries import within
from yiqi.core.rules import READS_COUNTY, Mandate
from yiqi.plan.enums import CampaignStatus, ProgressStatus
from yiqi.plan.models import Campaign, Progress, Task
from yiqi.plan.rules import reads_all

UNIT_ROLES = (Role.REPORTER, Role.REVIEWER)


def _led_or_supported(units: frozenset[int]) -> Q:
    # one set of keys, not an OR over a join: the database looks a few hundred keys up instead of testing every task
    led = Task.objects.filter(lead_unit_id__in=units).order_by().values("pk")
    supported = Task.support_units.through.objects.filter(unit_id__in=units).values("task_id")
    return Q(pk__in=led.union(supported, all=True))


def visible_tasks(who: Mandate, *, campaign: Campaign | None = None) -> QuerySet[Task]:
    """Tasks that ``who`` may see: all of the region for those who read the county, else those of their units."""
    prefixes, units = who.prefixes(*READS_COUNTY), who.units(*UNIT_ROLES)
    if campaign is not None:
        tasks = Task.objects.filter(campaign=campaign)
        if reads_all(who, campaign.region_id):
            # a campaign's tasks are all of its region: counts then need no more than an index on the campaign
            return tasks
        return tasks.filter(_led_or_supported(units)) if units else tasks.none()
    seen = within("region__code", prefixes)
    if units:
        seen = seen | _led_or_supported(units) if prefixes else _led_or_supported(units)
    return Task.objects.filter(seen)


def visible_progress(who: Mandate) -> QuerySet[Progress]:
    """Reports that ``who`` may see: drafts within the unit alone, unchecked ones also by office and leaders."""
    units = who.units(*UNIT_ROLES)
    mine = Q(unit_id__in=units)
    unchecked = within("region__code", who.prefixes(Role.OFFICE, Role.LEADER)) & ~Q(status=ProgressStatus.DRAFT)
    approved = Q(status=ProgressStatus.APPROVED)
    theirs = approved & Q(task__in=visible_tasks(who).values("pk")) if units else Q(pk__in=())
    published = approved & within("region__code", who.prefixes(*READS_COUNTY))
    return Progress.objects.filter(mine | unchecked | published | theirs)


def campaigns_for(who: Mandate) -> QuerySet[Campaign]:
    """Campaigns of the regions in which ``who`` holds any role but the administrator's, newest first."""
    prefixes = who.prefixes(*READS_COUNTY, *UNIT_ROLES)
    return Campaign.objects.filter(within("region__code", prefixes)).select_related("region").order_by("-year", "code")


def current_campaign(who: Mandate, today: date) -> Campaign | None:
    """The campaign that pages are about; one statement."""
    return fittest(campaigns_for(who), today)


def fittest(campaigns: Iterable[Campaign], today: date) -> Campaign | None:
    """The active campaign that runs today, else an active one, else the newest."""

    def fitness(campaign: Campaign) -> tuple[bool, bool, date]:
        return (campaign.status == CampaignStatus.ACTIVE, campaign.starts <= today <= campaign.ends, campaign.starts)

    return max(campaigns, key=fitness, default=None)

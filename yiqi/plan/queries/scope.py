"""What a person may see of the plan: the start of every other read."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from yiqi.core.enums import Role
from yiqi.core.queries import within
from yiqi.core.rules import READS_COUNTY, Mandate
from yiqi.plan.enums import CampaignStatus, ProgressStatus
from yiqi.plan.models import Campaign, Progress, Task, TaskImport

UNIT_ROLES = (Role.REPORTER, Role.REVIEWER)


def _of_units(units: frozenset[int]) -> Q:
    # a subquery, not a join: a task that two of a person's units support must not come twice
    supported = Task.support_units.through.objects.filter(unit_id__in=units).values("task_id")
    return Q(lead_unit_id__in=units) | Q(pk__in=supported)


def visible_tasks(who: Mandate, *, campaign: Campaign | None = None) -> QuerySet[Task]:
    """Tasks that ``who`` may see: all of the region for those who read the county, else those of their units."""
    reach = within("region__code", who.prefixes(*READS_COUNTY))
    units = who.units(*UNIT_ROLES)
    tasks = Task.objects.filter(reach | _of_units(units) if units else reach)
    return tasks if campaign is None else tasks.filter(campaign=campaign)


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
    """The campaign that pages are about: the active one that runs today, else the active one, else the newest."""
    campaigns = list(campaigns_for(who))

    def fitness(campaign: Campaign) -> tuple[bool, bool, date]:
        return (campaign.status == CampaignStatus.ACTIVE, campaign.starts <= today <= campaign.ends, campaign.starts)

    return max(campaigns, key=fitness, default=None)


def visible_imports(who: Mandate) -> QuerySet[TaskImport]:
    """Uploaded breakdowns of the campaigns whose office ``who`` works in."""
    return TaskImport.objects.filter(within("campaign__region__code", who.prefixes(Role.OFFICE)))

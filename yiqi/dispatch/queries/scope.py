"""What a person may see of dispatch: every public read starts here; what lies outside does not exist for them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from yiqi.core.enums import Role
from yiqi.core.queries import within
from yiqi.core.rules import READS_COUNTY, Mandate
from yiqi.dispatch.enums import DirectiveStatus, ReportStatus, WeekStatus
from yiqi.dispatch.models import AgendaItem, Directive, Report, TaskForce, Week
from yiqi.dispatch.rules import FORCE_ROLES
from yiqi.plan.models import Campaign

CHAIRS = (Role.OFFICE, Role.LEADER)
UNIT_ROLES = (Role.REPORTER, Role.REVIEWER)


def _counties_of(who: Mandate) -> set[str]:
    """Codes of the counties in which somebody works for a unit, also where that unit is a township's."""
    return {prefix[:6] for prefix in who.prefixes(*UNIT_ROLES) if len(prefix) >= 6}


def visible_weeks(who: Mandate) -> QuerySet[Week]:
    """Closed weeks of the region for all its readers; open ones for office, leaders and task forces."""
    prepares = within("region_id", who.prefixes(*CHAIRS, *FORCE_ROLES))
    reads = within("region_id", who.prefixes(*READS_COUNTY)) | Q(region_id__in=_counties_of(who))
    return Week.objects.filter(prepares | (reads & Q(status=WeekStatus.CLOSED)))


def visible_items(who: Mandate) -> QuerySet[AgendaItem]:
    """Items of closed weeks for all readers; of an open week all for office and leaders, its own for a task force."""
    reads = within("week__region_id", who.prefixes(*READS_COUNTY)) | Q(week__region_id__in=_counties_of(who))
    chairs = within("week__region_id", who.prefixes(*CHAIRS))
    own = Q(force__unit_id__in=who.units(*FORCE_ROLES))
    return AgendaItem.objects.filter((reads & Q(week__status=WeekStatus.CLOSED)) | chairs | own)


def visible_directives(who: Mandate) -> QuerySet[Directive]:
    """Assigned directives: all for the region's readers, their unit's for its people; drafts for who writes them."""
    supported = Directive.support_units.through.objects.filter(unit_id__in=who.units(*UNIT_ROLES))
    own = Q(unit_id__in=who.units(*UNIT_ROLES)) | Q(pk__in=supported.values("directive_id"))
    reads = within("region_id", who.prefixes(*READS_COUNTY)) | own
    drafts = within("region_id", who.prefixes(*CHAIRS)) | Q(force__unit_id__in=who.units(*FORCE_ROLES))
    return Directive.objects.filter(
        (reads & ~Q(status=DirectiveStatus.DRAFT)) | (drafts & Q(status=DirectiveStatus.DRAFT))
    )


def visible_reports(who: Mandate) -> QuerySet[Report]:
    """Signed reports of the region for its readers, drafts for office and leaders."""
    reads = within("region_id", who.prefixes(*READS_COUNTY))
    chairs = within("region_id", who.prefixes(*CHAIRS))
    return Report.objects.filter(chairs | (reads & Q(status=ReportStatus.SIGNED)))


def visible_campaigns(who: Mandate) -> QuerySet[Campaign]:
    """Campaigns whose dispatch a person may look at."""
    return Campaign.objects.filter(
        within("region_id", who.prefixes(*READS_COUNTY)) | Q(region_id__in=_counties_of(who))
    )


def visible_forces(who: Mandate) -> QuerySet[TaskForce]:
    """Task forces of the campaigns in reach, with their unit."""
    return TaskForce.objects.filter(campaign__in=visible_campaigns(who)).select_related("unit", "campaign")


def forces_of(campaign: Campaign) -> QuerySet[TaskForce]:
    """The campaign's task forces in order, with their unit."""
    return TaskForce.objects.filter(campaign=campaign).select_related("unit").order_by("order")

"""Who may do what in the appraisal: one-line predicates over a mandate."""

from __future__ import annotations

from yiqi.appraisal.enums import Approval
from yiqi.appraisal.models import Framework, Indicator, Observation
from yiqi.core.enums import Role
from yiqi.core.rules import Mandate, leads, runs_office

BUSINESS_ROLES = tuple(role for role in Role if role != Role.ADMIN)
READS_ALL_FIGURES = (Role.OFFICE, Role.LEADER)


def sees_league(who: Mandate, framework: Framework) -> bool:
    """Holds any post but the administrator's in the county that keeps the framework, above it, or in a part of it."""
    keeper = framework.keeper
    prefixes = who.prefixes(*BUSINESS_ROLES)
    return any(keeper.code.startswith(prefix) or prefix.startswith(keeper.prefix) for prefix in prefixes)


def keeps_framework(who: Mandate, framework: Framework) -> bool:
    """Works in the office that sets targets, imports figures, runs and publishes rounds."""
    return runs_office(who, framework.keeper_id)


def sees_trials(who: Mandate, framework: Framework) -> bool:
    """Sees rounds that are not published: the office and the leaders."""
    return runs_office(who, framework.keeper_id) or leads(who, framework.keeper_id)


def leads_indicator(who: Mandate, indicator: Indicator, *roles: str) -> bool:
    """Holds one of the roles for the unit that leads the indicator."""
    return indicator.lead_unit_id is not None and indicator.lead_unit_id in who.units(*roles)


def may_report(who: Mandate, indicator: Indicator, region_code: str) -> bool:
    """The office for every county of the league; the lead unit's reporter for the own county."""
    if keeps_framework(who, indicator.framework):
        return True
    return region_code == indicator.framework.keeper_id and leads_indicator(who, indicator, Role.REPORTER)


def may_approve(who: Mandate, observation: Observation) -> bool:
    """The office, or the lead unit's reviewer for the own county; never the person who entered the figure."""
    if observation.entered_by_id == who.person.pk:
        return False
    framework = observation.indicator.framework
    if keeps_framework(who, framework):
        return True
    return observation.region_id == framework.keeper_id and leads_indicator(who, observation.indicator, Role.REVIEWER)


def may_see_observation(who: Mandate, observation: Observation) -> bool:
    """Approved figures are everybody's; others are seen by the office, the leaders and the lead unit."""
    framework = observation.indicator.framework
    if not sees_league(who, framework):
        return False
    if observation.approval == Approval.APPROVED or sees_trials(who, framework):
        return True
    return observation.region_id == framework.keeper_id and leads_indicator(
        who, observation.indicator, Role.REPORTER, Role.REVIEWER
    )

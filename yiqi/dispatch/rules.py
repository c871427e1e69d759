"""Who may do what in dispatch: predicates over a mandate, without a query."""

from __future__ import annotations

from yiqi.core.enums import Role
from yiqi.core.rules import Mandate, reports_for, reviews_for
from yiqi.dispatch.models import Directive, Report, TaskForce

FORCE_ROLES = (Role.FORCE_HEAD, Role.FORCE_STAFF)
BUSINESS_ROLES = tuple(role for role in Role if role != Role.ADMIN)


def runs_dispatch(who: Mandate, region_code: str) -> bool:
    """Calls and chairs the region's meetings: the assessment office and the leaders."""
    return who.reaches(region_code, Role.OFFICE, Role.LEADER)


def prepares_dispatch(who: Mandate, region_code: str) -> bool:
    """Sees a week while it is being prepared: also the task forces, each its own part."""
    return who.reaches(region_code, Role.OFFICE, Role.LEADER, *FORCE_ROLES)


def serves_force(who: Mandate, force: TaskForce | None) -> bool:
    """Is head or staff of that task force."""
    return force is not None and force.unit_id in who.units(*FORCE_ROLES)


def heads_force(who: Mandate, force: TaskForce | None) -> bool:
    """Is head of that task force."""
    return force is not None and force.unit_id in who.units(Role.FORCE_HEAD)


def can_record(who: Mandate, force: TaskForce | None, region_code: str) -> bool:
    """May add or decide items of that task force (of none: office and leaders)."""
    return runs_dispatch(who, region_code) or serves_force(who, force)


def can_propose(who: Mandate, force: TaskForce | None, region_code: str) -> bool:
    """May put a matter down for supervision (立项)."""
    return runs_dispatch(who, region_code) or serves_force(who, force)


def can_assign(who: Mandate, force: TaskForce | None, region_code: str) -> bool:
    """May give a directive to a unit (交办)."""
    return runs_dispatch(who, region_code) or heads_force(who, force)


def belongs_to_doer(who: Mandate, directive: Directive) -> bool:
    """Holds any post in the unit that has to do it."""
    return directive.unit_id in who.units()


def can_answer(who: Mandate, directive: Directive) -> bool:
    """May accept, feed back and ask for more time: reporters and reviewers of the unit that has to do it."""
    return reports_for(who, [directive.unit_id]) or reviews_for(who, [directive.unit_id])


def can_review(who: Mandate, directive: Directive) -> bool:
    """May judge the feedback: whoever may assign it or did, never somebody of the unit that did it."""
    if belongs_to_doer(who, directive):
        return False
    return directive.assigned_by_id == who.person.pk or can_assign(who, directive.force, directive.region_id)


def can_rate(who: Mandate, directive: Directive) -> bool:
    """May rate and strike off what is done; the same circle as for the review."""
    return can_review(who, directive)


def can_decide_extension(who: Mandate, directive: Directive) -> bool:
    """May grant more time: whoever assigned it, or the assessment office; never the unit itself."""
    if belongs_to_doer(who, directive):
        return False
    return directive.assigned_by_id == who.person.pk or who.reaches(directive.region_id, Role.OFFICE)


def can_draft_report(who: Mandate, region_code: str) -> bool:
    """May draft and edit reports: the assessment office."""
    return who.reaches(region_code, Role.OFFICE)


def can_sign_report(who: Mandate, report: Report) -> bool:
    """May sign a report: a leader or the office, never its drafter."""
    return report.drafted_by_id != who.person.pk and runs_dispatch(who, report.region_id)

"""Who may do what with the plan, as predicates over a mandate and plain facts; nothing here touches the database."""

from __future__ import annotations

from collections.abc import Collection

from yiqi.core.enums import Role
from yiqi.core.rules import Mandate, reads_county, runs_office
from yiqi.plan.enums import ProgressStatus
from yiqi.plan.models import Progress, Task


def can_manage(who: Mandate, region_code: str) -> bool:
    """Sets up campaigns, goals, actions and tasks: the assessment office."""
    return runs_office(who, region_code)


def can_report(who: Mandate, unit_id: int, task_units: Collection[int]) -> bool:
    """Reports for a unit that leads or supports the task: that unit's reporter."""
    return unit_id in task_units and unit_id in who.units(Role.REPORTER)


def can_write(who: Mandate, progress: Progress) -> bool:
    """Edits and submits a draft or returned report: any reporter of its unit."""
    return progress.unit_id in who.units(Role.REPORTER) and progress.status in {
        ProgressStatus.DRAFT,
        ProgressStatus.RETURNED,
    }


def is_own(who: Mandate, progress: Progress) -> bool:
    """The person reported it: nobody passes their own figures."""
    return who.person.pk == progress.reported_by_id


def can_review(who: Mandate, progress: Progress) -> bool:
    """Approves or returns a report: a reviewer of its unit or the office, never the one who reported."""
    checks = progress.unit_id in who.units(Role.REVIEWER) or runs_office(who, progress.region_id)
    return checks and not is_own(who, progress)


def can_verify(who: Mandate, task: Task) -> bool:
    """Accepts or refuses a claim: the office or a task-force head, never somebody of the lead unit."""
    verifies = who.reaches(task.region_id, Role.OFFICE, Role.FORCE_HEAD)
    return verifies and task.lead_unit_id not in who.units()


def reads_all(who: Mandate, region_code: str) -> bool:
    """Sees every task of the region, not only a unit's."""
    return reads_county(who, region_code)


def reads_plan(who: Mandate) -> bool:
    """Has pages of the plan at all: everybody but who is the administrator alone."""
    return bool(who.roles - {Role.ADMIN})

"""Truth tables of the predicates, and what each person sees."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.plan.conftest import Plan
from tests.plan.test_operations import claim, report
from tests.world import TODAY, appoint
from yiqi.core.queries import uploads_for
from yiqi.core.rules import Mandate
from yiqi.plan import operations as verbs
from yiqi.plan import rules
from yiqi.plan.enums import TASK_UPLOAD
from yiqi.plan.models import Progress, Task
from yiqi.plan.queries import campaigns_for, visible_progress, visible_tasks

ASKERS = (
    "leader",
    "office",
    "force_head",
    "force_staff",
    "reporter",
    "reviewer",
    "other_reporter",
    "other_reviewer",
    "auditor",
    "admin",
    "outsider",
)
COUNTY = {"leader", "office", "force_head", "force_staff", "auditor"}
Predicate = Callable[[Mandate, Task, Progress], bool]

TABLE: list[tuple[str, Predicate, set[str]]] = [
    ("can_manage", lambda who, task, _report: rules.can_manage(who, task.region_id), {"office"}),
    ("reads_all", lambda who, task, _report: rules.reads_all(who, task.region_id), COUNTY),
    ("reads_plan", lambda who, _task, _report: rules.reads_plan(who), set(ASKERS) - {"admin"}),
    (
        "can_report",
        lambda who, task, _report: rules.can_report(who, task.lead_unit_id, {task.lead_unit_id}),
        {"reporter"},
    ),
    ("can_report elsewhere", lambda who, task, _report: rules.can_report(who, task.lead_unit_id, set()), set()),
    ("can_write", lambda who, _task, row: rules.can_write(who, row), {"reporter"}),
    ("is_own", lambda who, _task, row: rules.is_own(who, row), {"reporter"}),
    ("can_review", lambda who, _task, row: rules.can_review(who, row), {"office", "reviewer"}),
    ("can_verify", lambda who, task, _report: rules.can_verify(who, task), {"office", "force_head"}),
]


def draft(plan: Plan, task: Task) -> Progress:
    facts = {"task": task, "unit": plan.world.bureau, "percent": 10, "text": "开工"}
    return verbs.save_progress(by=plan.world.who("reporter"), today=TODAY, **facts)


@pytest.mark.parametrize(("name", "predicate", "allowed"), TABLE, ids=[name for name, _rule, _who in TABLE])
def test_a_predicate_holds_for_exactly_these(plan: Plan, name: str, predicate: Predicate, allowed: set[str]) -> None:
    task = plan.task()
    row = draft(plan, task)
    assert {asker for asker in ASKERS if predicate(plan.world.who(asker), task, row)} == allowed


def test_a_submitted_report_is_not_written_any_more(plan: Plan) -> None:
    row = report(plan, plan.task())
    assert rules.can_write(plan.world.who("reporter"), row) is False


def test_who_belongs_to_the_lead_unit_does_not_verify(plan: Plan) -> None:
    appoint(plan.world.people["force_head"], "reviewer", plan.world.bureau, plan.world.county)
    assert rules.can_verify(plan.world.who("force_head"), plan.task()) is False


def seen(plan: Plan, query: Callable[[Mandate], int]) -> dict[str, int]:
    return {asker: number for asker in ASKERS if (number := query(plan.world.who(asker)))}


def test_tasks_are_seen_by_the_county_and_by_the_units_that_lead_or_support(plan: Plan) -> None:
    plan.task(support_units=[plan.world.other_bureau, plan.world.town])
    plan.task()
    expected = dict.fromkeys(COUNTY, 2) | {"reporter": 2, "reviewer": 2, "other_reporter": 1, "other_reviewer": 1}
    assert seen(plan, lambda who: visible_tasks(who).count()) == expected
    assert seen(plan, lambda who: visible_tasks(who, campaign=plan.campaign).count()) == expected


def test_a_person_of_both_supporting_units_sees_the_task_once(plan: Plan) -> None:
    appoint(plan.world.people["other_reporter"], "reviewer", plan.world.town, plan.world.county)
    plan.task(support_units=[plan.world.other_bureau, plan.world.town])
    assert visible_tasks(plan.world.who("other_reporter")).count() == 1


def test_a_draft_stays_within_its_unit(plan: Plan) -> None:
    draft(plan, plan.task(support_units=[plan.world.other_bureau]))
    assert seen(plan, lambda who: visible_progress(who).count()) == {"reporter": 1, "reviewer": 1}


def test_a_submitted_report_is_seen_by_office_and_leaders_too(plan: Plan) -> None:
    report(plan, plan.task(support_units=[plan.world.other_bureau]))
    expected = {"leader": 1, "office": 1, "reporter": 1, "reviewer": 1}
    assert seen(plan, lambda who: visible_progress(who).count()) == expected


def test_an_approved_report_is_seen_by_all_who_see_the_task(plan: Plan) -> None:
    claim(plan, plan.task(support_units=[plan.world.other_bureau]))
    units = dict.fromkeys(("reporter", "reviewer", "other_reporter", "other_reviewer"), 1)
    assert seen(plan, lambda who: visible_progress(who).count()) == dict.fromkeys(COUNTY, 1) | units


def test_campaigns_and_imports_are_seen_by_their_own(plan: Plan) -> None:
    plan_readers = set(ASKERS) - {"admin", "outsider"}
    assert set(seen(plan, lambda who: campaigns_for(who).count())) == plan_readers
    assert seen(plan, lambda who: uploads_for(who, TASK_UPLOAD).count()) == {}

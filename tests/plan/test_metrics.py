"""The share of tasks that were finished by their first due date."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.plan.conftest import Plan
from tests.plan.test_operations import claim
from tests.world import TODAY
from yiqi.core.metrics import metric
from yiqi.plan import operations as verbs


def finish(plan: Plan, due: date) -> None:
    verbs.accept_task(by=plan.world.who("office"), today=TODAY, task=claim(plan, plan.task(due=due)))


def test_nothing_finished_is_no_number(plan: Plan) -> None:
    plan.task()
    assert metric("plan.on_time", region_code="141022", today=TODAY) is None


def test_the_day_of_the_claim_is_held_against_the_first_due_date(plan: Plan) -> None:
    for due in (date(2021, 9, 6), date(2021, 12, 20), date(2021, 9, 5)):
        finish(plan, due)
    assert metric("plan.on_time", region_code="141022", today=TODAY) == Decimal("66.7")
    assert metric("plan.on_time", region_code="141000", today=TODAY) == Decimal("66.7")
    assert metric("plan.on_time", region_code="141021", today=TODAY) is None
    assert metric("plan.on_time", region_code="141022", today=date(2021, 9, 5)) is None

"""Lights: the worked table of docs/algorithms/lights.md, and the two forms of the rules proven equal."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.lights import check_changes
from tests.plan.conftest import STARTS, Plan, build_plan
from tests.world import TODAY, build_world
from yiqi.core.enums import Light
from yiqi.plan.enums import Frequency, TaskStatus
from yiqi.plan.models import Milestone, Task
from yiqi.plan.operations.keeping import kept_fields, report_due_on
from yiqi.plan.queries import light_of, light_q, light_rule, with_lights

DOCUMENT = Path(__file__).parents[2] / "docs/algorithms/lights.md"


def worked_rows() -> list[dict[str, str]]:
    lines = DOCUMENT.read_text().split("## Worked examples")[1].splitlines()
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return [dict(zip(table[0], row, strict=True)) for row in table[1:]]


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def columns(row: dict[str, str]) -> dict[str, Any]:
    closed = day(row["closed on"])
    return {
        "status": row["status"],
        "starts": day(row["starts"]),
        "next_due": day(row["next due"]),
        "next_node": row["node"],
        "report_due": day(row["report due"]),
        "made_up_late": bool(row["late days"]),
        "late_days": int(row["late days"] or 0),
        "claimed_on": closed,
        "finished_on": closed if row["status"] == "done" else None,
    }


def test_the_table_has_rows() -> None:
    assert len(worked_rows()) == 19


@pytest.mark.parametrize("row", worked_rows(), ids=lambda row: f"{row['status']}-{row['next due']}-{row['late days']}")
def test_a_worked_row_reads_as_written(row: dict[str, str]) -> None:
    reading = light_of(Task(**columns(row)), today=TODAY)
    assert (reading.colour, reading.reason) == (row["light"], row["reason"])


def test_the_database_gives_the_worked_lights(plan: Plan) -> None:
    rows = worked_rows()
    for row in rows:
        Task.objects.filter(pk=plan.task().pk).update(**columns(row))
    lights = list(with_lights(Task.objects.order_by("pk"), today=TODAY).values_list("light", flat=True))
    assert lights == [row["light"] for row in rows]


def test_days_count_up_past_the_date_and_down_before_it() -> None:
    task = Task(status="active", starts=STARTS, next_due=date(2021, 8, 20))
    assert (light_of(task, today=TODAY).days, light_of(task, today=date(2021, 8, 15)).days) == (17, -5)


def test_an_english_reader_gets_an_english_date() -> None:
    with translation.override("en"):
        reading = light_of(Task(status="active", starts=STARTS, next_due=date(2022, 1, 20)), today=TODAY)
    assert "20 Jan 2022" in reading.reason


near = st.integers(-20, 20).map(lambda days: TODAY + timedelta(days=days))
tasks = st.fixed_dictionaries(
    {
        "status": st.sampled_from(TaskStatus.values),
        "starts": near,
        "next_due": st.none() | near,
        "report_due": st.none() | near,
        "made_up_late": st.booleans(),
    }
)


class TwoForms(TestCase):
    """For any task, day and rule the database and the function agree, and the four conditions part the tasks."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.plan = build_plan(build_world())
        cls.row = cls.plan.task()

    @settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(facts=tasks, yellow_days=st.integers(0, 30), grace_days=st.integers(0, 30))
    def test_agree(self, facts: dict[str, Any], yellow_days: int, grace_days: int) -> None:
        rule = {"today": TODAY, "yellow_days": yellow_days, "grace_days": grace_days}
        Task.objects.filter(pk=self.row.pk).update(**facts)
        colour = light_of(Task.objects.get(pk=self.row.pk), **rule).colour
        assert with_lights(Task.objects.filter(pk=self.row.pk), **rule).values_list("light", flat=True)[0] == colour
        matching = [
            light for light in Light.values if Task.objects.filter(light_q(light, **rule), pk=self.row.pk).exists()
        ]
        assert matching == [colour]


@given(facts=tasks, yellow_days=st.integers(0, 30), grace_days=st.integers(0, 30), span=st.integers(1, 90))
def test_a_light_changes_on_the_days_told_and_on_no_other(
    facts: dict[str, Any], yellow_days: int, grace_days: int, span: int
) -> None:
    """Walking from any day, each reading names the day of the next change, and the colours prove it."""
    task, rule = Task(**facts, late_days=1), {"yellow_days": yellow_days, "grace_days": grace_days}
    days = [TODAY + timedelta(days=number - 45) for number in range(span + 1)]
    check_changes(days, [light_of(task, today=day, **rule) for day in days])


@pytest.mark.parametrize(
    ("frequency", "last", "final", "due"),
    [
        (Frequency.DAILY, None, None, date(2021, 9, 1)),
        (Frequency.DAILY, date(2021, 9, 3), None, date(2021, 9, 4)),
        (Frequency.WEEKLY, None, None, date(2021, 9, 5)),
        (Frequency.WEEKLY, date(2021, 9, 6), None, date(2021, 9, 19)),
        (Frequency.WEEKLY, date(2021, 9, 5), None, date(2021, 9, 12)),
        (Frequency.MONTHLY, None, None, date(2021, 9, 30)),
        (Frequency.MONTHLY, date(2021, 12, 31), None, date(2022, 1, 31)),
        (Frequency.MONTHLY, date(2021, 8, 5), None, date(2021, 9, 30)),
        (Frequency.MONTHLY, None, date(2021, 9, 10), date(2021, 9, 10)),
        (Frequency.MONTHLY, date(2021, 9, 10), date(2021, 9, 10), date(2021, 10, 31)),
        (Frequency.STAGE, None, None, date(2021, 10, 1)),
        (Frequency.STAGE, date(2021, 9, 20), None, date(2021, 10, 1)),
    ],
)
def test_the_next_report_is_due(frequency: str, last: date | None, final: date | None, due: date) -> None:
    given_dates = {"starts": date(2021, 9, 1), "last": last, "next_due": date(2021, 10, 1), "final": final}
    assert report_due_on(frequency=frequency, **given_dates) == due


def test_only_the_node_finished_last_makes_a_running_task_late() -> None:
    task = Task(status="active", starts=STARTS, due=date(2021, 12, 20), frequency="monthly")
    late = Milestone(title="招标", due=date(2021, 8, 1), done_on=date(2021, 8, 11))
    on_time = Milestone(title="开工", due=date(2021, 9, 1), done_on=date(2021, 8, 30))
    assert [kept_fields(task, nodes, None).late_days for nodes in ([late], [late, on_time])] == [10, 0]


def test_the_county_sets_its_own_days(plan: Plan) -> None:
    from yiqi.core.models import Setting

    Setting.objects.create(region=plan.world.county, key="light.yellow_days", value=10)
    rule = light_rule(plan.world.county.code)
    assert (rule.yellow_days, rule.grace_days) == (10, 3)

"""The clocks and lights of directives against docs/algorithms/clocks.md, and SQL against Python."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dispatch.conftest import Drive
from tests.dispatch.tables import table
from tests.lights import check_changes
from tests.world import TODAY, World
from yiqi.core.enums import Light, SettingKey
from yiqi.core.models import Setting
from yiqi.core.operations import seed_calendar
from yiqi.dispatch.enums import DirectiveStatus, Weight
from yiqi.dispatch.models import Directive
from yiqi.dispatch.queries import directive_light, limits_for, with_directive_lights


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def test_due_dates_of_the_document(world: World) -> None:
    seed_calendar(today=TODAY)
    kind = Setting.objects.create(region=world.county, key=SettingKey.CLOCK_KIND, value="calendar")
    computed = []
    for row in table("clocks.md", "due"):
        kind.value = row[1]
        kind.save()
        limits, start = limits_for(world.county.code), date.fromisoformat(row[0])
        dues = [limits.feedback_due(start), limits.due(start, Weight.ORDINARY), limits.due(start, Weight.MAJOR)]
        computed.append([row[0], row[1], *(due.isoformat() for due in dues)])
    assert computed == table("clocks.md", "due")


def as_told(row: list[str]) -> Directive:
    _today, heard, fed_back, status, _light = row
    finished = status in ("done", "closed")
    return Directive(
        status=status,
        weight=Weight.ORDINARY,
        assigned_on=date(2021, 9, 6),
        feedback_due=date(2021, 9, 9),
        due=date(2021, 9, 13),
        first_due=date(2021, 9, 13),
        first_feedback_on=day(heard),
        fed_back_on=day(fed_back),
        done_on=day(fed_back) if finished else None,
    )


@pytest.mark.parametrize("row", table("clocks.md", "lights"), ids="-".join)
def test_lights_of_the_document(row: list[str]) -> None:
    light = directive_light(as_told(row), date.fromisoformat(row[0]))
    assert (light.colour, light.reason.endswith("。")) == (row[4], True)


DAYS = st.integers(-12, 12).map(lambda n: TODAY + timedelta(days=n))
FINISHED = (DirectiveStatus.DONE, DirectiveStatus.CLOSED)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    status=st.sampled_from(DirectiveStatus.values),
    weight=st.sampled_from(Weight.values),
    due=DAYS,
    feedback_due=DAYS,
    heard=st.none() | DAYS,
    ended=DAYS,
)
def test_sql_and_python_give_the_same_light(
    drive: Drive, status: str, weight: str, due: date, feedback_due: date, heard: date | None, ended: date
) -> None:
    row = Directive.objects.first() or drive.directive()
    over = status in FINISHED or status == DirectiveStatus.FEEDBACK
    Directive.objects.filter(pk=row.pk).update(
        status=status,
        weight=weight,
        due=due,
        first_due=due,
        feedback_due=feedback_due,
        first_feedback_on=heard,
        fed_back_on=ended if over else None,
        done_on=ended if status in FINISHED else None,
    )
    lit = with_directive_lights(Directive.objects.all(), today=TODAY).get()
    assert lit.light == directive_light(lit, TODAY).colour  # annotated
    assert lit.light in Light.values


@given(
    status=st.sampled_from(DirectiveStatus.values),
    weight=st.sampled_from(Weight.values),
    due=DAYS,
    feedback_due=DAYS,
    heard=st.none() | DAYS,
    ended=DAYS,
    span=st.integers(1, 60),
)
def test_a_light_changes_on_the_days_told_and_on_no_other(
    status: str, weight: str, due: date, feedback_due: date, heard: date | None, ended: date, span: int
) -> None:
    """Walking from any day, each reading names the day of the next change, and the colours prove it."""
    row = Directive(status=status, weight=weight, due=due, first_due=due, feedback_due=feedback_due)
    row.first_feedback_on, row.fed_back_on, row.done_on = heard, ended, ended
    days = [TODAY + timedelta(days=number - 30) for number in range(span + 1)]
    check_changes(days, [directive_light(row, day) for day in days])

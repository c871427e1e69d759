"""Laws of dispatch: what was given and not done always comes back; the agenda names a matter once."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dispatch.conftest import Drive
from tests.world import TODAY
from yiqi.core.enums import SettingKey
from yiqi.core.models import Setting
from yiqi.dispatch.enums import UNFINISHED, AgendaKind, DirectiveStatus, Opening
from yiqi.dispatch.models import AgendaItem, Directive, DirectiveStep, Week
from yiqi.dispatch.operations import close_week, open_week
from yiqi.plan.models import Task

MATTER = st.tuples(
    st.sampled_from(DirectiveStatus.values),
    st.integers(-20, 20),  # due
    st.sampled_from(["week", "item", "none"]),  # where it was given
    st.sampled_from([0, 1, None]),  # task force
)


def clear() -> None:
    Directive.objects.update(item=None)
    AgendaItem.objects.all().delete()
    DirectiveStep.objects.all().delete()
    Directive.objects.all().delete()
    Week.objects.all().delete()
    Task.objects.all().delete()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(matters=st.lists(MATTER, max_size=8), limit=st.integers(0, 3), red=st.integers(0, 4))
def test_every_unfinished_directive_comes_back_once(
    drive: Drive, matters: list[tuple[str, int, str, int | None]], limit: int, red: int
) -> None:
    clear()
    office = drive.world.who("office")
    Setting.objects.all().delete()
    for number in range(red):
        drive.task(next_due=TODAY - timedelta(days=number + 1))
    first = drive.task(next_due=TODAY - timedelta(days=9))
    week = open_week(by=office, today=TODAY, campaign=drive.campaign, how=Opening.HAND)
    item = week.items.get(task=first)
    forces = [drive.force, drive.other_force]
    for status, days, where, force in matters:
        row = drive.directive(
            week=week if where == "week" else None,
            item=item if where == "item" else None,
            force=None if force is None else forces[force],
        )
        Directive.objects.filter(pk=row.pk).update(status=status, due=TODAY + timedelta(days=days))
    close_week(by=office, today=TODAY, week=week)
    unfinished = set(Directive.objects.filter(status__in=UNFINISHED).values_list("pk", flat=True))
    Setting.objects.create(region=drive.world.county, key=SettingKey.AGENDA_PER_FORCE, value=limit)
    following = open_week(by=office, today=TODAY + timedelta(days=7), campaign=drive.campaign, how=Opening.HAND)
    carried = list(following.items.filter(kind=AgendaKind.CARRIED).values_list("directive_id", flat=True))
    assert (sorted(carried), len(carried)) == (sorted(unfinished), len(unfinished))
    tasks = [pk for pk in following.items.values_list("task_id", flat=True) if pk is not None]
    assert len(tasks) == len(set(tasks))
    orders = list(following.items.order_by("order").values_list("order", flat=True))
    assert orders == list(range(1, len(orders) + 1))

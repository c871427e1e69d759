"""Which task answers for which indicator."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.plan.conftest import build_plan
from tests.world import TODAY, World
from yiqi.appraisal.models import Indicator, IndicatorSupport, Round
from yiqi.appraisal.operations import support_indicator, unsupport_indicator
from yiqi.appraisal.queries import gap_list
from yiqi.core.models import AuditRecord
from yiqi.kit.errors import InvalidInputError, NotAllowedError, NotFoundError
from yiqi.plan.models import Task


@pytest.fixture
def task(world: World) -> Task:
    """A task led by the bureau."""
    made: Task = build_plan(world).task(title="集中入库")
    return made


def test_a_support_is_said_once_and_taken_back(world: World, indicators: dict[str, Indicator], task: Task) -> None:
    by, start = {"by": world.who("office"), "today": TODAY}, AuditRecord.objects.count()
    first = support_indicator(indicator=indicators["A-1"], task=task, **by)
    assert support_indicator(indicator=indicators["A-1"], task=task, **by) == first
    unsupport_indicator(support=first, **by)
    records = AuditRecord.objects.filter(sequence__gt=start).order_by("sequence")
    assert [row.verb for row in records] == ["indicator.support", "indicator.unsupport"]
    assert IndicatorSupport.objects.count() == 0


@pytest.mark.parametrize(
    ("asker", "error"), [("leader", NotAllowedError), ("reporter", NotAllowedError), ("outsider", NotFoundError)]
)
def test_only_the_office_says_so(
    world: World, indicators: dict[str, Indicator], task: Task, asker: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        support_indicator(by=world.who(asker), today=TODAY, indicator=indicators["A-1"], task=task)


def test_a_task_of_another_county_does_not_answer(world: World, indicators: dict[str, Indicator], task: Task) -> None:
    Task.objects.update(region=world.other_county)
    task.refresh_from_db()
    with pytest.raises(InvalidInputError, match="任务“集中入库”不属于翼城县。"):
        support_indicator(by=world.who("office"), today=TODAY, indicator=indicators["A-1"], task=task)


def test_the_gap_list_names_the_tasks_that_the_reader_sees(
    world: World, indicators: dict[str, Indicator], task: Task, make_round: Callable[..., Round]
) -> None:
    support_indicator(by=world.who("office"), today=TODAY, indicator=indicators["A-1"], task=task)
    made = make_round(published=True)
    seen = {}
    for name in ("leader", "reporter", "other_reporter"):
        rows = gap_list(world.who(name), made, world.county)
        seen[name] = {row.indicator.code: [item.title for item in row.tasks] for row in rows}
    assert seen == {"leader": {"A-1": ["集中入库"]}, "reporter": {"A-1": ["集中入库"]}, "other_reporter": {"A-1": []}}


def test_the_page_adds_by_code_and_says_when_there_is_none(
    world: World, indicators: dict[str, Indicator], task: Task, sign_in: Callable[[str], Client]
) -> None:
    client, address = sign_in("office"), reverse("appraisal:edit_supports", args=[indicators["A-1"].pk])
    wrong = client.post(address, {"code": "Z99-99"})
    assert (wrong.status_code, wrong.context["form"].errors["code"]) == (
        422,
        ["当前专项行动中没有这个编号的任务，请核对。"],
    )
    assert client.post(address, {"code": task.code.lower()}).status_code == 303
    support = IndicatorSupport.objects.get()
    assert support.task == task
    assert client.post(address, {"remove": "x"}).status_code == 404
    assert client.post(address, {"remove": str(support.pk)}).status_code == 303
    assert IndicatorSupport.objects.count() == 0

"""Figures: entered by one, approved by another, every revision kept."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.appraisal.conftest import AUGUST, approved
from tests.world import TODAY, World
from yiqi.appraisal.models import Framework, Indicator, Observation
from yiqi.appraisal.operations import approve_observation, report_observation, return_observation
from yiqi.appraisal.queries import observations_for, waiting_for
from yiqi.core.models import AuditRecord
from yiqi.kit.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError, YiqiError


def report(world: World, indicator: Indicator, asker: str = "reporter", **facts: Any) -> Observation:
    """Enter a figure of the own county."""
    given = {"region": world.county, "period": AUGUST, "value": 6.5, **facts}
    return report_observation(by=world.who(asker), today=TODAY, indicator=indicator, **given)


def approve(world: World, observation: Observation, asker: str = "reviewer") -> Observation:
    """Approve it."""
    return approve_observation(by=world.who(asker), today=TODAY, observation=observation)


def in_force(indicator: Indicator) -> list[tuple[int, str]]:
    """Revision and value of what is in force."""
    rows = Observation.objects.filter(indicator=indicator, region="141022", period=AUGUST, current=True)
    return [(row.revision, f"{row.value:f}") for row in rows]


def test_a_figure_comes_into_force_by_approval(world: World, indicators: dict[str, Indicator]) -> None:
    made = report(world, indicators["A-1"])
    assert (made.revision, made.approval, made.current, in_force(indicators["A-1"])) == (1, "pending", False, [])
    done = approve(world, made)
    assert (done.approved_by, done.approved_on, in_force(indicators["A-1"])) == (
        world.people["reviewer"], TODAY, [(1, "6.500000")],
    )  # fmt: skip


def test_a_revision_takes_the_place_of_the_one_before(world: World, indicators: dict[str, Indicator]) -> None:
    approve(world, report(world, indicators["A-1"]))
    approve(world, report(world, indicators["A-1"], value="6.8", value_status="final"), "office")
    rows = Observation.objects.order_by("revision").values_list("revision", "value", "value_status", "current")
    assert list(rows) == [(1, 6.5, "flash", False), (2, Decimal("6.8"), "final", True)]


def test_the_same_value_of_better_standing_is_a_revision_and_the_same_of_the_same_is_not(
    world: World, indicators: dict[str, Indicator]
) -> None:
    approve(world, report(world, indicators["A-1"]))
    with pytest.raises(ConflictError) as raised:
        report(world, indicators["A-1"])
    assert raised.value.code == "observation_same"
    assert report(world, indicators["A-1"], value_status="final").revision == 2


def test_one_figure_waits_at_a_time(world: World, indicators: dict[str, Indicator]) -> None:
    report(world, indicators["A-1"])
    with pytest.raises(ConflictError, match="2021年1—8月的数据已由李敏填报，正在等待审核。"):
        report(world, indicators["A-1"], "office", value=7)


def test_a_returned_figure_can_be_entered_again(world: World, indicators: dict[str, Indicator]) -> None:
    first = report(world, indicators["A-1"])
    return_observation(by=world.who("reviewer"), today=TODAY, observation=first, opinion="与统计局月报不符")
    second = report(world, indicators["A-1"], value=6.4)
    first.refresh_from_db()
    assert (first.approval, first.opinion, second.revision) == ("returned", "与统计局月报不符", 2)


def test_a_return_needs_a_reason(world: World, indicators: dict[str, Indicator]) -> None:
    with pytest.raises(InvalidInputError, match="退回时请写明原因，便于填报人更正。"):
        return_observation(
            by=world.who("reviewer"), today=TODAY, observation=report(world, indicators["A-1"]), opinion=" "
        )


def test_what_was_overtaken_is_not_approved(world: World, indicators: dict[str, Indicator]) -> None:
    made = report(world, indicators["A-1"])
    approved(indicators["A-1"], world.county, 7.0, by=world.people["office"], revision=2)
    with pytest.raises(ConflictError) as raised:
        approve(world, made)
    assert (raised.value.code, in_force(indicators["A-1"])) == ("observation_overtaken", [(2, "7.000000")])


def test_a_figure_is_decided_once(world: World, indicators: dict[str, Indicator]) -> None:
    made = approve(world, report(world, indicators["A-1"]))
    for deed in (approve_observation, return_observation):
        with pytest.raises(ConflictError) as raised:
            deed(by=world.who("office"), today=TODAY, observation=made, opinion="再看")
        assert raised.value.code == "observation_decided"


@pytest.mark.parametrize("asker", ["reporter", "office"])
def test_nobody_approves_their_own(world: World, indicators: dict[str, Indicator], asker: str) -> None:
    made = report(world, indicators["A-1"], asker)
    for deed in (approve_observation, return_observation):
        with pytest.raises(NotAllowedError) as raised:
            deed(by=world.who(asker), today=TODAY, observation=made, opinion="同意")
        assert raised.value.code == "own_figure"


@pytest.mark.parametrize(
    ("asker", "error"),
    [
        ("leader", NotAllowedError), ("force_head", NotFoundError), ("auditor", NotFoundError),
        ("admin", NotFoundError), ("other_reviewer", NotFoundError), ("outsider", NotFoundError),
        ("reviewer", None), ("office", None),
    ],
)  # fmt: skip
def test_who_approves(
    world: World, indicators: dict[str, Indicator], asker: str, error: type[YiqiError] | None
) -> None:
    made = report(world, indicators["A-1"])
    if error is None:
        assert approve(world, made, asker).current
        return
    with pytest.raises(error):
        approve(world, made, asker)


@pytest.mark.parametrize(
    ("asker", "error"),
    [
        ("leader", NotAllowedError), ("force_staff", NotAllowedError), ("reviewer", NotAllowedError),
        ("other_reporter", NotAllowedError), ("auditor", NotAllowedError), ("admin", NotFoundError),
        ("outsider", NotFoundError),
    ],
)  # fmt: skip
def test_who_does_not_enter(world: World, indicators: dict[str, Indicator], asker: str, error: type[YiqiError]) -> None:
    with pytest.raises(error):
        report(world, indicators["A-1"], asker)
    assert Observation.objects.count() == 0


def test_a_reporter_enters_the_own_county_only(world: World, indicators: dict[str, Indicator]) -> None:
    with pytest.raises(NotAllowedError):
        report(world, indicators["A-1"], region=world.other_county)
    assert report(world, indicators["A-1"], "office", region=world.other_county).region_id == "141021"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"value": "NaN"}, "figure"),
        ({"value": float("-inf")}, "figure"),
        ({"value": "1e400"}, "figure"),
        ({"value": "4%"}, "figure"),
        ({"value": ""}, "figure"),
        ({"value": 1e12}, "figure"),
        ({"period": "2021-10"}, "period_ahead"),
        ({"period": "2022-01"}, "period_ahead"),
        ({"period": "8月"}, "period"),
        ({"value_status": "sure"}, "choice"),
    ],
)
def test_what_cannot_be_used_is_refused(
    world: World, indicators: dict[str, Indicator], facts: dict[str, Any], code: str
) -> None:
    with pytest.raises(YiqiError) as raised:
        report(world, indicators["A-1"], **facts)
    assert (raised.value.code, Observation.objects.count()) == (code, 0)


def test_a_closed_framework_takes_no_figures(world: World, indicators: dict[str, Indicator]) -> None:
    Framework.objects.update(status="closed")
    with pytest.raises(ConflictError) as raised:
        report(world, indicators["A-1"])
    assert raised.value.code == "framework_closed"


def test_a_reporter_sees_what_waits_in_the_unit_and_the_auditor_does_not(
    world: World, indicators: dict[str, Indicator]
) -> None:
    approved(indicators["A-2"], world.county, 80, by=world.people["office"])
    report(world, indicators["A-1"])
    people = (
        "reporter",
        "reviewer",
        "leader",
        "office",
        "other_reporter",
        "auditor",
        "force_head",
        "admin",
        "outsider",
    )
    assert {name: observations_for(world.who(name)).count() for name in people} == {
        "reporter": 2, "reviewer": 2, "leader": 2, "office": 2, "other_reporter": 1, "auditor": 1,
        "force_head": 1, "admin": 0, "outsider": 0,
    }  # fmt: skip


def test_what_waits_is_offered_to_those_who_may_sign(world: World, indicators: dict[str, Indicator]) -> None:
    report(world, indicators["A-1"])
    report(world, indicators["B-1"], "office")
    people = ("reporter", "reviewer", "office", "second_office", "other_reviewer", "leader", "admin", "outsider")
    assert {name: [row.indicator.code for row in waiting_for(world.who(name))] for name in people} == {
        "reporter": [], "reviewer": ["A-1"], "office": ["A-1"], "second_office": ["A-1", "B-1"],
        "other_reviewer": ["B-1"], "leader": [], "admin": [], "outsider": [],
    }  # fmt: skip


def test_each_deed_leaves_one_record(world: World, indicators: dict[str, Indicator]) -> None:
    start = AuditRecord.objects.count()
    approve(world, report(world, indicators["A-1"]))
    second = report(world, indicators["A-1"], value=7)
    return_observation(by=world.who("reviewer"), today=TODAY, observation=second, opinion="核对")
    verbs = AuditRecord.objects.filter(sequence__gt=start).order_by("sequence").values_list("verb", flat=True)
    assert list(verbs) == ["observation.report", "observation.approve", "observation.report", "observation.return"]

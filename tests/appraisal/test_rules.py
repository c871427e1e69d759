"""Predicates, as tables."""

from __future__ import annotations

import pytest

from tests.appraisal.conftest import approved
from tests.world import World
from yiqi.appraisal.enums import Approval
from yiqi.appraisal.models import Framework, Indicator
from yiqi.appraisal.rules import keeps_framework, may_approve, may_report, may_see_observation, sees_league, sees_trials

PEOPLE = (
    *("leader", "office", "second_office", "force_head", "force_staff", "reporter", "reviewer"),
    *("other_reporter", "other_reviewer", "auditor", "admin", "outsider"),
)
KEEPERS = {"office", "second_office"}


def holding(world: World, predicate: object) -> set[str]:
    """Who of the people the predicate holds for."""
    assert callable(predicate)
    return {name for name in PEOPLE if predicate(world.who(name))}


def test_who_sees_the_league(world: World, framework: Framework) -> None:
    assert holding(world, lambda who: sees_league(who, framework)) == set(PEOPLE) - {"admin", "outsider"}


def test_who_keeps_the_framework(world: World, framework: Framework) -> None:
    assert holding(world, lambda who: keeps_framework(who, framework)) == KEEPERS


def test_who_sees_trials(world: World, framework: Framework) -> None:
    assert holding(world, lambda who: sees_trials(who, framework)) == {*KEEPERS, "leader"}


def test_who_reports_the_own_county(world: World, indicators: dict[str, Indicator]) -> None:
    assert holding(world, lambda who: may_report(who, indicators["A-1"], "141022")) == {*KEEPERS, "reporter"}
    assert holding(world, lambda who: may_report(who, indicators["B-1"], "141022")) == {*KEEPERS, "other_reporter"}


def test_who_reports_another_county(world: World, indicators: dict[str, Indicator]) -> None:
    assert holding(world, lambda who: may_report(who, indicators["A-1"], "141021")) == KEEPERS


@pytest.mark.parametrize(
    ("entered_by", "region", "may"),
    [
        ("reporter", "141022", {"office", "second_office", "reviewer"}),
        ("office", "141022", {"second_office", "reviewer"}),
        ("reviewer", "141022", {"office", "second_office"}),
        ("office", "141021", {"second_office"}),
    ],
)
def test_who_approves(
    world: World, indicators: dict[str, Indicator], entered_by: str, region: str, may: set[str]
) -> None:
    observation = approved(indicators["A-1"], region, 1.0, by=world.people[entered_by])
    assert holding(world, lambda who: may_approve(who, observation)) == may


@pytest.mark.parametrize(
    ("approval", "region", "sees"),
    [
        (Approval.APPROVED, "141022", set(PEOPLE) - {"admin", "outsider"}),
        (Approval.PENDING, "141022", {*KEEPERS, "leader", "reporter", "reviewer"}),
        (Approval.RETURNED, "141022", {*KEEPERS, "leader", "reporter", "reviewer"}),
        (Approval.PENDING, "141021", {*KEEPERS, "leader"}),
    ],
)
def test_who_sees_a_figure(
    world: World, indicators: dict[str, Indicator], approval: str, region: str, sees: set[str]
) -> None:
    observation = approved(indicators["A-1"], region, 1.0, by=world.people["office"])
    observation.approval = approval
    assert holding(world, lambda who: may_see_observation(who, observation)) == sees

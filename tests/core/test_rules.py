"""Truth tables of the core's predicates."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.world import TODAY, World, appoint
from yiqi.core.enums import Role
from yiqi.core.queries import mandate_of
from yiqi.core.rules import (
    Mandate,
    administers,
    leads,
    reads_county,
    reports_for,
    reviews_for,
    runs_office,
)

ASKERS = ("leader", "office", "force_head", "force_staff", "reporter", "reviewer", "auditor", "admin", "outsider")


@pytest.mark.parametrize(
    ("predicate", "holds"),
    [
        (reads_county, {"leader", "office", "force_head", "force_staff", "auditor"}),
        (runs_office, {"office"}),
        (leads, {"leader"}),
        (administers, {"admin"}),
    ],
)
@pytest.mark.parametrize(
    ("code", "inside"), [("141022", True), ("141022100", True), ("141021", False), ("141000", False), ("14", False)]
)
def test_county_predicates(
    world: World, predicate: Callable[[Mandate, str], bool], holds: set[str], code: str, inside: bool
) -> None:
    found = {asker for asker in ASKERS if predicate(world.who(asker), code)}
    outsider = {"outsider"} if code == "141021" and "office" in holds else set()
    assert found == ((holds if inside else set()) | outsider)


def test_unit_predicates(world: World) -> None:
    own, other = {world.bureau.pk}, {world.other_bureau.pk}
    assert {a for a in ASKERS if reports_for(world.who(a), own)} == {"reporter"}
    assert {a for a in ASKERS if reviews_for(world.who(a), own)} == {"reviewer"}
    assert {a for a in ASKERS if reports_for(world.who(a), other) or reviews_for(world.who(a), other)} == set()


def test_a_mandate_adds_up_the_posts_of_the_day(world: World) -> None:
    person = world.people["reporter"]
    appoint(person, Role.REVIEWER, world.other_bureau, world.county)
    who = mandate_of(person, today=TODAY)
    assert (who.roles, who.units(), who.units(Role.REVIEWER)) == (
        {"reporter", "reviewer"},
        {world.bureau.pk, world.other_bureau.pk},
        {world.other_bureau.pk},
    )
    assert (who.home, who.prefixes()) == (world.county, {"141022"})
    assert (who.has(Role.ADMIN), who.has(Role.ADMIN, Role.REVIEWER)) == (False, True)


def test_a_mandate_is_one_statement(world: World, django_assert_num_queries: Callable[..., object]) -> None:
    with django_assert_num_queries(1):
        mandate_of(world.people["office"], today=TODAY)

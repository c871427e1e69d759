"""Setting up a task force through its page."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from tests.dispatch.conftest import Drive
from tests.world import World
from yiqi.core.enums import UnitKind
from yiqi.core.models import AuditRecord, Unit
from yiqi.dispatch.models import TaskForce

SignIn = Callable[[str], Client]
ADDRESS = "/dispatch/forces/new/"


def third(world: World) -> Unit:
    """A force unit that is no task force yet."""
    return Unit.objects.create(region=world.county, code="ZB9", name="民生专班", kind=UnitKind.FORCE)


def test_the_office_sets_up_a_task_force(drive: Drive, world: World, sign_in: SignIn) -> None:
    unit, action = third(world), drive.actions[0]
    answer = sign_in("office").post(ADDRESS, {"unit": unit.pk, "code": "ZB9", "actions": [action.pk]})
    made = TaskForce.objects.get(unit=unit)
    assert (answer.status_code, answer["Location"]) == (303, f"/dispatch/forces/{made.pk}/")
    assert (made.code, made.order, list(made.actions.all())) == ("ZB9", 3, [action])
    assert AuditRecord.objects.filter(verb="force.create", target_id=str(made.pk)).count() == 1


def test_a_code_that_is_taken_keeps_what_was_chosen(drive: Drive, world: World, sign_in: SignIn) -> None:
    unit = third(world)
    answer = sign_in("office").post(ADDRESS, {"unit": unit.pk, "code": drive.force.code})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "已经设有专班" in page
    assert f'value="{unit.pk}" selected' in page
    assert TaskForce.objects.count() == 2


def test_a_unit_that_is_a_task_force_already_is_not_offered(drive: Drive, world: World, sign_in: SignIn) -> None:
    page = sign_in("office").get(ADDRESS).content.decode()
    assert f'value="{drive.force.unit_id}"' not in page

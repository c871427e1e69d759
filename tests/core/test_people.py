"""Accounts and appointments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt

from tests.world import TODAY, World
from yiqi.core import operations
from yiqi.core.enums import Role
from yiqi.core.models import Appointment, AuditRecord, Person
from yiqi.core.operations import appoint, create_person, edit_person, end_appointment
from yiqi.core.queries import mandate_of, visible_people
from yiqi.core.rules import Mandate
from yiqi.kit.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError

PASSWORD = "翼城-明天-更好-0906"
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def new(world: World, admin: Mandate) -> Person:
    facts = {"username": "new", "name": "新人", "password": PASSWORD, "region_code": "141022"}
    return create_person(by=admin, today=TODAY, **facts)


def last() -> AuditRecord:
    return AuditRecord.objects.order_by("-sequence")[0]


def test_an_account_is_opened_and_recorded_without_its_password(new: Person) -> None:
    assert (new.check_password(PASSWORD), new.password.startswith("argon2$"), new.region_id) == (True, True, "141022")
    row = last()
    assert (row.verb, row.person_name, row.region_code, row.after) == (
        "person.create",
        "曹亮",
        "141022",
        {"username": "new", "name": "新人", "title": "", "must_change_password": False},
    )


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"username": "OFFICE"}, "username_taken"),
        ({"password": "12345"}, "weak_password"),
        ({"password": "new-person-1", "username": "new-person"}, "weak_password"),
    ],
)
def test_what_cannot_be_an_account(world: World, admin: Mandate, facts: dict[str, Any], code: str) -> None:
    given = {"username": "new", "name": "新人", "password": PASSWORD, "region_code": "141022", **facts}
    with pytest.raises(InvalidInputError) as refusal:
        create_person(by=admin, today=TODAY, **given)
    assert (refusal.value.code, AuditRecord.objects.count()) == (code, 0)


def test_random_passwords_pass_the_rules_and_differ(world: World, admin: Mandate) -> None:
    passwords = {operations.random_password() for _i in range(50)}
    assert (len(passwords), {len(password) for password in passwords}) == (50, {19})
    for number, password in enumerate(sorted(passwords)[:2]):
        facts = {"username": f"n{number}", "name": "新人", "password": password, "region_code": "141022"}
        create_person(by=admin, today=TODAY, **facts)


def test_an_appointment_gives_the_role_in_its_period(world: World, admin: Mandate, new: Person) -> None:
    ends = TODAY + timedelta(days=1)
    place = {"unit": world.bureau, "region": world.county}
    appoint(by=admin, today=TODAY, person=new, role=Role.REPORTER, starts=TODAY, ends=ends, **place)
    held = [mandate_of(new, today=TODAY + timedelta(days=offset)).roles for offset in (-1, 0, 1, 2)]
    assert held == [frozenset(), {"reporter"}, {"reporter"}, frozenset()]
    assert last().after == {
        "person": "new",
        "role": "reporter",
        "unit": "翼城县发展和改革局",
        "region": "141022",
        "starts": "2021-09-06",
        "ends": "2021-09-07",
    }


@pytest.mark.parametrize(
    ("role", "starts", "ends", "error", "code"),
    [
        ("force_head", TODAY, None, InvalidInputError, "not_a_force"),
        ("mayor", TODAY, None, InvalidInputError, "role"),
        ("reporter", TODAY, YESTERDAY, InvalidInputError, "period"),
    ],
)
def test_what_cannot_be_an_appointment(
    world: World, admin: Mandate, new: Person, role: str, starts: date, ends: date | None, error: type, code: str
) -> None:
    with pytest.raises(error) as refusal:
        appoint(
            by=admin,
            today=TODAY,
            person=new,
            role=role,
            unit=world.bureau,
            region=world.county,
            starts=starts,
            ends=ends,
        )
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("first", "second", "later", "code"),
    [
        ("reporter", "reporter", False, "appointed_already"),
        ("reporter", "reviewer", False, ""),
        ("admin", "office", False, "separate_roles"),
        ("office", "admin", False, "separate_roles"),
        ("auditor", "leader", False, "separate_roles"),
        ("admin", "auditor", False, "separate_roles"),
        # one after the other is a career, not a conflict
        ("admin", "office", True, ""),
        ("reporter", "reporter", True, ""),
    ],
)
def test_overseers_hold_no_other_role_at_the_same_time(
    world: World, admin: Mandate, new: Person, first: str, second: str, later: bool, code: str
) -> None:
    place = {"unit": world.office, "region": world.county}
    ends = TODAY + timedelta(days=9)
    appoint(by=admin, today=TODAY, person=new, role=first, starts=TODAY, ends=ends, **place)
    starts = ends + timedelta(days=1) if later else ends
    try:
        appoint(by=admin, today=TODAY, person=new, role=second, starts=starts, **place)
        found = ""
    except ConflictError as refusal:
        found = refusal.code
    assert found == code


def test_nobody_appoints_or_dismisses_themselves(world: World, admin: Mandate) -> None:
    place = {"unit": world.office, "region": world.county}
    own = admin.person.appointments.get()
    with pytest.raises(NotAllowedError) as first:
        appoint(by=admin, today=TODAY, person=admin.person, role=Role.OFFICE, starts=TODAY, **place)
    with pytest.raises(NotAllowedError) as second:
        end_appointment(by=admin, today=TODAY, appointment=own, ends=TODAY)
    assert (first.value.code, second.value.code) == ("own_appointment", "own_appointment")


def test_an_appointment_ends_on_a_day(world: World, admin: Mandate) -> None:
    own = world.people["reporter"].appointments.get()
    end_appointment(by=admin, today=TODAY, appointment=own, ends=TODAY)
    assert (last().before, last().after) == ({"ends": None}, {"ends": "2021-09-06"})
    with pytest.raises(InvalidInputError):
        end_appointment(by=admin, today=TODAY, appointment=own, ends=own.starts - timedelta(days=1))


def test_a_stale_form_changes_nothing(new: Person, admin: Mandate) -> None:
    edit_person(by=admin, today=TODAY, person=new, version=1, title="科长")
    with pytest.raises(ConflictError) as refusal:
        edit_person(by=admin, today=TODAY, person=new, version=1, title="局长")
    held = Person.objects.get(pk=new.pk)
    assert (refusal.value.code, held.title, held.version) == ("stale_form", "科长", 2)
    assert (last().before, last().after) == ({"title": ""}, {"title": "科长"})


def test_no_change_leaves_no_record(new: Person, admin: Mandate) -> None:
    before = AuditRecord.objects.count()
    assert edit_person(by=admin, today=TODAY, person=new, name="新人").version == 1
    assert AuditRecord.objects.count() == before


def test_only_named_fields_can_be_edited(new: Person, admin: Mandate) -> None:
    with pytest.raises(TypeError, match="username"):
        edit_person(by=admin, today=TODAY, person=new, username="other")


def reset(by: Mandate, person: Person) -> object:
    return operations.set_password(by=by, today=TODAY, person=person, password=PASSWORD)


STEPS: list[Callable[[Mandate, Person], object]] = [
    lambda by, person: operations.deactivate_person(by=by, today=TODAY, person=person),
    lambda by, person: operations.activate_person(by=by, today=TODAY, person=person),
    lambda by, person: operations.unlock_person(by=by, today=TODAY, person=person),
    lambda by, person: operations.reset_second_factor(by=by, today=TODAY, person=person),
    lambda by, person: operations.edit_person(by=by, today=TODAY, person=person, name="x"),
    reset,
]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("asker", ["leader", "office", "auditor", "reporter", "outsider"])
def test_nobody_but_the_administrator_looks_after_accounts(
    world: World, step: Callable[[Mandate, Person], object], asker: str
) -> None:
    with pytest.raises(NotFoundError):
        step(world.who(asker), world.people["reviewer"])


@pytest.mark.parametrize("step", STEPS)
def test_another_countys_accounts_do_not_exist(
    world: World, admin: Mandate, step: Callable[[Mandate, Person], object]
) -> None:
    with pytest.raises(NotFoundError):
        step(admin, world.people["outsider"])


@pytest.mark.parametrize("step", [STEPS[0], STEPS[3], reset])
def test_nobody_does_it_to_themselves(world: World, admin: Mandate, step: Callable[[Mandate, Person], object]) -> None:
    with pytest.raises(NotAllowedError) as refusal:
        step(admin, admin.person)
    assert refusal.value.code == "own_account"


def test_an_account_is_closed_and_opened_again(world: World, admin: Mandate) -> None:
    person = world.people["reporter"]
    operations.deactivate_person(by=admin, today=TODAY, person=person)
    with pytest.raises(ConflictError):
        operations.deactivate_person(by=admin, today=TODAY, person=person)
    closed = Person.objects.get(pk=person.pk).is_active
    operations.activate_person(by=admin, today=TODAY, person=person)
    assert (closed, Person.objects.get(pk=person.pk).is_active, last().before) == (False, True, {"is_active": False})


def test_a_reset_password_must_be_changed(world: World, admin: Mandate) -> None:
    reset(admin, world.people["reporter"])
    held = Person.objects.get(username="reporter")
    assert (held.check_password(PASSWORD), held.must_change_password, last().verb) == (
        True,
        True,
        "person.set_password",
    )
    with pytest.raises(InvalidInputError):
        operations.set_password(by=admin, today=TODAY, person=held, password="1234")


def test_unlocking_what_is_not_locked_leaves_no_record(world: World, admin: Mandate) -> None:
    operations.unlock_person(by=admin, today=TODAY, person=world.people["reporter"])
    assert AuditRecord.objects.count() == 0
    AccessAttempt.objects.create(username="reporter", ip_address="10.0.0.1", user_agent="x", failures_since_start=5)
    operations.unlock_person(by=admin, today=TODAY, person=world.people["reporter"])
    assert (AccessAttempt.objects.count(), last().verb) == (0, "person.unlock")


def test_a_lost_second_factor_is_taken_away(world: World, admin: Mandate) -> None:
    person = world.people["reporter"]
    with pytest.raises(ConflictError):
        operations.reset_second_factor(by=admin, today=TODAY, person=person)
    Authenticator.objects.create(user=person, type="totp", data={})
    operations.reset_second_factor(by=admin, today=TODAY, person=person)
    assert (Authenticator.objects.count(), last().verb) == (0, "person.reset_second_factor")


def test_the_administrator_sees_accounts_opened_or_posted_in_the_county(
    world: World, admin: Mandate, new: Person
) -> None:
    names = set(visible_people(admin).values_list("username", flat=True))
    assert names == {*world.people, "new"} - {"outsider"}
    assert [visible_people(world.who(asker)).count() for asker in ("office", "auditor")] == [0, 0]


def test_the_system_itself_may_install(world: World) -> None:
    facts = {"username": "seed", "name": "演示", "password": PASSWORD, "region_code": "141022"}
    person = create_person(by=None, today=TODAY, demo=True, **facts)
    place = {"unit": world.office, "region": world.county}
    appoint(by=None, today=TODAY, person=person, role=Role.LEADER, starts=TODAY, **place)
    assert (last().person, last().person_name, Appointment.objects.filter(person=person).count()) == (None, "系统", 1)

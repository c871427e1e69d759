"""Accounts: passwords, deactivation, lockout, second factor, and what the trail keeps of signing in."""

from __future__ import annotations

import secrets
from datetime import date

from allauth.mfa.models import Authenticator
from axes.utils import reset as axes_reset
from django.db import transaction
from django.utils.translation import gettext as _

from yiqi.core.models import Person
from yiqi.core.operations.audit import record
from yiqi.core.operations.people import check_password, held_person, region_of
from yiqi.core.rules import Mandate
from yiqi.kit.errors import ConflictError, NotAllowedError

# no letters or digits that are mistaken for one another when read out
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
INITIAL_PARTS = (4, 4, 4, 4)


def random_password() -> str:
    """A first password to be told once: 16 signs in four groups, some 79 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _i in range(length)) for length in INITIAL_PARTS)


def _not_oneself(by: Mandate, person: Person) -> None:
    if by.person.pk == person.pk:
        raise NotAllowedError(_("不能对自己的账号进行这项操作，请由另一位系统管理员办理。"), code="own_account")


def _switch(by: Mandate, today: date, person: Person, *, active: bool) -> Person:
    held = held_person(by, person)
    _not_oneself(by, held)
    if held.is_active == active:
        raise ConflictError(_("账号状态已经是这样，无需重复操作。"), code="no_change")
    held.is_active = active
    held.save(update_fields=["is_active"])
    record(
        by=by,
        verb="person.activate" if active else "person.deactivate",
        target=held,
        region_code=region_of(held),
        today=today,
        before={"is_active": not active},
        after={"is_active": active},
    )
    return held


@transaction.atomic
def deactivate_person(*, by: Mandate, today: date, person: Person) -> Person:
    """Close an account at once, with its open sessions; nobody closes their own."""
    return _switch(by, today, person, active=False)


@transaction.atomic
def activate_person(*, by: Mandate, today: date, person: Person) -> Person:
    """Open a closed account again."""
    return _switch(by, today, person, active=True)


@transaction.atomic
def set_password(*, by: Mandate, today: date, person: Person, password: str, must_change: bool = True) -> Person:
    """Give another person a new password (their open sessions end). InvalidInputError when it is too weak."""
    held = held_person(by, person)
    _not_oneself(by, held)
    check_password(password, held)
    held.set_password(password)
    held.must_change_password = must_change
    held.save(update_fields=["password", "must_change_password"])
    after = {"must_change_password": must_change}
    record(by=by, verb="person.set_password", target=held, region_code=region_of(held), today=today, after=after)
    return held


@transaction.atomic
def change_own_password(*, by: Mandate, today: date, password: str) -> Person:
    """Set one's own password, which ends the duty to change it. The old one was checked by the form."""
    held = Person.objects.select_for_update().get(pk=by.person.pk)
    check_password(password, held)
    if held.check_password(password):
        raise ConflictError(_("新密码不能与原密码相同。"), code="same_password")
    held.set_password(password)
    held.must_change_password = False
    held.save(update_fields=["password", "must_change_password"])
    record(by=by, verb="person.change_password", target=held, region_code=region_of(held), today=today)
    return held


@transaction.atomic
def unlock_person(*, by: Mandate, today: date, person: Person) -> Person:
    """Forget the failed attempts that locked an account; without any, nothing is left to do and nothing recorded."""
    held = held_person(by, person)
    forgotten = axes_reset(username=held.username)
    if forgotten:
        record(by=by, verb="person.unlock", target=held, region_code=region_of(held), today=today)
    return held


@transaction.atomic
def reset_second_factor(*, by: Mandate, today: date, person: Person) -> Person:
    """Take away another person's second factor after they lost their device; ConflictError when there is none."""
    held = held_person(by, person)
    _not_oneself(by, held)
    removed, _by_model = Authenticator.objects.filter(user=held).delete()
    if not removed:
        raise ConflictError(_("该账号没有启用两步验证。"), code="no_second_factor")
    record(by=by, verb="person.reset_second_factor", target=held, region_code=region_of(held), today=today)
    return held


@transaction.atomic
def note_account_event(*, by: Mandate, today: date, verb: str) -> None:
    """Record what a person did at the door: account.login, account.logout, account.second_factor_on and the like."""
    record(by=by, verb=verb, target=by.person, region_code=region_of(by.person), today=today)

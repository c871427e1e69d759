"""People and their appointments."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from yiqi.core.enums import FORCE_ROLES, SEPARATE_ROLES, Role, UnitKind
from yiqi.core.models import Appointment, Person, Region, Unit
from yiqi.core.operations.audit import record
from yiqi.core.operations.gate import admit_administrator, admit_installer
from yiqi.core.queries.people import keeps_account
from yiqi.core.rules import Mandate
from yiqi.kit.errors import ConflictError, InvalidInputError, NotAllowedError
from yiqi.kit.records import changed, locked, save

EDITABLE = ("name", "title", "phone")


def check_password(password: str, person: Person) -> None:
    """InvalidInputError with all reasons why the password is too weak."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise InvalidInputError("".join(error.messages), code="weak_password") from None


def held_person(by: Mandate | None, person: Person) -> Person:
    """The person's row, locked; NotFoundError when the account is not the asking administrator's to look after."""
    held = locked(Person.objects.all(), person.pk)
    if by is not None:
        keeps_account(by, held)
    return held


def region_of(person: Person) -> str:
    """The region under which the trail files what is done to an account."""
    return person.region_id or ""


@transaction.atomic
def create_person(
    *,
    by: Mandate | None,
    today: date,
    username: str,
    name: str,
    password: str | None,
    region_code: str,
    title: str = "",
    phone: str = "",
    must_change_password: bool = False,
    demo: bool = False,
) -> Person:
    """Open an account; what it may do follows from :func:`appoint`.

    InvalidInputError when the name is taken (in any case of letters) or the password too weak. The password itself
    never enters the trail; None opens an account that cannot log in.
    """
    admit_installer(by, region_code)
    if Person.objects.filter(username__iexact=username).exists():
        raise InvalidInputError(_("登录名“%(username)s”已经使用。") % {"username": username}, code="username_taken")
    person = Person(
        username=username,
        name=name,
        title=title,
        phone=phone,
        region_id=region_code or None,
        must_change_password=must_change_password,
        demo=demo,
    )
    if password is not None:
        check_password(password, person)
    person.set_password(password)
    person.save()
    after = {"username": username, "name": name, "title": title, "must_change_password": must_change_password}
    record(by=by, verb="person.create", target=person, region_code=region_code, today=today, after=after)
    return person


@transaction.atomic
def edit_person(*, by: Mandate, today: date, person: Person, version: int | None = None, **changes: Any) -> Person:
    """Change any of EDITABLE; ConflictError for a stale form, TypeError for another field."""
    held = held_person(by, person)
    held.expect_version(version)
    before, after = changed(held, EDITABLE, changes)
    if not after:
        return held
    save(held)
    verb = "person.edit"
    record(by=by, verb=verb, target=held, region_code=region_of(held), today=today, before=before, after=after)
    return held


def _overlapping(person: Person, starts: date, ends: date | None) -> list[Appointment]:
    held = Appointment.objects.filter(Q(ends__isnull=True) | Q(ends__gte=starts), person=person)
    if ends is not None:
        held = held.filter(starts__lte=ends)
    return list(held)


def _check_combination(person: Person, role: str, unit: Unit, overlapping: list[Appointment]) -> None:
    for other in overlapping:
        if other.role == role and other.unit_id == unit.pk:
            raise ConflictError(_("该人员在这一时段已担任同一职责，不必重复任职。"), code="appointed_already")
        if other.role != role and not SEPARATE_ROLES.isdisjoint({role, other.role}):
            raise ConflictError(
                _("系统管理员、审计员不得与其他角色同时由一人担任；%(name)s在这一时段已是%(role)s。")
                % {"name": person.name, "role": other.get_role_display()},
                code="separate_roles",
            )


@transaction.atomic
def appoint(
    *,
    by: Mandate | None,
    today: date,
    person: Person,
    role: str,
    unit: Unit,
    region: Region,
    starts: date,
    ends: date | None = None,
) -> Appointment:
    """Give a person a role for a unit in a region from ``starts`` to ``ends`` (the last day; None: open).

    Nobody appoints themselves (NotAllowedError). ConflictError when the same post is held already in the period, or
    when administrator or auditor would meet another role in one person. InvalidInputError for a force role at a unit
    that is no task force, or a period that ends before it starts.
    """
    admit_installer(by, region.code)
    admit_installer(by, unit.region_id)
    held = held_person(by, person)
    if by is not None and by.person.pk == held.pk:
        raise NotAllowedError(_("不能给自己任职，请由另一位系统管理员办理。"), code="own_appointment")
    if role not in Role.values:
        raise InvalidInputError(_("角色“%(role)s”无法识别。") % {"role": role}, code="role")
    if ends is not None and ends < starts:
        raise InvalidInputError(_("任职止日不能早于起日。"), code="period")
    if role in FORCE_ROLES and unit.kind != UnitKind.FORCE:
        raise InvalidInputError(_("专班角色只能在类别为“专班”的单位任职。"), code="not_a_force")
    _check_combination(held, role, unit, _overlapping(held, starts, ends))
    appointment = Appointment.objects.create(person=held, role=role, unit=unit, region=region, starts=starts, ends=ends)
    after = {
        "person": held.username,
        "role": role,
        "unit": unit.name,
        "region": region.code,
        "starts": starts,
        "ends": ends,
    }
    verb = "appointment.create"
    record(by=by, verb=verb, target=appointment, region_code=region.code, today=today, after=after)
    return appointment


@transaction.atomic
def end_appointment(*, by: Mandate, today: date, appointment: Appointment, ends: date) -> Appointment:
    """Set the last day of an appointment; nobody ends their own (NotAllowedError)."""
    held = locked(Appointment.objects.select_related("person", "unit"), appointment.pk)
    admit_administrator(by, held.region_id)
    if by.person.pk == held.person_id:
        raise NotAllowedError(_("不能变更自己的任职，请由另一位系统管理员办理。"), code="own_appointment")
    if ends < held.starts:
        raise InvalidInputError(_("任职止日不能早于起日。"), code="period")
    before, held.ends = held.ends, ends
    held.save(update_fields=["ends"])
    record(
        by=by,
        verb="appointment.end",
        target=held,
        region_code=held.region_id,
        today=today,
        before={"ends": before},
        after={"ends": ends},
    )
    return held

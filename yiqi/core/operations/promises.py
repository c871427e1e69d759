"""Promises: the day that a unit gave somebody. Part of an operation of the app whose thing it is, and of its record."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from yiqi.core.models import Promise, Unit
from yiqi.core.rules import Mandate
from yiqi.core.subjects import Ref


def give_promise(
    *,
    by: Mandate,
    today: date,
    about: Ref,
    title: str,
    region_code: str,
    unit: Unit,
    to: str,
    basis: str,
    due: date,
    demo: bool = False,
) -> Promise:
    """Put down that ``unit`` will have done ``about`` by ``due``; a day that it gave before is moved, not forgotten.

    The caller has checked who may, and records it: a promise has no record of its own in the trail.
    """
    _standing(about, unit_id=unit.pk).update(moved_on=today)
    return Promise.objects.create(
        region_id=region_code,
        subject_kind=about.kind,
        subject_id=about.pk,
        title=title,
        unit=unit,
        given_to=to,
        given_by=by.person,
        given_on=today,
        basis=basis,
        due=due,
        demo=demo,
    )


def move_promise(*, by: Mandate, today: date, about: Ref, basis: str, due: date) -> None:
    """Give a later day for what was promised; nothing where nobody promised it yet."""
    for row in _standing(about).select_related("unit"):
        give_promise(
            by=by,
            today=today,
            about=about,
            title=row.title,
            region_code=row.region_id,
            unit=row.unit,
            to=row.given_to,
            basis=basis,
            due=due,
            demo=row.demo,
        )


def settle_promise(*, about: Ref, done_on: date | None) -> None:
    """Say on which day what was promised was done; None takes that back."""
    _standing(about).update(done_on=done_on)


def _standing(about: Ref, **more: int) -> QuerySet[Promise]:
    return Promise.objects.filter(subject_kind=about.kind, subject_id=about.pk, moved_on__isnull=True, **more)

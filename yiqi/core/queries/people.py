"""People as the administrator sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.db.models import Prefetch, Q, QuerySet

from yiqi.core.enums import Role
from yiqi.core.models import Appointment, Person
from yiqi.core.queries.mandates import within
from yiqi.core.rules import Mandate
from yiqi.kit.records import missing


def visible_people(who: Mandate) -> QuerySet[Person]:
    """The accounts that the administrator looks after: opened in their region, or holding a post in it."""
    prefixes = who.prefixes(Role.ADMIN)
    posted = Appointment.objects.filter(within("region__code", prefixes)).values("person_id")
    return Person.objects.filter(within("region__code", prefixes) | Q(pk__in=posted))


def keeps_account(who: Mandate, person: Person) -> None:
    """NotFoundError unless the account is one that ``who`` looks after."""
    if not visible_people(who).filter(pk=person.pk).exists():
        raise missing()


def with_posts(people: QuerySet[Person], *, today: date) -> QuerySet[Person]:
    """The people with their posts of ``today`` as ``posts_today``: one more statement, however many people."""
    held = (
        Appointment.objects.filter(Q(ends__isnull=True) | Q(ends__gte=today), starts__lte=today)
        .select_related("unit")
        .order_by("id")
    )
    return people.prefetch_related(Prefetch("appointments", queryset=held, to_attr="posts_today"))


@dataclass(frozen=True)
class AccountState:
    """What an account's page says about signing in."""

    failures: int
    locked: bool
    second_factor: bool


def account_state(person: Person, *, limit: int, since: datetime) -> AccountState:
    """Failed attempts after ``since`` (from any one address: the worst), and whether a second factor is on."""
    attempts = AccessAttempt.objects.filter(username=person.username, attempt_time__gte=since)
    failures = max(attempts.values_list("failures_since_start", flat=True), default=0)
    second = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()
    return AccountState(failures, failures >= limit, second)


def appointments_of(person: Person, who: Mandate) -> QuerySet[Appointment]:
    """The person's appointments in the administrator's regions, newest first."""
    held = Appointment.objects.filter(within("region__code", who.prefixes(Role.ADMIN)), person=person)
    return held.select_related("unit", "region").order_by("-starts", "-id")

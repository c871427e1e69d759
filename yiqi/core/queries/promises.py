"""Reads of promises: who sees them, and how each one stands on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When

from yiqi.core.enums import PromiseState, Role
from yiqi.core.models import Promise
from yiqi.core.queries.mandates import within
from yiqi.core.rules import READS_COUNTY, Mandate
from yiqi.core.subjects import Ref, Subject, subjects
from yiqi.kit.rates import Rate


def promise_state(today: date) -> Case:
    """How a promise stands on a day, as an expression: kept or broken by the day it was done, not by who says so."""
    return Case(
        When(moved_on__isnull=False, then=Value(PromiseState.MOVED)),
        When(done_on__lte=F("due"), then=Value(PromiseState.KEPT)),
        When(Q(done_on__isnull=False) | Q(due__lt=today), then=Value(PromiseState.BROKEN)),
        default=Value(PromiseState.OPEN),
        output_field=CharField(),
    )


def promises_for(who: Mandate, *, today: date) -> QuerySet[Promise]:
    """All promises of the region for its readers, their unit's for its people; each with its ``state``."""
    seen = within("region_id", who.prefixes(*READS_COUNTY)) | Q(unit__in=who.units(Role.REPORTER, Role.REVIEWER))
    return Promise.objects.filter(seen).select_related("unit", "given_by").annotate(state=promise_state(today))


def kept_rate(rows: QuerySet[Promise]) -> Rate:
    """Kept of those that came due or were done, of rows with a ``state``; moved ones count with their new day."""
    kept, broken = Q(state=PromiseState.KEPT), Q(state=PromiseState.BROKEN)
    found = rows.order_by().aggregate(kept=Count("pk", filter=kept), all=Count("pk", filter=kept | broken))
    return Rate(found["kept"], found["all"])


def promised_subjects(who: Mandate, rows: Iterable[Promise]) -> dict[Ref, Subject]:
    """What was promised, as far as the person may open it; one statement a kind."""
    ids: dict[str, set[int]] = {}
    for row in rows:
        ids.setdefault(row.subject_kind, set()).add(row.subject_id)
    return {found.ref: found for kind in sorted(ids) for found in subjects(who, kind, ids[kind])}

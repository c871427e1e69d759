"""Reads for the pages: weeks, the agenda, directives; numbers of statements do not grow with rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, Prefetch, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from yiqi.core.models import Unit
from yiqi.core.rules import Mandate
from yiqi.core.subjects import Ref
from yiqi.dispatch.enums import UNFINISHED, AgendaStatus, DirectiveStatus, ExtensionStatus, WeekStatus
from yiqi.dispatch.models import AgendaItem, Directive, DirectiveStep, Extension, TaskForce, Week
from yiqi.dispatch.queries.scope import CHAIRS, visible_directives, visible_items, visible_weeks
from yiqi.dispatch.rules import FORCE_ROLES
from yiqi.kit.errors import NotFoundError
from yiqi.plan.models import Campaign

IN_HAND_FIRST = Case(When(status__in=UNFINISHED, then=Value(0)), default=Value(1)).asc()


def _count(rows: QuerySet[Any]) -> Coalesce:
    """A correlated count: one statement for the whole list."""
    counted = rows.order_by().values("week").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def weeks_for(who: Mandate) -> QuerySet[Week]:
    """The weeks in reach with numbers of items, decided ones and directives given, as far as the person sees them."""
    items = visible_items(who).filter(week=OuterRef("pk"))
    given = visible_directives(who).filter(week=OuterRef("pk")).exclude(status=DirectiveStatus.DRAFT)
    return (
        visible_weeks(who)
        .select_related("campaign", "region")
        .annotate(
            item_count=_count(items),
            decided_count=_count(items.filter(status=AgendaStatus.DECIDED)),
            given_count=_count(given),
        )
    )


def week_for(who: Mandate, pk: int) -> Week:
    """One week in reach; NotFoundError."""
    week = visible_weeks(who).filter(pk=pk).select_related("campaign__region", "region", "chair", "opened_by").first()
    if week is None:
        raise NotFoundError("week")
    return week


def open_week_of(campaign: Campaign) -> Week | None:
    """The week in preparation, if there is one."""
    return Week.objects.filter(campaign=campaign, status=WeekStatus.OPEN).first()


def week_of_monday(campaign: Campaign, monday: date) -> Week | None:
    """The week that begins on that Monday, if there is one."""
    return Week.objects.filter(campaign=campaign, monday=monday).first()


def agenda_of(who: Mandate, week: Week) -> list[AgendaItem]:
    """The items that the person sees, in order, with what each is about and what was given from it; two statements."""
    given = visible_directives(who).select_related("unit").order_by("code")
    rows = visible_items(who).filter(week=week)
    rows = rows.select_related("force__unit", "task__lead_unit", "indicator", "directive__unit")
    items = list(rows.prefetch_related(Prefetch("given", given)).order_by("order"))
    for item in items:
        item.week = week  # joined, the minutes of a closed week would be read and parsed once for each item
    return items


@dataclass(frozen=True)
class ForceAgenda:
    """The items of one task force and what was left out for it."""

    force: TaskForce | None
    items: Sequence[AgendaItem]
    left_out: int


def by_force(who: Mandate, week: Week, items: Sequence[AgendaItem]) -> list[ForceAgenda]:
    """Group an agenda by task force; a force without items is named too, where something was left out for it."""
    out: dict[int | None, int] = {}
    for row in week.left_out:
        out[row["force"]] = out.get(row["force"], 0) + row["count"]
    forces: dict[int | None, TaskForce | None] = {item.force_id: item.force for item in items}
    hidden = week.status == WeekStatus.OPEN and not who.reaches(week.region_id, *CHAIRS)
    own = who.units(*FORCE_ROLES)
    groups = []
    for pk, force in forces.items():
        shown = not hidden or (force is not None and force.unit_id in own)
        groups.append(
            ForceAgenda(force, [item for item in items if item.force_id == pk], out.get(pk, 0) if shown else 0)
        )
    return groups


def directives_for(who: Mandate) -> QuerySet[Directive]:
    """Directives in reach with what a list prints."""
    return visible_directives(who).select_related("unit", "force__unit", "campaign", "region")


def directive_for(who: Mandate, pk: int) -> Directive:
    """One directive in reach with steps, attachments, extensions and supporting units; five statements."""
    steps = DirectiveStep.objects.select_related("by").prefetch_related("attachments").order_by("id")
    extensions = Extension.objects.select_related("asked_by", "decided_by").order_by("id")
    rows = (
        directives_for(who).filter(pk=pk).select_related("week", "item", "task__lead_unit", "indicator", "assigned_by")
    )
    row = rows.prefetch_related(Prefetch("steps", steps), Prefetch("extensions", extensions), "support_units").first()
    if row is None:
        raise NotFoundError("directive")
    return row


def my_directives(who: Mandate) -> QuerySet[Directive]:
    """Unfinished directives that the person's own units have to do, the most urgent first."""
    units = who.units("reporter", "reviewer")
    return directives_for(who).filter(unit_id__in=units, status__in=UNFINISHED).order_by("due", "code")


def waiting_extensions(who: Mandate) -> QuerySet[Extension]:
    """Wishes for more time that wait for an answer, in the directives that the person reaches."""
    rows = Extension.objects.filter(status=ExtensionStatus.ASKED, directive__in=visible_directives(who))
    return rows.select_related("directive__unit", "asked_by").order_by("old_due")


def units_with_directives(who: Mandate) -> QuerySet[Unit]:
    """Units to filter by: those that have a directive in reach."""
    return Unit.objects.filter(pk__in=visible_directives(who).order_by().values("unit_id")).order_by("order", "code")


def about(who: Mandate, ref: Ref) -> QuerySet[Directive]:
    """Directives in reach on a subject, unfinished first."""
    return directives_for(who).filter(**Directive.pointing_at(ref)).order_by(IN_HAND_FIRST, "-assigned_on", "code")

"""Task forces with their people, what they answer for, and what is open with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from yiqi.core.enums import Role
from yiqi.core.models import Appointment
from yiqi.core.rules import Mandate
from yiqi.dispatch.enums import UNFINISHED, DirectiveStatus
from yiqi.dispatch.models import Directive, TaskForce
from yiqi.dispatch.queries.scope import visible_directives, visible_forces
from yiqi.kit.errors import NotFoundError
from yiqi.plan.models import Campaign
from yiqi.plan.queries import ActionLights, light_counts


@dataclass(frozen=True)
class ForceView:
    """What the page of a task force prints."""

    force: TaskForce
    heads: Sequence[Appointment]
    staff: Sequence[Appointment]
    actions: Sequence[ActionLights]
    unfinished: int
    late: int

    @property
    def red(self) -> int:
        """Red tasks of all its actions."""
        return sum(row.red for row in self.actions)

    @property
    def tasks(self) -> int:
        """Tasks of all its actions."""
        return sum(row.total for row in self.actions)


def _with_people(who: Mandate, rows: QuerySet[TaskForce], today: date) -> QuerySet[TaskForce]:
    held = Appointment.objects.filter(role__in=(Role.FORCE_HEAD, Role.FORCE_STAFF), starts__lte=today)
    held = held.filter(Q(ends__isnull=True) | Q(ends__gte=today)).select_related("person").order_by("person__name")
    people = Prefetch("unit__appointments", held, to_attr="members")
    given = visible_directives(who).filter(force=OuterRef("pk"), status__in=UNFINISHED)
    open_ = given.exclude(status=DirectiveStatus.DRAFT)
    counted = rows.annotate(unfinished=_count(open_), late=_count(open_.filter(due__lt=today)))
    return counted.select_related("unit", "campaign").prefetch_related("actions", "blocks", people).order_by("order")


def _count(rows: QuerySet[Directive]) -> Coalesce:
    counted = rows.order_by().values("force").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def force_views(who: Mandate, campaign: Campaign, *, today: date) -> list[ForceView]:
    """All task forces of a campaign; six statements or seven, whatever their number."""
    forces = list(_with_people(who, visible_forces(who).filter(campaign=campaign), today))
    return _views(who, campaign, forces, today)


def force_view(who: Mandate, pk: int, *, today: date) -> ForceView:
    """One task force in reach; NotFoundError."""
    force = _with_people(who, visible_forces(who).filter(pk=pk), today).first()
    if force is None:
        raise NotFoundError("force")
    return _views(who, force.campaign, [force], today)[0]


def _views(who: Mandate, campaign: Campaign, forces: list[TaskForce], today: date) -> list[ForceView]:
    lights = {row.action.pk: row for row in light_counts(who, campaign, today)}
    return [_view(force, lights) for force in forces]


def _view(force: Any, lights: Mapping[int, ActionLights]) -> ForceView:
    members: list[Appointment] = force.unit.members  # set by the prefetch
    actions = [lights[action.pk] for action in force.actions.all() if action.pk in lights]
    heads = [row for row in members if row.role == Role.FORCE_HEAD]
    staff = [row for row in members if row.role == Role.FORCE_STAFF]
    return ForceView(force, heads, staff, actions, unfinished=force.unfinished, late=force.late)

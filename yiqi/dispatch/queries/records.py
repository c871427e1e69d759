"""The record of a meeting as plain data: what the digest covers and the minutes print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.utils import translation

from yiqi.core.enums import Role
from yiqi.core.models import Unit
from yiqi.core.subjects import Ref
from yiqi.dispatch.enums import UNFINISHED, AgendaStatus, DirectiveStatus
from yiqi.dispatch.models import AgendaItem, Directive, Week


def week_record(week: Week, *, today: date) -> dict[str, Any]:
    """Head, items in order and directives given; in the county's language, six statements."""
    with translation.override(settings.LANGUAGE_CODE):
        items = week.items.select_related("force__unit", "task", "indicator", "directive").order_by("order")
        given = (
            week.directives.exclude(status=DirectiveStatus.DRAFT).select_related("unit", "force__unit").order_by("code")
        )
        return {
            "campaign": {"code": week.campaign.code, "name": week.campaign.name},
            "region": week.region_id,
            "office": _office_of(week),
            "number": week.number,
            "monday": week.monday,
            "meets_on": week.meets_on,
            "place": week.place,
            "chair": week.chair.name if week.chair else "",
            "attendance": week.attendance,
            "closed_on": today,
            "left_out": week.left_out,
            "items": [_item(item) for item in items],
            "directives": [_directive(row) for row in given],
        }


def _office_of(week: Week) -> str:
    """The unit that keeps the minutes: the region's assessment office."""
    office = (
        Unit.objects.filter(region_id=week.region_id, appointments__role=Role.OFFICE).order_by("order", "code").first()
    )
    return office.name if office else week.region.name


def _item(item: AgendaItem) -> dict[str, Any]:
    return {
        "id": item.pk,
        "order": item.order,
        "force": item.force.unit.name if item.force else "",
        "kind": item.kind,
        "title": item.title,
        "reason": item.reason,
        "facts": item.facts,
        "task": item.task.code if item.task else None,
        "indicator": item.indicator.code if item.indicator else None,
        "directive": item.directive.code if item.directive else None,
        **({"subject": str(Ref(item.subject_kind, item.subject_id))} if item.subject_id else {}),
        "status": item.status,
        "decision": item.decision,
    }


def _directive(row: Directive) -> dict[str, Any]:
    return {
        "id": row.pk,
        "code": row.code,
        "item": row.item_id,
        "title": row.title,
        "requirement": row.requirement,
        "unit": row.unit.name,
        "unit_label": row.unit.label,
        "force": row.force.unit.name if row.force else "",
        "weight": row.weight,
        "assigned_on": row.assigned_on,
        "feedback_due": row.feedback_due,
        "due": row.due,
    }


@dataclass(frozen=True)
class Closing:
    """What ending the meeting will do, in numbers."""

    decided: int
    noted: int
    deferred: int
    pending: int
    given: int
    drafts: int
    unfinished: int


def closing_of(week: Week) -> Closing:
    """Counts for the confirmation page, in two statements."""

    def with_status(status: str) -> Count:
        return Count("pk", filter=Q(status=status))

    items = week.items.aggregate(
        decided=with_status(AgendaStatus.DECIDED),
        noted=with_status(AgendaStatus.NOTED),
        deferred=with_status(AgendaStatus.DEFERRED),
        pending=with_status(AgendaStatus.PENDING),
    )
    directives = Directive.objects.filter(campaign_id=week.campaign_id).aggregate(
        given=Count("pk", filter=Q(week=week) & ~Q(status=DirectiveStatus.DRAFT)),
        drafts=Count("pk", filter=Q(week=week, status=DirectiveStatus.DRAFT)),
        unfinished=Count("pk", filter=Q(status__in=UNFINISHED)),
    )
    return Closing(**items, **directives)

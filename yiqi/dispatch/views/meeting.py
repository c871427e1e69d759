"""The meeting wall: agenda at left, the item in hand at right with facts above and decision below."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.forms import Form
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiqi.core.subjects import named
from yiqi.core.views.middleware import WhoRequest
from yiqi.dispatch.enums import AgendaStatus, WeekStatus
from yiqi.dispatch.forms import AddItemForm, DecisionForm
from yiqi.dispatch.models import AgendaItem, Week
from yiqi.dispatch.operations import add_item, decide_item, give_directive
from yiqi.dispatch.queries import agenda_of, by_force, forces_of, week_for
from yiqi.dispatch.rules import can_assign, can_record, runs_dispatch, serves_force
from yiqi.dispatch.views.access import preparer, reader
from yiqi.dispatch.views.giving import give_form, given_message
from yiqi.kit import clock
from yiqi.kit.records import missing
from yiqi.kit.web.deeds import answer

DAYS = frozenset(
    {"deadline", "first_deadline", "next_due", "reported_on", "assigned_on", "due", "first_due", "feedback_due"}
)


@require_GET
def show_week(request: WhoRequest, pk: int) -> HttpResponseBase:
    """The meeting, with its first undecided item in hand."""
    return wall(request, pk)


@require_GET
def show_item(request: WhoRequest, pk: int, item: int) -> HttpResponseBase:
    """The meeting with that item in hand."""
    return wall(request, pk, item)


def wall(
    request: WhoRequest, pk: int, item: int | None = None, form: Form | None = None, status: int = 200
) -> HttpResponse:
    """Draw the page; ``form`` is a decision that could not be kept, with what was typed."""
    who = reader(request)
    week = week_for(who, pk)
    items = agenda_of(who, week)
    current = _current(items, item)
    context: dict[str, Any] = {
        "week": week,
        "groups": by_force(who, week, items),
        "items": items,
        "open": week.status == WeekStatus.OPEN,
        "may_manage": week.status == WeekStatus.OPEN and runs_dispatch(who, week.region_id),
        "may_add": week.status == WeekStatus.OPEN,
        "pending": sum(row.status == AgendaStatus.PENDING for row in items),
        "demo": week.demo,
    }
    if current is not None:
        context |= _in_hand(request, week, items, current, form)
    return render(request, "dispatch/week.html", context, status=status)


def _current(items: list[AgendaItem], wanted: int | None) -> AgendaItem | None:
    if wanted is not None:
        return _wanted(items, wanted)
    return next((row for row in items if row.status == AgendaStatus.PENDING), items[0] if items else None)


def _wanted(items: list[AgendaItem], wanted: int) -> AgendaItem:
    row = next((row for row in items if row.pk == wanted), None)
    if row is None:
        raise missing()
    return row


def _in_hand(
    request: WhoRequest, week: Week, items: list[AgendaItem], current: AgendaItem, form: Form | None
) -> dict[str, Any]:
    who, at = request.who, items.index(current)
    recordable = week.status == WeekStatus.OPEN and can_record(who, current.force, week.region_id)
    givable = recordable and can_assign(who, current.force, week.region_id)
    return {
        "item": current,
        "facts": dated(current.facts),
        "position": at + 1,
        "previous": items[at - 1] if at else None,
        "next": items[at + 1] if at + 1 < len(items) else None,
        "links": named(who, current.pointed),
        "given": list(current.given.all()),
        "form": (form or DecisionForm(initial=recorded(current))) if recordable else None,
        "give": give_form(request, week.campaign, item=current) if givable else None,
    }


def recorded(item: AgendaItem) -> dict[str, Any]:
    """What the form of an item begins with."""
    initial = {"version": item.version, "decision": item.decision}
    return initial if item.status == AgendaStatus.PENDING else {**initial, "status": item.status}


def dated(facts: dict[str, Any]) -> dict[str, Any]:
    """Frozen facts with their days as dates, so that the page writes them in the reader's language."""
    return {name: date.fromisoformat(value) if name in DAYS and value else value for name, value in facts.items()}


@require_POST
def decide(request: WhoRequest, pk: int, item: int) -> HttpResponseBase:
    """Record what was decided and go on to the next item."""
    who = reader(request)
    week = week_for(who, pk)
    items = agenda_of(who, week)
    current = _wanted(items, item)
    form = DecisionForm(request.POST, initial=recorded(current))

    def done(made: AgendaItem) -> tuple[str, str]:
        following = next((row for row in items if row.order > made.order), made)
        said = _("已记录议题%(number)s的处理结果。") % {"number": made.order}
        return said, reverse("dispatch:show_item", args=[pk, following.pk])

    return answer(
        request,
        form,
        lambda facts: decide_item(by=who, today=clock.today(), item=current, **facts),
        done=done,
        page=lambda status: wall(request, pk, item, form, status),
    )


@require_http_methods(["GET", "POST"])
def give(request: WhoRequest, pk: int, item: int) -> HttpResponseBase:
    """Give a directive from an item."""
    who = reader(request)
    week = week_for(who, pk)
    current = _wanted(agenda_of(who, week), item)
    preparer(request, week.region_id)
    form = give_form(request, week.campaign, item=current, data=request.POST or None)
    context = {"form": form, "week": week, "item": current}
    return answer(
        request,
        form,
        lambda facts: give_directive(by=who, today=clock.today(), campaign=week.campaign, item=current, **facts),
        done=lambda made: (given_message(made), reverse("dispatch:show_item", args=[pk, item])),
        page=lambda status: render(request, "dispatch/give.html", context, status=status),
    )


@require_http_methods(["GET", "POST"])
def add(request: WhoRequest, pk: int) -> HttpResponseBase:
    """Put an item on the agenda by hand."""
    who = reader(request)
    week = week_for(who, pk)
    preparer(request, week.region_id)
    forces = forces_of(week.campaign)
    free = runs_dispatch(who, week.region_id)
    own = forces if free else forces.filter(pk__in=[row.pk for row in forces if serves_force(who, row)])
    form = AddItemForm(request.POST or None, week=week, forces=own, free=free)
    context = {"form": form, "week": week}
    return answer(
        request,
        form,
        lambda facts: add_item(by=who, today=clock.today(), week=week, task=facts.pop("task_code"), **facts),
        done=lambda made: (_("已加入议程。"), reverse("dispatch:show_item", args=[pk, made.pk])),
        page=lambda status: render(request, "dispatch/item_add.html", context, status=status),
    )

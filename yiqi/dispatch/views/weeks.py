"""Weeks: the list, opening, drawing anew, closing, minutes."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yiqi.core.doors import item_label
from yiqi.core.views.middleware import WhoRequest
from yiqi.dispatch.enums import Opening
from yiqi.dispatch.forms import OpenForm
from yiqi.dispatch.models import Week
from yiqi.dispatch.operations import close_week, monday_of, open_week, redraw_agenda
from yiqi.dispatch.operations.printing import minutes_file
from yiqi.dispatch.queries import (
    closing_of,
    draw_agenda,
    minutes_document,
    open_week_of,
    week_for,
    week_of_monday,
)
from yiqi.dispatch.rules import runs_dispatch
from yiqi.dispatch.views.access import campaign_here, chair, reader
from yiqi.kit import clock
from yiqi.kit.documents import preview_blocks
from yiqi.kit.web.answers import download
from yiqi.kit.web.deeds import answer, form_for, tell
from yiqi.plan.models import Campaign


@require_http_methods(["GET", "POST"])
def start_week(request: WhoRequest) -> HttpResponseBase:
    """Confirm with a preview of what the agenda would hold, then open."""
    campaign, today = campaign_here(request), clock.today()
    who = chair(request, campaign.region_id)
    form = OpenForm(request.POST or None, initial={"monday": monday_of(today), "meets_on": today})

    def done(week: Week) -> tuple[str, str]:
        said = _("第%(number)s期调度会已开启，议程已生成。") % {"number": week.number}
        return said, reverse("dispatch:show_week", args=[week.pk])

    return answer(
        request,
        form,
        lambda facts: open_week(by=who, today=today, campaign=campaign, how=Opening.HAND, **facts),
        done=done,
        page=lambda status: _opening_page(request, campaign, form, status),
    )


def _opening_page(request: WhoRequest, campaign: Campaign, form: OpenForm, status: int) -> HttpResponse:
    today = clock.today()
    monday = monday_of(today)
    already = open_week_of(campaign)
    closed = None if already else week_of_monday(campaign, monday)
    agenda = None if already or closed else draw_agenda(campaign, monday=monday, today=today)
    context = {
        "form": form,
        "campaign": campaign,
        "already": already,
        "closed": closed,
        "agenda": agenda,
        "preview": [(item_label(row.kind), row) for row in agenda.items] if agenda else [],
        "rest": sum(row["count"] for row in agenda.left_out) if agenda else 0,
        "monday": monday,
    }
    return render(request, "dispatch/week_open.html", context, status=status)


@require_http_methods(["GET", "POST"])
def redraw(request: WhoRequest, pk: int) -> HttpResponseBase:
    """Draw the agenda anew."""
    who = reader(request)
    week = week_for(who, pk)
    chair(request, week.region_id)
    if request.method == "POST":
        redraw_agenda(by=who, today=clock.today(), week=week)
        said = _("议程已按今天的数据重新生成；已议定、已交办和临时议题均保留。")
        return tell(request, said, reverse("dispatch:show_week", args=[pk]))
    return render(request, "dispatch/week_redraw.html", {"week": week, "closing": closing_of(week)})


@require_http_methods(["GET", "POST"])
def finish_week(request: WhoRequest, pk: int) -> HttpResponseBase:
    """Say in numbers what closing does, then close."""
    who = reader(request)
    week = week_for(who, pk)
    chair(request, week.region_id)
    form = form_for(week, close_week, sent=request)

    def page(status: int) -> HttpResponse:
        context = {"form": form, "week": week, "closing": closing_of(week)}
        return render(request, "dispatch/week_close.html", context, status=status)

    return answer(
        request,
        form,
        lambda _facts: form.do(by=who, today=clock.today(), row=week),
        done=lambda made: (close_week.done(made), reverse("dispatch:show_week", args=[pk])),
        page=page,
    )


@require_GET
def show_minutes(request: WhoRequest, pk: int) -> HttpResponseBase:
    """The minutes as they will be printed."""
    who = reader(request)
    week = week_for(who, pk)
    blocks = preview_blocks(minutes_document(week))
    context = {"week": week, "blocks": blocks, "may_manage": runs_dispatch(who, week.region_id)}
    return render(request, "dispatch/minutes.html", context)


@require_GET
def export_minutes(request: WhoRequest, pk: int, form: str) -> HttpResponseBase:
    """The minutes as Word or PDF."""
    week = week_for(reader(request), pk)
    data, media_type = minutes_file(week, form)
    name = _("第%(number)s期调度会议纪要") % {"number": week.number}
    return download(data, f"{name}.{form}", media_type)

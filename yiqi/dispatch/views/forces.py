"""Task forces, and how much supervision each unit gets."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yiqi.core.rules import runs_office
from yiqi.core.views.middleware import WhoRequest
from yiqi.dispatch.enums import UNFINISHED
from yiqi.dispatch.forms import ForceForm
from yiqi.dispatch.models import TaskForce
from yiqi.dispatch.operations import create_force
from yiqi.dispatch.queries import directives_for, force_view, force_views, open_week_of, visible_items
from yiqi.dispatch.views.access import campaign_here, reader
from yiqi.dispatch.views.directives import lit
from yiqi.kit import clock
from yiqi.kit.errors import NotAllowedError
from yiqi.kit.web.deeds import answer

SHOWN = 50


@require_GET
def list_forces(request: WhoRequest) -> HttpResponseBase:
    """The campaign's task forces: head, members, what they answer for, what is open."""
    campaign = campaign_here(request)
    views = force_views(request.who, campaign, today=clock.today())
    may_found = runs_office(request.who, campaign.region_id)
    context = {"campaign": campaign, "views": views, "may_found": may_found, "demo": campaign.demo}
    return render(request, "dispatch/forces.html", context)


@require_http_methods(["GET", "POST"])
def found_force(request: WhoRequest) -> HttpResponseBase:
    """Set up a task force of the campaign."""
    who, campaign = reader(request), campaign_here(request)
    if not runs_office(who, campaign.region_id):
        raise NotAllowedError(_("专班由考核督查机构设立。"))
    form = ForceForm(request.POST or None, campaign=campaign)
    order = TaskForce.objects.filter(campaign=campaign).count() + 1
    context = {"form": form, "campaign": campaign, "demo": campaign.demo}
    return answer(
        request,
        form,
        lambda facts: create_force(by=who, today=clock.today(), campaign=campaign, order=order, **facts),
        done=lambda made: (_("专班已设立。成员由系统管理员任命。"), reverse("dispatch:show_force", args=[made.pk])),
        page=lambda status: render(request, "dispatch/force_new.html", context, status=status),
    )


@require_GET
def show_force(request: WhoRequest, pk: int) -> HttpResponseBase:
    """One task force."""
    who = reader(request)
    view = force_view(who, pk, today=clock.today())
    open_directives = directives_for(who).filter(force=view.force, status__in=UNFINISHED).order_by("due", "code")
    week = open_week_of(view.force.campaign)
    items = list(visible_items(who).filter(week=week, force=view.force).order_by("order")) if week else []
    context = {
        "view": view,
        "force": view.force,
        "directives": lit(open_directives[:SHOWN]),
        "week": week,
        "items": items,
        "demo": view.force.campaign.demo,
    }
    return render(request, "dispatch/force.html", context)

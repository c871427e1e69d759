"""Giving a directive: one form, from an agenda item or by itself."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiqi.core.enums import UnitKind
from yiqi.core.queries import units_of
from yiqi.core.rules import Mandate
from yiqi.core.subjects import Ref, Subject, named, subject
from yiqi.core.views.middleware import WhoRequest
from yiqi.dispatch.forms import GiveForm
from yiqi.dispatch.models import AgendaItem, Directive, TaskForce
from yiqi.dispatch.operations import give_directive, propose_directive
from yiqi.dispatch.queries import forces_of, limits_for
from yiqi.dispatch.rules import heads_force, runs_dispatch, serves_force
from yiqi.dispatch.views.access import campaign_here, preparer
from yiqi.kit import clock
from yiqi.kit.web.deeds import answer
from yiqi.kit.wording import cn_day
from yiqi.plan.models import Campaign

TITLE_LENGTH = 200


def forces_to_give_for(who: Mandate, campaign: Campaign) -> QuerySet[TaskForce]:
    """Task forces for which the person may put matters down: all for office and leaders, else their own."""
    forces = forces_of(campaign)
    if runs_dispatch(who, campaign.region_id):
        return forces
    return forces.filter(pk__in=[force.pk for force in forces if serves_force(who, force)])


def give_form(
    request: WhoRequest,
    campaign: Campaign,
    *,
    item: AgendaItem | None = None,
    about: Subject | None = None,
    data: Any = None,
) -> GiveForm:
    """The form with what the item or the subject already knows: title, unit, task force."""
    who = request.who
    initial: dict[str, Any] = {}
    if about is not None:
        initial = {"title": about.told.title[:TITLE_LENGTH], "unit": about.told.unit_id}
    if item is not None:
        unit = item.directive.unit_id if item.directive else item.task.lead_unit_id if item.task else None
        unit = unit or (item.indicator.lead_unit_id if item.indicator else None)
        other = named(who, item.pointed) if item.subject_id else []
        unit = unit or (other[0].told.unit_id if other else None)
        initial = {"title": item.title[:TITLE_LENGTH], "unit": unit, "force": item.force_id}
    units = units_of(campaign.region_id).exclude(kind=UnitKind.FORCE).order_by("order", "code")
    return GiveForm(
        data,
        units=units,
        forces=forces_to_give_for(who, campaign),
        limits=limits_for(campaign.region_id),
        today=clock.today(),
        free=runs_dispatch(who, campaign.region_id),
        initial=initial,
    )


def about_of(request: WhoRequest) -> Subject | None:
    """The subject in reach that the address names (``?subject=plan.task:5``), for a directive about it."""
    ref = Ref.read(request.GET.get("subject", ""))
    return subject(request.who, ref) if ref else None


def given_message(directive: Directive) -> str:
    """What to tell after giving."""
    facts = {"code": directive.code, "unit": directive.unit.label, "due": cn_day(directive.due)}
    return _("已向%(unit)s交办%(code)s，办结时限%(due)s。") % facts


@require_http_methods(["GET", "POST"])
def start_directive(request: WhoRequest) -> HttpResponseBase:
    """Give a directive outside of a meeting; the staff of a task force put it down for its head."""
    campaign, today = campaign_here(request), clock.today()
    who = preparer(request, campaign.region_id)
    about = about_of(request)
    form = give_form(request, campaign, data=request.POST or None, about=about)
    may_assign = runs_dispatch(who, campaign.region_id) or any(
        heads_force(who, force) for force in forces_to_give_for(who, campaign)
    )
    verb = propose_directive if "propose" in request.POST or not may_assign else give_directive

    ref = about.ref if about else None

    def done(made: Directive) -> tuple[str, str]:
        drafted = _("%(code)s已立项，待负责人交办。") % {"code": made.code}
        said = drafted if verb is propose_directive else given_message(made)
        return said, reverse("dispatch:show_directive", args=[made.pk])

    context = {"form": form, "campaign": campaign, "may_assign": may_assign}
    return answer(
        request,
        form,
        lambda facts: verb(by=who, today=today, campaign=campaign, subject=ref, **facts),
        done=done,
        page=lambda status: render(request, "dispatch/directive_new.html", context, status=status),
    )

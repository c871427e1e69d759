"""Figures: the list, one of them, those that wait for approval, and the decision."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yiqi.appraisal.enums import Approval
from yiqi.appraisal.models import Observation
from yiqi.appraisal.operations import approve_observation, return_observation
from yiqi.appraisal.queries import (
    observation_for,
    observations_for,
    revisions_of,
)
from yiqi.appraisal.readers.periods import period_of
from yiqi.appraisal.rules import may_approve, sees_trials
from yiqi.appraisal.views.access import reader
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit import clock
from yiqi.kit.web.deeds import MoveForm, answer, form_for


@require_http_methods(["GET", "POST"])
def show_observation(request: WhoRequest, pk: int) -> HttpResponseBase:
    """One figure with all revisions; a POST approves it or sends it back."""
    who = reader(request)
    observation = observation_for(who, pk)
    form = form_for(observation, approve_observation, return_observation, sent=request)
    return answer(
        request,
        form,
        lambda _facts: form.do(by=who, today=clock.today(), row=observation),
        done=lambda made: (form.move.done(made), reverse("appraisal:show_observation", args=[pk])),
        page=lambda status: _page(request, observation, form, status),
    )


def _page(request: WhoRequest, observation: Observation, form: MoveForm, status: int) -> HttpResponse:
    who = request.who
    revisions = revisions_of(observation)
    seen = (
        revisions
        if sees_trials(who, observation.indicator.framework)
        else revisions.filter(pk__in=observations_for(who).values("pk"))
    )
    context = {
        "observation": observation,
        "indicator": observation.indicator,
        "period": period_of(observation.period).label,
        "revisions": list(seen),
        "form": form,
        "may_judge": observation.approval == Approval.PENDING and may_approve(who, observation),
        "waits_for_other": observation.approval == Approval.PENDING and observation.entered_by_id == who.person.pk,
        "demo": observation.demo,
    }
    return render(request, "appraisal/observation.html", context, status=status)

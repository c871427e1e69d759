"""Figures: the list, one of them, those that wait for approval, and the decision."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiqi.appraisal.enums import Approval
from yiqi.appraisal.forms import JudgeForm
from yiqi.appraisal.operations import approve_observation, return_observation
from yiqi.appraisal.queries import (
    observation_for,
    observations_for,
    revisions_of,
)
from yiqi.appraisal.rules import may_approve, period_of, sees_trials
from yiqi.appraisal.views.access import reader
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit import clock
from yiqi.kit.errors import NotAllowedError, YiqiError
from yiqi.kit.web.answers import see_other
from yiqi.kit.web.refusals import refuse


@require_http_methods(["GET", "POST"])
def show_observation(request: WhoRequest, pk: int) -> HttpResponseBase:
    """One figure with all revisions; a POST approves it or sends it back."""
    who = reader(request)
    observation = observation_for(who, pk)
    form = JudgeForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        deed = approve_observation if request.POST.get("decision") == "approve" else return_observation
        try:
            deed(by=who, today=clock.today(), observation=observation, opinion=form.cleaned_data["opinion"])
        except NotAllowedError:
            raise
        except YiqiError as error:
            refuse(form, error)
            status = error.status
        else:
            done = _("数据已审核，现已生效。") if deed is approve_observation else _("数据已退回，填报人可以重新填报。")
            messages.success(request, done)
            return see_other(reverse("appraisal:show_observation", args=[pk]))
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

"""Rounds: the list, one of them, working one out, publishing it."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiqi.appraisal.forms import RunRoundForm
from yiqi.appraisal.models import Framework, Round
from yiqi.appraisal.operations import publish_round, run_round
from yiqi.appraisal.queries import (
    periods_of,
    policies_in_words,
    round_for,
    seal_holds,
    standings_table,
    warnings_in_words,
)
from yiqi.appraisal.rules import keeps_framework, period_of
from yiqi.appraisal.views.access import office_framework, reader
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit import clock
from yiqi.kit.errors import YiqiError
from yiqi.kit.web.answers import see_other
from yiqi.kit.web.refusals import refuse


@require_GET
def show_round(request: WhoRequest, pk: int) -> HttpResponseBase:
    """One round: what it was worked out from and with, what a reader must know, its standings in short."""
    who = reader(request)
    made = round_for(who, pk)
    table = standings_table(who, made)
    context = {
        "round": made,
        "framework": made.framework,
        "period": period_of(made.period).label,
        "policies": policies_in_words(made),
        "warnings": warnings_in_words(made),
        "holds": seal_holds(made, standings=table.standings, blocks=table.blocks),
        "table": table,
        "places": table.places,
        "may_publish": keeps_framework(who, made.framework) and not made.published,
        "demo": made.demo,
    }
    return render(request, "appraisal/round.html", context)


@require_http_methods(["GET", "POST"])
def start_round(request: WhoRequest) -> HttpResponseBase:
    """Choose period and day, and work a round out."""
    framework, today = office_framework(request), clock.today()
    periods = [
        (period, period_of(period).label) for period in periods_of(framework) if period.startswith(str(framework.year))
    ]
    form = RunRoundForm(request.POST or None, periods=periods, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            made = _run(request, framework, form.cleaned_data["period"], form.cleaned_data["as_of"])
        except YiqiError as error:
            refuse(form, error)
            return _start_page(request, framework, form, error.status)
        messages.success(
            request,
            _("第%(number)s轮已算出，共%(count)s个县（市、区）。核对无误后请发布。")
            % {"number": made.number, "count": len(made.parameters["regions"])},
        )
        return see_other(reverse("appraisal:show_round", args=[made.pk]))
    return _start_page(request, framework, form, 422 if form.errors else 200)


def _run(request: WhoRequest, framework: Framework, period: str, as_of: date) -> Round:
    return run_round(
        by=request.who, today=clock.today(), now=clock.now(), framework=framework, period=period, as_of=as_of
    )


def _start_page(request: WhoRequest, framework: Framework, form: RunRoundForm, status: int) -> HttpResponseBase:
    return render(request, "appraisal/run_round.html", {"framework": framework, "form": form}, status=status)


@require_POST
def publish(request: WhoRequest, pk: int) -> HttpResponseBase:
    """Publish a trial."""
    made = round_for(reader(request), pk)
    version = request.POST.get("version", "")
    made = publish_round(
        by=request.who, today=clock.today(), round=made, version=int(version) if version.isdecimal() else None
    )
    messages.success(request, _("第%(number)s轮已发布，结果不再变动。") % {"number": made.number})
    return see_other(reverse("appraisal:show_round", args=[made.pk]))

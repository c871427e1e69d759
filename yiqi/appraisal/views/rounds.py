"""Rounds: the list, one of them, working one out, publishing it."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiqi.appraisal.forms import RunRoundForm
from yiqi.appraisal.models import Round
from yiqi.appraisal.operations import publish_round, run_round
from yiqi.appraisal.queries import (
    periods_of,
    policies_in_words,
    round_for,
    seal_holds,
    standings_table,
    warnings_in_words,
)
from yiqi.appraisal.readers.periods import period_of
from yiqi.appraisal.rules import keeps_framework
from yiqi.appraisal.views.access import office_framework, reader
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit import clock
from yiqi.kit.web.deeds import answer, form_for, form_page, tell


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

    def done(made: Round) -> tuple[str, str]:
        facts = {"number": made.number, "count": len(made.parameters["regions"])}
        said = _("第%(number)s轮已算出，共%(count)s个县（市、区）。核对无误后请发布。") % facts
        return said, reverse("appraisal:show_round", args=[made.pk])

    return answer(
        request,
        form,
        lambda facts: run_round(by=request.who, today=today, now=clock.now(), framework=framework, **facts),
        done=done,
        page=form_page(request, "appraisal/run_round.html", form, framework=framework),
    )


@require_POST
def publish(request: WhoRequest, pk: int) -> HttpResponseBase:
    """Publish a trial."""
    made = round_for(reader(request), pk)
    form = form_for(made, publish_round, sent=request)
    form.is_valid()
    made = form.do(by=request.who, today=clock.today(), row=made)
    return tell(request, publish_round.done(made), reverse("appraisal:show_round", args=[made.pk]))

"""One directive: its facts, its life, and the forms of the steps that the person may take now."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yiqi.core.rules import Mandate
from yiqi.core.subjects import named
from yiqi.core.views.middleware import WhoRequest
from yiqi.dispatch import rules
from yiqi.dispatch.enums import WORKING_ON, ExtensionStatus
from yiqi.dispatch.forms import ExtensionAnswerForm, ExtensionForm
from yiqi.dispatch.models import Directive, Extension
from yiqi.dispatch.operations import DIRECTIVE, ask_extension, decide_extension
from yiqi.dispatch.queries import directive_for, directive_light, visible_weeks
from yiqi.dispatch.views.access import reader
from yiqi.kit import clock
from yiqi.kit.records import missing
from yiqi.kit.web.deeds import answer, form_for, offers


@require_GET
def show_directive(request: WhoRequest, pk: int) -> HttpResponseBase:
    """One directive."""
    return page(request, directive_for(reader(request), pk))


def page(request: WhoRequest, directive: Directive, form: Form | None = None, status: int = 200) -> HttpResponse:
    """Draw the page; ``form`` is one that could not be done, with what was typed."""
    who, today = request.who, clock.today()
    asked = next((row for row in directive.extensions.all() if row.status == ExtensionStatus.ASKED), None)
    working = directive.status in WORKING_ON and today <= directive.due
    may_answer = asked is not None and rules.can_decide_extension(who, directive)
    may_ask = not may_answer and not asked and working and rules.can_answer(who, directive)
    context: dict[str, Any] = {
        "directive": directive,
        "reading": directive_light(directive, today),
        "links": named(who, directive.pointed),
        "week_url": _week_address(who, directive),
        "steps": list(directive.steps.all()),
        "extensions": list(directive.extensions.all()),
        "asked": asked,
        "offers": offers(DIRECTIVE, who, directive, "dispatch:move_directive", form),
        "answer": form if isinstance(form, ExtensionAnswerForm) else ExtensionAnswerForm() if may_answer else None,
        "extension": form if isinstance(form, ExtensionForm) else ExtensionForm() if may_ask else None,
        "demo": directive.demo,
    }
    return render(request, "dispatch/directive.html", context, status=status)


def _week_address(who: Mandate, directive: Directive) -> str:
    """The meeting's page, if the person may open it."""
    week = directive.week
    seen = week is not None and visible_weeks(who).filter(pk=week.pk).exists()
    return reverse("dispatch:show_week", args=[directive.week_id]) if seen else ""


@require_POST
def move_directive(request: WhoRequest, pk: int, step: str) -> HttpResponseBase:
    """Take a step of its life."""
    directive = directive_for(reader(request), pk)
    move = DIRECTIVE.named(step)
    form = form_for(directive, move, sent=request)
    return answer(
        request,
        form,
        lambda _facts: form.do(by=request.who, today=clock.today(), row=directive),
        done=lambda made: (move.done(made), reverse("dispatch:show_directive", args=[pk])),
        page=lambda status: page(request, directive, form, status),
    )


@require_POST
def ask_for_time(request: WhoRequest, pk: int) -> HttpResponseBase:
    """Ask for a later due date."""
    directive, form = directive_for(reader(request), pk), ExtensionForm(request.POST)
    said = _("延期申请已提交，等待批复；批复前时限不变。")
    return answer(
        request,
        form,
        lambda facts: ask_extension(by=request.who, today=clock.today(), directive=directive, **facts),
        done=lambda _made: (said, reverse("dispatch:show_directive", args=[pk])),
        page=lambda status: page(request, directive, form, status),
    )


@require_POST
def answer_extension(request: WhoRequest, pk: int, extension: int) -> HttpResponseBase:
    """Grant or refuse more time."""
    directive, form = directive_for(reader(request), pk), ExtensionAnswerForm(request.POST)
    wish = next((one for one in directive.extensions.all() if one.pk == extension), None)
    if wish is None:
        raise missing()

    def decide(facts: dict[str, Any]) -> Extension:
        return decide_extension(by=request.who, today=clock.today(), extension=wish, **facts)

    return answer(
        request,
        form,
        decide,
        done=lambda _made: (_("已批复延期申请。"), reverse("dispatch:show_directive", args=[pk])),
        page=lambda status: page(request, directive, form, status),
    )

"""One directive: its facts, its life, and the form for the next possible step only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.files import File
from django.db import transaction
from django.forms import Form
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yiqi.core.operations import store_attachment
from yiqi.core.rules import Mandate
from yiqi.core.views.middleware import WhoRequest
from yiqi.dispatch import rules
from yiqi.dispatch.enums import DirectiveStatus, ExtensionStatus
from yiqi.dispatch.forms import (
    ExtensionAnswerForm,
    ExtensionForm,
    FeedbackForm,
    NoteForm,
    RatingForm,
    ReviewForm,
    blame,
)
from yiqi.dispatch.models import Directive
from yiqi.dispatch.operations import (
    accept_directive,
    ask_extension,
    assign_directive,
    decide_extension,
    feed_back,
    rate_directive,
    review_directive,
)
from yiqi.dispatch.queries import WORKING_ON, directive_for, directive_light, visible_weeks
from yiqi.dispatch.views.access import reader, subject_links
from yiqi.kit import clock
from yiqi.kit.errors import NotFoundError, YiqiError
from yiqi.kit.web.answers import see_other

HANDLING = (DirectiveStatus.ACCEPTED, DirectiveStatus.RETURNED)
Forms = dict[str, Form]


@require_GET
def show_directive(request: WhoRequest, pk: int) -> HttpResponseBase:
    """One directive."""
    return page(request, directive_for(reader(request), pk))


def page(request: WhoRequest, directive: Directive, bound: Forms | None = None, status: int = 200) -> HttpResponse:
    """Draw the page; ``bound`` holds a form that could not be kept, with what was typed."""
    who, today = request.who, clock.today()
    asked = next((row for row in directive.extensions.all() if row.status == ExtensionStatus.ASKED), None)
    forms = possible(who, directive)
    if asked is not None and rules.can_decide_extension(who, directive):
        forms["answer"] = ExtensionAnswerForm()
    elif directive.status in WORKING_ON and rules.can_answer(who, directive) and today <= directive.due and not asked:
        forms["extension"] = ExtensionForm()
    context: dict[str, Any] = {
        "directive": directive,
        "reading": directive_light(directive, today),
        "links": subject_links(who, directive),
        "week_url": _week_address(who, directive),
        "steps": list(directive.steps.all()),
        "extensions": list(directive.extensions.all()),
        "asked": asked,
        "forms": forms | (bound or {}),
        "demo": directive.demo,
    }
    return render(request, "dispatch/directive.html", context, status=status)


def _week_address(who: Mandate, directive: Directive) -> str:
    """The meeting's page, if the person may open it."""
    week = directive.week
    seen = week is not None and visible_weeks(who).filter(pk=week.pk).exists()
    return reverse("dispatch:show_week", args=[directive.week_id]) if seen else ""


def possible(who: Mandate, directive: Directive) -> Forms:
    """The forms of the steps that the person may take now, by name."""
    state, initial = directive.status, {"version": directive.version}
    if state == DirectiveStatus.DRAFT and rules.can_assign(who, directive.force, directive.region_id):
        return {"assign": NoteForm(initial=initial)}
    if state == DirectiveStatus.ASSIGNED and rules.can_answer(who, directive):
        return {"accept": NoteForm(initial=initial)}
    if state in HANDLING and rules.can_answer(who, directive):
        return {"feedback": FeedbackForm(initial=initial)}
    if state == DirectiveStatus.FEEDBACK and rules.can_review(who, directive):
        return {"review": ReviewForm(initial=initial)}
    if state == DirectiveStatus.DONE and rules.can_rate(who, directive):
        return {"rating": RatingForm(initial=initial)}
    return {}


def _take(
    request: WhoRequest, pk: int, name: str, form: Form, act: Callable[[Directive, dict[str, Any]], object], said: str
) -> HttpResponseBase:
    directive = directive_for(reader(request), pk)
    status = 422
    if form.is_valid():
        try:
            act(directive, form.cleaned_data)
        except YiqiError as error:
            if error.status in (403, 404):
                raise
            blame(form, error)
            status = error.status
        else:
            messages.success(request, said)
            return see_other(reverse("dispatch:show_directive", args=[pk]))
    return page(request, directive, {name: form}, status)


@require_POST
def assign(request: WhoRequest, pk: int) -> HttpResponseBase:
    """Give a drafted directive to its unit."""

    def act(row: Directive, facts: dict[str, Any]) -> object:
        return assign_directive(by=request.who, today=clock.today(), directive=row, version=facts["version"])

    return _take(request, pk, "assign", NoteForm(request.POST), act, _("已交办。"))


@require_POST
def accept(request: WhoRequest, pk: int) -> HttpResponseBase:
    """Sign for a directive."""

    def act(row: Directive, facts: dict[str, Any]) -> object:
        return accept_directive(by=request.who, today=clock.today(), directive=row, **facts)

    return _take(request, pk, "accept", NoteForm(request.POST), act, _("已签收，请按时限办理并反馈。"))


@require_POST
def answer(request: WhoRequest, pk: int) -> HttpResponseBase:
    """Report back, with a file where there is one: both are kept or neither."""

    def act(row: Directive, facts: dict[str, Any]) -> object:
        file: File[bytes] | None = facts.pop("file")
        who, today = request.who, clock.today()
        with transaction.atomic():
            files = []
            if file is not None:
                name = file.name or ""
                files = [store_attachment(by=who, today=today, region=row.region, unit=row.unit, file=file, name=name)]
            return feed_back(by=who, today=today, directive=row, files=files, **facts)

    form = FeedbackForm(request.POST, request.FILES)
    return _take(request, pk, "feedback", form, act, _("已反馈。"))


@require_POST
def review(request: WhoRequest, pk: int) -> HttpResponseBase:
    """Judge the feedback."""

    def act(row: Directive, facts: dict[str, Any]) -> object:
        return review_directive(by=request.who, today=clock.today(), directive=row, **facts)

    return _take(request, pk, "review", ReviewForm(request.POST), act, _("已审核。"))


@require_POST
def rate(request: WhoRequest, pk: int) -> HttpResponseBase:
    """Rate and strike off."""

    def act(row: Directive, facts: dict[str, Any]) -> object:
        return rate_directive(by=request.who, today=clock.today(), directive=row, **facts)

    return _take(request, pk, "rating", RatingForm(request.POST), act, _("已评价并销号。"))


@require_POST
def ask_for_time(request: WhoRequest, pk: int) -> HttpResponseBase:
    """Ask for a later due date."""

    def act(row: Directive, facts: dict[str, Any]) -> object:
        return ask_extension(by=request.who, today=clock.today(), directive=row, **facts)

    return _take(
        request, pk, "extension", ExtensionForm(request.POST), act, _("延期申请已提交，等待批复；批复前时限不变。")
    )


@require_POST
def answer_extension(request: WhoRequest, pk: int, extension: int) -> HttpResponseBase:
    """Grant or refuse more time."""

    def act(row: Directive, facts: dict[str, Any]) -> object:
        wish = next((one for one in row.extensions.all() if one.pk == extension), None)
        if wish is None:
            raise NotFoundError(_("延期申请不存在。"))
        return decide_extension(by=request.who, today=clock.today(), extension=wish, **facts)

    return _take(request, pk, "answer", ExtensionAnswerForm(request.POST), act, _("已批复延期申请。"))

"""Panels on the pages of lower apps: directives about a task, about an indicator."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.template.loader import render_to_string

from yiqi.appraisal.models import Indicator
from yiqi.core.views.middleware import WhoRequest
from yiqi.dispatch.queries import about
from yiqi.dispatch.rules import FORCE_ROLES
from yiqi.dispatch.views.directives import lit
from yiqi.plan.models import Task

SHOWN = 10


def _panel(request: HttpRequest, **subject: object) -> str:
    who = cast(WhoRequest, request).who
    rows = lit(about(who, **subject)[:SHOWN])
    may_give = who.has("office", "leader", *FORCE_ROLES)
    if not rows and not may_give:
        return ""
    context = {"rows": rows, "may_give": may_give, "subject": subject}
    return render_to_string("dispatch/panel.html", context, request=request)


def task_panel(request: HttpRequest, _place: str, task: Task) -> str:
    """Directives about a task."""
    return _panel(request, task=task)


def indicator_panel(request: HttpRequest, _place: str, indicator: Indicator) -> str:
    """Directives about an indicator."""
    return _panel(request, indicator=indicator)

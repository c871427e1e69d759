"""The cockpit at the desk and on the wall."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from yiqi.cockpit.queries import cockpit
from yiqi.cockpit.rules import sees_cockpit
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit import clock
from yiqi.kit.errors import NotFoundError


def _page(request: HttpRequest, template: str) -> HttpResponse:
    who = cast(WhoRequest, request).who
    if not sees_cockpit(who):
        raise NotFoundError("cockpit")
    seen = cockpit(who, today=clock.today())
    return render(request, template, {"seen": seen, "demo": seen.demo})


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The cockpit; the administrator, who sees no business, is sent to the system pages."""
    who = cast(WhoRequest, request).who
    if not sees_cockpit(who) and who.posts:
        return redirect("core:list_people")
    return _page(request, "cockpit/home.html")


@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """The cockpit for the meeting room's screen; it refreshes itself quietly."""
    return _page(request, "cockpit/wall.html")

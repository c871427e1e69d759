"""The panel on the pages of other apps: directives about whatever the page is about."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from django.template.loader import render_to_string

from yiqi.core.subjects import Ref
from yiqi.core.views.middleware import WhoRequest
from yiqi.dispatch.queries import about
from yiqi.dispatch.rules import FORCE_ROLES
from yiqi.dispatch.views.directives import lit

SHOWN = 10


def directives_panel(request: HttpRequest, place: str, subject: Any) -> str:
    """Directives about the subject, and the way to give one."""
    who, ref = cast(WhoRequest, request).who, Ref(place, subject.pk)
    rows = lit(about(who, ref)[:SHOWN])
    may_give = who.has("office", "leader", *FORCE_ROLES)
    if not rows and not may_give:
        return ""
    context = {"rows": rows, "may_give": may_give, "ref": ref}
    return render_to_string("dispatch/panel.html", context, request=request)

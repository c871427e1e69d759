"""Directives: the list, my unit's, one of them with the next possible step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from yiqi.core.enums import Light
from yiqi.core.queries import attachment_path
from yiqi.core.views.middleware import WhoRequest
from yiqi.dispatch.enums import UNFINISHED, WORKING_ON, DirectiveStatus, Weight
from yiqi.dispatch.models import Directive
from yiqi.dispatch.queries import (
    IN_HAND_FIRST,
    directive_for,
    directive_light,
    directives_for,
    my_directives,
    units_with_directives,
    visible_forces,
    visible_weeks,
    waiting_extensions,
    with_directive_lights,
)
from yiqi.dispatch.rules import FORCE_ROLES, can_decide_extension
from yiqi.dispatch.views.access import reader
from yiqi.kit import clock
from yiqi.kit.errors import NotFoundError
from yiqi.kit.marks import badge, light
from yiqi.kit.web.answers import download
from yiqi.kit.web.columns import DATE, TITLE, Column, choice, filed, page
from yiqi.kit.web.filters import Choices, Filter, having
from yiqi.kit.web.tables import Button, List, answer_list
from yiqi.kit.wording import cn_day

OPEN = "open"
SIX_DAYS = timedelta(days=6)


_page = page("dispatch:show_directive")


def _title(row: Directive) -> SafeString:
    link = format_html('<a href="{}">{}</a>', _page(row), row.title)
    return format_html("{} {}", link, badge(row.get_weight_display(), "blue")) if row.weight == Weight.MAJOR else link


_state, _rating = choice("status"), choice("rating")


def _status(row: Directive) -> str:
    return f"{_state(row)}{_('，')}{_rating(row)}" if row.rating else str(_state(row))


def _due(row: Directive) -> str:
    day = cn_day(row.due)
    if row.due == row.first_due:
        return day
    return format_html('{}<span class="unit">{}</span>', day, _("原定%(day)s") % {"day": cn_day(row.first_due)})


def _units(request: WhoRequest) -> Choices:
    return [(str(unit.pk), unit.label) for unit in units_with_directives(request.who)]


def _forces(request: WhoRequest) -> Choices:
    return [(str(force.pk), force.unit.name) for force in visible_forces(request.who).order_by("order")]


def _linked_week(request: WhoRequest) -> Choices:
    week = request.GET.get("week", "")
    row = visible_weeks(request.who).filter(pk=int(week)).first() if week.isdecimal() else None
    return [(week, _("第%(number)s期") % {"number": row.number})] if row else []


def _linked_days(name: str) -> Callable[[WhoRequest], Choices]:
    return lambda request: [(text, text)] if _day(text := request.GET.get(name, "")) else []


def _by_status(rows: QuerySet[Directive], status: str) -> QuerySet[Directive]:
    return rows.filter(status__in=UNFINISHED) if status == OPEN else rows.filter(status=status)


def _given_in(rows: QuerySet[Directive], monday: str) -> QuerySet[Directive]:
    first = date.fromisoformat(monday)
    return rows.filter(assigned_on__range=(first, first + SIX_DAYS))


def _due_in(rows: QuerySet[Directive], monday: str) -> QuerySet[Directive]:
    first = date.fromisoformat(monday)
    return rows.filter(status__in=WORKING_ON, due__range=(first, first + SIX_DAYS))


DIRECTIVES = List(
    title=_("督办事项"),
    status=_("三日反馈，一般事项七日办结，重大事项一月办结，逐件跟踪到销号。"),
    columns=(
        Column("code", _("督办编号"), width=14, link=_page, css="nowrap", sort="code", phone=TITLE),
        Column("title", _("事项"), width=40, show=_title, css="wide"),
        Column("unit.name", _("承办单位"), width=16, show=attrgetter("unit.label"), css="nowrap", sort="unit"),
        filed("force.unit.name", _("牵头专班"), 16),
        filed("get_weight_display", _("类别"), 10),
        Column("get_status_display", _("状态"), width=14, show=_status, css="nowrap"),
        Column("reading", _("亮灯和原因"), show=lambda row: light(row.reading), css="wide"),
        filed("reading", _("亮灯"), 8, value=lambda row: Light(row.reading.colour).label),
        filed("reading.reason", _("说明"), 36),
        filed("assigned_on", _("交办日期"), 12, DATE),
        filed("first_due", _("原定时限"), 12, DATE),
        Column("due", _("办结时限"), DATE, 12, show=_due, sort="due"),
        filed("done_on", _("办结日期"), 12, DATE),
        filed("get_rating_display", _("评价"), 8),
    ),
    filters=(
        Filter("text", _("事项或编号"), narrow=having("title__icontains", "code__icontains")),
        Filter("unit", _("承办单位"), _units),
        Filter("status", _("状态"), [(OPEN, _("未办结")), *DirectiveStatus.choices], _by_status),
        Filter("light", _("亮灯"), Light.choices),
        Filter("force", _("牵头专班"), _forces),
        Filter("weight", _("类别"), Weight.choices),
        Filter("week", _("调度会"), _linked_week, linked=True),
        Filter("monday", _("交办周"), _linked_days("monday"), _given_in, linked=True),
        Filter("due_week", _("到期周"), _linked_days("due_week"), _due_in, linked=True),
    ),
    sorts={
        "urgency": (_("在办优先"), (IN_HAND_FIRST, "due", "code")),
        "due": (_("办结时限"), ("due", "code")),
        "code": (_("督办编号"), ("code",)),
        "unit": (_("承办单位"), ("unit__order", "unit__code", "due")),
        "assigned": (_("交办日期"), ("assigned_on", "code")),
    },
    sort="urgency",
    empty=(_("没有符合条件的督办事项"), _("可以去掉一些条件再看；调度会上的议题和任务页都能交办督办事项。")),
)


def lit(rows: Iterable[Directive]) -> list[Directive]:
    """Rows with ``reading`` set: the light with its reason."""
    today = clock.today()
    found = list(rows)
    for row in found:
        row.reading = directive_light(row, today)
    return found


@require_GET
def list_directives(request: WhoRequest) -> HttpResponseBase:
    """All directives that the person sees, the most urgent first."""
    who = reader(request)
    rows = with_directive_lights(directives_for(who), today=clock.today())
    gives = who.has("office", "leader", *FORCE_ROLES)
    action = Button(reverse("dispatch:give_directive"), _("交办督办事项"), "plus") if gives else None
    return answer_list(request, DIRECTIVES, rows, {"action": action}, prepare=lit)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


# in the order in which they press; a state that is not named comes last, by its own name
MINE: dict[str, Promise] = {
    DirectiveStatus.ASSIGNED: _("待签收"),
    DirectiveStatus.RETURNED: _("退回补充"),
    DirectiveStatus.ACCEPTED: _("办理中"),
    DirectiveStatus.FEEDBACK: _("已报结，等待审核"),
}


@require_GET
def list_mine(request: WhoRequest) -> HttpResponseBase:
    """What my unit has to sign for, do, and supplement; and wishes for more time that wait for me."""
    who = reader(request)
    rows = lit(my_directives(who))
    groups: dict[str, list[Directive]] = {str(label): [] for label in MINE.values()}
    for row in rows:
        groups.setdefault(str(MINE.get(row.status, _state(row))), []).append(row)
    asked = [row for row in waiting_extensions(who) if can_decide_extension(who, row.directive)]
    context = {
        "groups": [(label, found) for label, found in groups.items() if found],
        "late": sum(row.due < clock.today() for row in rows if row.status in WORKING_ON),
        "rows": rows,
        "asked": asked,
        "demo": any(row.demo for row in rows),
    }
    return render(request, "dispatch/mine.html", context | {"table": DIRECTIVES})


@require_GET
def download_file(request: WhoRequest, pk: int, file: Any) -> HttpResponseBase:
    """An attachment of a step of a directive in reach."""
    directive = directive_for(reader(request), pk)
    found = next((one for step in directive.steps.all() for one in step.attachments.all() if one.pk == file), None)
    if found is None or not attachment_path(found).is_file():
        raise NotFoundError(_("附件不存在，或者不在您的职责范围内。"))
    return download(attachment_path(found).read_bytes(), found.name, found.media_type)

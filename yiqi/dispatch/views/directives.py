"""Directives: the list, my unit's, one of them with the next possible step."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
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
from yiqi.kit.sheets import Column, ColumnKind, Table
from yiqi.kit.web.answers import demo_mark, download, workbook
from yiqi.kit.web.lists import Filter, chosen, listing

SORTS: dict[str, tuple[Any, list[Any]]] = {
    "urgency": (gettext_lazy("在办优先"), [IN_HAND_FIRST, "due", "code"]),
    "due": (gettext_lazy("办结时限"), ["due", "code"]),
    "code": (gettext_lazy("督办编号"), ["code"]),
    "unit": (gettext_lazy("承办单位"), ["unit__order", "unit__code", "due"]),
    "assigned": (gettext_lazy("交办日期"), ["assigned_on", "code"]),
}
OPEN = "open"
SIX_DAYS = timedelta(days=6)


def lit(rows: Iterable[Directive]) -> list[Directive]:
    """Rows with ``reading`` set: the light with its reason."""
    today = clock.today()
    found = list(rows)
    for row in found:
        row.reading = directive_light(row, today)  # type: ignore[attr-defined]
    return found


@require_GET
def list_directives(request: WhoRequest) -> HttpResponseBase:
    """All directives that the person sees, the most urgent first."""
    who = reader(request)
    units = [(str(unit.pk), unit.label) for unit in units_with_directives(who)]
    forces = [(str(force.pk), force.unit.name) for force in visible_forces(who).order_by("order")]
    filters = [
        chosen(request, "text", _("事项或编号")),
        chosen(request, "unit", _("承办单位"), units),
        chosen(request, "status", _("状态"), [(OPEN, _("未办结")), *DirectiveStatus.choices]),
        chosen(request, "light", _("亮灯"), Light.choices),
        chosen(request, "force", _("牵头专班"), forces),
        chosen(request, "weight", _("类别"), Weight.choices),
    ]
    filters += _asked_by_link(request)
    rows = _filtered(with_directive_lights(directives_for(who), today=clock.today()), filters)
    if request.GET.get("export") == "xlsx":
        return workbook(_table(lit(rows.order_by(IN_HAND_FIRST, "due", "code"))), _("督办事项"))
    shown = listing(request, rows, filters=filters, sorts=SORTS, default_sort="urgency")
    found = lit(shown.page)
    context = {
        "listing": shown,
        "rows": found,
        "may_give": who.has("office", "leader", *FORCE_ROLES),
        "demo": any(row.demo for row in found),
    }
    return render(request, "dispatch/directives.html", context)


def _asked_by_link(request: WhoRequest) -> list[Filter]:
    """Filters that only links of other pages set: the meeting, the week of giving, the week of the due date."""
    found: list[Filter] = []
    week, monday = request.GET.get("week", ""), request.GET.get("monday", "")
    if week.isdecimal():
        row = visible_weeks(request.who).filter(pk=int(week)).first()
        choices = [(week, _("第%(number)s期") % {"number": row.number})] if row else []
        found += [chosen(request, "week", _("调度会"), choices)] if row else []
    if monday and _day(monday):
        found.append(chosen(request, "monday", _("交办周")))
    if _day(request.GET.get("due_week", "")):
        found.append(chosen(request, "due_week", _("到期周")))
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _filtered(rows: QuerySet[Directive], filters: list[Filter]) -> QuerySet[Directive]:
    given = {item.name: item.value for item in filters if item.value}
    if text := given.pop("text", ""):
        rows = rows.filter(Q(title__icontains=text) | Q(code__icontains=text))
    if monday := _day(given.pop("monday", "")):
        rows = rows.filter(assigned_on__range=(monday, monday + SIX_DAYS))
    if monday := _day(given.pop("due_week", "")):
        rows = rows.filter(status__in=WORKING_ON, due__range=(monday, monday + SIX_DAYS))
    if given.get("status") == OPEN:
        rows = rows.filter(status__in=UNFINISHED)
        del given["status"]
    return rows.filter(**given)


def _table(rows: list[Directive]) -> Table:
    columns = [
        Column(_("督办编号"), 14),
        Column(_("事项"), 40),
        Column(_("承办单位"), 16),
        Column(_("牵头专班"), 16),
        Column(_("类别"), 10),
        Column(_("状态"), 14),
        Column(_("亮灯"), 8),
        Column(_("说明"), 36),
        Column(_("交办日期"), 12, ColumnKind.DATE),
        Column(_("原定时限"), 12, ColumnKind.DATE),
        Column(_("办结时限"), 12, ColumnKind.DATE),
        Column(_("办结日期"), 12, ColumnKind.DATE),
        Column(_("评价"), 8),
    ]
    cells = [
        (
            row.code,
            row.title,
            row.unit.name,
            row.force.unit.name if row.force else "",
            row.get_weight_display(),
            row.get_status_display(),
            Light(row.reading.colour).label,  # type: ignore[attr-defined]  # set by lit
            row.reading.reason,  # type: ignore[attr-defined]
            row.assigned_on,
            row.first_due,
            row.due,
            row.done_on,
            row.get_rating_display() if row.rating else "",
        )
        for row in rows
    ]
    notes = [_("截至%(day)s") % {"day": clock.today().isoformat()}]
    return Table(_("督办事项"), columns, cells, notes=notes, mark=demo_mark(any(row.demo for row in rows)))


@require_GET
def list_mine(request: WhoRequest) -> HttpResponseBase:
    """What my unit has to sign for, do, and supplement; and wishes for more time that wait for me."""
    who = reader(request)
    rows = lit(my_directives(who))
    groups = [
        (_("待签收"), [row for row in rows if row.status == DirectiveStatus.ASSIGNED]),
        (_("退回补充"), [row for row in rows if row.status == DirectiveStatus.RETURNED]),
        (_("办理中"), [row for row in rows if row.status == DirectiveStatus.ACCEPTED]),
        (_("已报结，等待审核"), [row for row in rows if row.status == DirectiveStatus.FEEDBACK]),
    ]
    asked = [row for row in waiting_extensions(who) if can_decide_extension(who, row.directive)]
    context = {
        "groups": [(label, found) for label, found in groups if found],
        "late": sum(row.due < clock.today() for row in rows if row.status != DirectiveStatus.FEEDBACK),
        "rows": rows,
        "asked": asked,
        "demo": any(row.demo for row in rows),
    }
    return render(request, "dispatch/mine.html", context)


@require_GET
def download_file(request: WhoRequest, pk: int, file: Any) -> HttpResponseBase:
    """An attachment of a step of a directive in reach."""
    directive = directive_for(reader(request), pk)
    found = next((one for step in directive.steps.all() for one in step.attachments.all() if one.pk == file), None)
    if found is None or not attachment_path(found).is_file():
        raise NotFoundError(_("附件不存在，或者不在您的职责范围内。"))
    return download(attachment_path(found).read_bytes(), found.name, found.media_type)

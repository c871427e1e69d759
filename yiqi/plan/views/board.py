"""The board and the list of tasks, and their export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, QuerySet, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from yiqi.core.enums import Light
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit import clock
from yiqi.kit.sheets import Column, ColumnKind, Table
from yiqi.kit.web.answers import workbook
from yiqi.kit.web.lists import Filter, Listing, chosen, listing
from yiqi.kit.wording import cn_date, local_name
from yiqi.plan.enums import TaskStatus
from yiqi.plan.models import Campaign, Task
from yiqi.plan.queries import (
    URGENT,
    Choice,
    LightRule,
    first_tasks,
    light_counts,
    light_rule,
    read_lights,
    severity,
    total_of,
    visible_tasks,
)
from yiqi.plan.rules import can_manage
from yiqi.plan.views.gate import campaign_of, campaigns_of, unit_choices

EACH = 4
SORTS = {
    "due": (gettext_lazy("紧急程度"), URGENT),
    "code": (gettext_lazy("编号"), ("code",)),
    "deadline": (gettext_lazy("完成时限"), (F("deadline").asc(nulls_last=True), "code")),
    "percent": (gettext_lazy("进度"), ("percent", "code")),
    "reported": (gettext_lazy("最近报送"), (F("last_report_on").asc(nulls_first=True), "code")),
}


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    campaign: Campaign
    filters: list[Filter]
    choice: Choice
    rule: LightRule
    as_list: bool


def _filters(request: WhoRequest, campaign: Campaign) -> list[Filter]:
    prefetch_related_objects([campaign], "actions")
    actions = [(str(action.pk), f"{action.code} {local_name(action)}") for action in campaign.actions.all()]
    units = unit_choices(campaign.region_id)
    campaigns = [(item.code, local_name(item)) for item in campaigns_of(request)]
    filters = [
        chosen(request, "q", _("名称或编号")),
        chosen(request, "action", _("行动"), actions),
        chosen(request, "unit", _("牵头单位"), units),
        chosen(request, "light", _("亮灯"), Light.choices),
        chosen(request, "status", _("状态"), TaskStatus.choices),
    ]
    return filters if len(campaigns) < 2 else [*filters, chosen(request, "campaign", _("专项行动"), campaigns)]


def _asked(request: WhoRequest, campaign: Campaign) -> Asked:
    filters = _filters(request, campaign)
    said = {item.name: item.value for item in filters}
    choice = Choice(
        action=int(said["action"] or 0) or None,
        unit=int(said["unit"] or 0) or None,
        light=said["light"],
        status=said["status"],
        text=said["q"],
    )
    as_list = request.GET.get("view") == "list" or bool(choice.text)
    return Asked(campaign, filters, choice, light_rule(campaign.region_id), as_list)


def _rows(request: WhoRequest, asked: Asked, today: date) -> QuerySet[Task]:
    tasks = asked.choice.apply(visible_tasks(request.who, campaign=asked.campaign), today=today, rule=asked.rule)
    return tasks.select_related("lead_unit", "action")


@require_safe
def board(request: WhoRequest) -> HttpResponse:
    """Tasks by action and light: strips under each action, or one list; the same filters for both and for export."""
    today = clock.today()
    campaign = campaign_of(request, today)
    if campaign is None:
        return render(request, "plan/no_campaign.html", {"may_create": _may_create(request)})
    asked = _asked(request, campaign)
    if request.GET.get("export") == "xlsx":
        return _export(request, asked, today)
    counts = light_counts(request.who, campaign, today, rule=asked.rule, choice=asked.choice)
    context = {
        "campaign": campaign,
        "counts": counts,
        "total": total_of(counts),
        "may_manage": can_manage(request.who, campaign.region_id),
        "as_list": asked.as_list,
    }
    return (_list if asked.as_list else _strips)(request, asked, today, context)


def _may_create(request: WhoRequest) -> bool:
    return request.who.home is not None and can_manage(request.who, request.who.home.code)


def _list(request: WhoRequest, asked: Asked, today: date, context: dict[str, Any]) -> HttpResponse:
    known = context["total"]["total"]  # counted by light already, whatever was chosen
    rows = _rows(request, asked, today)
    sorts = SORTS | {"light": (_("亮灯"), (severity(today, asked.rule), *URGENT))}
    shown = listing(request, rows, filters=asked.filters, sorts=sorts, default_sort="due", known_count=known)
    tasks = read_lights(shown.page.object_list, today=today, rule=asked.rule)
    demo = any(task.demo for task in tasks)
    context |= _switch(shown) | {"listing": shown, "tasks": tasks, "demo": demo, "demo_data": demo}
    return render(request, "plan/task_list.html", context)


def _switch(shown: Listing[Task]) -> dict[str, str]:
    """Addresses of the same tasks as strips and as a list; a search by text is always a list."""
    board = shown.address(view=None, page=None, sort=None, q=None)
    return {"board_address": board, "list_address": shown.address(view="list", page=None)}


def _strips(request: WhoRequest, asked: Asked, today: date, context: dict[str, Any]) -> HttpResponse:
    first = first_tasks(request.who, context["counts"], today, rule=asked.rule, choice=asked.choice, each=EACH)
    empty = Paginator(Task.objects.none(), 20)
    empty.count = context["total"]["total"]
    shown = Listing(empty.page(1), empty.count, asked.filters, "", {}, 20, request.GET)
    address = partial(shown.address, page=None, view="list")
    columns = [
        {
            "count": count,
            "tasks": first.get(count.action.pk, []),
            "all": address(action=count.action.pk),
            "lights": [(light, n, address(action=count.action.pk, light=light.value)) for light, n in count.by_light],
            "rest": count.total - len(first.get(count.action.pk, [])),
        }
        for count in context["counts"]
        if count.total or not asked.choice.action
    ]
    demo = any(task.demo for tasks in first.values() for task in tasks)
    context |= _switch(shown) | {"listing": shown, "columns": columns, "demo": demo, "demo_data": demo}
    return render(request, "plan/board.html", context)


def _export(request: WhoRequest, asked: Asked, today: date) -> HttpResponse:
    tasks = read_lights(_rows(request, asked, today).order_by(*URGENT), today=today, rule=asked.rule)
    columns = [
        Column(_("编号"), 10),
        Column(_("行动"), 18),
        Column(_("任务名称"), 40),
        Column(_("牵头单位"), 20),
        Column(_("状态"), 10),
        Column(_("亮灯"), 8),
        Column(_("原因"), 40),
        Column(_("完成时限"), 12, ColumnKind.DATE),
        Column(_("完成进度（%）"), 10, ColumnKind.NUMBER),
        Column(_("最近报送"), 12, ColumnKind.DATE),
    ]
    rows = [
        (
            task.code,
            local_name(task.action),
            task.title,
            local_name(task.lead_unit),
            task.get_status_display(),
            task.reading.colour.label,  # type: ignore[attr-defined]  # set by read_lights
            task.reading.reason,  # type: ignore[attr-defined]
            task.deadline,
            task.percent,
            task.last_report_on,
        )
        for task in tasks
    ]
    notes = [_("截至%(day)s") % {"day": cn_date(today)}]
    mark = _("演示数据") if any(task.demo for task in tasks) else ""
    title = _("%(campaign)s任务清单") % {"campaign": local_name(asked.campaign)}
    return workbook(Table(title, columns, rows, notes=notes, mark=mark, name=_("任务清单")), title)

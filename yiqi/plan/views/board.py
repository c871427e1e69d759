"""The board and the list of tasks, and their export."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from django.db.models import F, QuerySet, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from yiqi.core.enums import Light
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit import clock
from yiqi.kit.marks import light
from yiqi.kit.web.columns import DATE, NUMBER, TITLE, Column, filed, page
from yiqi.kit.web.filters import Chosen, Filter, asked
from yiqi.kit.web.tables import List, Listing, file, listing
from yiqi.kit.wording import cn_day, local_name
from yiqi.plan.enums import TaskStatus
from yiqi.plan.models import Campaign, Task
from yiqi.plan.queries import (
    URGENT,
    LightRule,
    TaskFilter,
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


def _due(task: Task) -> str:
    return cn_day(task.due) if task.due else str(_("长期坚持"))


TASKS = List(
    title=_("任务"),
    sheet=_("任务清单"),
    caption=_("任务列表"),
    columns=(
        Column("code", _("编号"), width=10, css="text-nowrap", sort="code"),
        filed("action", _("行动"), 18, value=lambda row: local_name(row.action)),
        Column("title", pgettext_lazy("column", "任务"), link=page("plan:show_task"), css="wide", phone=TITLE),
        filed("title", _("任务名称"), 40),
        Column("reading", _("亮灯与原因"), show=lambda row: light(row.reading), css="wide", sort="light"),
        Column("lead_unit.label", _("牵头单位")),
        filed("lead_unit", _("牵头单位"), 20, value=lambda row: local_name(row.lead_unit)),
        filed("get_status_display", _("状态"), 10),
        filed("reading.colour.label", _("亮灯"), 8),
        filed("reading.reason", _("原因"), 40),
        Column("due", _("完成时限"), DATE, 12, show=_due, css="text-nowrap", sort="due"),
        Column("percent", _("进度（%）"), NUMBER, sort="percent"),
        filed("percent", _("完成进度（%）"), 10, NUMBER),
        Column("get_status_display", _("状态"), css="text-nowrap"),
        Column("last_report_on", _("最近报送"), DATE, 12, css="text-nowrap", sort="reported"),
    ),
    sorts={
        "urgency": (_("紧急程度"), URGENT),
        "code": (_("编号"), ("code",)),
        "due": (_("完成时限"), (F("due").asc(nulls_last=True), "code")),
        "percent": (_("进度"), ("percent", "code")),
        "reported": (_("最近报送"), (F("last_report_on").asc(nulls_first=True), "code")),
    },
    sort="urgency",
)


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    campaign: Campaign
    chosen: list[Chosen]
    choice: TaskFilter
    rule: LightRule
    as_list: bool


def _filters(request: WhoRequest, campaign: Campaign) -> list[Filter]:
    prefetch_related_objects([campaign], "actions")
    actions = [(str(action.pk), f"{action.code} {local_name(action)}") for action in campaign.actions.all()]
    units = unit_choices(campaign.region_id)
    campaigns = [(item.code, local_name(item)) for item in campaigns_of(request)]
    filters = [
        Filter("q", _("名称或编号")),
        Filter("action", _("行动"), actions),
        Filter("unit", _("牵头单位"), units),
        Filter("light", _("亮灯"), Light.choices),
        Filter("status", _("状态"), TaskStatus.choices),
    ]
    return filters if len(campaigns) < 2 else [*filters, Filter("campaign", _("专项行动"), campaigns)]


def _asked(request: WhoRequest, campaign: Campaign) -> Asked:
    chosen = asked(request, _filters(request, campaign))
    said = {item.filter.name: item.value for item in chosen}
    choice = TaskFilter(
        action=int(said["action"] or 0) or None,
        unit=int(said["unit"] or 0) or None,
        light=said["light"],
        status=said["status"],
        text=said["q"],
    )
    as_list = request.GET.get("view") == "list" or bool(choice.text)
    return Asked(campaign=campaign, chosen=chosen, choice=choice, rule=light_rule(campaign.region_id), as_list=as_list)


def _rows(request: WhoRequest, wanted: Asked, today: date) -> QuerySet[Task]:
    tasks = wanted.choice.apply(visible_tasks(request.who, campaign=wanted.campaign), today=today, rule=wanted.rule)
    return tasks.select_related("lead_unit", "action")


@require_safe
def board(request: WhoRequest) -> HttpResponse:
    """Tasks by action and light: strips under each action, or one list; the same filters for both and for export."""
    today = clock.today()
    campaign = campaign_of(request, today)
    if campaign is None:
        return render(request, "plan/no_campaign.html", {"may_create": _may_create(request)})
    wanted = _asked(request, campaign)
    what, read = _what(wanted, today), partial(read_lights, today=today, rule=wanted.rule)
    if (found := file(request, what, _rows(request, wanted, today), prepare=read)) is not None:
        return found
    counts = light_counts(request.who, campaign, today, rule=wanted.rule, choice=wanted.choice)
    context: dict[str, Any] = {
        "campaign": campaign,
        "counts": counts,
        "total": total_of(counts),
        "may_manage": can_manage(request.who, campaign.region_id),
        "as_list": wanted.as_list,
    }
    if not wanted.as_list:
        return _strips(request, wanted, today, context)
    known = context["total"]["total"]  # counted by light already, whatever was chosen
    rows = _rows(request, wanted, today)
    shown = listing(request, what, rows, wanted.chosen, known_count=known, prepare=read)
    context |= _switch(shown) | {"listing": shown, "demo": shown.demo}
    return render(request, "plan/task_list.html", context)


def _what(wanted: Asked, today: date) -> List:
    sorts = {**(TASKS.sorts or {}), "light": (_("亮灯"), (severity(today, wanted.rule), *URGENT))}
    title = _("%(campaign)s任务清单") % {"campaign": local_name(wanted.campaign)}
    return replace(TASKS, sorts=sorts, file=title)


def _may_create(request: WhoRequest) -> bool:
    return request.who.home is not None and can_manage(request.who, request.who.home.code)


def _switch(shown: Listing) -> dict[str, str]:
    """Addresses of the same tasks as strips and as a list; a search by text is always a list."""
    board = shown.address(view=None, page=None, sort=None, q=None)
    return {"board_address": board, "list_address": shown.address(view="list", page=None)}


def _strips(request: WhoRequest, wanted: Asked, today: date, context: dict[str, Any]) -> HttpResponse:
    first = first_tasks(request.who, context["counts"], today, rule=wanted.rule, choice=wanted.choice, each=EACH)
    shown = Listing(
        TASKS, (), count=context["total"]["total"], chosen=wanted.chosen, sort="", size=0, query=request.GET
    )
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
        if count.total or not wanted.choice.action
    ]
    demo = any(task.demo for tasks in first.values() for task in tasks)
    context |= _switch(shown) | {"listing": shown, "columns": columns, "demo": demo}
    return render(request, "plan/board.html", context)

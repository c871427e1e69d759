"""What every page begins with: the campaign or record that the person may see, or the refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from yiqi.core.queries import units_of
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit.errors import NotAllowedError
from yiqi.kit.records import found, missing
from yiqi.plan.models import Campaign, Progress, Task
from yiqi.plan.queries import campaigns_for, fittest, visible_progress, visible_tasks
from yiqi.plan.rules import can_manage, reads_plan

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
View = Callable[..., HttpResponse]


def admit(request: WhoRequest) -> None:
    """Let in everybody who has pages of the plan; the administrator alone finds none."""
    if not reads_plan(request.who):
        raise missing()


def campaigns_of(request: WhoRequest) -> list[Campaign]:
    """The campaigns that the person may see, read once a request."""
    admit(request)
    held: list[Campaign] | None = request.__dict__.get("plan_campaigns")
    if held is None:
        held = request.__dict__["plan_campaigns"] = list(campaigns_for(request.who))
    return held


def campaign_of(request: WhoRequest, today: Any) -> Campaign | None:
    """The campaign named in the address, else the current one; None while there is none."""
    campaigns = campaigns_of(request)
    code = request.GET.get("campaign", "")
    if not code:
        return fittest(campaigns, today)
    for campaign in campaigns:
        if campaign.code == code:
            return campaign
    raise missing()


def unit_choices(region_code: str) -> list[tuple[str, str]]:
    """The units of a region as choices of a filter: two hundred of them on every list, so rows and not objects."""
    rows = units_of(region_code).order_by("order", "code").values_list("pk", "short_name", "name")
    return [(str(pk), short or name) for pk, short, name in rows]


def managed_campaign(request: WhoRequest, today: Any) -> Campaign:
    """The campaign, for the office; NotAllowedError for its other readers."""
    campaign = campaign_of(request, today)
    if campaign is None:
        raise missing()
    need_office(request, campaign.region_id)
    return campaign


def need_office(request: WhoRequest, region_code: str) -> None:
    """Refuse everybody but the assessment office."""
    if not can_manage(request.who, region_code):
        raise NotAllowedError(_("任务由考核督查人员维护，您当前的身份不能修改。"))


def task_of(request: WhoRequest, pk: int) -> Task:
    """The task with its names, or 404."""
    tasks = visible_tasks(request.who).select_related("campaign__region", "action", "lead_unit", "leader")
    return found(tasks, pk)


def progress_of(request: WhoRequest, pk: int) -> Progress:
    """The report with its task and names, or 404."""
    names = ("task__campaign__region", "task__action", "task__lead_unit", "unit", "reported_by", "reviewed_by")
    return found(visible_progress(request.who).select_related(*names, "milestone"), pk)

"""Saying which tasks answer for an indicator."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiqi.appraisal.forms import SupportForm
from yiqi.appraisal.models import Indicator, IndicatorSupport
from yiqi.appraisal.operations import support_indicator, unsupport_indicator
from yiqi.appraisal.operations.access import kept_framework
from yiqi.appraisal.queries import indicator_for
from yiqi.appraisal.views.access import reader
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit import clock
from yiqi.kit.errors import InvalidInputError
from yiqi.kit.web.deeds import answer, form_page, tell
from yiqi.plan.models import Task
from yiqi.plan.queries import current_campaign, visible_tasks


@require_http_methods(["GET", "POST"])
def edit_supports(request: WhoRequest, pk: int) -> HttpResponseBase:
    """Add a task by its code, or take one back."""
    indicator = indicator_for(reader(request), pk)
    kept_framework(request.who, indicator.framework)
    if request.method == "POST" and "remove" in request.POST:
        return _remove(request, indicator)
    form = SupportForm(request.POST or None)

    def support(said: dict[str, Any]) -> IndicatorSupport:
        task = _task(request, said["code"])
        if task is None:
            message = _("当前专项行动中没有这个编号的任务，请核对。")
            raise InvalidInputError(message, code="no_such_task", data={"field": "code"})
        return support_indicator(by=request.who, today=clock.today(), indicator=indicator, task=task)

    def done(made: IndicatorSupport) -> tuple[str, str]:
        said = _("已指定任务%(code)s支撑这个指标。") % {"code": made.task.code}
        return said, reverse("appraisal:edit_supports", args=[pk])

    supports = indicator.supports.select_related("task").order_by("task__code")
    page = form_page(request, "appraisal/supports.html", form, indicator=indicator, supports=supports)
    return answer(request, form, support, done=done, page=page)


def _task(request: WhoRequest, code: str) -> Task | None:
    campaign = current_campaign(request.who, clock.today())
    return visible_tasks(request.who, campaign=campaign).filter(code__iexact=code.strip()).first() if campaign else None


def _remove(request: WhoRequest, indicator: Indicator) -> HttpResponseBase:
    wanted = request.POST["remove"]
    support = get_object_or_404(indicator.supports, pk=int(wanted) if wanted.isdecimal() and len(wanted) < 19 else 0)
    unsupport_indicator(by=request.who, today=clock.today(), support=support)
    return tell(request, _("已取消这项支撑任务。"), reverse("appraisal:edit_supports", args=[indicator.pk]))

"""Indicator systems."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from yiqi.appraisal.enums import FrameworkStatus
from yiqi.appraisal.models import Target
from yiqi.appraisal.operations import activate_framework
from yiqi.appraisal.queries import framework_for, rule_in_words
from yiqi.appraisal.rules import keeps_framework
from yiqi.appraisal.views.access import reader
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit import clock
from yiqi.kit.web.deeds import form_for, tell


@require_GET
def show_framework(request: WhoRequest, pk: int) -> HttpResponseBase:
    """Blocks, indicators, points and rules of one."""
    who = reader(request)
    framework = framework_for(who, pk)
    indicators = list(framework.indicators.select_related("block", "lead_unit").order_by("block__order", "order"))
    targets = dict(
        Target.objects.filter(
            indicator__framework=framework, region=framework.keeper, period=str(framework.year)
        ).values_list("indicator_id", "value")
    )
    blocks = [
        (
            block,
            [(item, rule_in_words(item), targets.get(item.pk)) for item in indicators if item.block_id == block.pk],
        )
        for block in framework.blocks.order_by("order", "code")
    ]
    context = {
        "framework": framework,
        "blocks": blocks,
        "count": len(indicators),
        "total": sum(block.points for block, _rows in blocks),
        "may_activate": keeps_framework(who, framework) and framework.status == FrameworkStatus.DRAFT,
        "demo": framework.demo,
    }
    return render(request, "appraisal/framework.html", context)


@require_POST
def activate(request: WhoRequest, pk: int) -> HttpResponseBase:
    """Put a draft into force."""
    framework = framework_for(reader(request), pk)
    form = form_for(framework, activate_framework, sent=request)
    form.is_valid()
    framework = form.do(by=request.who, today=clock.today(), row=framework)
    return tell(request, activate_framework.done(framework), reverse("appraisal:show_framework", args=[pk]))

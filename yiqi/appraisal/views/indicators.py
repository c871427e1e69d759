"""An indicator: what it measures, how it is scored, how it went, and entering a figure or a target."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yiqi.appraisal.forms import ObservationForm, TargetForm
from yiqi.appraisal.models import Indicator
from yiqi.appraisal.operations import report_observation, set_target
from yiqi.appraisal.operations.access import kept_framework
from yiqi.appraisal.queries import (
    Point,
    history,
    indicator_for,
    league_of,
    league_values,
    rule_in_words,
    supporting_tasks,
    targets_of,
)
from yiqi.appraisal.readers.periods import period_of
from yiqi.appraisal.rules import keeps_framework, may_report
from yiqi.appraisal.views.access import months_of, reader
from yiqi.core.models import Region
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit import clock
from yiqi.kit.errors import NotAllowedError
from yiqi.kit.web.deeds import answer
from yiqi.kit.wording import local_name, month_name


def _own(request: WhoRequest, indicator: Indicator) -> Region:
    home = request.who.home
    inside = home is not None and home.code.startswith(indicator.framework.region.prefix) and len(home.code) == 6
    return home if home is not None and inside else indicator.framework.keeper


def _chart(indicator: Indicator, region: Region, points: list[Point]) -> dict[str, Any]:
    """Value and target by month, labelled at the line's end; plain values for ECharts."""

    def line(name: str, values: list[Any], colour: str, kind: str = "solid") -> dict[str, Any]:
        end = {"show": True, "formatter": "{a}"}
        style = {"color": colour, "type": kind, "width": 2}
        return {
            "name": name,
            "type": "line",
            "data": values,
            "lineStyle": style,
            "itemStyle": {"color": colour},
            "endLabel": end,
        }

    values = [None if point.observation.value is None else float(point.observation.value) for point in points]
    targets = [float(point.target.value) if point.target else None for point in points]
    series = [line(local_name(region), values, "@blue")]
    if any(target is not None for target in targets):
        series.append(line(_("目标"), targets, "@grey", "dashed"))
    unit = {"type": "value", "name": indicator.unit_label, "scale": True}
    months = [month_name(int(point.observation.period[5:])) for point in points]
    return {
        "xAxis": {"type": "category", "data": months},
        "yAxis": unit,
        "series": series,
    }


@require_GET
def show_indicator(request: WhoRequest, pk: int) -> HttpResponseBase:
    """Definition, history of the own county, the league's figures of a period, tasks and panels."""
    who = reader(request)
    indicator = indicator_for(who, pk)
    region = _own(request, indicator)
    points = history(indicator, region)
    periods = [point.observation.period for point in points]
    wanted = request.GET.get("period", "")
    period = wanted if wanted in periods else (periods[-1] if periods else "")
    league = league_values(indicator, period) if period else []
    context = {
        "indicator": indicator,
        "framework": indicator.framework,
        "region": region,
        "rule": rule_in_words(indicator),
        "points": [(point, period_of(point.observation.period).label) for point in points],
        "chart": _chart(indicator, region, points),
        "period": period,
        "period_label": period_of(period).label if period else "",
        "periods": [(item, period_of(item).label) for item in reversed(periods)],
        "league": league,
        "own": next((item for item in league if item.observation.region_id == region.code), None),
        "targets": [
            (target, period_of(target.period, monthly=False).label) for target in targets_of(indicator, region)
        ],
        "tasks": supporting_tasks(who, [indicator.pk]).get(indicator.pk, []),
        "may_report": may_report(who, indicator, region.code),
        "may_set": keeps_framework(who, indicator.framework),
        "demo": indicator.demo or any(point.observation.demo for point in points),
    }
    return render(request, "appraisal/indicator.html", context)


def _reportable(request: WhoRequest, indicator: Indicator) -> Any:
    """The counties that the person may enter figures for: all for the office, the own one for a reporter."""
    keeper = indicator.framework.keeper_id
    if keeps_framework(request.who, indicator.framework):
        return league_of(indicator.framework)
    if not may_report(request.who, indicator, keeper):
        message = _("指标“%(indicator)s”的数据由牵头单位的填报人或考核督查人员填报。")
        raise NotAllowedError(message % {"indicator": indicator.name}, code="not_reporter")
    return Region.objects.filter(pk=keeper)


@require_http_methods(["GET", "POST"])
def report(request: WhoRequest, pk: int) -> HttpResponseBase:
    """Enter a figure; it then waits for somebody else's approval."""
    indicator = indicator_for(reader(request), pk)
    periods = months_of(indicator.framework, clock.today())
    # the figures of a month come out in the next one
    last = periods[min(1, len(periods) - 1)][0]
    initial = {"region": indicator.framework.keeper_id, "period": last}
    form = ObservationForm(
        request.POST or None,
        regions=_reportable(request, indicator),
        periods=periods,
        unit=indicator.unit_label,
        initial=initial,
    )
    said = _("数据已提交，等待审核。审核通过后生效。")
    return answer(
        request,
        form,
        lambda facts: report_observation(by=request.who, today=clock.today(), indicator=indicator, **facts),
        done=lambda _made: (said, reverse("appraisal:show_indicator", args=[pk])),
        page=lambda status: _form_page(request, indicator, form, "report", status),
    )


@require_http_methods(["GET", "POST"])
def change_target(request: WhoRequest, pk: int) -> HttpResponseBase:
    """Set a target."""
    indicator = indicator_for(reader(request), pk)
    kept_framework(request.who, indicator.framework)
    initial = {"region": indicator.framework.keeper_id, "period": str(indicator.framework.year)}
    form = TargetForm(request.POST or None, regions=league_of(indicator.framework), initial=initial)
    said = _("目标值已保存。已经算出的轮次不受影响，需要时请重新计算一轮。")
    return answer(
        request,
        form,
        lambda facts: set_target(by=request.who, today=clock.today(), indicator=indicator, **facts),
        done=lambda _made: (said, reverse("appraisal:show_indicator", args=[pk])),
        page=lambda status: _form_page(request, indicator, form, "target", status),
    )


def _form_page(request: WhoRequest, indicator: Indicator, form: Any, kind: str, status: int) -> HttpResponse:
    region = indicator.framework.keeper
    last = history(indicator, region)[-3:]
    context = {
        "indicator": indicator,
        "form": form,
        "kind": kind,
        "region": region,
        "known": [(point, period_of(point.observation.period).label) for point in reversed(last)],
    }
    return render(request, "appraisal/indicator_form.html", context, status=status)

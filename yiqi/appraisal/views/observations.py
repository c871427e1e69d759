"""Figures: the list, one of them, those that wait for approval, and the decision."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from yiqi.appraisal.enums import Approval, ValueStatus
from yiqi.appraisal.forms import JudgeForm
from yiqi.appraisal.models import Observation
from yiqi.appraisal.operations import approve_observation, return_observation
from yiqi.appraisal.queries import (
    frameworks_for,
    league_of,
    observation_for,
    observations_for,
    periods_of,
    revisions_of,
    waiting_for,
)
from yiqi.appraisal.rules import keeps_framework, may_approve, period_of, sees_trials
from yiqi.appraisal.views.access import chosen_framework, reader
from yiqi.core.enums import Role
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit import clock
from yiqi.kit.errors import NotAllowedError, YiqiError
from yiqi.kit.sheets import Column, ColumnKind, Table
from yiqi.kit.web.answers import demo_mark, see_other, workbook
from yiqi.kit.web.lists import Filter, chosen, listing
from yiqi.kit.web.refusals import refuse
from yiqi.kit.wording import cn_date, local_name

MOST_EXPORTED = 20_000
SORTS = {
    "period": (gettext_lazy("期别"), ["period", "indicator__order", "region_id", "revision"]),
    "indicator": (gettext_lazy("指标"), ["indicator__order", "-period", "region_id"]),
    "region": (gettext_lazy("县（市、区）"), ["region_id", "-period", "indicator__order"]),
    "entered": (gettext_lazy("录入日期"), ["entered_on", "pk"]),
}


def _filters(request: WhoRequest) -> list[Filter]:
    framework = chosen_framework(request)
    frameworks = [(str(item.pk), item.name) for item in frameworks_for(request.who)]
    shown = [chosen(request, "framework", _("指标体系"), frameworks)]
    if framework is not None:
        indicators = [
            (str(item.pk), local_name(item)) for item in framework.indicators.order_by("block__order", "order")
        ]
        regions = [(item.code, local_name(item)) for item in league_of(framework)]
        periods = [(period, period_of(period).label) for period in periods_of(framework)]
        shown += [
            chosen(request, "indicator", _("指标"), indicators),
            chosen(request, "region", _("县（市、区）"), regions),
            chosen(request, "period", _("期别"), periods),
        ]
    shown.append(chosen(request, "value_status", _("数据性质"), ValueStatus.choices))
    shown.append(chosen(request, "approval", _("审核状态"), Approval.choices))
    return shown


def _narrowed(rows: QuerySet[Observation], filters: list[Filter]) -> QuerySet[Observation]:
    fields = {"framework": "indicator__framework"}
    return rows.filter(**{fields.get(item.name, item.name): item.value for item in filters if item.value})


@require_GET
def list_observations(request: WhoRequest) -> HttpResponseBase:
    """Figures with filters, and as a workbook."""
    who = reader(request)
    filters = _filters(request)
    rows = _narrowed(observations_for(who), filters)
    if request.GET.get("export") == "xlsx":
        return _export(rows)
    shown = listing(request, rows, filters=filters, sorts=SORTS, default_sort="-period")
    framework = chosen_framework(request)
    context = {
        "listing": shown,
        "rows": [(item, period_of(item.period).label) for item in shown.page],
        "demo": any(item.demo for item in shown.page),
        "may_import": framework is not None and keeps_framework(who, framework),
        "may_judge": who.has(Role.OFFICE, Role.REVIEWER),
    }
    return render(request, "appraisal/observations.html", context)


def _export(rows: QuerySet[Observation]) -> HttpResponseBase:
    columns = [
        Column(_("期别"), 12),
        Column(_("县（市、区）"), 12),
        Column(_("指标代码"), 10),
        Column(_("指标"), 30),
        Column(_("单位"), 12),
        Column(_("数值"), 14, ColumnKind.NUMBER),
        Column(_("通报位次"), 10, ColumnKind.NUMBER, 0),
        Column(_("数据性质"), 12),
        Column(_("修订号"), 8, ColumnKind.NUMBER, 0),
        Column(_("现行"), 8),
        Column(_("审核状态"), 10),
        Column(_("录入人"), 10),
        Column(_("审核人"), 10),
        Column(_("来源"), 36),
    ]
    chosen_rows = list(rows.order_by("period", "indicator__order", "region_id", "revision")[:MOST_EXPORTED])
    table = [
        [
            item.period,
            local_name(item.region),
            item.indicator.code,
            local_name(item.indicator),
            item.indicator.unit_label,
            item.value,
            item.published_rank,
            str(item.get_value_status_display()),
            item.revision,
            item.current,
            str(item.get_approval_display()),
            item.entered_by.name,
            item.approved_by.name if item.approved_by else "",
            item.source,
        ]
        for item in chosen_rows
    ]
    notes = [_("导出日期%(day)s，共%(count)s条") % {"day": cn_date(clock.today()), "count": len(table)}]
    title = _("考核指标数据")
    return workbook(Table(title, columns, table, notes, demo_mark(any(item.demo for item in chosen_rows))), title)


@require_GET
def list_waiting(request: WhoRequest) -> HttpResponseBase:
    """Figures that wait for the reader's approval."""
    who = reader(request)
    rows = [(item, period_of(item.period).label) for item in waiting_for(who)]
    return render(request, "appraisal/waiting.html", {"rows": rows, "demo": any(item.demo for item, _label in rows)})


@require_http_methods(["GET", "POST"])
def show_observation(request: WhoRequest, pk: int) -> HttpResponseBase:
    """One figure with all revisions; a POST approves it or sends it back."""
    who = reader(request)
    observation = observation_for(who, pk)
    form = JudgeForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        deed = approve_observation if request.POST.get("decision") == "approve" else return_observation
        try:
            deed(by=who, today=clock.today(), observation=observation, opinion=form.cleaned_data["opinion"])
        except NotAllowedError:
            raise
        except YiqiError as error:
            refuse(form, error)
            status = error.status
        else:
            done = _("数据已审核，现已生效。") if deed is approve_observation else _("数据已退回，填报人可以重新填报。")
            messages.success(request, done)
            return see_other(reverse("appraisal:show_observation", args=[pk]))
    revisions = revisions_of(observation)
    seen = (
        revisions
        if sees_trials(who, observation.indicator.framework)
        else revisions.filter(pk__in=observations_for(who).values("pk"))
    )
    context = {
        "observation": observation,
        "indicator": observation.indicator,
        "period": period_of(observation.period).label,
        "revisions": list(seen),
        "form": form,
        "may_judge": observation.approval == Approval.PENDING and may_approve(who, observation),
        "waits_for_other": observation.approval == Approval.PENDING and observation.entered_by_id == who.person.pk,
        "demo": observation.demo,
    }
    return render(request, "appraisal/observation.html", context, status=status)

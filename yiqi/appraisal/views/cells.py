"""Why this score: a county in a round, one of its cells, and where it lost points."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yiqi.appraisal.models import Round
from yiqi.appraisal.queries import (
    GapRow,
    block_scores,
    cell_for,
    explain_cell,
    gap_list,
    next_place_gap,
    region_of_round,
    revisions_of,
    round_for,
    rule_in_words,
    shown_round,
    supporting_tasks,
    tier_gap,
)
from yiqi.appraisal.queries.cells import points_lost
from yiqi.appraisal.queries.frameworks import unseen
from yiqi.appraisal.rules import period_of
from yiqi.appraisal.views.access import chosen_framework, reader
from yiqi.core.models import Region
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit.sheets import Column, ColumnKind, Table
from yiqi.kit.web.answers import demo_mark, workbook
from yiqi.kit.wording import cn_date, local_name


@require_GET
def show_region(request: WhoRequest, pk: int, code: str) -> HttpResponseBase:
    """A county's score, block by block and indicator by indicator."""
    who = reader(request)
    made = round_for(who, pk)
    region = region_of_round(made, code)
    total = made.standings.get(region=region, block=None)
    context = {
        "round": made,
        "region": region,
        "period": period_of(made.period).label,
        "total": total,
        "blocks": block_scores(who, made, region),
        "tier_gap": tier_gap(made, region),
        "next_gap": next_place_gap(made, region),
        "places": made.parameters["plan"]["places"],
        "demo": made.demo,
    }
    return render(request, "appraisal/region.html", context)


@require_GET
def show_cell(request: WhoRequest, pk: int, code: str, indicator: int) -> HttpResponseBase:
    """One cell: every step from the figure to the points, and the records behind it."""
    who = reader(request)
    made = round_for(who, pk)
    region = region_of_round(made, code)
    cell = cell_for(made, region, indicator)
    observation = cell.observation
    context = {
        "round": made,
        "region": region,
        "cell": cell,
        "indicator": cell.indicator,
        "period": period_of(made.period).label,
        "figure_period": period_of(observation.period).label if observation else "",
        "steps": explain_cell(who, cell),
        "rule": rule_in_words(cell.indicator),
        "observation": observation,
        "revisions": list(revisions_of(observation).filter(approval="approved")) if observation else [],
        "target": cell.target,
        "tasks": supporting_tasks(who, [indicator]).get(indicator, []),
        "lost": points_lost(cell, made.parameters["plan"]["places"]),
        "places": made.parameters["plan"]["places"],
        "demo": made.demo,
    }
    return render(request, "appraisal/cell.html", context)


def _gap_round(request: WhoRequest) -> Round | None:
    who, wanted = reader(request), request.GET.get("round", "")
    if wanted.isdecimal():
        return round_for(who, int(wanted))
    framework = chosen_framework(request)
    return shown_round(who, framework) if framework else None


def _gap_region(request: WhoRequest, made: Round) -> Region:
    home = request.who.home
    code = request.GET.get("region") or (home.code if home else made.framework.keeper_id)
    if code not in made.parameters["regions"]:
        code = made.framework.keeper_id
    if code not in made.parameters["regions"]:
        raise unseen()
    return region_of_round(made, code)


@require_GET
def list_gaps(request: WhoRequest) -> HttpResponseBase:
    """Where a county lost points, the largest loss first."""
    who, made = reader(request), _gap_round(request)
    if made is None:
        return render(request, "appraisal/standings_empty.html", {"framework": chosen_framework(request)})
    region = _gap_region(request, made)
    rows = gap_list(who, made, region)
    if request.GET.get("export") == "xlsx":
        return _export(made, region, rows)
    context = {
        "round": made,
        "region": region,
        "period": period_of(made.period).label,
        "rows": rows,
        "lost": sum(row.lost for row in rows),
        "most": max((row.lost for row in rows), default=0.0),
        "top": rows[:3],
        "regions": Region.objects.filter(code__in=made.parameters["regions"]).order_by("code"),
        "places": made.parameters["plan"]["places"],
        "demo": made.demo,
    }
    return render(request, "appraisal/gaps.html", context)


def _export(made: Round, region: Region, rows: list[GapRow]) -> HttpResponseBase:
    places = made.parameters["plan"]["places"]
    columns = [
        Column(_("指标"), 32),
        Column(_("板块"), 18),
        Column(_("失分"), 10, ColumnKind.NUMBER, places),
        Column(_("得分"), 10, ColumnKind.NUMBER, places),
        Column(_("满分"), 10, ColumnKind.NUMBER, places),
        Column(_("位次"), 8, ColumnKind.NUMBER, 0),
        Column(_("牵头单位"), 18),
        Column(_("支撑任务"), 40),
    ]
    table = [
        [
            local_name(row.indicator),
            local_name(row.indicator.block),
            row.lost,
            row.cell.points,
            row.full,
            row.cell.rank,
            row.lead_unit.label if row.lead_unit else "",
            _("；").join(f"{task.code} {task.title}" for task in row.tasks),
        ]
        for row in rows
    ]
    period = period_of(made.period).label
    title = _("%(region)s%(period)s失分清单") % {"region": local_name(region), "period": period}
    notes = [_("第%(number)s轮，数据截至%(day)s；内部测算") % {"number": made.number, "day": cn_date(made.as_of)}]
    return workbook(Table(title, columns, table, notes, demo_mark(made.demo), _("失分清单")), title)

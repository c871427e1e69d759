"""Why this score: a county in a round, one of its cells, and where it lost points."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
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
from yiqi.appraisal.readers.periods import period_of
from yiqi.appraisal.views.access import chosen_framework, reader
from yiqi.core.models import Region
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit.marks import lossbar
from yiqi.kit.records import missing
from yiqi.kit.web.columns import NUMBER, TITLE, Column, Phone, filed
from yiqi.kit.web.tables import List, file
from yiqi.kit.wording import NOTHING, cn_date, figure, local_name, place


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
        raise missing()
    return region_of_round(made, code)


@require_GET
def list_gaps(request: WhoRequest) -> HttpResponseBase:
    """Where a county lost points, the largest loss first."""
    who, made = reader(request), _gap_round(request)
    if made is None:
        return render(request, "appraisal/standings_empty.html", {"framework": chosen_framework(request)})
    region = _gap_region(request, made)
    rows = gap_list(who, made, region)
    what = _gap_table(made, region, rows)
    if (found := file(request, what, rows)) is not None:
        return found
    context = {
        "round": made,
        "region": region,
        "period": period_of(made.period).label,
        "rows": rows,
        "lost": sum(row.lost for row in rows),
        "what": what,
        "query": f"?round={made.pk}&region={region.code}",
        "top": rows[:3],
        "regions": Region.objects.filter(code__in=made.parameters["regions"]).order_by("code"),
        "places": made.parameters["plan"]["places"],
        "demo": made.demo,
    }
    return render(request, "appraisal/gaps.html", context)


def _gap_table(made: Round, region: Region, rows: list[GapRow]) -> List:
    places = made.parameters["plan"]["places"]
    most = max((row.lost for row in rows), default=0.0)

    def cell(row: GapRow) -> str:
        return reverse("appraisal:show_cell", args=[made.pk, region.code, row.indicator.pk])

    def indicator(row: GapRow) -> str:
        name, block = _name(row), local_name(row.indicator.block)
        return format_html('<a href="{}">{}</a> <span class="unit">{}</span>', cell(row), name, block)

    facts = {"region": local_name(region), "period": period_of(made.period).label}
    return List(
        title=_("%(region)s%(period)s失分清单") % facts,
        sheet=_("失分清单"),
        notes=[_("第%(number)s轮，数据截至%(day)s；内部测算") % {"number": made.number, "day": cn_date(made.as_of)}],
        demo=made.demo,
        caption=_("按失分从多到少排列"),
        columns=(
            Column(
                "indicator", _("指标"), width=32, value=lambda r: local_name(r.indicator), show=indicator, phone=TITLE
            ),
            filed("block", _("板块"), 18, value=lambda row: local_name(row.indicator.block)),
            Column("lost", _("失分"), NUMBER, 10, places, show=lambda row: _strong(row.lost, places), link=cell),
            Column(
                "lost",
                _("失分多少的图示"),
                show=lambda row: lossbar(row.lost, most),
                css="loss-column",
                phone=Phone.BARE,
                quiet=True,
            ),
            Column("full", _("得分/满分"), NUMBER, show=lambda row: _of_full(row, places)),
            filed("cell.points", _("得分"), 10, NUMBER, places=places),
            filed("full", _("满分"), 10, NUMBER, places=places),
            Column("cell.rank", _("位次"), NUMBER, 8, 0, show=lambda row: place(row.cell.rank, row.cell.tied)),
            Column("lead_unit.label", _("牵头单位"), width=18),
            Column("tasks", _("支撑任务"), width=40, value=_told_tasks, show=_linked_tasks, css="wide"),
        ),
    )


def _name(row: GapRow) -> str:
    return local_name(row.indicator)


def _strong(value: float, places: int) -> str:
    return format_html("<strong>{}</strong>", figure(value, places))


def _of_full(row: GapRow, places: int) -> str:
    return f"{figure(row.cell.points, places)} / {figure(row.full, places)}"


def _told_tasks(row: GapRow) -> str:
    return _("；").join(f"{task.code} {task.title}" for task in row.tasks)


def _linked_tasks(row: GapRow) -> str:
    links = ((reverse("plan:show_task", args=[task.pk]), task.title) for task in row.tasks)
    return format_html_join(_("；"), '<a href="{}">{}</a>', links) or NOTHING

"""The standings of a round."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yiqi.appraisal.models import Round
from yiqi.appraisal.queries import (
    StandingsTable,
    round_for,
    rounds_for,
    shown_round,
    standings_table,
)
from yiqi.appraisal.rules import keeps_framework, period_of
from yiqi.appraisal.views.access import chosen_framework, reader
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit.sheets import Column, ColumnKind, Table
from yiqi.kit.web.answers import demo_mark, workbook
from yiqi.kit.wording import cn_date, local_name, place


def _asked_round(request: WhoRequest) -> Round | None:
    who, wanted = reader(request), request.GET.get("round", "")
    if wanted.isdecimal():
        return round_for(who, int(wanted))
    framework = chosen_framework(request)
    return shown_round(who, framework) if framework else None


@require_GET
def show_standings(request: WhoRequest) -> HttpResponseBase:
    """The counties by place, with every block."""
    who, made = reader(request), _asked_round(request)
    if made is None:
        framework = chosen_framework(request)
        may_run = framework is not None and keeps_framework(who, framework)
        return render(request, "appraisal/standings_empty.html", {"framework": framework, "may_run": may_run})
    table = standings_table(who, made)
    if request.GET.get("export") == "xlsx":
        return _export(table)
    own = table.own
    context = {
        "table": table,
        "round": made,
        "framework": made.framework,
        "period": period_of(made.period).label,
        "own": own,
        "tier_gap": table.tier_gap,
        "next_gap": table.next_gap,
        "rounds": list(rounds_for(who).filter(framework=made.framework).order_by("-number")[:24]),
        "may_run": keeps_framework(who, made.framework),
        "demo": made.demo,
        "places": table.places,
        "columns": 5 + len(table.blocks),
    }
    return render(request, "appraisal/standings.html", context)


def _export(table: StandingsTable) -> HttpResponse:
    made = table.round
    places = made.parameters["plan"]["places"]
    columns = [Column(_("县（市、区）"), 14), Column(_("总分"), 10, ColumnKind.NUMBER, places), Column(_("位次"), 10)]
    for block in table.blocks:
        name = local_name(block)
        columns += [
            Column(_("%(block)s得分") % {"block": name}, 14, ColumnKind.NUMBER, places),
            Column(_("%(block)s位次") % {"block": name}, 12),
        ]
    columns += [Column(_("较上期"), 8, ColumnKind.NUMBER, 0), Column(_("第一方阵"), 10)]
    rows = []
    for row in table.rows:
        cells = [value for item in row.blocks for value in (item.published_points, place(item.rank, item.tied))]
        total = [row.total.published_points, place(row.total.rank, row.total.tied)]
        rows.append([local_name(row.region), *total, *cells, row.movement, row.total.in_tier])
    period = period_of(made.period).label
    title = _("%(period)s全市考核位次（第%(number)s轮）") % {"period": period, "number": made.number}
    notes = [
        _("内部测算：各板块权重为设定值，总分不是正式公布的考核结果。"),
        _("数据截至%(day)s；输入摘要%(digest)s") % {"day": cn_date(made.as_of), "digest": made.input_digest},
    ]
    return workbook(Table(title, columns, rows, notes, demo_mark(made.demo), _("位次")), title)

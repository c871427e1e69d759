"""The standings of a round."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yiqi.appraisal.models import Round
from yiqi.appraisal.queries import (
    StandingRow,
    StandingsTable,
    round_for,
    rounds_for,
    shown_round,
    standings_table,
)
from yiqi.appraisal.readers.periods import period_of
from yiqi.appraisal.rules import keeps_framework
from yiqi.appraisal.views.access import chosen_framework, reader
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit.web.columns import NUMBER, Column, filed
from yiqi.kit.web.tables import List, file
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
    if (found := file(request, _export(table), table.rows)) is not None:
        return found
    own = table.own
    context = {
        "table": table,
        "round": made,
        "query": f"?round={made.pk}",
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


def _export(table: StandingsTable) -> List:
    """What the file holds: places and points in columns of their own, where the page has a cell for both."""
    made = table.round
    places = made.parameters["plan"]["places"]
    columns = [
        filed("region", _("县（市、区）"), 14, value=lambda row: local_name(row.region)),
        filed("total.published_points", _("总分"), 10, NUMBER, places=places),
        filed("total", _("位次"), 10, value=lambda row: place(row.total.rank, row.total.tied)),
    ]
    for number, block in enumerate(table.blocks):
        columns += _block_columns(number, local_name(block), places)
    columns += [filed("movement", _("较上期"), 8, NUMBER, places=0), filed("total.in_tier", _("第一方阵"), 10)]
    facts = {"period": period_of(made.period).label, "number": made.number}
    notes = [
        _("内部测算：各板块权重为设定值，总分不是正式公布的考核结果。"),
        _("数据截至%(day)s；输入摘要%(digest)s") % {"day": cn_date(made.as_of), "digest": made.input_digest},
    ]
    title = _("%(period)s全市考核位次（第%(number)s轮）") % facts
    return List(title=title, columns=columns, sheet=_("位次"), notes=notes, demo=made.demo)


def _block_columns(number: int, name: str, places: int) -> list[Column]:
    def standing(row: StandingRow) -> str:
        return place(row.blocks[number].rank, row.blocks[number].tied)

    points, rank = _("%(block)s得分") % {"block": name}, _("%(block)s位次") % {"block": name}
    return [
        filed(name, points, 14, NUMBER, places=places, value=lambda row: row.blocks[number].published_points),
        filed(name, rank, 12, value=standing),
    ]

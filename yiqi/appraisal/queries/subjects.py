"""Things of the appraisal that others may point at."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yiqi.appraisal.models import Indicator, ScoreCell, Standing
from yiqi.core.queries import within
from yiqi.core.rules import READS_COUNTY, Mandate
from yiqi.core.subjects import Kind, Told
from yiqi.kit.wording import place, points


def _all_indicators(_who: Mandate) -> QuerySet[Indicator]:
    return Indicator.objects.all()


def _indicator(row: Any) -> Told:
    return Told(row.name, title=row.name, unit_id=row.lead_unit_id)


def _visible_standings(who: Mandate) -> QuerySet[Standing]:
    return Standing.objects.filter(within("region_id", who.prefixes(*READS_COUNTY)))


def _standing(row: Any) -> Told:
    part = row.block.name if row.block else _("总分")
    label = _("第%(number)s轮 %(part)s") % {"number": row.round.number, "part": part}
    detail = f"{row.region.name} {points(row.published_points)} {place(row.rank, row.tied)}"
    return Told(label, detail, part, at=(row.round_id,))


def _visible_cells(who: Mandate) -> QuerySet[ScoreCell]:
    return ScoreCell.objects.filter(within("region_id", who.prefixes(*READS_COUNTY)))


def _cell(row: Any) -> Told:
    name = row.indicator.name
    at = (row.round_id, row.region_id, row.indicator_id)
    return Told(name, f"{row.region.name} {points(row.points)}", title=name, unit_id=row.indicator.lead_unit_id, at=at)


_STANDING = ("round", "block", "region")
_CELL = ("round", "indicator", "region")

KINDS = (
    Kind("appraisal.indicator", _all_indicators, _indicator, "appraisal:show_indicator"),
    Kind(
        "appraisal.standing",
        _visible_standings,
        tell=_standing,
        page="appraisal:show_round",
        joins=_STANDING,
        order=("-round__number",),
    ),
    Kind(
        "appraisal.scorecell",
        _visible_cells,
        tell=_cell,
        page="appraisal:show_cell",
        joins=_CELL,
        order=("indicator__order",),
    ),
)

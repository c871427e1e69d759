"""The indicators that a meeting must look at: those that lose most, and those that have fallen since the last round."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yiqi.appraisal.enums import IndicatorMatter
from yiqi.appraisal.models import IndicatorSupport, ScoreCell
from yiqi.appraisal.queries.cells import points_lost
from yiqi.appraisal.queries.rounds import last_published
from yiqi.core.doors import AgendaSource, Ask, Candidate, ItemKind
from yiqi.core.enums import SettingKey
from yiqi.core.subjects import Ref
from yiqi.kit.wording import figure, place, points

REASON_LENGTH = 400


def period_text(period: str) -> str:
    """2021-08 is cumulative from January: 1—8月."""
    year, dash, month = period.partition("-")
    if not dash or not month.isdecimal():
        return year
    return _("1—%(month)s月") % {"month": int(month)} if int(month) > 1 else _("1月")


def loss_of(cell: ScoreCell) -> float:
    """Points lost as published; nothing where the cell was not scored."""
    return points_lost(cell, int(cell.round.parameters["plan"]["places"]))


def _fallen_places(cell: ScoreCell, previous: ScoreCell | None) -> int:
    """Places lost against the round before; 0 where one of the ranks is unknown."""
    return cell.rank - previous.rank if previous and previous.rank and cell.rank else 0


def _draw(ask: Ask) -> list[Candidate]:
    county = ask.drive.region
    rounds = last_published(county, ask.drive.year, until=ask.today)
    if not rounds:
        return []
    held = {ref.pk for ref in ask.held if ref.kind == "appraisal.indicator"}
    cells = ScoreCell.objects.filter(round=rounds[0], region_id=county).select_related(
        "round", "indicator", "indicator__block", "indicator__lead_unit"
    )
    before = {cell.indicator_id: cell for cell in ScoreCell.objects.filter(round__in=rounds[1:], region_id=county)}
    scored = sorted(cells, key=lambda cell: (-loss_of(cell), cell.indicator.order, cell.indicator.code))
    losing = [cell for cell in scored if loss_of(cell) > 0 and cell.indicator_id not in held]
    worst = {cell.indicator_id for cell in losing[: int(ask.settings[SettingKey.AGENDA_INDICATORS])]}
    found: list[Candidate] = []
    for position, cell in enumerate(scored):
        subject, previous = Ref("appraisal.indicator", cell.indicator_id), before.get(cell.indicator_id)
        wanted = cell.indicator_id in worst or _fallen_places(cell, previous) > 0 or subject in ask.deferred
        if wanted and cell.indicator_id not in held:
            belongs = (Ref("appraisal.block", cell.indicator.block_id),)
            row = (cell, previous)
            kind = IndicatorMatter.LOSING
            found.append(
                Candidate(
                    kind=kind, title=cell.indicator.name, rank=(position,), subject=subject, belongs=belongs, row=row
                )
            )
    return found


def _describe(_ask: Ask, chosen: list[Candidate]) -> None:
    """From its cell and that of the round before; one statement for each."""
    for row in chosen:
        _describe_indicator(row, *row.row)


def _describe_indicator(candidate: Candidate, cell: ScoreCell, previous: ScoreCell | None) -> None:
    indicator = cell.indicator
    loss = loss_of(cell)
    fallen = _fallen_places(cell, previous)
    supports = IndicatorSupport.objects.filter(indicator=indicator).select_related("task").order_by("task__code")
    candidate.facts = {
        "code": indicator.code,
        "block": indicator.block.name,
        "unit": indicator.lead_unit.label if indicator.lead_unit else "",
        "unit_text": indicator.unit_text,
        "value": cell.value,
        "points": cell.points,
        "full_points": cell.full_points,
        "loss": loss,
        "rank": cell.rank,
        "tied": cell.tied,
        "previous_rank": previous.rank if previous else None,
        "previous_tied": bool(previous and previous.tied),
        "period": cell.round.period,
        "tasks": [{"id": row.task_id, "code": row.task.code, "title": row.task.title} for row in supports],
    }
    told = _("%(period)s失%(loss)s（满分%(full)s）") if loss > 0 else _("%(period)s未失分（满分%(full)s）")
    told = told % {"period": period_text(cell.round.period), "loss": points(loss), "full": points(cell.full_points)}
    if cell.rank:
        told += "，" + _("居%(place)s") % {"place": place(cell.rank, cell.tied)}
    if fallen > 0:
        told += "，" + _("较上轮下降%(places)s位") % {"places": figure(fallen, 0)}
    candidate.reason = (candidate.reason + told + "。")[:REASON_LENGTH]


SOURCE = AgendaSource({IndicatorMatter.LOSING: ItemKind(IndicatorMatter.LOSING.label, 4)}, _draw, _describe)

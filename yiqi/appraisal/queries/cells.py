"""Down from a standing to its cells: what a county scored on each indicator, what it lost, and who answers for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from yiqi.appraisal.enums import ScoringMethod
from yiqi.appraisal.models import Block, Indicator, IndicatorSupport, Observation, Round, ScoreCell, Standing
from yiqi.core.models import Region, Unit
from yiqi.core.rules import Mandate
from yiqi.engine import round_half_up
from yiqi.kit.records import missing
from yiqi.plan.models import Task
from yiqi.plan.queries import visible_tasks


@dataclass(frozen=True)
class BlockScore:
    """A block of a county: its standing and its cells in the indicators' order."""

    block: Block
    standing: Standing
    cells: Sequence[ScoreCell]


@dataclass(frozen=True)
class GapRow:
    """Points lost on an indicator, as published, who leads it, and the tasks (that the reader sees) behind it."""

    cell: ScoreCell
    indicator: Indicator
    lost: float
    full: float
    lead_unit: Unit | None
    tasks: Sequence[Task] = field(default_factory=tuple)


def score_cells(who: Mandate, round: Round, region: Region) -> list[ScoreCell]:
    """The cells of a county in a round that the person was given to see, in the indicators' order; one statement."""
    rows = round.cells.filter(region=region).select_related(
        "indicator__block", "indicator__lead_unit", "observation", "target"
    )
    return list(rows.order_by("indicator__block__order", "indicator__order"))


def region_of_round(round: Round, code: str) -> Region:
    """A county that the round ranks; NotFoundError otherwise."""
    found = Region.objects.filter(code=code, pk__in=round.parameters["regions"]).first()
    if found is None:
        raise missing()
    return found


def block_scores(who: Mandate, round: Round, region: Region) -> list[BlockScore]:
    """A county's blocks with their cells; two statements."""
    cells = score_cells(who, round, region)
    standings = (
        round.standings.filter(region=region, block__isnull=False).select_related("block").order_by("block__order")
    )
    return [
        BlockScore(item.block, item, [cell for cell in cells if cell.indicator.block_id == item.block_id])
        for item in standings
        if item.block is not None
    ]


def cell_for(round: Round, region: Region, indicator_pk: int) -> ScoreCell:
    """One cell with all the records behind it; NotFoundError otherwise."""
    rows = round.cells.filter(region=region, indicator_id=indicator_pk)
    found: ScoreCell | None = rows.select_related(
        "round", "region", "indicator__block", "indicator__lead_unit", "indicator__framework__keeper",
        "observation__entered_by", "observation__approved_by", "observation__imported_from", "target",
    ).first()  # fmt: skip
    if found is None:
        raise missing()
    return found


def revisions_of(observation: Observation) -> QuerySet[Observation]:
    """All revisions of the same figure, newest first."""
    rows = Observation.objects.filter(
        indicator=observation.indicator_id, region=observation.region_id, period=observation.period
    )
    return rows.select_related("entered_by", "approved_by").order_by("-revision")


def supporting_tasks(who: Mandate, indicators: Sequence[int]) -> dict[int, list[Task]]:
    """The tasks that answer for each indicator, as far as the person sees them; one statement."""
    found: dict[int, list[Task]] = {}
    seen = visible_tasks(who).values("pk")
    supports = IndicatorSupport.objects.filter(indicator__in=indicators, task__in=seen).select_related("task")
    for support in supports.order_by("task__code"):
        found.setdefault(support.indicator_id, []).append(support.task)
    return found


def points_lost(cell: ScoreCell, places: int) -> float:
    """Full marks less points, both as published, so that the three add up on the page; 0 where nothing was lost."""
    if cell.points is None:
        return 0.0
    full, earned = round_half_up([cell.full_points, cell.points], places)
    return max(float(round_half_up(full - earned, places)), 0.0)


def gap_list(who: Mandate, round: Round, region: Region) -> list[GapRow]:
    """Where a county lost points, the largest loss first; two statements. Excluded cells and bonuses lose nothing."""
    places = int(round.parameters["plan"]["places"])
    cells = score_cells(who, round, region)
    lost = {cell.pk: points_lost(cell, places) for cell in cells}
    losing = [cell for cell in cells if lost[cell.pk] > 0 and cell.indicator.rule != ScoringMethod.BONUS]
    tasks = supporting_tasks(who, [cell.indicator_id for cell in losing])
    rows = [
        GapRow(
            cell=cell,
            indicator=cell.indicator,
            lost=lost[cell.pk],
            full=cell.full_points,
            lead_unit=cell.indicator.lead_unit,
            tasks=tuple(tasks.get(cell.indicator_id, ())),
        )
        for cell in losing
    ]
    return sorted(rows, key=lambda row: -row.lost)

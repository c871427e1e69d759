"""What the appraisal tells in the fortnightly report: place, points lost, the table of the blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from yiqi.appraisal.models import Round, ScoreCell, Standing
from yiqi.appraisal.queries.agenda import loss_of, period_text
from yiqi.appraisal.queries.rounds import last_published
from yiqi.core.doors import Passage, ReportPart, Telling
from yiqi.kit.wording import cn_day, figure, place, points

LARGEST = 5


@dataclass
class _RoundMaterial:
    """The last two published rounds, the county's total and blocks in each, its cells in the latest."""

    rounds: list[Round]
    totals: list[Standing | None]
    blocks: list[list[Standing]]
    cells: list[ScoreCell]


def _gather(telling: Telling) -> _RoundMaterial:
    county = telling.drive.region
    rounds = last_published(county, telling.drive.year, until=telling.today)
    rows = Standing.objects.filter(round__in=rounds, region_id=county)
    standings = list(rows.select_related("block").order_by("block__order"))
    cells = ScoreCell.objects.filter(round__in=rounds[:1], region_id=county)
    cells = cells.select_related("round", "indicator", "indicator__lead_unit").order_by("indicator__order")
    return _RoundMaterial(
        rounds=rounds,
        totals=[
            next((row for row in standings if row.round_id == one.pk and row.block_id is None), None) for one in rounds
        ],
        blocks=[[row for row in standings if row.round_id == one.pk and row.block_id is not None] for one in rounds],
        cells=list(cells),
    )


def _place(telling: Telling) -> Passage:
    material = telling.once(_gather)
    total = material.totals[0] if material.totals else None
    if total is None or total.rank is None:
        return Passage([])
    one, kind = material.rounds[0], "appraisal.standing"
    ranked = telling.figure(
        "rank", "总分位次", f"居{place(total.rank, total.tied)}", value=total.rank, kind=kind, ids=[total.pk]
    )
    scored = telling.figure(
        "points", "总分", f"总分{points(total.published_points)}", value=total.points, kind=kind, ids=[total.pk]
    )
    text = f"{period_text(one.period)}考核内部测算{scored}，在全市{ranked}"
    before = material.totals[1] if len(material.totals) > 1 else None
    if before is not None and before.rank:
        moved = before.rank - total.rank
        word = f"上升{moved}位" if moved > 0 else f"下降{-moved}位" if moved < 0 else "位次不变"
        ids = [total.pk, before.pk]
        text += "，较上轮" + telling.figure("moved", "位次变化", word, value=moved, kind=kind, ids=ids)
    size = one.framework.tier_size
    text += f"，进入第一方阵（前{size}位）" if total.in_tier else f"，尚未进入第一方阵（前{size}位）"
    return Passage([text + "。"])


def _standings(telling: Telling) -> Passage:
    material = telling.once(_gather)
    if not material.rounds:
        return Passage([])
    losing = sorted(
        (cell for cell in material.cells if loss_of(cell) > 0), key=lambda cell: (-loss_of(cell), cell.indicator.order)
    )
    lines = []
    for cell in losing[:LARGEST]:
        name = cell.indicator.name
        lost = telling.figure(
            f"loss_{cell.indicator.code}",
            f"{name}失分",
            f"{name}失{points(loss_of(cell))}",
            value=loss_of(cell),
            kind="appraisal.scorecell",
            ids=[cell.pk],
        )
        where = f"，居{place(cell.rank, cell.tied)}" if cell.rank else ""
        unit = f"，牵头单位{cell.indicator.lead_unit.label}" if cell.indicator.lead_unit else ""
        lines.append(f"{lost}（满分{points(cell.full_points)}）{where}{unit}。")
    table = _table(telling, material) if material.blocks and material.blocks[0] else None
    return Passage(lines or ["各项指标均未失分。"], table)


def _table(telling: Telling, material: _RoundMaterial) -> dict[str, Any]:
    before = {row.block_id: row for row in (material.blocks[1] if len(material.blocks) > 1 else [])}
    rows: list[list[str]] = []
    for row in material.blocks[0]:
        last = before.get(row.block_id)
        name, stands = row.block.name if row.block else "", place(row.rank, row.tied)
        label, kind = f"{name}位次", "appraisal.standing"
        telling.figure(f"block_{row.block_id}", label, stands, value=row.rank, kind=kind, ids=[row.pk])
        cells = [name, figure(row.published_points, 2), stands]
        rows.append([*cells, place(last.rank, last.tied) if last else "—"])
    one = material.rounds[0]
    return {
        "header": ["板块", "得分（分）", "位次", "上轮位次"],
        "rows": rows,
        "source": f"第{one.number}轮考核结果（截至{cn_day(one.as_of)}）",
        "title": f"{period_text(one.period)}各板块得分和位次",
    }


PARTS = (
    ReportPart("overall", "总体情况", 11, _place),
    ReportPart("standings", "指标位次与失分", 40, _standings),
)

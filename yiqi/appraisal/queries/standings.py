"""The table of a round: counties by place, with each block's points and place, and how they moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from yiqi.appraisal.enums import RoundStatus
from yiqi.appraisal.models import Block, Framework, Round, Standing
from yiqi.appraisal.queries.rounds import NEWEST_FIRST
from yiqi.core.models import Region
from yiqi.core.rules import Mandate

TREND = 12
UNRANKED = 10_000


@dataclass(frozen=True)
class StandingRow:
    """One county: its total, its standing in each block (in the blocks' order), its movement since the round before.

    ``movement`` is positive when it rose, None without an earlier place; ``trend`` holds its places in the published
    rounds up to this one, oldest first, as negative numbers so that better is higher; ``ends_tier`` marks the row
    under which the tier's line is drawn; ``barred`` one that a veto keeps out of the tier.
    """

    region: Region
    own: bool
    total: Standing
    blocks: Sequence[Standing]
    movement: int | None
    trend: Sequence[int | None]
    ends_tier: bool = False
    barred: bool = False


@dataclass(frozen=True)
class StandingsTable:
    """A round as a table. ``previous`` is the published round that movement is measured against."""

    round: Round
    framework: Framework
    blocks: Sequence[Block]
    rows: Sequence[StandingRow]
    previous: Round | None

    @property
    def own(self) -> StandingRow | None:
        """The reader's county."""
        return next((row for row in self.rows if row.own), None)

    @property
    def places(self) -> int:
        """Decimals of the published points."""
        return int(self.round.parameters["plan"]["places"])

    @property
    def standings(self) -> list[Standing]:
        """Every standing of the round."""
        return [item for row in self.rows for item in (row.total, *row.blocks)]

    @property
    def next_gap(self) -> PlaceGap | None:
        """See :func:`next_place_gap`, for the reader's county; no statement."""
        totals = [row.total for row in self.rows if row.total.rank is not None]
        return _next_gap(totals, self.own.region, self.places) if self.own else None

    @property
    def tier_gap(self) -> PlaceGap | None:
        """See :func:`tier_gap`, for the reader's county; no statement."""
        totals = [row.total for row in self.rows if row.total.rank is not None]
        return _tier_gap(totals, self.own.region, self.places, self.tier_size) if self.own else None

    @property
    def left_out(self) -> list[Block]:
        """Blocks in which nobody has a score: the total is that of the others."""
        return [block for block in self.blocks if block.code not in self.round.parameters["total_blocks"]]

    @property
    def tier_size(self) -> int:
        """Places in the first tier, as the round was worked out with."""
        return int(self.round.parameters["plan"]["tier_size"])


def standings_table(who: Mandate, round: Round) -> StandingsTable:
    """The counties by place; four statements besides that which read the round."""
    framework = round.framework
    blocks = list(framework.blocks.order_by("order", "code"))
    standings: dict[str, dict[int | None, Standing]] = {}
    named = {block.pk: block for block in blocks}
    for item in round.standings.select_related("region"):
        item.block = named.get(item.block_id or 0)  # no statement for its name
        standings.setdefault(item.region_id, {})[item.block_id] = item
    past = _past(round)
    places = _places([*past, round])
    previous = past[-1] if past else None
    home = who.home.code if who.home else framework.keeper_id
    ordered = sorted(standings, key=lambda code: (standings[code][None].rank or UNRANKED, code))
    tier = int(round.parameters["plan"]["tier_size"])
    inside = [code for code in ordered if (standings[code][None].rank or UNRANKED) <= tier]
    rows = []
    for code in ordered:
        mine = standings[code]
        total, trend = mine[None], [places[item.pk].get(code) for item in [*past, round]]
        before = trend[-2] if previous else None
        rows.append(
            StandingRow(
                region=total.region,
                own=code == home,
                total=total,
                blocks=[mine[block.pk] for block in blocks if block.pk in mine],
                movement=None if before is None or total.rank is None else before - total.rank,
                trend=[None if place is None else -place for place in trend],
                ends_tier=bool(inside) and code == inside[-1],
                barred=code in inside and not total.in_tier,
            )
        )
    return StandingsTable(round=round, framework=framework, blocks=blocks, rows=rows, previous=previous)


def _past(current: Round) -> list[Round]:
    """The last published round of each earlier period, oldest first."""
    rows = current.framework.rounds.filter(status=RoundStatus.PUBLISHED, period__lt=current.period)
    newest: dict[str, Round] = {}
    for item in rows.order_by(*NEWEST_FIRST)[: TREND * 3]:
        newest.setdefault(item.period, item)
    return sorted(newest.values(), key=lambda item: item.period)[-(TREND - 1) :]


def _places(rounds: Sequence[Round]) -> dict[int, dict[str, int]]:
    places: dict[int, dict[str, int]] = {item.pk: {} for item in rounds}
    totals = Standing.objects.filter(round__in=rounds, block=None, rank__isnull=False)
    for round_pk, region, rank in totals.values_list("round_id", "region_id", "rank"):
        places[round_pk][region] = rank
    return places


@dataclass(frozen=True)
class PlaceGap:
    """Points that part a county from ``region``: what it lacks (or, ``ahead``, what it leads by)."""

    region: Region
    rank: int
    points: Decimal
    ahead: bool = False


def _totals(made: Round) -> list[Standing]:
    rows = made.standings.filter(block=None, rank__isnull=False).select_related("region")
    return sorted(rows, key=lambda item: (item.rank, item.region_id))


def _between(one: Standing, other: Standing, places: int) -> Decimal:
    """The difference of what is published, so that it adds up on the page."""
    difference = abs((one.published_points or Decimal(0)) - (other.published_points or Decimal(0)))
    return difference.quantize(Decimal(1).scaleb(-places))


def _next_gap(totals: Sequence[Standing], region: Region, places: int) -> PlaceGap | None:
    own = next((item for item in totals if item.region_id == region.code), None)
    if own is None or own.rank is None:
        return None
    before = [item for item in totals if item.rank is not None and item.rank < own.rank]
    if not before or before[-1].rank is None:
        return None
    return PlaceGap(before[-1].region, before[-1].rank, _between(before[-1], own, places))


def _tier_gap(totals: Sequence[Standing], region: Region, places: int, size: int) -> PlaceGap | None:
    own = next((item for item in totals if item.region_id == region.code), None)
    if own is None or own.rank is None:
        return None
    if own.rank <= size:
        first = next((item for item in totals if (item.rank or 0) > size), None)
        if first is None or first.rank is None:
            return None
        return PlaceGap(first.region, first.rank, _between(own, first, places), ahead=True)
    inside = [item for item in totals if (item.rank or 0) <= size]
    edge = inside[-1] if inside else None
    return None if edge is None or edge.rank is None else PlaceGap(edge.region, edge.rank, _between(edge, own, places))


def next_place_gap(round: Round, region: Region) -> PlaceGap | None:
    """What the county lacks to the one directly before it; None for the first, and without a place. One statement."""
    return _next_gap(_totals(round), region, int(round.parameters["plan"]["places"]))


def tier_gap(round: Round, region: Region) -> PlaceGap | None:
    """What the county lacks to the last of the tier; inside (``ahead``), its lead over the first outside.

    None without a place, or when nobody stands on the other side. One statement.
    """
    plan = round.parameters["plan"]
    return _tier_gap(_totals(round), region, int(plan["places"]), int(plan["tier_size"]))

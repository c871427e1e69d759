"""The cockpit's reads: what a leader sees in the first thirty seconds. Every part asks the app that owns it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.cache import cache
from django.db.models import Count, Q

from yiqi.appraisal.enums import RoundStatus
from yiqi.appraisal.queries import GapRow, PlaceGap, StandingsTable, gap_list, rounds_for, standings_table
from yiqi.appraisal.readers.periods import period_of
from yiqi.core.enums import Light
from yiqi.core.rules import Mandate
from yiqi.dispatch.enums import WORKING_ON, AgendaStatus, WeekStatus
from yiqi.dispatch.models import Week
from yiqi.dispatch.queries import (
    visible_directives,
    visible_items,
    visible_weeks,
    with_directive_lights,
)
from yiqi.dispatch.rules import prepares_dispatch
from yiqi.plan.enums import TaskMatter
from yiqi.plan.models import Campaign
from yiqi.plan.queries import ActionLights, current_campaign, light_counts, total_of
from yiqi.plan.rules import reads_all

LOSSES = 5
REMEMBERED = 12
COLOURS = (Light.RED, Light.YELLOW, Light.GREEN, Light.GREY)


@dataclass(frozen=True)
class ThisWeek:
    """The meeting of this week, and what waits."""

    week: Week | None
    decisions: int = 0
    items: int = 0
    decided: int = 0
    due: int = 0
    overdue: int = 0
    prepares: bool = True
    monday: date | None = None


@dataclass(frozen=True)
class Cockpit:
    """All parts of the page; None where there is nothing yet."""

    campaign: Campaign | None
    table: StandingsTable | None
    losses: Sequence[GapRow]
    actions: Sequence[ActionLights]
    week: ThisWeek
    tier: PlaceGap | None = None
    totals: dict[str, int] = field(default_factory=dict)
    whole: bool = True

    @property
    def demo(self) -> bool:
        """Whether anything shown was invented for the demonstration."""
        return bool((self.campaign and self.campaign.demo) or (self.table and self.table.framework.demo))

    @property
    def colours(self) -> list[tuple[str, str, int]]:
        """Colour, its name, and how many tasks show it."""
        return [(colour.value, str(colour.label), self.totals.get(colour, 0)) for colour in COLOURS]

    @property
    def period(self) -> str:
        """The period of the standing, in words."""
        return period_of(self.table.round.period).label if self.table else ""

    @property
    def biggest(self) -> float:
        """The largest loss, which the bars are measured against."""
        return max((row.lost for row in self.losses), default=0.0)


@dataclass(frozen=True)
class Standings:
    """What a published round says of the reader's county; None and empty without one."""

    table: StandingsTable | None = None
    losses: Sequence[GapRow] = ()
    tier: PlaceGap | None = None


def standings(who: Mandate) -> Standings:
    """The newest published round of the newest framework that the person sees.

    Published rounds are frozen: what was read of them is remembered under their keys, so that the next reader costs
    one statement, and a new round is seen at once.
    """
    published = rounds_for(who).filter(status=RoundStatus.PUBLISHED).order_by("-framework__year", "-period", "-number")
    rounds = list(published[:REMEMBERED])
    if not rounds:
        return Standings()
    home = who.home.code if who.home else ""
    name = f"cockpit.{home}.{'.'.join(str(item.pk) for item in rounds)}"
    kept: Standings | None = cache.get(name)
    if kept is None:
        table = standings_table(who, rounds[0])
        own = table.own
        losses = gap_list(who, rounds[0], own.region)[:LOSSES] if own else []
        kept = Standings(table, losses, table.tier_gap)
        cache.set(name, kept, timeout=600)
    return kept


def this_week(who: Mandate, campaign: Campaign, *, today: date) -> ThisWeek:
    """The week's meeting with its agenda counted, and the directives due; three statements."""
    monday = today - timedelta(days=today.weekday())
    pending = Q(status=AgendaStatus.PENDING)
    asks = Q(kind=TaskMatter.DECISION) | Q(task__needs_decision=True)
    weeks = visible_weeks(who).filter(campaign=campaign)
    week = weeks.filter(Q(monday=monday) | Q(status=WeekStatus.OPEN)).order_by("-monday").first()
    counted = (
        visible_items(who)
        .filter(week=week)
        .aggregate(
            items=Count("pk"),
            decided=Count("pk", filter=~pending),
            decisions=Count("pk", filter=pending & asks),
        )
        if week
        else {}
    )
    this = Q(status__in=WORKING_ON, due__range=(monday, monday + timedelta(days=6)))
    waiting = (
        with_directive_lights(visible_directives(who).filter(campaign=campaign), today=today)
        .order_by()
        .aggregate(overdue=Count("pk", filter=Q(light=Light.RED)), due=Count("pk", filter=this))
    )
    prepares = prepares_dispatch(who, campaign.region_id)
    return ThisWeek(week=week, prepares=prepares, monday=monday, **counted, **waiting)


def cockpit(who: Mandate, *, today: date) -> Cockpit:
    """Everything on the cockpit for this person."""
    campaign = current_campaign(who, today)
    found = standings(who)
    actions = light_counts(who, campaign, today) if campaign else []
    week = this_week(who, campaign, today=today) if campaign else ThisWeek(None)
    whole = campaign is None or reads_all(who, campaign.region_id)
    return Cockpit(
        campaign=campaign,
        table=found.table,
        losses=found.losses,
        actions=actions,
        week=week,
        tier=found.tier,
        totals=total_of(actions),
        whole=whole,
    )

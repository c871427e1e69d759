"""Figures as far as a person sees them, and their history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from yiqi.appraisal.enums import Approval
from yiqi.appraisal.models import Framework, Indicator, Observation, Target
from yiqi.appraisal.queries.frameworks import kept_for
from yiqi.core.enums import Role
from yiqi.core.models import Region
from yiqi.core.queries import within
from yiqi.core.rules import Mandate
from yiqi.kit.records import missing

KEEPER = "indicator__framework__keeper__code"
READ = (
    "indicator__framework__keeper",
    "indicator__framework__region",
    "indicator__lead_unit",
    "region",
    "entered_by",
    "approved_by",
)


def _seen(who: Mandate) -> Q:
    """Approved figures are everybody's of the county; others are seen by office, leaders and the lead unit."""
    open_to = within(KEEPER, who.prefixes(Role.OFFICE, Role.LEADER))
    own = Q(indicator__lead_unit__in=who.units(Role.REPORTER, Role.REVIEWER))
    return kept_for(who, KEEPER) & (Q(approval=Approval.APPROVED) | open_to | own)


def observations_for(who: Mandate, framework: Framework | None = None, period: str = "") -> QuerySet[Observation]:
    """Figures that the person sees, with the records they name."""
    rows = Observation.objects.filter(_seen(who))
    if framework is not None:
        rows = rows.filter(indicator__framework=framework)
    if period:
        rows = rows.filter(period=period)
    return rows.select_related(*READ)


def observation_for(who: Mandate, pk: int) -> Observation:
    """One of them; NotFoundError otherwise."""
    found = observations_for(who).filter(pk=pk).select_related(*READ, "imported_from", "indicator__block").first()
    if found is None:
        raise missing()
    return found


def waiting_for(who: Mandate) -> QuerySet[Observation]:
    """Figures that wait for a signature that the person may give: never their own."""
    office = within(KEEPER, who.prefixes(Role.OFFICE))
    reviewer = Q(indicator__lead_unit__in=who.units(Role.REVIEWER)) & kept_for(who, KEEPER)
    rows = Observation.objects.filter(office | reviewer, approval=Approval.PENDING).exclude(entered_by=who.person)
    return rows.select_related(*READ).order_by("entered_on", "pk")


def periods_of(framework: Framework) -> list[str]:
    """Periods with approved figures, newest first."""
    rows = Observation.objects.filter(indicator__framework=framework, approval=Approval.APPROVED)
    return list(rows.order_by("-period").values_list("period", flat=True).distinct())


@dataclass(frozen=True)
class Point:
    """A period of an indicator's history in one county: the figure in force and the target that held."""

    observation: Observation
    target: Target | None


def history(indicator: Indicator, region: Region) -> list[Point]:
    """The figures in force by period, oldest first; two statements."""
    rows = Observation.objects.filter(indicator=indicator, region=region, current=True).order_by("period")
    targets = {row.period: row for row in Target.objects.filter(indicator=indicator, region=region)}
    return [Point(row, targets.get(row.period) or targets.get(row.period[:4])) for row in rows]


@dataclass(frozen=True)
class LeagueValue:
    """One county's figure of a period with its place: as published, else worked out by the indicator's direction."""

    observation: Observation
    rank: int | None
    tied: bool


def league_values(indicator: Indicator, period: str) -> list[LeagueValue]:
    """The counties' figures in force, best first; one statement."""
    rows = list(Observation.objects.filter(indicator=indicator, period=period, current=True).select_related("region"))
    better = -1 if indicator.direction == "higher" else 1
    known = sorted(
        (row for row in rows if row.value is not None), key=lambda row: (better * (row.value or 0), row.region_id)
    )
    places = _places([row.published_rank for row in known], [row.value for row in known])
    ranked = [LeagueValue(row, place, places.count(place) > 1) for row, place in zip(known, places, strict=True)]
    ranked.sort(key=lambda item: (item.rank or 0, item.observation.region_id))
    return ranked + [LeagueValue(row, row.published_rank, False) for row in rows if row.value is None]


def _places(published: Sequence[int | None], values: Sequence[object]) -> list[int | None]:
    """The published places where all are known, else competition places of the sorted values."""
    if all(place is not None for place in published):
        return list(published)
    return [values.index(value) + 1 for value in values]


def targets_of(indicator: Indicator, region: Region) -> QuerySet[Target]:
    """Targets of a county, by period."""
    return Target.objects.filter(indicator=indicator, region=region).order_by("period")

"""Rounds as far as a person sees them: published ones, and trials for the office and the leaders."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from yiqi.appraisal.enums import FrameworkStatus, RoundStatus
from yiqi.appraisal.models import Framework, Round
from yiqi.appraisal.queries.frameworks import kept_for
from yiqi.appraisal.rules import sees_trials
from yiqi.core.enums import Role
from yiqi.core.queries import within
from yiqi.core.rules import Mandate
from yiqi.kit.records import missing

NEWEST_FIRST = ("-period", "-number")


def rounds_for(who: Mandate) -> QuerySet[Round]:
    """The rounds that the person sees, with framework and league."""
    trials = within("framework__keeper__code", who.prefixes(Role.OFFICE, Role.LEADER))
    published = Round.objects.filter(kept_for(who, "framework__keeper__code"), status=RoundStatus.PUBLISHED)
    rows = published | Round.objects.filter(trials)
    return rows.select_related("framework__keeper", "framework__region", "run_by", "published_by")


def round_for(who: Mandate, pk: int) -> Round:
    """One of them; NotFoundError otherwise."""
    found: Round | None = rounds_for(who).filter(pk=pk).first()
    if found is None:
        raise missing()
    return found


def latest_round(framework: Framework, before: Round | None = None) -> Round | None:
    """The newest published round; with ``before`` that of an earlier period, which movement is measured against."""
    rows = framework.rounds.filter(status=RoundStatus.PUBLISHED)
    if before is not None:
        rows = rows.filter(period__lt=before.period)
    found: Round | None = rows.order_by(*NEWEST_FIRST).select_related("framework__keeper").first()
    return found


def last_published(county: str, year: int, *, until: date) -> list[Round]:
    """The last two rounds published by a day of the framework by which the county is appraised, the latest first."""
    rows = Framework.objects.filter(year=year, status=FrameworkStatus.ACTIVE).select_related("keeper")
    mine = [row for row in rows.order_by("code") if county.startswith(row.keeper.prefix)]
    framework = max(mine, key=lambda row: len(row.keeper.prefix), default=None)
    if framework is None:
        return []
    published = Round.objects.filter(framework=framework, status=RoundStatus.PUBLISHED, published_on__lte=until)
    return list(published.order_by(*NEWEST_FIRST)[:2])


def shown_round(who: Mandate, framework: Framework) -> Round | None:
    """What the standings page shows unasked: the newest published round, else for the office the newest trial."""
    found = latest_round(framework)
    if found is None and sees_trials(who, framework):
        found = framework.rounds.order_by(*NEWEST_FIRST).first()
    return None if found is None else rounds_for(who).filter(pk=found.pk).first()

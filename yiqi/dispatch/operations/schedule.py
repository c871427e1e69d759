"""What the scheduler runs: each Monday the week of every active campaign is opened, once."""

from __future__ import annotations

from datetime import date
from typing import Any

from yiqi.dispatch.enums import Opening, WeekStatus
from yiqi.dispatch.models import Week
from yiqi.dispatch.operations.weeks import monday_of, open_week
from yiqi.kit import clock
from yiqi.kit.errors import YiqiError
from yiqi.kit.origin import Origin, coming_from
from yiqi.plan.enums import CampaignStatus
from yiqi.plan.models import Campaign


def open_weeks_on(today: date) -> list[dict[str, Any]]:
    """Open this week of each campaign that is active and under way; says for each what was done.

    Idempotent. A campaign whose last meeting was never closed is left alone and said so: the schedule must not decide
    what a meeting did not.
    """
    outcome: list[dict[str, Any]] = []
    due = Campaign.objects.filter(status=CampaignStatus.ACTIVE, starts__lte=today, ends__gte=today).select_related(
        "region"
    )
    for campaign in due.order_by("code"):
        monday = monday_of(today)
        same = Week.objects.filter(campaign=campaign, monday=monday).first()
        if same is not None:
            done = "already_open" if same.status == WeekStatus.OPEN else "already_closed"
            outcome.append({"campaign": campaign.code, "week": same.number, "done": done})
            continue
        try:
            week = open_week(by=None, today=today, campaign=campaign, how=Opening.SCHEDULE, monday=monday)
        except YiqiError as error:
            outcome.append({"campaign": campaign.code, "week": None, "done": error.code})
        else:
            outcome.append({"campaign": campaign.code, "week": week.number, "done": "opened"})
    return outcome


def open_due_weeks() -> list[dict[str, Any]]:
    """The job itself: the one place here that asks the clock, because nobody hands a job its day."""
    with coming_from(Origin("job")):
        return open_weeks_on(clock.today())

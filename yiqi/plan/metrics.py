"""Numbers that the plan offers to the appraisal and the cockpit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q

from yiqi.core.models import Region
from yiqi.core.queries import within
from yiqi.kit.rates import Rate
from yiqi.plan.enums import TaskStatus
from yiqi.plan.models import Task


def on_time(region_code: str, today: date) -> Decimal | None:
    """Percent (0–100, one decimal) of the tasks finished by ``today`` that were claimed by their first due date.

    Tasks without a due date do not count; None while none is finished. The day of the claim decides: the unit does
    not answer for how long others take to verify.
    """
    finished = Task.objects.filter(
        within("region__code", [Region(code=region_code).prefix]),
        status=TaskStatus.DONE,
        finished_on__lte=today,
        first_due__isnull=False,
    )
    kept = Count("pk", filter=Q(claimed_on__lte=F("first_due")))
    found = finished.aggregate(all=Count("pk"), kept=kept)
    return Rate(found["kept"], found["all"]).percent

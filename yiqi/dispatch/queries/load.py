"""How much supervision each unit gets in a week: supervision must itself be limited in number (政府督查工作条例)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from yiqi.core.models import Unit
from yiqi.core.rules import READS_COUNTY, Mandate
from yiqi.dispatch.enums import DirectiveStatus
from yiqi.dispatch.models import DirectiveStep
from yiqi.dispatch.queries.scope import UNIT_ROLES, visible_directives

WEEKS = 4


@dataclass(frozen=True)
class Load:
    """Requests that reached a unit in a week: directives to do, to support, and feedback sent back for more."""

    unit: Unit
    given: int
    supporting: int
    returned: int
    history: tuple[int, ...]

    @property
    def total(self) -> int:
        """All requests of the week."""
        return self.given + self.supporting + self.returned


def supervision_load(who: Mandate, *, monday: date) -> list[Load]:
    """Load of each unit that the person may see in the week of ``monday``, the heaviest first; four statements.

    ``history`` holds the totals of that week and the three before, oldest first. A unit's people see their unit only.
    """
    start = monday - timedelta(weeks=WEEKS - 1)
    rows = visible_directives(who).exclude(status=DirectiveStatus.DRAFT)
    recent = rows.filter(assigned_on__gte=start, assigned_on__lt=monday + timedelta(weeks=1)).order_by()
    given = Counter((unit, _week(on)) for unit, on in recent.values_list("unit_id", "assigned_on"))
    pairs = recent.filter(support_units__isnull=False).values_list("support_units", "assigned_on")
    supporting = Counter((unit, _week(on)) for unit, on in pairs)
    steps = DirectiveStep.objects.filter(directive__in=rows, after=DirectiveStatus.RETURNED, on__gte=start)
    sent_back = steps.filter(on__lt=monday + timedelta(weeks=1)).order_by().values_list("directive__unit_id", "on")
    returned = Counter((unit, _week(on)) for unit, on in sent_back)
    weeks = [start + timedelta(weeks=number) for number in range(WEEKS)]
    found = {unit for unit, _day in (*given, *supporting, *returned)} & _seen(who, given, supporting, returned)
    loads = [
        Load(
            unit=unit,
            given=given[unit.pk, monday],
            supporting=supporting[unit.pk, monday],
            returned=returned[unit.pk, monday],
            history=tuple(given[unit.pk, day] + supporting[unit.pk, day] + returned[unit.pk, day] for day in weeks),
        )
        for unit in Unit.objects.filter(pk__in=found).order_by("order", "code")
    ]
    return sorted(loads, key=lambda load: (-load.total, -sum(load.history)))


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _seen(who: Mandate, *counted: Counter[tuple[int, date]]) -> set[int]:
    if who.has(*READS_COUNTY):
        return {unit for counter in counted for unit, _day in counter}
    return set(who.units(*UNIT_ROLES))

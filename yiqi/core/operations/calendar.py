"""The working-day calendar: seeded from the State Council's schedules, edited by version."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
from chinese_calendar import constants
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from yiqi.core.models import CalendarDay, CalendarYear
from yiqi.core.operations.audit import record
from yiqi.core.operations.gate import admit_administrator, admit_installer
from yiqi.core.rules import Mandate
from yiqi.kit.errors import InvalidInputError

SEED_YEARS = range(2004, 2027)
SEED_SOURCE = "国务院办公厅部分节假日安排（chinesecalendar）"


def _holiday_names() -> dict[str, str]:
    return {holiday.value: holiday.chinese for holiday in constants.Holiday}


def _seed_days(year: int) -> list[CalendarDay]:
    """The days of a year that differ from Monday to Friday."""
    names = _holiday_names()
    first = date(year, 1, 1)
    days: list[CalendarDay] = []
    for offset in range((date(year + 1, 1, 1) - first).days):
        day = first + timedelta(days=offset)
        working = chinese_calendar.is_workday(day)
        if working == (day.weekday() < 5):
            continue
        occasion = names.get((constants.workdays if working else constants.holidays)[day], "")
        name = f"{occasion}调休上班" if working else f"{occasion}放假"
        days.append(CalendarDay(date=day, working=working, name=name, source=SEED_SOURCE))
    return days


@transaction.atomic
def seed_calendar(*, today: date, by: Mandate | None = None) -> list[CalendarYear]:
    """Add the years 2004–2026 that are not there yet; one record for all. Returns the added years."""
    admit_installer(by, "")
    known = set(CalendarYear.objects.values_list("year", flat=True))
    missing = [year for year in SEED_YEARS if year not in known]
    if not missing:
        return []
    years = CalendarYear.objects.bulk_create([CalendarYear(year=year, source=SEED_SOURCE) for year in missing])
    # a day that somebody has set by hand stays in force
    by_hand = set(CalendarDay.objects.filter(date__year__in=missing).values_list("date", flat=True))
    days = [day for year in missing for day in _seed_days(year) if day.date not in by_hand]
    CalendarDay.objects.bulk_create(days)
    after = {"years": missing, "days": len(days), "source": SEED_SOURCE}
    record(by=by, verb="calendar.seed", target=years[0], region_code="", today=today, after=after)
    return years


@transaction.atomic
def set_calendar_day(
    *,
    by: Mandate,
    today: date,
    region_code: str,
    date: date,
    working: bool,
    name: str,
    source: str,
    version: int | None = None,
) -> CalendarDay:
    """Add a version of a day; older ones stay. ``version`` is what the form showed (0: none), ConflictError if stale.

    InvalidInputError without a source: a changed working day moves deadlines, somebody must be able to check it.
    """
    admit_administrator(by, region_code)
    if not source.strip():
        raise InvalidInputError(_("请填写依据（例如国务院办公厅通知的文号）。"), code="calendar_source")
    newest = CalendarDay.objects.select_for_update().filter(date=date).order_by("-version").first()
    (newest or CalendarDay(date=date, version=0)).expect_version(version)
    day = CalendarDay.objects.create(
        date=date,
        working=working,
        name=name,
        source=source,
        version=newest.version + 1 if newest else 1,
        entered_by=by.person,
    )
    was = newest.working if newest else date.weekday() < 5
    record(
        by=by,
        verb="calendar.set_day",
        target=day,
        region_code=region_code,
        today=today,
        before={"working": was, "name": newest.name if newest else ""},
        after={"working": working, "name": name, "source": source, "version": day.version},
    )
    return day


@transaction.atomic
def confirm_calendar_year(*, by: Mandate, today: date, region_code: str, year: int, source: str) -> CalendarYear:
    """Say that a year's schedule has been entered, so that its days are provisional no longer."""
    admit_administrator(by, region_code)
    if not source.strip():
        raise InvalidInputError(_("请填写依据（例如国务院办公厅通知的文号）。"), code="calendar_source")
    if CalendarYear.objects.filter(pk=year).exists():
        raise InvalidInputError(_("%(year)s年的安排已经确认。") % {"year": year}, code="calendar_year_known")
    entered = CalendarDay.objects.filter(date__year=year).aggregate(newest=Max("version"))["newest"]
    if entered is None:
        raise InvalidInputError(_("%(year)s年还没有录入任何节假日或调休日。") % {"year": year}, code="calendar_empty")
    known = CalendarYear.objects.create(year=year, source=source)
    record(
        by=by,
        verb="calendar.confirm_year",
        target=known,
        region_code=region_code,
        today=today,
        after={"year": year, "source": source},
    )
    return known

"""Working days: the State Council's schedule where it is known, the weekday's rule beyond."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta

from yiqi.core.enums import ClockKind
from yiqi.core.models import CalendarDay, CalendarYear

DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkCalendar:
    """``exceptions`` are the days that differ from their weekday's rule (or were set by hand), ``years`` are known."""

    exceptions: Mapping[date, bool]
    years: frozenset[int]

    def is_working(self, day: date) -> bool:
        """Whether people work on ``day``: by the schedule, or Monday to Friday where there is none."""
        return self.exceptions.get(day, day.weekday() < 5)

    def provisional(self, day: date) -> bool:
        """Whether that answer is only the weekday's rule, because the schedule of the year is not known."""
        return day.year not in self.years and day not in self.exceptions

    def add_working_days(self, start: date, n: int) -> date:
        """The n-th working day after ``start``; counting starts the day after, so 0 gives ``start`` itself.

        ValueError for a negative n or a result beyond the year 9999.
        """
        if n < 0:
            raise ValueError("n must not be negative")
        day = start
        while n:
            if day.year == MAXYEAR and (day.month, day.day) == (12, 31):
                raise ValueError("beyond the last year")
            day += DAY
            n -= self.is_working(day)
        return day

    def add(self, start: date, n: int, kind: str) -> date:
        """``n`` days after ``start``, of ``kind`` calendar or working; ValueError for another kind or a negative n."""
        if kind == ClockKind.WORKING:
            return self.add_working_days(start, n)
        if kind != ClockKind.CALENDAR or n < 0:
            raise ValueError("kind must be calendar or working, and n not negative")
        return start + timedelta(days=n)

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and with ``end``; negative when ``end`` comes before ``start``."""
        if end < start:
            return -self.working_days_between(end, start)
        days = ((start + timedelta(days=i)) for i in range(1, (end - start).days + 1))
        return sum(self.is_working(day) for day in days)


def work_calendar() -> WorkCalendar:
    """The calendar in force: the newest version of each day; two statements."""
    newest = CalendarDay.objects.order_by("date", "version").values_list("date", "working")
    years = CalendarYear.objects.values_list("year", flat=True)
    return WorkCalendar(exceptions=dict(newest), years=frozenset(years))


def calendar_days(year: int) -> dict[date, CalendarDay]:
    """The newest version of each exceptional day of a year, with its name and source."""
    rows = CalendarDay.objects.filter(date__year=year).order_by("date", "version").select_related("entered_by")
    return {row.date: row for row in rows}


def day_versions(day: date) -> list[CalendarDay]:
    """All versions of a day, newest first."""
    return list(CalendarDay.objects.filter(date=day).order_by("-version").select_related("entered_by"))

"""Dates by which something must be done, and the light that follows: what all apps mean by a clock and a light.

A light is a list of rules tried from the top; what changes it by itself is only the passing of one of a few dates. So
the day of the next change is found by looking at those dates, and can be stored beside the thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from yiqi.core.enums import ClockKind, Light
from yiqi.core.queries.calendar import WorkCalendar

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Pause:
    """Days that do not count, both ends included; one that still lasts ends today."""

    starts: date
    ends: date

    def holds(self, day: date) -> bool:
        """Whether the clock stands still on that day."""
        return self.starts <= day <= self.ends


@dataclass(frozen=True)
class Clock:
    """Counts days of ``kind`` (calendar or working) by a calendar; the day after the start is day 1."""

    kind: str
    calendar: WorkCalendar

    def due(self, start: date, days: int, pauses: Sequence[Pause] = ()) -> date:
        """The day on which ``days`` have run out; ``days`` 0 gives the start itself."""
        if not pauses:
            return self.calendar.add(start, days, self.kind)
        day = start
        while days:
            day += DAY
            counts = self.kind == ClockKind.CALENDAR or self.calendar.is_working(day)
            days -= counts and not any(pause.holds(day) for pause in pauses)
        return day


@dataclass(frozen=True)
class Reading:
    """A light and why.

    ``days`` counts past the date (positive) or left (negative), None where no date counts. ``changes_on`` is the first
    day on which the passing of time alone gives another colour; None where it never does.
    """

    colour: Light
    reason: str
    days: int | None = None
    changes_on: date | None = None


def next_change(colour_on: Callable[[date], str], turns: Iterable[date | None], today: date) -> date | None:
    """The first day after ``today`` whose colour is another one; ``turns`` are the days on which it may change."""
    now = colour_on(today)
    return next((day for day in sorted({day for day in turns if day and day > today}) if colour_on(day) != now), None)

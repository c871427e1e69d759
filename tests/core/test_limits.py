"""Clocks of days with pauses, and the day on which a light changes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiqi.core.enums import ClockKind
from yiqi.core.limits import Clock, Pause, next_change
from yiqi.core.queries import WorkCalendar

MONDAY = date(2021, 9, 6)
PLAIN = WorkCalendar(exceptions={}, years=frozenset({2021}))


@pytest.mark.parametrize(
    ("kind", "days", "pauses", "due"),
    [
        (ClockKind.CALENDAR, 0, (), MONDAY),
        (ClockKind.CALENDAR, 7, (), date(2021, 9, 13)),
        (ClockKind.WORKING, 7, (), date(2021, 9, 15)),
        (ClockKind.CALENDAR, 7, (Pause(date(2021, 9, 8), date(2021, 9, 10)),), date(2021, 9, 16)),
        (ClockKind.WORKING, 7, (Pause(date(2021, 9, 8), date(2021, 9, 10)),), date(2021, 9, 20)),
        (ClockKind.WORKING, 1, (Pause(date(2021, 9, 11), date(2021, 9, 12)),), date(2021, 9, 7)),
    ],
)
def test_days_run_out(kind: str, days: int, pauses: tuple[Pause, ...], due: date) -> None:
    assert Clock(kind, PLAIN).due(MONDAY, days, pauses) == due


@given(kind=st.sampled_from(ClockKind.values), days=st.integers(0, 60), lasts=st.integers(0, 40), at=st.integers(1, 90))
def test_a_pause_takes_away_the_days_that_it_holds(kind: str, days: int, lasts: int, at: int) -> None:
    """Between the start and the due date exactly ``days`` days count, whatever the pause; one before is no pause."""
    clock = Clock(kind, PLAIN)
    pause = Pause(MONDAY + timedelta(days=at), MONDAY + timedelta(days=at + lasts))
    due = clock.due(MONDAY, days, [pause])
    walked = [MONDAY + timedelta(days=number) for number in range(1, (due - MONDAY).days + 1)]
    counted = [day for day in walked if (kind == ClockKind.CALENDAR or PLAIN.is_working(day)) and not pause.holds(day)]
    assert len(counted) == days
    assert clock.due(MONDAY, days, [Pause(date(2021, 1, 1), MONDAY)]) == clock.due(MONDAY, days)


def test_the_next_change_is_the_first_day_that_shows_another_colour() -> None:
    def colour_on(day: date) -> str:
        return "red" if day > date(2021, 9, 10) else "green"

    turns = [None, date(2021, 9, 8), date(2021, 9, 11), date(2021, 9, 12)]
    assert next_change(colour_on, turns, MONDAY) == date(2021, 9, 11)
    assert next_change(colour_on, turns, date(2021, 9, 11)) is None
    assert next_change(colour_on, [], MONDAY) is None

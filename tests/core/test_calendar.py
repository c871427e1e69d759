"""The working-day calendar: its seed against the State Council's year 2021, its versions, its arithmetic."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.world import TODAY, World
from yiqi.core.models import AuditRecord, CalendarDay, CalendarYear
from yiqi.core.operations import confirm_calendar_year, seed_calendar, set_calendar_day
from yiqi.core.operations.calendar import SEED_YEARS
from yiqi.core.queries import WorkCalendar, calendar_days, day_versions, work_calendar
from yiqi.core.rules import Mandate
from yiqi.kit.errors import ConflictError, InvalidInputError, NotAllowedError

DAY = timedelta(days=1)
COUNTY = {"region_code": "141022"}


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + DAY * i for i in range((date(year + 1, 1, 1) - first).days)]


def seeded() -> WorkCalendar:
    """The seed without a database."""
    differ = {
        day: chinese_calendar.is_workday(day)
        for year in SEED_YEARS
        for day in days_of(year)
        if chinese_calendar.is_workday(day) != (day.weekday() < 5)
    }
    return WorkCalendar(differ, frozenset(SEED_YEARS))


SEEDED = seeded()


@pytest.fixture
def seed(db: None) -> None:
    seed_calendar(today=TODAY)


def test_2021_has_250_working_days_and_seven_made_up(seed: None) -> None:
    calendar = work_calendar()
    assert sum(calendar.is_working(day) for day in days_of(2021)) == 250
    made_up = [day for day in days_of(2021) if calendar.is_working(day) and day.weekday() >= 5]
    assert [f"{day:%m-%d}" for day in made_up] == ["02-07", "02-20", "04-25", "05-08", "09-18", "09-26", "10-09"]
    assert calendar_days(2021)[date(2021, 9, 18)].name == "中秋调休上班"
    assert calendar_days(2021)[date(2021, 10, 1)].name == "国庆节放假"


def test_the_seed_is_the_schedule_of_2004_to_2026(seed: None) -> None:
    assert work_calendar() == SEEDED
    assert list(CalendarYear.objects.values_list("year", flat=True)) == list(range(2004, 2027))


def test_seeding_again_does_nothing(seed: None) -> None:
    days = CalendarDay.objects.count()
    assert seed_calendar(today=TODAY) == []
    assert (CalendarDay.objects.count(), AuditRecord.objects.count()) == (days, 1)


def test_seeding_leaves_a_day_that_was_set_by_hand(world: World, admin: Mandate) -> None:
    set_calendar_day(by=admin, today=TODAY, date=date(2021, 10, 1), working=True, name="", source="试", **COUNTY)
    seed_calendar(today=TODAY)
    assert work_calendar().is_working(date(2021, 10, 1))


def test_beyond_the_table_the_weekday_decides_and_it_is_provisional(seed: None) -> None:
    calendar = work_calendar()
    assert [calendar.provisional(date(year, 10, 1)) for year in (2003, 2004, 2026, 2027)] == [True, False, False, True]
    assert (calendar.is_working(date(2027, 10, 1)), calendar.is_working(date(2027, 10, 2))) == (True, False)


def test_an_edit_adds_a_version(seed: None, world: World, admin: Mandate) -> None:
    day, facts = date(2021, 9, 20), {"name": "县庆", "source": "翼政办〔2021〕1号", **COUNTY}
    set_calendar_day(by=admin, today=TODAY, date=day, working=True, version=1, **facts)
    assert work_calendar().is_working(day)
    assert [(row.version, row.working) for row in day_versions(day)] == [(2, True), (1, False)]
    with pytest.raises(ConflictError):
        set_calendar_day(by=admin, today=TODAY, date=day, working=False, version=1, **facts)
    last = AuditRecord.objects.first()
    assert (last.verb, last.before["working"], last.after["working"], last.after["version"]) == (
        "calendar.set_day",
        False,
        True,
        2,
    )


def test_a_new_year_is_provisional_until_confirmed(seed: None, world: World, admin: Mandate) -> None:
    with pytest.raises(InvalidInputError) as empty:
        confirm_calendar_year(by=admin, today=TODAY, year=2027, source="国办发明电", **COUNTY)
    facts = {"working": False, "name": "元旦放假", "source": "国办发明电", **COUNTY}
    set_calendar_day(by=admin, today=TODAY, date=date(2027, 1, 1), version=0, **facts)
    before = [work_calendar().provisional(day) for day in (date(2027, 1, 1), date(2027, 1, 4))]
    confirm_calendar_year(by=admin, today=TODAY, year=2027, source="国办发明电", **COUNTY)
    with pytest.raises(InvalidInputError) as twice:
        confirm_calendar_year(by=admin, today=TODAY, year=2027, source="国办发明电", **COUNTY)
    assert (empty.value.code, twice.value.code, before) == ("calendar_empty", "calendar_year_known", [False, True])
    assert not work_calendar().provisional(date(2027, 1, 4))


def test_a_change_needs_its_source(world: World, admin: Mandate) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        set_calendar_day(by=admin, today=TODAY, date=TODAY, working=False, name="x", source=" ", **COUNTY)
    assert refusal.value.code == "calendar_source"


def test_only_the_administrator_edits(world: World) -> None:
    with pytest.raises(NotAllowedError):
        set_calendar_day(by=world.who("office"), today=TODAY, date=TODAY, working=False, name="", source="x", **COUNTY)


@pytest.mark.parametrize(
    ("start", "n", "kind", "end"),
    [
        # counting starts the day after; 2021-09-18 (Saturday) is worked, 19 to 21 are the Mid-Autumn holiday
        ("2021-09-17", 1, "working", "2021-09-18"),
        ("2021-09-18", 1, "working", "2021-09-22"),
        ("2021-09-19", 1, "working", "2021-09-22"),
        ("2021-09-30", 1, "working", "2021-10-08"),
        ("2021-09-30", 2, "working", "2021-10-09"),
        ("2021-09-30", 3, "working", "2021-10-11"),
        ("2021-09-06", 20, "working", "2021-10-09"),
        ("2021-09-06", 0, "working", "2021-09-06"),
        ("2021-09-30", 3, "calendar", "2021-10-03"),
        ("2021-09-30", 0, "calendar", "2021-09-30"),
        ("2026-12-31", 2, "working", "2027-01-04"),
    ],
)
def test_counting(start: str, n: int, kind: str, end: str) -> None:
    assert SEEDED.add(date.fromisoformat(start), n, kind) == date.fromisoformat(end)


@pytest.mark.parametrize(("n", "kind"), [(-1, "working"), (-1, "calendar"), (1, "lunar")])
def test_nonsense_is_refused(n: int, kind: str) -> None:
    with pytest.raises(ValueError, match="must"):
        SEEDED.add(TODAY, n, kind)


def test_the_end_of_time_is_no_endless_loop() -> None:
    with pytest.raises(ValueError, match="beyond"):
        SEEDED.add_working_days(date(9999, 12, 30), 5)


DATES = st.dates(date(2003, 1, 1), date(2028, 12, 31))


@given(DATES, st.integers(1, 300))
def test_the_result_is_a_working_day_and_counts_back(start: date, n: int) -> None:
    end = SEEDED.add_working_days(start, n)
    assert SEEDED.is_working(end)
    assert SEEDED.working_days_between(start, end) == n
    assert SEEDED.working_days_between(end, start) == -n


@given(DATES, st.integers(0, 100), st.integers(0, 100))
def test_steps_add_up(start: date, a: int, b: int) -> None:
    # from the end of the first step, which is a working day unless nothing was added
    assert SEEDED.add_working_days(SEEDED.add_working_days(start, a), b) == SEEDED.add_working_days(start, a + b)


@given(DATES, DATES, st.integers(0, 60))
def test_an_earlier_start_never_ends_later(first: date, second: date, n: int) -> None:
    early, late = sorted((first, second))
    assert SEEDED.add_working_days(early, n) <= SEEDED.add_working_days(late, n)

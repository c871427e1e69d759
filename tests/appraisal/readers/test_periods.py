"""Periods as they are written and read, as tables."""

from __future__ import annotations

from datetime import date

import pytest

from yiqi.appraisal.enums import Rhythm
from yiqi.appraisal.readers.periods import Period, period_of
from yiqi.kit.errors import InvalidInputError


@pytest.mark.parametrize(
    ("text", "label", "last"),
    [
        ("2021-08", "2021年1—8月", date(2021, 8, 31)),
        ("2021-01", "2021年1月", date(2021, 1, 31)),
        ("2020-02", "2020年1—2月", date(2020, 2, 29)),
        ("2021", "2021年", date(2021, 12, 31)),
    ],
)
def test_a_period_is_read_and_written(text: str, label: str, last: date) -> None:
    period = period_of(text, monthly=False)
    assert (str(period), period.label, period.last_day) == (text, label, last)


@pytest.mark.parametrize(
    "text", ["", "2021-8", "2021-00", "2021-13", "21-08", "2021/08", "2021-08-01", "٢٠٢١-٠٨", "2021-08\n1"]
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        period_of(text)
    assert raised.value.code == "period"


@pytest.mark.parametrize(
    ("period", "rhythm", "last"),
    [
        ("2021-08", Rhythm.MONTHLY, "2021-08"),
        ("2021-08", Rhythm.QUARTERLY, "2021-06"),
        ("2021-09", Rhythm.QUARTERLY, "2021-09"),
        ("2021-02", Rhythm.QUARTERLY, "2020-12"),
        ("2021-08", Rhythm.YEARLY, "2020-12"),
        ("2021-12", Rhythm.YEARLY, "2021-12"),
    ],
)
def test_the_last_publication(period: str, rhythm: str, last: str) -> None:
    assert str(period_of(period).last_published(rhythm)) == last


def test_months_between_periods() -> None:
    assert (Period(2021, 8).months_since(Period(2021, 6)), Period(2021, 1).months_since(Period(2020, 12))) == (2, 1)

"""Figures, dates and places as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from yiqi.kit import wording


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (2.675, 2, "2.68"),
        (Decimal("2.665"), 2, "2.67"),
        ("2.675", 2, "2.68"),
        (-2.675, 2, "−2.68"),
        (1234567, 0, "1,234,567"),
        (1234.5, 2, "1,234.50"),
        (-0.004, 2, "0.00"),
        (Decimal("-0"), 2, "0.00"),
        (0.5, 0, "1"),
        (1e20, 0, "100,000,000,000,000,000,000"),
        (Decimal("1E+40"), 2, f"10{',000' * 13}.00"),
        (0, 1, "0.0"),
        (True, 0, "—"),
        (None, 2, "—"),
        ("", 2, "—"),
        ("缺", 2, "—"),
        (float("nan"), 2, "—"),
        (float("inf"), 2, "—"),
        (Decimal("NaN"), 2, "—"),
        (Decimal("12.340"), None, "12.34"),
        (1200, None, "1,200"),
        (Decimal("1E+3"), None, "1,000"),
    ],
)
def test_figure(value: Any, places: int | None, shown: str) -> None:
    assert wording.figure(value, places) == shown


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12), st.integers(0, 6))
def test_figure_reads_back_within_half_a_unit(value: Decimal, places: int) -> None:
    shown = wording.figure(value, places)
    back = Decimal(shown.replace(",", "").replace(wording.MINUS, "-"))
    assert abs(back - value) <= Decimal(5).scaleb(-places - 1)
    assert not (back == 0 and shown.startswith(wording.MINUS))


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1.2, "+1.20"), (-0.3, "−0.30"), (0, "0.00"), (0.004, "0.00"), (-0.004, "0.00"), (0.005, "+0.01"), (None, "—")],
)
def test_signed(value: Any, shown: str) -> None:
    assert wording.signed(value) == shown


@pytest.mark.parametrize(("value", "shown"), [(86.415, "86.42分"), (None, "—")])
def test_points(value: Any, shown: str) -> None:
    assert wording.points(value) == shown


@pytest.mark.parametrize(
    ("unit", "chinese", "english"), [("%", "6.5%", "6.5%"), ("人", "6.5人", "6.5 人"), ("yuan", "6.5yuan", "6.5 yuan")]
)
def test_measured(unit: str, chinese: str, english: str) -> None:
    assert wording.measured("6.5", unit) == chinese
    with translation.override("en"):
        assert wording.measured("6.5", unit) == english
        assert wording.measured("6.5", "") == "6.5"


@pytest.mark.parametrize(("rank", "tied", "shown"), [(7, False, "第7位"), (3, True, "并列第3"), (None, False, "—")])
def test_place(rank: int | None, tied: bool, shown: str) -> None:
    assert wording.place(rank, tied) == shown


@pytest.mark.parametrize(
    ("rank", "tied", "shown"),
    [
        (1, False, "1st"),
        (2, False, "2nd"),
        (3, True, "tied 3rd"),
        (7, False, "7th"),
        (11, False, "11th"),
        (12, False, "12th"),
        (13, False, "13th"),
        (21, False, "21st"),
        (112, False, "112th"),
    ],
)
def test_place_in_english(rank: int, tied: bool, shown: str) -> None:
    with translation.override("en"):
        assert wording.place(rank, tied) == shown


@pytest.mark.parametrize(
    ("count", "chinese", "english"), [(0, "0天", "0 days"), (1, "1天", "1 day"), (17, "17天", "17 days")]
)
def test_in_days(count: int, chinese: str, english: str) -> None:
    assert wording.in_days(count) == chinese
    with translation.override("en"):
        assert wording.in_days(count) == english


@pytest.mark.parametrize(("month", "chinese", "english"), [(1, "1月", "Jan"), (8, "8月", "Aug"), (12, "12月", "Dec")])
def test_month_name(month: int, chinese: str, english: str) -> None:
    assert wording.month_name(month) == chinese
    with translation.override("en"):
        assert wording.month_name(month) == english


@pytest.mark.parametrize(
    ("words", "chinese", "english"), [(["甲", "乙", 3], "甲、乙、3", "甲, 乙, 3"), (["甲"], "甲", "甲"), ([], "", "")]
)
def test_listed(words: list[Any], chinese: str, english: str) -> None:
    assert wording.listed(words) == chinese
    with translation.override("en"):
        assert wording.listed(words) == english


MONDAY = date(2021, 9, 6)
LATE_ON_SUNDAY = datetime(2021, 9, 5, 16, 30, tzinfo=UTC)  # half past midnight of the Monday in the county


@pytest.mark.parametrize(
    ("day", "chinese", "english"),
    [
        (MONDAY, "2021年9月6日（周一）", "6 Sep 2021 (Mon)"),
        (LATE_ON_SUNDAY, "2021年9月6日（周一）", "6 Sep 2021 (Mon)"),
        (date(2021, 12, 26), "2021年12月26日（周日）", "26 Dec 2021 (Sun)"),
        (None, "—", "—"),
    ],
)
def test_date(day: date | None, chinese: str, english: str) -> None:
    assert wording.cn_date(day) == chinese
    with translation.override("en"):
        assert wording.cn_date(day) == english


@pytest.mark.parametrize(("day", "chinese", "english"), [(MONDAY, "9月6日", "6 Sep"), (None, "—", "—")])
def test_day(day: date | None, chinese: str, english: str) -> None:
    assert wording.cn_day(day) == chinese
    with translation.override("en"):
        assert wording.cn_day(day) == english


@pytest.mark.parametrize(
    ("starts", "ends", "chinese", "english"),
    [
        (date(2021, 8, 23), date(2021, 9, 5), "8月23日—9月5日", "23 Aug – 5 Sep"),
        (date(2021, 12, 27), date(2022, 1, 2), "2021年12月27日—2022年1月2日", "27 Dec 2021 – 2 Jan 2022"),
        (MONDAY, MONDAY, "9月6日", "6 Sep"),
        (None, None, "—", "—"),
    ],
)
def test_range(starts: date | None, ends: date | None, chinese: str, english: str) -> None:
    assert wording.date_range(starts, ends) == chinese
    with translation.override("en"):
        assert wording.date_range(starts, ends) == english


@pytest.mark.parametrize(("starts", "ends", "shown"), [(MONDAY, None, "9月6日起"), (None, MONDAY, "至9月6日")])
def test_open_range(starts: date | None, ends: date | None, shown: str) -> None:
    assert wording.date_range(starts, ends) == shown


@pytest.mark.parametrize(
    ("subject", "chinese", "english"),
    [
        (SimpleNamespace(name="翼城县", name_en="Yicheng"), "翼城县", "Yicheng"),
        (SimpleNamespace(name="财政局", name_en=""), "财政局", "财政局"),
        (SimpleNamespace(name="财政局"), "财政局", "财政局"),
        ("南唐乡", "南唐乡", "南唐乡"),
        (None, "—", "—"),
    ],
)
def test_local_name(subject: Any, chinese: str, english: str) -> None:
    assert wording.local_name(subject) == chinese
    with translation.override("en"):
        assert wording.local_name(subject) == english


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("导入到“翼城县2021年“4+1”考核”", "导入到“翼城县2021年‘4+1’考核”"),
        ("“甲”和“乙”", "“甲”和“乙”"),
        ("“甲“乙“丙”丁”", "“甲“乙“丙”丁”"),
        ("没有引号", "没有引号"),
    ],
)
def test_nested(text: str, shown: str) -> None:
    assert wording.nested(text) == shown

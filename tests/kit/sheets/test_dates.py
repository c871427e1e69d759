"""Days as counties write them: every usual form, and what each reading says about itself."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from yiqi.kit.sheets import Cell, CellKind, ReadState, Shown, read_date_text, read_dates, read_frequency

READ, GUESSED, ERROR = ReadState.READ, ReadState.GUESSED, ReadState.ERROR
NO_YEAR = "未写年份，按2021年读取"
DAYS = some.dates(date(2000, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("text", "day", "state"),
    [
        *(
            (text, "2021-09-30", READ)
            for text in (
                *(
                    "2021-09-30",
                    "2021/9/30",
                    "2021.9.30",
                    "2021年9月30日",
                    "2021 年 9 月 30 日",
                    "２０２１－０９－３０",
                ),
                *(
                    "20210930",
                    "2021年9月底",
                    "2021年9月30日前",
                    "2021年9月3 0日",
                    "2021-09-30 00:00:00",
                    "2021年9月30号",
                    "二〇二一年九月三十日",
                    "2021 9月底",
                    "2021年，9月底前",
                    "2021年第三季度末",
                ),
            )
        ),
        *(
            (text, "2021-09-30", GUESSED)
            for text in (
                *(
                    "9月30日",
                    "9月底",
                    "9月底前",
                    "9月",
                    "9月份",
                    "2021年9月",
                    "2021.9",
                    "202109",
                    "三季度末",
                    "第三季度",
                ),
                *("3季度", "前三季度", "Q3", "9.30", "9/30", "21.9.30", "21年9月30日", "9/30/2021", "九月底", "44469"),
                *(
                    "9月下旬",
                    "3-9月",
                    "3月至9月底",
                    "2021.3.1-2021.9.30",
                    "6月底前完成招标，9月底前完工",
                    "9月20日至30日",
                ),
                *("6月底启动\n9月底完成", "2021Q3", "2021三季度", "九月三十日", "2021.6-2021.9", "9月10日、30日"),
            )
        ),
        ("上半年", "2021-06-30", GUESSED),
        ("下半年", "2021-12-31", GUESSED),
        *((text, "2021-12-31", GUESSED) for text in ("年底前", "年内", "今年年底", "2021年", "2022年前")),
        ("2021年底", "2021-12-31", READ),
        ("12月上旬", "2021-12-10", GUESSED),
        ("12月中旬", "2021-12-20", GUESSED),
        ("2月下旬", "2021-02-28", GUESSED),
        ("9月前", "2021-08-31", GUESSED),
        ("1月前", "2020-12-31", GUESSED),
        ("明年6月底", "2022-06-30", GUESSED),
        ("2021年10月至次年3月", "2022-03-31", GUESSED),
        ("2021年6月底前招标，9月底前完工", "2021-09-30", GUESSED),
        ("2020年2月29日", "2020-02-29", READ),
        *(
            (text, None, ERROR)
            for text in (
                *("9月31日", "2021-02-29", "2021-13-01", "13月", "0月", "待定", "根据市里安排", "9", "30", "即日起"),
                *("9/10/2021", "6月底前招标，9月31日前完工", "国庆节前", "10日前", "三个月内"),
            )
        ),
    ],
)
def test_a_text_names_its_last_day(text: str, day: str | None, state: ReadState) -> None:
    found = read_date_text(text, year=2021)
    assert (found.day.isoformat() if found.day else None, found.state) == (day, state)
    assert bool(found.notes) == (state is not READ)


@pytest.mark.parametrize("text", ["长期坚持", "持续推进", "全年", "2021年全年", "常态化推进", "贯穿全年", "日常工作"])
def test_what_never_ends_is_ongoing(text: str) -> None:
    found = read_date_text(text, year=2021)
    assert (found.day, found.ongoing, found.frequency, found.state) == (None, True, None, READ)


@pytest.mark.parametrize(
    ("text", "frequency"),
    [
        ("每月底", "monthly"),
        ("每周", "weekly"),
        ("每周五", "weekly"),
        ("每日", "daily"),
        ("每月25日前", "monthly"),
        ("按节点", "stage"),
        ("每季度末", None),
        ("一月一调度", "monthly"),
        ("两周一汇报", None),
        ("每月十五日", "monthly"),
    ],
)
def test_what_recurs_has_a_frequency_and_no_last_day(text: str, frequency: str | None) -> None:
    found = read_date_text(text, year=2021)
    assert (found.day, found.ongoing, found.frequency, found.state) == (None, True, frequency, GUESSED)


def test_all_nodes_are_kept_and_named() -> None:
    found = read_date_text("6月底前完成招标，2021年9月底前完工", year=2021)
    assert found.days == (date(2021, 6, 30), date(2021, 9, 30))
    assert found.notes == (NO_YEAR, "写有多个时间节点，以最后一个为完成时限，其余为：2021-06-30")


def test_an_impossible_day_says_so_and_gives_nothing() -> None:
    found = read_date_text("9月31日", year=2021)
    assert (found.day, found.days, found.notes) == (None, (), ("“9月31日”不存在（2021年9月没有31日），请改正",))


def test_a_deadline_beside_an_endless_effort_is_doubted() -> None:
    found = read_date_text("2021年12月31日前（持续推进）", year=2021)
    assert (found.day, found.ongoing, found.state) == (date(2021, 12, 31), True, GUESSED)


@pytest.mark.parametrize(
    ("cell", "day", "state"),
    [
        (Cell(date(2021, 9, 30), CellKind.DATE), date(2021, 9, 30), READ),
        (Cell(date(2021, 9, 1), CellKind.DATE, shown=Shown.MONTH), date(2021, 9, 30), GUESSED),
        (Cell(date(2022, 9, 30), CellKind.DATE, shown=Shown.MONTH_DAY), date(2021, 9, 30), GUESSED),
        (Cell(date(2021, 9, 30), CellKind.DATE, shown=Shown.MONTH_DAY), date(2021, 9, 30), READ),
        (Cell(44469, CellKind.NUMBER), date(2021, 9, 30), GUESSED),
        (Cell(20210930, CellKind.NUMBER), date(2021, 9, 30), READ),
        (Cell(2021.9, CellKind.NUMBER), date(2021, 9, 30), GUESSED),
        (Cell(2021.1, CellKind.NUMBER), None, ERROR),
        (Cell(9.3, CellKind.NUMBER), None, ERROR),
        (Cell(9, CellKind.NUMBER), None, ERROR),
        (Cell(2021, CellKind.NUMBER), date(2021, 12, 31), GUESSED),
        (Cell(True, CellKind.BOOL), None, ERROR),
        (Cell("#REF!", CellKind.ERROR, "坏了"), None, ERROR),
        (Cell(), None, READ),
    ],
)
def test_a_cell_is_read_by_its_kind_and_format(cell: Cell, day: date | None, state: ReadState) -> None:
    found = read_dates(cell, year=2021)
    assert (found.day, found.state) == (day, state)


@pytest.mark.parametrize(
    ("start", "text", "notes"),
    [
        (date(2021, 7, 5), "2021-07-05", ()),
        (date(2021, 7, 5), "2021-07-04", ("时限 2021-07-04 早于工作开始的 2021-07-05，请核对",)),
        (None, "2020-12-31", ("时限 2020-12-31 早于工作开始的 2021-01-01，请核对",)),
        (None, "2027-01-01", ("时限 2027-01-01 晚于工作开始的 2021-01-01 五年以上，请核对",)),
    ],
)
def test_a_day_outside_of_the_plan_is_doubted(start: date | None, text: str, notes: tuple[str, ...]) -> None:
    found = read_dates(Cell(text, CellKind.TEXT), year=2021, start=start)
    assert (found.day, found.notes) == (date.fromisoformat(text), notes)
    assert found.state is (GUESSED if notes else READ)


@settings(deadline=None)
@given(
    DAYS,
    some.sampled_from(
        [
            "{0.year}-{0.month:02}-{0.day:02}",
            "{0.year}/{0.month}/{0.day}",
            "{0.year}.{0.month}.{0.day}",
            "{0.year}年{0.month}月{0.day}日前",
            "{0.year:04}{0.month:02}{0.day:02}",
        ]
    ),
)
def test_a_whole_date_comes_back_as_read(day: date, form: str) -> None:
    found = read_date_text(form.format(day), year=1999)
    assert (found.day, found.state) == (day, READ)


@settings(deadline=None)
@given(
    DAYS,
    some.sampled_from(["{0.month}月{0.day}日", "{0.month}月{0.day}日前", "{0.month}.{0.day:02}", "{0.month}/{0.day}"]),
)
def test_a_date_without_a_year_takes_that_of_the_plan(day: date, form: str) -> None:
    found = read_date_text(form.format(day), year=day.year)
    assert (found.day, found.state) == (day, GUESSED)
    assert found.notes[0] == f"未写年份，按{day.year}年读取"


@settings(deadline=None)
@given(DAYS)
def test_a_serial_of_excel_is_its_day(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    assert read_dates(Cell(serial, CellKind.NUMBER), year=day.year).day == day


@settings(deadline=None)
@given(DAYS)
def test_a_month_end_is_the_last_day(day: date) -> None:
    last = date(day.year, day.month, monthrange(day.year, day.month)[1])
    assert read_date_text(f"{day.year}年{day.month}月底前", year=2021).day == last
    assert (last + timedelta(days=1)).day == 1


@settings(deadline=None)
@given(some.text(alphabet="0123456789年月日底前末初上中下旬季度半Qq-./一二三十前今明至、，；每周长期 ", max_size=14))
def test_no_text_breaks_the_reading(text: str) -> None:
    found = read_date_text(text, year=2021)
    assert (found.day is None) == (not found.days)
    assert found.state is READ or found.notes


@pytest.mark.parametrize(
    ("text", "frequency"),
    [
        *(("daily", text) for text in ("每日", "每天", "日报", "每个工作日", "一日一报")),
        *(("weekly", text) for text in ("每周", "周报", "一周一调度", "每周五", "按周")),
        *(("monthly", text) for text in ("每月", "月报", "每月25日", "一月一调度", "每个月")),
        *(("stage", text) for text in ("按节点", "分阶段", "阶段性")),
        *((None, text) for text in ("", "双周", "每两周", "每季度", "半月", "旬报", "不定期")),
    ],
)
def test_a_frequency_is_one_of_four(text: str | None, frequency: str) -> None:
    assert read_frequency(frequency) == text

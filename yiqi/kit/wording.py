"""Figures, dates and places as the county writes them; the template filters and the documents share these."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

MINUS = "−"
NOTHING = "—"
ENDS = ("。", ".", "？", "；")
NUMERALS = "一二三四五六七八九十"
WEEKDAYS_ZH = "一二三四五六日"
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def in_english() -> bool:
    """Whether the reader reads English now."""
    return (get_language() or "").startswith("en")


def _decimal(value: Any) -> Decimal | None:
    """The number that a person sees: a float is read at 15 digits, as the engine and a spreadsheet read it."""
    if value is None or value == "":
        return None
    try:
        text = f"{value:.15g}" if isinstance(value, float) else str(value)
        number = value if isinstance(value, Decimal) else Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _rounded(number: Decimal, places: int) -> Decimal:
    # the default context holds 28 digits and would refuse longer figures
    fits = number.adjusted() + places < 27
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) if fits else number


def figure(value: Any, places: int | None = None) -> str:
    """``value`` rounded half up to ``places`` (None: as many as it has), thousands separated, with a true minus sign.

    ``—`` for None, an empty text, what is no number, and what is not finite; never a negative zero.
    """
    number = _decimal(value)
    if number is None:
        return NOTHING
    if places is None:
        number = number.normalize()
        places = max(-int(number.as_tuple().exponent), 0)
    number = _rounded(number, places)
    return (MINUS if number < 0 else "") + f"{abs(number):,.{places}f}"


def signed(value: Any, places: int = 2) -> str:
    """Like :func:`figure` with a plus sign before what is above zero."""
    number = _decimal(value)
    if number is None:
        return NOTHING
    return ("+" if _rounded(number, places) > 0 else "") + figure(number, places)


def points(value: Any, places: int = 2) -> str:
    """Points of a score with their unit: 86.42分."""
    return NOTHING if _decimal(value) is None else _("%(figure)s分") % {"figure": figure(value, places)}


def measured(shown: str, unit: str) -> str:
    """A figure with its unit behind it: 6.5%, 12亿元; in English a space before a word: 12 people."""
    return f"{shown} {unit}" if in_english() and unit and unit[0].isalnum() else f"{shown}{unit}"


def place(rank: Any, tied: bool = False) -> str:
    """A place in the standings: 第7位, 并列第3; in English 7th, tied 3rd."""
    number = _decimal(rank)
    if number is None:
        return NOTHING
    shown = figure(number, 0) + (_ordinal_ending(int(number)) if in_english() else "")
    return (_("并列第%(place)s") if tied else _("第%(place)s位")) % {"place": shown}


def _ordinal_ending(number: int) -> str:
    return "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def in_days(count: int) -> str:
    """17天; in English 17 days, 1 day."""
    return ngettext("%(count)s天", "%(count)s天", count) % {"count": count}


def listed(words: Iterable[Any]) -> str:
    """Words one after the other as the reader's language separates them: 财政局、税务局; in English a comma."""
    return _("、").join(str(word) for word in words)


def _day(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def _written(value: date | None, english: Callable[[date], str], chinese: Callable[[date], str]) -> str:
    if not isinstance(value, date):
        return NOTHING
    day = _day(value)
    return english(day) if in_english() else chinese(day)


def _english_day(day: date) -> str:
    return f"{day.day} {MONTHS_EN[day.month - 1]}"


def cn_date(value: date | None) -> str:
    """2021年9月6日（周一）; in English 6 Sep 2021 (Mon). A moment is taken in the county's zone."""
    return _written(
        value,
        lambda day: f"{_english_day(day)} {day.year} ({WEEKDAYS_EN[day.weekday()]})",
        lambda day: f"{day.year}年{day.month}月{day.day}日（周{WEEKDAYS_ZH[day.weekday()]}）",
    )


def month_name(month: int) -> str:
    """The month of a number: 8月; in English Aug."""
    return MONTHS_EN[month - 1] if in_english() else f"{month}月"


def cn_day(value: date | None) -> str:
    """9月6日; in English 6 Sep."""
    return _written(value, _english_day, lambda day: f"{day.month}月{day.day}日")


def date_range(starts: date | None, ends: date | None) -> str:
    """8月23日—9月5日; both years are named when they differ; one day stands alone; an open end is said."""
    if not isinstance(starts, date) or not isinstance(ends, date):
        return _open_range(starts, ends)
    first, last = _day(starts), _day(ends)
    if first == last:
        return cn_day(first)
    join = " – " if in_english() else NOTHING
    if first.year == last.year:
        return f"{cn_day(first)}{join}{cn_day(last)}"
    return f"{_with_year(first)}{join}{_with_year(last)}"


def _open_range(starts: date | None, ends: date | None) -> str:
    if isinstance(starts, date):
        return _("%(day)s起") % {"day": cn_day(starts)}
    if isinstance(ends, date):
        return _("至%(day)s") % {"day": cn_day(ends)}
    return NOTHING


def _with_year(day: date) -> str:
    return f"{cn_day(day)} {day.year}" if in_english() else f"{day.year}年{cn_day(day)}"


def local_name(subject: Any) -> str:
    """``name_en`` for an English reader where there is one, else ``name``, else the object's own text."""
    if subject is None:
        return NOTHING
    english = getattr(subject, "name_en", "") if in_english() else ""
    return str(english or getattr(subject, "name", "") or subject)


def nested(text: Any) -> str:
    """Quotation marks inside quotation marks become single ones: “翼城县‘4+1’考核”; what is not balanced stays."""
    said = str(text)
    if said.count("“") < 2 or said.count("“") != said.count("”"):
        return said
    depth, out = 0, []
    for letter in said:
        depth -= letter == "”"
        out.append({"“": "‘", "”": "’"}.get(letter, letter) if depth > 0 else letter)
        depth += letter == "“"
    return "".join(out)


def sentence(text: str) -> str:
    """The text with a full stop."""
    text = text.strip()
    return text if not text or text.endswith(ENDS) else text + "。"


def quoted(name: str) -> str:
    """The name in quotation marks, unless it brings its own."""
    return name if "“" in name else f"“{name}”"


def numeral(number: int) -> str:
    """1 一, 10 十, 11 十一, 20 二十."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return NUMERALS[ones - 1]
    return ("" if tens == 1 else NUMERALS[tens - 1]) + "十" + (NUMERALS[ones - 1] if ones else "")

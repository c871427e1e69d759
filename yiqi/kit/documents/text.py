"""Words of an official document: widths in characters, Chinese numerals, dates, automatic numbering."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

_DIGITS: Final = "零一二三四五六七八九"
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NUMBERED: Final = {
    1: re.compile(r"^([一二三四五六七八九十]+)、"),
    2: re.compile(r"^[（(]([一二三四五六七八九十]+)[）)]"),
    3: re.compile(r"^([0-9]+)[.．]\s*"),
    4: re.compile(r"^[（(]([0-9]+)[）)]"),
}
NUMERIC: Final = re.compile(r"^[+\-−–]?[0-9][0-9,]*(\.[0-9]+)?\s*(%|％|‰|个百分点)?$|^[—–-]{1,2}$")


def printable(text: str) -> str:
    """``text`` without characters that XML cannot carry (a paste from a word processor brings some)."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n"))


def width(text: str) -> float:
    """Width in full-width characters: letters and digits count one half."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in text)


def chinese_number(value: int) -> str:
    """一 to 九十九."""
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else _DIGITS[tens] + "十")
    return head + (_DIGITS[ones] if ones or not tens else "")


def chinese_date(day: date) -> str:
    """2021年9月6日: Arabic figures, no leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def _value(numeral: str) -> int:
    if numeral.isascii():
        return int(numeral)
    tens, found, ones = numeral.rpartition("十")
    return (_DIGITS.index(tens or "一") * 10 if found else 0) + (_DIGITS.index(ones) if ones else 0)


def _label(level: int, value: int) -> str:
    return (f"{chinese_number(value)}、", f"（{chinese_number(value)}）", f"{value}.", f"（{value}）")[level - 1]


def numbered(headings: Iterable[tuple[int, str]]) -> Iterator[str]:
    """The headings (level 1–4, text) with their numbers 一、 （一） 1. （1）.

    A heading that brings a number of its level keeps it, and the following ones count on from it; a higher heading
    starts the lower levels anew.
    """
    counters = [0, 0, 0, 0]
    for level, text in headings:
        own = _NUMBERED[level].match(text)
        counters[level - 1] = _value(own[1]) if own else counters[level - 1] + 1
        counters[level:] = [0] * (4 - level)
        yield text if own else _label(level, counters[level - 1]) + text


def signature_indents(unit: float, day: float, *, sealed: bool) -> tuple[float, float]:
    """Characters that the signing unit and the date stand in from the right, for their widths in characters.

    Sealed: the date four in, the unit centred on the date. Not sealed: the date two in and its first character two to
    the right of the unit's first; a unit longer than that stands two in as well.
    """
    if sealed:
        return max(0.0, 4 + (day - unit) / 2), 4.0
    return max(2.0, 4 + day - unit), 2.0

"""Days as people write them, in a cell or inside a sentence: nodes, month ends, quarters, what recurs or never ends.

The grammar is a list of patterns tried at each place of the text, longest meaning first; every pattern yields a day,
or a reason why there is none. Whatever the text does not say itself (the year, the day of the month) is added by rule
and said so.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from yiqi.kit.sheets.cells import Cell, CellKind, Shown
from yiqi.kit.sheets.facts import CellFacts, ReadState, worst
from yiqi.kit.sheets.names import narrow, short
from yiqi.kit.sheets.numbers import numeral
from yiqi.kit.wording import listed

_EPOCH: Final = date(1899, 12, 30)
_SERIALS: Final = range(36526, 62000)  # 2000 to 2069


@dataclass(frozen=True, slots=True)
class DateRead(CellFacts):
    """``day`` is the last of all ``days`` named; ``frequency`` is daily, weekly, monthly, stage or None."""

    day: date | None = None
    days: tuple[date, ...] = ()
    ongoing: bool = False
    frequency: str | None = None


class _ImpossibleError(Exception):
    """A day that no calendar has, or that can be read two ways; the message is for people."""


@dataclass(slots=True)
class _Context:
    year: int
    year_written: bool = False
    notes: list[str] = field(default_factory=list)
    guessed: bool = False
    bare: re.Match[str] | None = None  # a year alone: only the frame of the days beside it, if there are any

    def guess(self, note: str) -> None:
        self.guessed = True
        if note not in self.notes:
            self.notes.append(note)

    def take_year(self, text: str | None) -> None:
        """Set the year from 2021, 21, 今年, 明年; the next node without a year inherits it."""
        if not text:
            if not self.year_written:
                self.guess(_("未写年份，按%(year)d年读取") % {"year": self.year})
            return
        if text in {"明", "次", "翌"}:
            self.year += 1
            self.guess(_("“%(word)s年”按%(year)d年读取") % {"word": text, "year": self.year})
        elif text in {"今", "本", "当"}:
            self.guess(_("“%(word)s年”按%(year)d年读取") % {"word": text, "year": self.year})
        elif len(text) == 2:
            self.year = 2000 + int(text)
            self.guess(_("两位年份按%(year)d年读取") % {"year": self.year})
        else:
            self.year = int(text)
        self.year_written = True


_Y: Final = r"(?:(?P<y>(?:19|20)\d\d(?=年|\D)|(?<!\d)\d\d(?=年)|[今本当明次翌](?=年))(?:年(?:度)?的?)?)?"
_FOUR: Final = r"(?<!\d)(?P<y>(?:19|20)\d\d)"
_D: Final = r"(?P<d>\d{1,2})(?!\d)"
_M: Final = r"(?<!\d)(?P<m>\d{1,2})"
_SEP: Final = r"\s*[-./—–－、]\s*"


def read_dates(cell: Cell, *, year: int, start: date | None = None) -> DateRead:
    """The days that a cell names, for a plan of ``year``; an empty cell gives an empty reading without a note.

    ``start`` is the first day of the plan: a last day before it (before the year, when None) is kept but doubted.
    """
    if cell.kind is CellKind.EMPTY:
        return DateRead()
    if cell.kind in {CellKind.ERROR, CellKind.BOOL}:
        note = cell.note or _("“%(text)s”不是日期") % {"text": cell.text}
        return DateRead(state=ReadState.ERROR, notes=(note,))
    if cell.kind is CellKind.DATE:
        reading = _from_date(cell, year)
    elif isinstance(cell.value, int | float):
        reading = _from_number(cell.value, year)
    else:
        reading = read_date_text(cell.text, year=year)
    return _doubt(reading, start or date(year, 1, 1))


def read_date_text(written: str, *, year: int) -> DateRead:
    """The days named in a text; see the module for the forms."""
    text, recurring = _take_recurring(_join(written))
    frequency = read_frequency(recurring)
    context = _Context(year)
    try:
        days, rest = _scan(text, context)
    except _ImpossibleError as fault:
        return DateRead(state=ReadState.ERROR, notes=(str(fault),))
    ongoing = bool(recurring) and not days
    if match := _ONGOING.search(rest):
        ongoing = True
        if days:
            context.guess(_("同时写有“%(word)s”和时间节点，请核对") % {"word": match[0]})
    if not days and not ongoing:
        return _unreadable(written)
    if match := _LEFT_OVER.search(rest):
        context.guess(_("其中“%(text)s”没有读懂，请核对") % {"text": match[0]})
    if recurring and not days:
        context.guess(_("“%(text)s”按定期报送、没有最后时限读取") % {"text": written})
    if len(set(days)) > 1:
        others = listed(day.isoformat() for day in days if day != max(days))
        context.guess(_("写有多个时间节点，以最后一个为完成时限，其余为：%(others)s") % {"others": others})
    state = ReadState.GUESSED if context.guessed else ReadState.READ
    last = max(days, default=None)
    return DateRead(last, tuple(days), ongoing, frequency, state=state, notes=tuple(context.notes))


def read_frequency(written: str) -> str | None:
    """daily, weekly, monthly or stage; None for anything else."""
    text = re.sub(r"\s+", "", narrow(written))
    for pattern, found in _FREQUENCIES:
        if re.search(pattern, text):
            return found
    return None


_FREQUENCIES: Final = (
    (r"每(?:个)?(?:半个?月|两周|双周|季度|季|旬|年)|双周|两周一|半月|旬报|季报|按季", None),
    (r"每(?:个工作)?[日天]|[日天](?:报|调度)|按[日天]|一[日天]一", "daily"),
    (r"每(?:个)?周|每(?:个)?星期|周(?:报|调度|例会|通报)|按周|一周一", "weekly"),
    (r"每(?:个)?月|月(?:报|调度|例会|通报)|按月|一月一|逐月", "monthly"),
    (r"阶段|节点|分期", "stage"),
)
_RECURRING: Final = re.compile(
    r"每(?:个工作)?[日天]|每个?(?:周|星期)[一二三四五六日]?|每个?月(?:\d{1,2}[日号]|底|末|初|中旬|上旬|下旬)?"
    r"|每(?:半年|季度?|旬|两周|半个?月|年)[底末]?|(?:分|按)(?:阶段|节点|进度|期)|[一两][日周月]一[^日月周]{1,2}"
)
_HANZI_DIGITS: Final = dict(zip("〇一二三四五六七八九○零", "012345678900", strict=True))
_HANZI_YEAR: Final = re.compile(r"二[〇○零一二三四五六七八九]{3}(?=年)")
_HANZI_NUMBER: Final = re.compile(r"(?<![每个])[一二三四五六七八九十]{1,3}(?=[月日号](?!一))")
_LEFT_OVER: Final = re.compile(r"\d+[年月日]", re.ASCII)
_CLOCK: Final = re.compile(r"\s+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\Z")
_SPREAD: Final = re.compile(r"(?<!\d)(\d)\s+(\d)(?=\s*[日号月])")
_ONGOING: Final = re.compile(r"长期|持续|全年|常态|经常|贯穿|日常|常年|长年|始终|不间断|随时|一以贯之|滚动")


def _join(written: str) -> str:
    """Drop the blanks inside a date (``3 0 日``, ``2021 年``), but keep two numbers apart (``9.30 10.31``)."""
    text = _SPREAD.sub(r"\1\2", _CLOCK.sub("", narrow(written)))
    text = re.sub(r"((?:19|20)\d\d)\s+(?=\d{1,2}\s*月)", r"\1年", text)
    text = _HANZI_YEAR.sub(lambda match: "".join(_HANZI_DIGITS[digit] for digit in match[0]), text)
    text = _HANZI_NUMBER.sub(lambda match: str(numeral(match[0]) or match[0]), text)
    text = re.sub(r"(?<=\d)\s+(?=\d)", "；", text)
    return re.sub(r"\s+", "", text).replace("号", "日").replace("曰", "日")


def _take_recurring(text: str) -> tuple[str, str]:
    """The text without what recurs (``每月25日前`` names no day of the plan), and that part."""
    match = _RECURRING.search(text)
    return (text[: match.start()] + "；" + text[match.end() :], match[0]) if match else (text, "")


def _from_date(cell: Cell, year: int) -> DateRead:
    day = cell.value.date() if isinstance(cell.value, datetime) else cell.value
    if not isinstance(day, date):
        return _unreadable(cell.text)
    if cell.shown is Shown.MONTH:
        last = _month_end(day.year, day.month)
        note = _("单元格只显示年月，按当月最后一天读取")
        return DateRead(last, (last,), state=ReadState.GUESSED, notes=(note,))
    if cell.shown is Shown.MONTH_DAY and day.year != year:
        stored, day = day, _replace_year(day, year)
        note = _("单元格只显示月日，保存的年份是%(stored)d年，按%(year)d年读取") % {"stored": stored.year, "year": year}
        return DateRead(day, (day,), state=ReadState.GUESSED, notes=(note,))
    return DateRead(day, (day,))


def _from_number(value: float, year: int) -> DateRead:
    """A number in a column of dates: a serial of Excel, 20210930, 202109, 2021; a decimal such as 9.3 is two days."""
    if isinstance(value, int) or value.is_integer():
        number = int(value)
        if number in _SERIALS:
            day = _EPOCH + timedelta(days=number)
            note = _("Excel 日期序号 %(number)d 读作 %(day)s") % {"number": number, "day": day.isoformat()}
            return DateRead(day, (day,), state=ReadState.GUESSED, notes=(note,))
        return read_date_text(str(number), year=year) if number >= 2000 else _unreadable(str(number))
    return _doubtful_decimal(f"{value:.15g}", year)


def _doubtful_decimal(text: str, year: int) -> DateRead:
    """``2021.9`` is September; ``2021.1`` may have been 2021.10, ``9.3`` may have been 9.30: not to be told apart."""
    whole, _point, part = text.partition(".")
    if len(whole) == 4 and part != "1":
        return read_date_text(text, year=year)
    if len(part) == 2 and len(whole) <= 2:
        return read_date_text(text, year=year)
    note = _("数字“%(text)s”可能丢了末尾的 0，无法判断是哪一天，请写成“2021-09-30”的形式")
    return DateRead(state=ReadState.ERROR, notes=(note % {"text": text},))


def _doubt(reading: DateRead, start: date) -> DateRead:
    if reading.day is None:
        return reading
    if reading.day < start:
        note = _("时限 %(day)s 早于工作开始的 %(start)s，请核对")
    elif reading.day.year > start.year + 5:
        note = _("时限 %(day)s 晚于工作开始的 %(start)s 五年以上，请核对")
    else:
        return reading
    facts = {"day": reading.day.isoformat(), "start": start.isoformat()}
    notes = (*reading.notes, note % facts)
    state = worst(reading.state, ReadState.GUESSED)
    return replace(reading, state=state, notes=notes)


def _unreadable(text: str) -> DateRead:
    note = _("“%(text)s”看不出是哪一天，请写成“2021-09-30”的形式，或写“长期坚持”")
    return DateRead(state=ReadState.ERROR, notes=(note % {"text": short(text)},))


# The grammar: each rule turns a match into a day and may add notes to the context.


def _day(context: _Context, month: int, day: int, written: str) -> date:
    try:
        return date(context.year, month, day)
    except ValueError:
        message = _("“%(text)s”不存在（%(year)d年%(month)d月没有%(day)d日），请改正")
        facts = {"text": written, "year": context.year, "month": month, "day": day}
        raise _ImpossibleError(message % facts) from None


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _replace_year(day: date, year: int) -> date:
    return _month_end(year, day.month) if (day.month, day.day) == (2, 29) else day.replace(year=year)


def _month(text: str, written: str) -> int:
    month = int(text) if text.isascii() else numeral(text)
    if not 1 <= month <= 12:
        raise _ImpossibleError(_("“%(text)s”的月份不存在，请改正") % {"text": written})
    return month


def _full(match: re.Match[str], context: _Context) -> date:
    context.take_year(match.groupdict().get("y"))
    return _day(context, _month(match["m"], match[0]), int(match["d"]), match[0])


def _day_range(match: re.Match[str], context: _Context) -> date:
    """9月10日至20日: the second day of the same month."""
    context.take_year(match["y"])
    month = _month(match["m"], match[0])
    _day(context, month, int(match["d1"]), match[0])
    context.guess(_("“%(text)s”取后一日为时限") % {"text": match[0]})
    return _day(context, month, int(match["d"]), match[0])


def _short_year(match: re.Match[str], context: _Context) -> date:
    context.take_year(match["y2"])
    return _day(context, _month(match["m"], match[0]), int(match["d"]), match[0])


def _american(match: re.Match[str], context: _Context) -> date:
    if int(match["d"]) <= 12 and match["d"] != match["m"]:
        raise _ImpossibleError(_("“%(text)s”的月和日分不清先后，请写成“2021-09-30”的形式") % {"text": match[0]})
    context.take_year(match["y"])
    context.guess(_("“%(text)s”按月/日/年读取") % {"text": match[0]})
    return _day(context, _month(match["m"], match[0]), int(match["d"]), match[0])


_PARTS: Final = {"上旬": 10, "初": 10, "中旬": 20, "中": 20, "下旬": 31}


def _month_part(match: re.Match[str], context: _Context) -> date:
    """A month with what follows it: 底, 末, 上旬, 前 ... Only 底 and 末 say the day themselves."""
    context.take_year(match.groupdict().get("y"))
    month, tail = _month(match["m"], match[0]), match.groupdict().get("tail") or ""
    last = monthrange(context.year, month)[1]
    if tail in _PARTS:
        day = date(context.year, month, min(_PARTS[tail], last))
        context.guess(_("“%(text)s”按 %(day)s 读取") % {"text": match[0], "day": day.isoformat()})
        return day
    if tail in {"前", "之前", "以前"}:
        day = date(context.year, month, 1) - timedelta(days=1)
        context.guess(_("“%(text)s”按上月最后一天 %(day)s 读取") % {"text": match[0], "day": day.isoformat()})
        return day
    if tail not in {"底", "末"}:
        context.guess(_("“%(text)s”未写日，按当月最后一天读取") % {"text": match[0]})
    return date(context.year, month, last)


def _quarter(match: re.Match[str], context: _Context) -> date:
    context.take_year(match["y"])
    quarter = "1234一二三四".index(match["q"]) % 4 + 1
    if not match["tail"]:
        context.guess(_("“%(text)s”按季度最后一天读取") % {"text": match[0]})
    return _month_end(context.year, quarter * 3)


def _half(match: re.Match[str], context: _Context) -> date:
    context.take_year(match["y"])
    return _month_end(context.year, 6 if match["half"] == "上" else 12)


def _year_end(match: re.Match[str], context: _Context) -> date:
    context.take_year(match["y"])
    return date(context.year, 12, 31)


def _bare_year(match: re.Match[str], context: _Context) -> None:
    """A year alone frames the days beside it; without any it means its end."""
    context.take_year(match["y"])
    context.bare = match


def _year_before(match: re.Match[str], context: _Context) -> date:
    context.take_year(match["y"])
    day = date(context.year - 1, 12, 31)
    context.guess(_("“%(text)s”按 %(day)s 读取") % {"text": match[0], "day": day.isoformat()})
    return day


def _serial(match: re.Match[str], context: _Context) -> date:
    day = _EPOCH + timedelta(days=int(match[0]))
    context.guess(_("Excel 日期序号 %(number)s 读作 %(day)s") % {"number": match[0], "day": day.isoformat()})
    return day


def _nothing_said(match: re.Match[str], context: _Context) -> None:
    """Forms that name a year but no day: the year is kept for what follows."""
    context.take_year(match["y"])


_Rule = Callable[[re.Match[str], _Context], date | None]
_MONTH_TAIL: Final = r"(?:份)?(?P<tail>底|末|上旬|中旬|下旬|初|中(?!旬)|之前|以前|前|内)?(?:之?前|以前)?"
_RULES: Final[tuple[tuple[re.Pattern[str], _Rule], ...]] = tuple(
    (re.compile(pattern, re.ASCII), rule)
    for pattern, rule in (
        (rf"{_Y}{_M}月(?P<d1>\d{{1,2}})日?[-—–~至到、](?P<d>\d{{1,2}})日", _day_range),
        (rf"{_Y}{_M}月{_D}日?", _full),
        (rf"{_FOUR}(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d)", _full),
        (rf"{_FOUR}{_SEP}(?P<m>\d{{1,2}})[-./—月]{_D}日?", _full),
        (rf"(?<![\d.])(?P<y2>[12]\d)(?P<s>[-./])(?P<m>\d{{1,2}})(?P=s){_D}(?![./-])", _short_year),
        (r"(?<!\d)(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>20\d\d)(?!\d)", _american),
        (rf"(?<!\d){_Y}(?P<m1>\d{{1,2}})(?:月份?)?[-—–~至到](?P<m>\d{{1,2}})月{_MONTH_TAIL}", _month_part),
        (rf"{_Y}{_M}月{_MONTH_TAIL}", _month_part),
        (rf"{_FOUR}(?P<m>0[1-9]|1[0-2])(?!\d)", _month_part),
        (rf"{_FOUR}[-./](?P<m>\d{{1,2}})(?![\d.])(?:月)?", _month_part),
        (rf"{_Y}(?:第|前|[Qq])?(?P<q>[1-4一二三四])(?:个)?季度?(?P<tail>末|底|内)?", _quarter),
        (rf"{_Y}-?[Qq](?P<q>[1-4])(?P<tail>末|底|内)?", _quarter),
        (rf"{_Y}(?P<half>[上下])半年", _half),
        (r"(?:(?P<y>(?:19|20)\d\d|(?<!\d)\d\d|[今本当明次翌])\s*)?年(?:底|末|内|终)", _year_end),
        (r"(?P<y>(?:19|20)\d\d|(?<!\d)\d\d|[今本当明次翌])年(?:度)?(?:全年|长期|持续)", _nothing_said),
        (r"(?P<y>[今本当明次翌])年", _nothing_said),
        (rf"{_FOUR}年(?:之|以)?前", _year_before),
        (rf"{_FOUR}(?:年(?:度)?|(?!\d))", _bare_year),
        (rf"(?<![\d.])(?P<y>)(?P<m>\d{{1,2}})[./-]{_D}(?![./\d-])日?", _full),
        (r"(?<!\d)(?:3[6-9]|[45]\d|6[01])\d{3}(?!\d)", _serial),
    )
)


def _scan(text: str, context: _Context) -> tuple[list[date], str]:
    """Days in the order written, and the text that no rule took."""
    days: list[date] = []
    rest: list[str] = []
    place = 0
    while place < len(text):
        for pattern, rule in _RULES:
            match = pattern.match(text, place)
            if match and match.end() > place:
                if (day := rule(match, context)) is not None:
                    days.append(day)
                place = match.end()
                if rule is _nothing_said:
                    rest.append(re.sub(r"\d+年", "", match[0]))
                break
        else:
            rest.append(text[place])
            place += 1
    if context.bare and not days and not _ONGOING.search("".join(rest)):
        context.guess(_("“%(text)s”只写年份，按年底读取") % {"text": context.bare[0]})
        days.append(date(context.year, 12, 31))
    return days, "".join(rest)

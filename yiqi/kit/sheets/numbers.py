"""Numbers as people write them: percent signs, thousands commas, accounting brackets, dashes for nothing."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from yiqi.kit.sheets.cells import Cell, CellKind, Shown
from yiqi.kit.sheets.facts import CellFacts, ReadState
from yiqi.kit.sheets.names import narrow, short


@dataclass(frozen=True, slots=True)
class NumberRead(CellFacts):
    """``value`` is None for nothing written and for an error; ``unit`` is what stood behind the number."""

    value: float | None
    unit: str = ""


_NOTHING: Final = re.compile(
    r"(?:[-/\\.*…·_]+|无|无数据|暂无|暂无数据|空|空白|缺|缺失|不适用|n/?a|null|none|nil)?\Z", re.IGNORECASE
)
_DASHES: Final = str.maketrans(dict.fromkeys("－−–—‑‐﹣﹘―─ー", "-"))
_PLAIN: Final = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_UNIT: Final = (
    r"%|‰|℃|(?!.*(?:左右|以上|以下|以内|多|余|上下)|[年月日号季周])[\u4e00-\u9fff][\u4e00-\u9fff/³²]{0,9}"
    r"|[μµum]g/(?:m[3³]|立方米)|pp"
)
_NUMBER: Final = re.compile(
    rf"(?P<sign>[+-]?)(?P<digits>{_PLAIN})(?P<power>e[+-]?\d{{1,4}})?(?P<unit>{_UNIT})?\Z", re.IGNORECASE
)
_ACCOUNTING: Final = re.compile(rf"\((?P<digits>{_PLAIN})(?P<inner>%?)\)(?P<outer>%?)\Z")
_WORDED: Final = re.compile(
    rf"(?:同比|比上年|较上年)?(?P<way>增长|上升|提高|增加|↑|▲|下降|降低|减少|负增长|↓|▼)(?P<digits>{_PLAIN})(?P<unit>%|‰|个百分点)?\Z"
)
_DOWN: Final = {"下降", "降低", "减少", "负增长", "↓", "▼"}
_RANK: Final = re.compile(
    r"[=t]?(?:全市|全县)?(?:并列)?(?:第|no\.?)?(?P<rank>\d{1,3}|[一二三四五六七八九十]{1,3})(?:名|位)?(?:/\d{1,3})?=?(?:\(?并列\)?)?\Z",
    re.IGNORECASE,
)
_NUMERALS: Final = {letter: number for number, letter in enumerate("一二三四五六七八九", start=1)}
UNIT_PERCENT: Final = "%"


def read_number(cell: Cell) -> NumberRead:
    """The number of a cell. A percent format is applied (0.04 shown as 4% is 4) and said to be guessed.

    Dates and truth values are errors; what is not a number is an error that quotes it.
    """
    if cell.kind is CellKind.EMPTY:
        return NumberRead(None)
    if cell.kind is CellKind.ERROR:
        return _wrong(cell.note)
    if isinstance(cell.value, bool) or cell.kind is CellKind.DATE:
        return _unreadable(cell.text)
    if isinstance(cell.value, int | float):
        if cell.shown is Shown.PERCENT:
            value = float(f"{cell.value * 100:.15g}")
            note = _("按单元格的百分比格式换算：%(stored).15g 读作 %(value).15g%%")
            return _guessed(value, UNIT_PERCENT, note % {"stored": cell.value, "value": value})
        return NumberRead(float(cell.value))
    return read_number_text(cell.text)


def read_number_text(written: str) -> NumberRead:
    """The number of a text. Circled and superscript digits are refused: a footnote mark is no digit."""
    text = re.sub(r"\s+", "", narrow(written)).translate(_DASHES)
    if _NOTHING.match(text):
        return NumberRead(None)
    if match := _NUMBER.match(text):
        return _plain(match, written)
    if match := _ACCOUNTING.match(text):
        unit = UNIT_PERCENT if match["inner"] or match["outer"] else ""
        value = -_float(match["digits"])
        return _guessed(value, unit, _("括号里的数按负数读取：“%(text)s”") % {"text": written})
    if match := _WORDED.match(text):
        value = _float(match["digits"]) * (-1 if match["way"] in _DOWN else 1)
        note = _("按文字“%(text)s”读作 %(value).15g") % {"text": written, "value": value}
        return _guessed(value, match["unit"] or "", note)
    return _unreadable(written)


def read_rank(cell: Cell) -> int | None:
    """The place of ``第3``, ``并列3``, ``3=``, ``第三名``, ``3/17``; None when it is none of these."""
    if isinstance(cell.value, int) and not isinstance(cell.value, bool):
        return cell.value if cell.value >= 1 else None
    match = _RANK.match(re.sub(r"\s+", "", narrow(cell.text))) if cell.kind is CellKind.TEXT else None
    if not match:
        return None
    rank = int(match["rank"]) if match["rank"].isdecimal() and match["rank"].isascii() else numeral(match["rank"])
    return rank if rank >= 1 else None


def numeral(text: str) -> int:
    """A Chinese numeral from 一 to 九十九; 0 when it is not one."""
    tens, found, ones = text.rpartition("十")
    if not found:
        return _NUMERALS.get(text, 0)
    if (tens and tens not in _NUMERALS) or (ones and ones not in _NUMERALS):
        return 0
    return _NUMERALS.get(tens, 1) * 10 + _NUMERALS.get(ones, 0)


def _plain(match: re.Match[str], written: str) -> NumberRead:
    value = _float(match["sign"] + match["digits"] + (match["power"] or ""))
    if not math.isfinite(value):
        return _wrong(_("“%(text)s”超出可表示的范围") % {"text": written})
    unit = match["unit"] or ""
    if unit in {"", "%", "‰"}:
        return NumberRead(value, unit)
    return _guessed(value, unit, _("单元格里写有单位“%(unit)s”，按数值读取") % {"unit": unit})


def _float(digits: str) -> float:
    return float(digits.replace(",", ""))


def _unreadable(text: str) -> NumberRead:
    return _wrong(_("“%(text)s”不是数") % {"text": short(text)})


def _guessed(value: float, unit: str, note: str) -> NumberRead:
    return NumberRead(value, unit, state=ReadState.GUESSED, notes=(note,))


def _wrong(note: str) -> NumberRead:
    return NumberRead(None, state=ReadState.ERROR, notes=(note,))

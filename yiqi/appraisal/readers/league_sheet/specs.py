"""What a column of figures is: the indicator that its headings name, its unit, or the places of another column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from yiqi.appraisal.readers.league_sheet.names import (
    IndicatorIndex,
    IndicatorName,
    canonical,
    plain_unit,
    split_unit,
)
from yiqi.kit.sheets.names import key, short

_RANK: Final = re.compile(r"(?:全市|全省|在全市)?(?:位次|排名|名次|排位|排序|位)$")
_RANK_TAIL: Final = re.compile(r"^(?P<stem>.*?)(?:全市|在全市)?(?:位次|排名|名次|排位)$")
_CHANGE: Final = re.compile(
    r"(?:位次|排名|名次|排位|位).*(?:变化|变动|升降|增减|进退|±)|较(?:上|去).*(?:位|升降|变化)|^升降$"
)
_GENERIC: Final = re.compile(
    r"(?:数值|指标值|值|完成值|实际值?|实绩|实际完成|完成(?:情况|数|值)?|累计(?:完成|数|值)?|本期|本期数|期末|结果|数据|指标|情况)$"
)
_LEVEL: Final = re.compile(r"(?:总量|绝对量|绝对额|绝对值|绝对数|总额|总值|规模|数量|完成额|完成量|额|量)$")
_IGNORED: Final = re.compile(
    r"(?:序号?|编号|备注|备考|说明|代码|区划代码|行政区划代码|责任单位|牵头单位|联系人|负责人|权重|分值|类别|板块|(?:年度|全年|月度)?(?:目标|任务)(?:值|数)?)$"
)
_PERIOD: Final = re.compile(
    r"(?:(?P<year>20\d\d)年)?(?:(?P<from>1)(?:月)?[-—–~至到])?(?P<month>\d{1,2})月(?:份|末|底)?(?:累计|止)?|(?P<half>上半年)|(?P<this>本月|当月)|(?P<last>上年同期|去年同期|同期|上月|上年)"
)
_COMPARED: Final = re.compile(r"(?:比|较|与)(?:上|去)年(?:同期|同月)?(?:相比)?(?:增长率?|增减|增速|增幅|±)?")


class ColumnRole(StrEnum):
    """What a column holds."""

    VALUE = "value"
    RANK = "rank"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A column understood. ``base`` and ``suffix`` pair places with values; ``name`` is as written, tidied."""

    kind: ColumnRole
    base: str = ""
    suffix: str = ""
    name: str = ""
    unit: str = ""
    indicator: IndicatorName | None = None
    guess: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around a table: its title lines, nearest last, its units line, and the period asked for."""

    titles: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    month: int | None = None
    ranges: bool = False  # some heading says 1-8月 or 累计: then 8月 alone is the month itself


@dataclass(slots=True)
class _Parts:
    base: list[str] = field(default_factory=list)
    suffix: str = ""
    unit: str = ""
    rank: bool = False
    other_period: str = ""


def specify(parts: Sequence[str], unit: str, index: IndicatorIndex, around: Surroundings) -> ColumnSpec:
    """The meaning of a column with these headings, top to bottom; ``unit`` is what a unit row says of it."""
    if any(_CHANGE.search(key(part)) for part in parts):
        return ColumnSpec(ColumnRole.IGNORED)
    found = _sort(parts, around)
    if not found.rank and len(parts) > 0 and _IGNORED.match(key(split_unit(parts[-1])[0])):
        return ColumnSpec(ColumnRole.IGNORED)
    base = found.base[-1] if found.base else ""
    if found.rank and found.other_period:
        return ColumnSpec(ColumnRole.IGNORED)  # the place of another month
    if found.rank:
        return ColumnSpec(ColumnRole.RANK, base=canonical(base), suffix=found.suffix)
    return _value(found, base, unit or found.unit, index, around)


def _sort(parts: Sequence[str], around: Surroundings) -> _Parts:
    """Tell names from 数值, 总量, 增速, 位次 and periods."""
    found = _Parts()
    for part in parts:
        text, unit = split_unit(part)
        found.unit = unit or found.unit
        bare = key(text)
        if _RANK.match(bare):
            found.rank = True
            continue
        if match := _RANK_TAIL.match(bare):
            found.rank = True
            bare = text = match["stem"]
        text, other = _without_period(_COMPARED.sub("增速", text), around)
        found.other_period = other or found.other_period
        bare = key(text)
        if not bare or _GENERIC.match(bare):
            continue
        if canonical(text) == "增速":
            found.suffix = "增速"
        elif _LEVEL.match(bare):
            found.suffix = "总量"
        else:
            found.base.append(text)
    return found


def _without_period(text: str, around: Surroundings) -> tuple[str, str]:
    """The text without the period asked for; another period is returned beside it."""
    match = _PERIOD.search(text)
    if not match:
        return text, ""
    rest = text[: match.start()] + text[match.end() :]
    told = 6 if match["half"] else int(match["month"]) if match["month"] else None
    alone = bool(match["month"]) and not match["from"] and "累计" not in text and told != 1
    same = told is not None and told == around.month and not (alone and (around.ranges or "当月" in text))
    return (rest, "") if same else (rest, match[0])


def _value(found: _Parts, base: str, unit: str, index: IndicatorIndex, around: Surroundings) -> ColumnSpec:
    unit = unit or _unit_of_line(found.suffix, around.units)
    guess = ""
    indicator = None
    if base:
        indicator, guess = _match(found, base, unit, index)
    else:
        indicator, guess = _from_titles(found.suffix, index, around)
    name = base + (found.suffix if base and not canonical(base).endswith(found.suffix) else "")
    name = name or (indicator.name if indicator else found.suffix)
    if found.other_period:
        return ColumnSpec(
            kind=ColumnRole.VALUE,
            base=canonical(base),
            suffix=found.suffix,
            name=_("%(name)s（%(period)s）") % {"name": name, "period": found.other_period},
            unit=unit,
        )
    fault = ""
    if indicator and unit and indicator.unit and plain_unit(unit) != plain_unit(indicator.unit):
        if "%" in {plain_unit(unit), plain_unit(indicator.unit)}:
            indicator, guess = None, ""  # a level beside an indicator of growth, or the other way round
        else:
            fault = _("表中单位“%(written)s”与指标体系的“%(wanted)s”不同，请换算后再导入")
            fault %= {"written": unit, "wanted": indicator.unit}
    unit = unit or (indicator.unit if indicator else "")
    return ColumnSpec(
        kind=ColumnRole.VALUE,
        base=canonical(base),
        suffix=found.suffix,
        name=name,
        unit=unit,
        indicator=indicator,
        guess=guess,
        fault=fault,
    )


def _match(found: _Parts, base: str, unit: str, index: IndicatorIndex) -> tuple[IndicatorName | None, str]:
    """The indicator of a heading, tried with the headings above it; a growth rate may go without saying in %."""
    bases = [base, *("".join(found.base[start:]) for start in range(len(found.base) - 2, -1, -1))]
    for text in bases:
        if found.suffix == "总量":
            candidate = index.find(text + "总量") or index.find(text)
            if candidate and canonical(candidate.name).endswith("增速"):
                candidate = None
        elif canonical(text).endswith(found.suffix):
            candidate = index.find(text)
        else:
            candidate = index.find(text + found.suffix)
        if candidate:
            return candidate, ""
    if not found.suffix and plain_unit(unit) == "%" and (candidate := index.find(base + "增速")):
        guess = _("单位是“%%”，“%(written)s”按“%(name)s”读取") % {"written": base, "name": candidate.name}
        return candidate, guess
    return None, ""


def _from_titles(suffix: str, index: IndicatorIndex, around: Surroundings) -> tuple[IndicatorName | None, str]:
    """One indicator to a sheet: its name stands in the title or on the tab."""
    if suffix == "总量":
        return None, ""
    for line in reversed(around.titles):
        candidate = index.within(line)
        if not candidate and suffix:
            candidate = index.stem_within(line)
        if candidate:
            return candidate, _("指标名称取自标题“%(title)s”") % {"title": short(line)}
    return None, ""


def _unit_of_line(suffix: str, units: Sequence[str]) -> str:
    """The unit that the line 单位：亿元、% gives a column: one for all, else % for growth and the other for levels."""
    if len(units) == 1:
        return units[0]
    if suffix == "增速":
        return next((unit for unit in units if plain_unit(unit) == "%"), "")
    if suffix == "总量":
        return next((unit for unit in units if plain_unit(unit) != "%"), "")
    return ""

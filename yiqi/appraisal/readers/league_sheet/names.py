"""Indicators as league sheets write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from yiqi.kit.sheets.names import key, narrow

_BLANKS: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class IndicatorName:
    """An indicator of the framework by its names."""

    code: str
    name: str
    aliases: Sequence[str] = ()
    unit: str = ""


# Ways of writing the same thing, applied to both sides before comparing; the longer first.
_SAME: Final = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"(?:比|较|与)(?:上|去)年(?:同期|同月)?(?:相比)?(?:增长率?|增减|增速|增幅|±)?", "增速"),
        (r"规模以上", "规上"),
        (r"限额以上", "限上"),
        (r"社会消费品零售总?额|社零总?额?|社消零(?:总额)?", "社零"),
        (r"地区生产总值|国内生产总值|生产总值", "gdp"),
        (r"固定资产投资(?:额|总额)?(?:\(不含农户\))?|固投", "固投"),
        (r"一般公共财政预算收入|一般公共预算收入|公共财政预算收入", "公共预算收入"),
        (r"(?:细颗粒物|pm₂\.₅)\(?pm2\.5\)?|细颗粒物|pm₂\.₅|pm25", "pm2.5"),
        (r"城镇常住居民", "城镇居民"),
        (r"农村常住居民|农民人均", "农村居民人均"),
        (r"人均人均", "人均"),
        (r"(?:累计)?(?:同比)?(?:增长率|增长速度|增速|增幅|同比增长|增长)|同比(?:\+|-|±)*%?", "增速"),
        (r"完成比例|完成进度", "完成率"),
        (r"^(?:全县|累计)|[·.。:：、的]|\(累计\)", ""),
    )
)
_BRACKET: Final = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
_UNITS: Final = re.compile(
    r"%|‰|[亿万千百]?(?:元|平方米|吨|人次|人|户|家|个|件|套|亩|立方米|千瓦时)|元/人|分|微克/立方米|[μµu]g/m[3³]|毫克/立方米|mg/m[3³]"
    r"|个百分点|百分点|位|天|无量纲|吨标准煤/万元|标准煤/万元|次|所|项|公里|千米"
)
_SAME_UNIT: Final = {
    "％": "%",
    "个百分点": "%",
    "百分点": "%",
    "μg/m3": "微克/立方米",
    "µg/m3": "微克/立方米",
    "ug/m3": "微克/立方米",
    "家": "户",
    "个": "户",
    "人次": "人",
    "无量纲": "",
}


def plain_unit(unit: str) -> str:
    """One spelling of a unit, for comparing."""
    bare = key(unit).replace("³", "3")
    return _SAME_UNIT.get(bare, bare)


def split_unit(text: str) -> tuple[str, str]:
    """A heading without its unit in brackets, and the unit; brackets that hold no unit stay."""
    text = narrow(text)
    unit = ""
    for match in _BRACKET.finditer(text):
        inner = _BLANKS.sub("", match[1]).removeprefix("单位:").removeprefix("单位")
        if _UNITS.fullmatch(inner):
            unit = unit or inner
            text = text.replace(match[0], "")
    text = _BLANKS.sub("", text).strip("：:")
    if _UNITS.fullmatch(text):
        return "", text
    if text.endswith("%"):
        return text.rstrip("%±"), unit or "%"
    return text, unit


def canonical(name: str) -> str:
    """A name with all ways of writing it made the same."""
    bare = key(split_unit(name)[0])
    for pattern, plain in _SAME:
        bare = pattern.sub(plain, bare)
    return bare


@dataclass(frozen=True, slots=True)
class IndicatorIndex:
    """Finds indicators by name or alias, however written."""

    by_key: dict[str, IndicatorName]

    @classmethod
    def of(cls, indicators: Iterable[IndicatorName]) -> IndicatorIndex:
        """Names win over aliases; a form that two indicators claim as alias is left out."""
        indicators = list(indicators)
        by_key = {canonical(indicator.name): indicator for indicator in indicators}
        aliases: dict[str, IndicatorName | None] = {}
        for indicator in indicators:
            for alias in indicator.aliases:
                bare = canonical(alias)
                clash = aliases.get(bare, indicator) is not indicator
                aliases[bare] = None if clash else indicator
            aliases[key(indicator.code)] = indicator
        for bare, claimed in aliases.items():
            if claimed is not None:
                by_key.setdefault(bare, claimed)
        return cls(by_key)

    def find(self, name: str) -> IndicatorName | None:
        """The indicator of that name."""
        return self.by_key.get(canonical(name)) or self.by_key.get(key(name))

    def within(self, text: str) -> IndicatorName | None:
        """The one indicator whose name stands in a longer text, such as a title: the longest, when it is alone."""
        bare = canonical(text)
        names = [name for name in self.by_key if len(name) > 2 and name in bare]
        longest = [name for name in names if not any(name != other and name in other for other in names)]
        found = {self.by_key[name].code: self.by_key[name] for name in longest}
        return next(iter(found.values())) if len(found) == 1 else None

    def stem_within(self, text: str) -> IndicatorName | None:
        """The one growth indicator whose stem (its name without 增速) stands in a title."""
        bare = canonical(text)
        stems = {name[:-2]: found for name, found in self.by_key.items() if name.endswith("增速") and len(name) > 4}
        names = [stem for stem in stems if stem in bare]
        longest = {stems[stem].code: stems[stem] for stem in names if not any(stem != o and stem in o for o in names)}
        return next(iter(longest.values())) if len(longest) == 1 else None

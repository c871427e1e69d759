"""Counties as league sheets write them, and the lines between them that are no counties."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from yiqi.kit.sheets.names import key, without_brackets

_SUFFIX: Final = re.compile(r"(?:自治县|县|市|区|旗)$")
_TOTALS: Final = re.compile(
    r"(?:合计|总计|小计|平均(?:值|数|水平)?|全市(?:合计|平均|总计)?|全省(?:平均)?|全国(?:平均)?|全县(?:合计)?|市直|市本级|市级|.*板块.*|其中.*|县(?:市区)?合计|全部|最高值|最低值)$"
)
_ZONES: Final = re.compile(r".*(?:开发区|经开区|高新区|示范区|园区|管委会)(?:\(.*\))?$")


class LineKind(StrEnum):
    """What a name in the region column means beside a region."""

    TOTAL = "total"
    ZONE = "zone"


@dataclass(frozen=True, slots=True)
class RegionIndex:
    """Finds counties by name, short name or code."""

    by_key: dict[str, str]
    parents: frozenset[str]

    @classmethod
    def of(cls, regions: Mapping[str, Sequence[str]], whole: Sequence[str] = ()) -> RegionIndex:
        """``regions``: names by six-digit code; ``whole``: names of the city that they make up.

        A short form without 县 or 市 is taken when it has two characters or more.
        """
        by_key: dict[str, str] = {}
        for code, names in regions.items():
            by_key[code] = code
            for name in names:
                bare = key(name)
                by_key[bare] = code
                short = _SUFFIX.sub("", bare)
                if len(short) > 1:
                    by_key.setdefault(short, code)
        parents = {form for name in whole for form in (key(name), _SUFFIX.sub("", key(name))) if len(form) > 1}
        return cls(by_key, frozenset(parents))

    def find(self, written: str) -> str | None:
        """The region's code; blanks inside a name, a number before it and a city before it do not matter."""
        bare = re.sub(r"^\d{1,2}[.、]", "", key(written)).strip("*")
        if code := self.by_key.get(bare):
            return code
        if code := self.by_key.get(key(without_brackets(bare))):
            return code
        for parent in sorted(self.parents, key=len, reverse=True):
            if bare.startswith(parent) and (code := self.by_key.get(bare[len(parent) :])):
                return code
        return None

    def line(self, written: str) -> LineKind | None:
        """Whether a name is a total (with the city or province itself) or a zone that is no county."""
        bare = key(written)
        if _TOTALS.match(bare) or bare in self.parents:
            return LineKind.TOTAL
        return LineKind.ZONE if _ZONES.match(bare) else None

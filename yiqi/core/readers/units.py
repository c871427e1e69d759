"""Units as breakdown tables name them: short, with or without the county, in lists, in groups, with roles inside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from django.utils.translation import gettext as _

from yiqi.kit.sheets.names import is_abbreviation, key, narrow, without_brackets
from yiqi.kit.wording import listed

_PLACE: Final = re.compile(r"[\u4e00-\u9fff]{1,5}?[县市区旗]")
_TOWN_TAIL: Final = re.compile(r"(?<=[乡镇道])(?:人民政府|党委和?政府|党委|政府|党工委|办事处)$")
_JOINTS: Final = re.compile(r"[和与及]")
_TOWNS: Final = re.compile(r"(?:各|全体|所有|全县|[0-9一二三四五六七八九十]+个?)(?:乡镇|镇乡|乡|镇)$")
_GROUPS: Final = re.compile(
    r"(?:各|有关|相关|其他|其它|县直|全县|所有|等|及)*(?:职能|成员|责任|牵头|配合|参与|县直|行业主管|主管|企事业)?(?:部门|单位|乡镇|企业|机关)?等?$"
)
_TRAILING: Final = re.compile(r"等(?:县直|有关|相关|各)*(?:部门|单位)?$")
_SPELLINGS: Final = (
    (re.compile(r"乡[(（]镇[)）]|镇[(（]乡[)）]|乡、镇"), "乡镇"),
    (re.compile(r"党委[、和]政府"), "党委政府"),
    (re.compile(r"[(（]街道(?:办)?[)）]"), ""),
)
_STRONG: Final = re.compile(r"[、，,；;/|。\t]+")
_WEAK: Final = re.compile(r"[\s\u3000]+")
_LEAD_WORDS: Final = "牵头单位|牵头部门|牵头|主办单位|主办|主责单位|主责|责任单位|责任部门|承办单位"
_SUPPORT_WORDS: Final = "配合单位|配合部门|配合|协办单位|协办|协同单位|参与单位|参加单位|责任单位"
_LABEL: Final = re.compile(rf"(?P<word>{_LEAD_WORDS}|{_SUPPORT_WORDS})\s*[:：]")
_TOLD: Final = re.compile(r"^(?:由)?(?P<lead>.+?)(?:牵头负责|牵头|负责|主办)(?:[，,；;、]|$)(?P<rest>.*)$", re.DOTALL)
_MARKED: Final = re.compile(r"[(（]\s*(?:牵头|主办|主责)(?:单位)?\s*[)）]")
_SUPPORT_TAIL: Final = re.compile(r"(?:予以|积极)?(?:配合|协办|参与|协同)(?:落实)?[。；;]?$")


class NamedUnit(Protocol):
    """What is needed of a unit to find it by name."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def short_name(self) -> str: ...
    @property
    def aliases(self) -> Sequence[str]: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class UnitName:
    """A unit by its names; ``kind`` ``township`` makes it part of 各乡镇."""

    code: str
    name: str
    short_name: str = ""
    aliases: Sequence[str] = ()
    kind: str = "bureau"


@dataclass(slots=True)
class UnitsRead:
    """Units of a text in their order; ``unknown`` as written; ``groups`` such as 有关部门 that name nobody.

    ``first`` says what stands first: ``unit``, ``towns`` (各乡镇), ``unknown``, ``group`` or nothing.
    """

    first: str = ""
    units: list[NamedUnit] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    guesses: list[str] = field(default_factory=list)

    def add(self, *units: NamedUnit, kind: str = "unit") -> None:
        """Append what is not there yet."""
        self.first = self.first or kind
        codes = {unit.code for unit in self.units}
        self.units.extend(unit for unit in units if unit.code not in codes)

    def add_unknown(self, written: str) -> None:
        """Append a name that no unit has."""
        self.first = self.first or "unknown"
        self.unknown.append(written)

    def add_group(self, written: str) -> None:
        """Append words that name nobody."""
        self.first = self.first or "group"
        self.groups.append(written)

    def extend(self, other: UnitsRead) -> None:
        """Append another reading."""
        self.first = self.first or other.first
        self.add(*other.units, kind=other.first)
        self.unknown += other.unknown
        self.groups += other.groups
        self.guesses += other.guesses


@dataclass(frozen=True, slots=True)
class UnitIndex:
    """Finds units by any of their names. Build it with ``UnitIndex.of``."""

    by_key: dict[str, NamedUnit]
    doubtful: frozenset[str]
    full: dict[str, NamedUnit]
    towns: tuple[NamedUnit, ...]
    places: tuple[str, ...]

    @classmethod
    def of(cls, units: Iterable[NamedUnit]) -> UnitIndex:
        """An index of all names. The county's own name is found from the names themselves and may be left out."""
        units = list(units)
        places = _places([unit.name for unit in units])
        by_key: dict[str, NamedUnit] = {}
        doubtful: set[str] = set()
        for unit in units:
            for name in (unit.name, unit.short_name, *unit.aliases):
                for wanted in _forms(name, places):
                    if by_key.setdefault(wanted, unit).code != unit.code:
                        doubtful.add(wanted)
        full = {_bare(unit.name, places): unit for unit in units}
        towns = tuple(unit for unit in units if unit.kind == "township")
        exact = {key(unit.name) for unit in units}
        return cls(by_key, frozenset(doubtful - exact), full, towns, places)

    def find(self, written: str) -> NamedUnit | None:
        """The unit with that name, short name or alias; None when unknown or claimed by two."""
        for form in _forms(written, self.places):
            if form not in self.doubtful and (unit := self.by_key.get(form)):
                return unit
        return None

    def guess(self, written: str) -> NamedUnit | None:
        """The only unit whose full name the text abbreviates."""
        short = _bare(written, self.places)
        found = {unit.code: unit for name, unit in self.full.items() if is_abbreviation(short, name)}
        return next(iter(found.values())) if len(found) == 1 else None

    def read(self, written: str) -> UnitsRead:
        """All units that a text names."""
        for pattern, plain in _SPELLINGS:
            written = pattern.sub(plain, written)
        found = UnitsRead()
        for piece in _STRONG.split(without_brackets(written)):
            self._read_piece(piece.strip(), found)
        return found

    def _read_piece(self, piece: str, found: UnitsRead) -> None:
        if not piece:
            return
        if unit := self.find(piece):
            found.add(unit)
        elif len(words := _WEAK.split(piece)) > 1:
            for word in self._joined(words):
                self._read_piece(word, found)
        elif _TOWNS.match(bare := key(piece)):
            found.add(*self.towns, kind="towns")
            found.guesses.append(_("“%(text)s”按全部%(count)d个乡镇读取") % {"text": piece, "count": len(self.towns)})
        elif _GROUPS.match(bare):
            found.add_group(piece)
        elif (shorter := _TRAILING.sub("", bare)) and shorter != bare:
            self._read_piece(shorter, found)
            found.add_group(bare[len(shorter) :])
        else:
            self._read_unknown(piece, found)

    def _read_unknown(self, piece: str, found: UnitsRead) -> None:
        """A joined pair, several names run together, an abbreviation, or really unknown."""
        parts = [part for part in re.split(r"以及|和|与|及", piece) if part]
        if len(parts) > 1 and all(self.find(part) or self.guess(part) for part in parts):
            for part in parts:
                self._read_piece(part, found)
        elif units := self._run_together(key(piece)):
            names = listed(unit.name for unit in units)
            found.guesses.append(_("“%(text)s”按%(names)s读取") % {"text": piece, "names": names})
            found.add(*units)
        elif unit := self.guess(piece):
            found.guesses.append(_("“%(text)s”按“%(name)s”读取") % {"text": piece, "name": unit.name})
            found.add(unit)
        else:
            found.add_unknown(piece)

    def _joined(self, words: list[str]) -> list[str]:
        """Words of a text torn by blanks, put together where that makes a known name: ``发展和 改革局``."""
        result: list[str] = []
        start = 0
        while start < len(words):
            stop = len(words)
            while stop - start > 1 and not self._is_name("".join(words[start:stop])):
                stop -= 1
            result.append("".join(words[start:stop]))
            start = stop
        return result

    def _is_name(self, text: str) -> bool:
        return bool(self.find(text) or _TOWNS.match(key(text)))

    def _run_together(self, text: str) -> list[NamedUnit]:
        """Names written without any separator, longest first; empty when the text is not made of names alone."""
        units: list[NamedUnit] = []
        while text:
            for stop in range(len(text), 2, -1):
                if unit := self.find(text[:stop]):
                    units.append(unit)
                    text = text[stop:]
                    break
            else:
                return []
        return units if len(units) > 1 else []


def read_roles(written: str) -> tuple[str, str]:
    """Lead and support parts of a text such as ``牵头：…；配合：…`` or ``…牵头，…配合``; all is lead without roles."""
    labels = list(_LABEL.finditer(written))
    if labels:
        return _by_labels(written, labels)
    text = narrow(written)
    if _MARKED.search(text):
        pieces = _STRONG.split(text)
        lead = [_MARKED.sub("", piece) for piece in pieces if _MARKED.search(piece)]
        return "、".join(lead), "、".join(piece for piece in pieces if not _MARKED.search(piece))
    if match := _TOLD.match(text.strip()):
        return match["lead"], _SUPPORT_TAIL.sub("", match["rest"].strip())
    return written, ""


def _by_labels(written: str, labels: list[re.Match[str]]) -> tuple[str, str]:
    lead: list[str] = []
    support: list[str] = []
    if before := written[: labels[0].start()].strip(" ；;，,、\n"):
        lead.append(before)
    ends = [label.start() for label in labels[1:]] + [len(written)]
    for label, end in zip(labels, ends, strict=True):
        part = written[label.end() : end].strip(" ；;，,、。\n")
        is_lead = label["word"] in _LEAD_WORDS.split("|") and not (lead and label["word"].startswith("责任"))
        (lead if is_lead else support).append(part)
    return "、".join(lead), "、".join(support)


def _places(names: Sequence[str]) -> tuple[str, ...]:
    """The county's name, long and short, when most of the names begin with it."""
    counts = Counter(match[0] for name in names if (match := _PLACE.match(narrow(name))))
    return tuple(
        form for place, count in counts.items() if count > 2 and count * 4 >= len(names) for form in (place, place[:-1])
    )


def _bare(name: str, places: Sequence[str]) -> str:
    text = key(name).removeprefix("中共")
    for place in places:
        if len(place) > 1 and len(text) > len(place) + 1 and text.startswith(place):
            text = text.removeprefix(place)
            break
    if text.startswith("县") and len(text) > 3:
        text = text[1:]
    return _TOWN_TAIL.sub("", text)


def _forms(name: str, places: Sequence[str]) -> tuple[str, ...]:
    """The forms under which a name is filed and looked up, the most exact first."""
    bare = _bare(name, places)
    forms = dict.fromkeys((key(name), bare, _JOINTS.sub("", bare)))
    return tuple(form for form in forms if form)

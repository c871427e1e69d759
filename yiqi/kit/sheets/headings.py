"""Which column of a table means what: headings are recognised by what they say, never by where they stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Generic, TypeVar

from yiqi.kit.sheets.cells import Sheet
from yiqi.kit.sheets.names import key, without_brackets

ROLE = TypeVar("ROLE", bound=StrEnum)

_LONGEST: Final = 18
_ROWS_SEARCHED: Final = 100
_MOST_HEADER_ROWS: Final = 3


@dataclass(frozen=True, slots=True)
class Header(Generic[ROLE]):
    """Header rows (first and last, from 1) and the columns by role, from left to right."""

    first: int
    last: int
    columns: dict[ROLE, list[int]]
    labels: dict[int, str] = field(default_factory=dict)

    def first_of(self, role: ROLE) -> int | None:
        """The leftmost column of the role."""
        return next(iter(self.columns.get(role, ())), None)


@dataclass(frozen=True, slots=True)
class Headings(Generic[ROLE]):
    """What the columns of a kind of table are called: the first pattern that is found in a heading says its role.

    ``enough`` tells of a set of roles whether they make a header; only ``scored`` roles count towards the best one.
    """

    rules: tuple[tuple[ROLE, re.Pattern[str]], ...]
    scored: Set[ROLE]
    enough: Callable[[Set[ROLE]], bool]

    @classmethod
    def of(cls, *rules: tuple[ROLE, str], scored: Set[ROLE], enough: Callable[[Set[ROLE]], bool]) -> Headings[ROLE]:
        """From patterns as texts."""
        return cls(tuple((role, re.compile(pattern)) for role, pattern in rules), scored, enough)

    def role(self, text: str) -> ROLE | None:
        """What a heading means; None for what is no heading."""
        bare = key(without_brackets(text)).strip(":*") or key(text).strip("()[]")
        if not bare or len(bare) > _LONGEST:
            return None
        return next((role for role, pattern in self.rules if pattern.search(bare)), None)

    def find(self, sheet: Sheet, *, rows: int = _ROWS_SEARCHED) -> Header[ROLE] | None:
        """The rows that look most like a header: most different meanings, then fewest rows, then first."""
        best: Header[ROLE] | None = None
        best_score = (0, 0, 0)
        for first in range(1, min(len(sheet.rows), rows) + 1):
            for last in range(first, min(first + _MOST_HEADER_ROWS, len(sheet.rows) + 1)):
                if len(sheet.texts(last)) <= 1:  # a title, a section, a note
                    break
                header = self.at(sheet, first, last)
                roles = header.columns.keys() & self.scored
                score = (len(roles), first - last, -first)
                if score > best_score and self.enough(roles):
                    best, best_score = header, score
        return self._with_top(sheet, best) if best else None

    def at(self, sheet: Sheet, first: int, last: int) -> Header[ROLE]:
        """The header that these rows would make."""
        columns: dict[ROLE, list[int]] = {}
        labels: dict[int, str] = {}
        width = max(len(row) for row in sheet.rows[first - 1 : last])
        for column in range(1, width + 1):
            texts = list(_texts(sheet, first, last, column))
            role = next((found for text in (*texts[::-1], "".join(texts)) if (found := self.role(text))), None)
            if texts:
                labels[column] = "".join(texts)
            if role:
                columns.setdefault(role, []).append(column)
        return Header(first, last, columns, labels)

    def _with_top(self, sheet: Sheet, header: Header[ROLE]) -> Header[ROLE]:
        """The header with the rows above it that its merged cells begin in."""
        first = header.first
        while (
            first > 1
            and len(sheet.texts(first - 1)) > 1
            and any(
                cell.merged and cell.text == sheet.cell(first - 1, column).text
                for column, cell in enumerate(sheet.rows[first - 1], start=1)
                if self.role(cell.text)
            )
        ):
            first -= 1
        return Header(first, header.last, header.columns, header.labels)


def _texts(sheet: Sheet, first: int, last: int, column: int) -> Iterator[str]:
    """Different texts of a column's header cells, top to bottom."""
    before = ""
    for row in range(first, last + 1):
        text = sheet.cell(row, column).text
        if text and text != before:
            yield text
        before = text or before

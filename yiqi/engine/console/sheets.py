"""Tables as text: CSV with comma, semicolon or tab (UTF-8, UTF-16, GB 18030), and the sheets of a workbook.

Rows above the header are skipped: the header is the first row that holds the key of the table (``iCode`` or ``uCode``).
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from yiqi.engine.ground.errors import EngineError

#: How a missing figure may be written, in any case; anything else that is not a number is an error.
MISSING: Final = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "-", "–", "—"})
KEYS: Final = frozenset({"icode", "ucode"})
ENCODINGS: Final = ("utf-8-sig", "gb18030")
UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS: Final = ",;\t"
WORKBOOKS: Final = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})


def is_missing(text: str) -> bool:
    """Whether a cell says that there is no figure."""
    return text.casefold() in MISSING


def folded(name: str) -> str:
    """A name without what is easily mistyped: case, spaces, hyphens, underscores."""
    return "".join(sign for sign in name.casefold() if sign not in " \u3000\u00a0-_\ufeff")


@dataclass(frozen=True)
class Sheet:
    """A table as text: its name for messages, header, rows with their number in the file, and how many rows stand
    above the header."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]
    above: int = 0

    def needs(self, *columns: str) -> None:
        """``column_missing`` unless the header has them."""
        for column in columns:
            if column not in self.header:
                text = f"{self.name} has no column {column!r}; its header is: {', '.join(self.header)}"
                raise EngineError("column_missing", text, {"file": self.name, "column": column})

    def spelt(self, columns: Iterable[str]) -> None:
        """``column_misspelt`` for a column that one of ``columns`` is meant by, but for case, spaces, - or _."""
        meant = {folded(column): column for column in columns}
        known = set(meant.values())
        for column in self.header:
            right = meant.get(folded(column))
            if column not in known and right is not None and right not in self.header:
                text = f"{self.name}: the column {column!r} must be spelt {right!r}"
                raise EngineError("column_misspelt", text, {"file": self.name, "column": column, "right": right})

    def number(self, number: int, row: Mapping[str, str], column: str) -> float:
        """A cell as a number, nan where it is missing. Errors: ``not_a_number``, ``not_finite``."""
        text = row.get(column, "").strip()
        if is_missing(text):
            return math.nan
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        where = f"{self.name}, row {number}, column {column!r}"
        data = {"file": self.name, "row": number, "column": column, "value": text, "code": row.get("uCode", "")}
        if math.isnan(value) or "_" in text:
            point = "write the decimal point as '.', no sign between thousands" if "," in text else "correct it"
            raise EngineError("not_a_number", f"{where}: {text!r} is not a number; {point} or leave it empty", data)
        if math.isinf(value):
            raise EngineError("not_finite", f"{where}: {text!r} is not finite; correct it or leave it empty", data)
        return value


def read_sheet(path: Path) -> Sheet:
    """A CSV file as a table. Errors: ``file_unreadable``, ``duplicate_column``, ``row_length``."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        text = f"cannot read {path.name}: {error.strerror or error}"
        raise EngineError("file_unreadable", text, {"file": path.name}) from None
    text = _decoded(path.name, raw)
    try:
        return _sheet(
            path.name, list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True))
        )
    except csv.Error as error:
        raise EngineError("file_unreadable", f"{path.name} is not a CSV file: {error}", {"file": path.name}) from None


def _decoded(name: str, raw: bytes) -> str:
    for encoding in ("utf-16",) if raw[:2] in UTF16_MARKS else ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    text = f"{name} is neither UTF-8 nor UTF-16 (with its mark) nor GB 18030 text"
    raise EngineError("file_unreadable", text, {"file": name})


def _delimiter(text: str) -> str:
    """What parts the line of the header into cells of which one is the key; else what is most in the first line."""
    lines = [line for line in text.splitlines() if line.strip()]
    for line in lines:
        for sign in DELIMITERS:
            if any(folded(part.strip().strip('"')) in KEYS for part in line.split(sign)) and sign in line:
                return sign
    return max(DELIMITERS, key=lines[0].count) if lines else ","


def read_workbook(path: Path) -> tuple[Sheet, Sheet]:
    """The sheets called meta and data (in any case), or the first two."""
    # only a workbook needs it; the library comes without
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
        tables = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except (CalamineError, OSError) as error:
        raise EngineError("file_unreadable", f"cannot read {path.name}: {error}", {"file": path.name}) from None
    names = {name.strip().lower(): name for name in tables}
    chosen = [names["meta"], names["data"]] if {"meta", "data"} <= names.keys() else list(tables)[:2]
    if len(chosen) < 2:
        text = f"{path.name} needs two sheets, the metadata and the data; it has {len(tables)}"
        raise EngineError("file_unreadable", text, {"file": path.name})
    meta, data = (_sheet(f"{path.name}[{name}]", [_texts(row) for row in tables[name]]) for name in chosen)
    return meta, data


def _check_above(name: str, filled: Sequence[tuple[int, Sequence[str]]]) -> None:
    """Titles may stand above the header, not figures: ``header_not_first`` for a row that fills half of its columns."""
    *rows, (header, columns) = filled
    for number, line in rows:
        if 2 * sum(map(bool, line)) >= sum(map(bool, columns)):
            where = f"{name}, row {number} stands above the header in row {header}"
            text = f"{where} and looks like figures; move the header up"
            raise EngineError("header_not_first", text, {"file": name, "row": number, "header": header})


def _texts(row: Iterable[Any]) -> list[str]:
    """Cells as text; a whole float as Excel shows it."""
    return [
        str(int(cell)) if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15
        else repr(cell) if isinstance(cell, float)
        else str(cell)
        for cell in row
    ]  # fmt: skip


def _sheet(name: str, lines: Sequence[Sequence[str]]) -> Sheet:
    filled = [(number, [cell.strip() for cell in line]) for number, line in enumerate(lines, start=1)]
    filled = [(number, line) for number, line in filled if any(line)]
    if not filled:
        raise EngineError("file_unreadable", f"{name} is empty", {"file": name})
    above = next((n for n, (_, line) in enumerate(filled) if any(folded(cell) in KEYS for cell in line)), 0)
    _check_above(name, filled[: above + 1])
    header = filled[above][1]
    while header and not header[-1]:
        header.pop()
    for column in header:
        if header.count(column) > 1:
            raise EngineError(
                "duplicate_column", f"{name}: the column {column!r} stands twice", {"file": name, "column": column}
            )
    rows = []
    for number, line in filled[above + 1 :]:
        if any(line[len(header) :]) or len(line) < len(header):
            text = f"{name}, row {number}: {len(line)} cells under a header of {len(header)}"
            raise EngineError("row_length", text, {"file": name, "row": number})
        rows.append((number, dict(zip(header, line, strict=False))))
    return Sheet(name, tuple(header), tuple(rows), above)

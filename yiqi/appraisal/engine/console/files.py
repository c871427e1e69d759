"""Reading metadata and data laid out like the reference folder (CSV, or one Excel workbook), and writing results.

Metadata: iCode, iName, Level, Parent, Direction, Weight, Unit, Target, Denominator, Type, and perhaps Break (what has
changed in a series); Type is Indicator, Aggregate, Group, Denominator or Other. Data: uCode, uName, a column for each
indicator, group and denominator of the metadata, and perhaps Time with one period.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from yiqi.appraisal.engine.console.progress import progress
from yiqi.appraisal.engine.errors import EngineError
from yiqi.appraisal.engine.index import Dataset, Hierarchy, Node

META_COLUMNS: Final = (
    "iCode", "iName", "Level", "Parent", "Direction", "Weight", "Unit", "Target", "Denominator", "Type",
)  # fmt: skip
TYPES: Final = ("Indicator", "Aggregate", "Group", "Denominator", "Other")
IN_TREE: Final = ("Indicator", "Aggregate")
MISSING: Final = frozenset({"", "NA", "N/A", "NaN", "nan"})
ENCODINGS: Final = ("utf-8-sig", "gb18030")


@dataclass(frozen=True)
class Sheet:
    """A table as text: its name for messages, header, and rows with their number in the file."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]

    def needs(self, *columns: str) -> None:
        """``column_missing`` unless the header has them."""
        for column in columns:
            if column not in self.header:
                text = f"{self.name} has no column {column!r}; its header is: {', '.join(self.header)}"
                raise EngineError("column_missing", text, {"file": self.name, "column": column})


def read_tables(meta: Path, data: Path | None = None) -> tuple[Hierarchy, Dataset]:
    """Hierarchy and data from two CSV files, or from one workbook with two sheets.

    Errors (``EngineError``), each with file, row and column: ``file_unreadable``, ``column_missing``,
    ``duplicate_column``, ``unknown_column``, ``unknown_type``, ``not_a_number``, and those of ``Node``, ``Hierarchy``
    and ``Dataset``.
    """
    if data is not None:
        return _assembled(read_sheet(meta), read_sheet(data))
    if meta.suffix.lower() not in {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}:
        text = f"{meta.name} is not a workbook: give the data as a second file"
        raise EngineError("file_unreadable", text, {"file": meta.name})
    return _assembled(*_workbook(meta))


def _assembled(meta: Sheet, data: Sheet) -> tuple[Hierarchy, Dataset]:
    kinds = _kinds(meta)
    hierarchy = Hierarchy(tuple(_node(meta, number, row) for number, row in meta.rows if row["Type"] in IN_TREE))
    for number, row in meta.rows:
        is_leaf = row["Type"] in IN_TREE and not hierarchy.children(row["iCode"])
        if row["Type"] == "Aggregate" and is_leaf:
            text = f"{meta.name}, row {number}: the aggregate {row['iCode']!r} has nothing below it"
            raise EngineError("aggregate_empty", text, {"file": meta.name, "row": number, "node": row["iCode"]})
        if row["Type"] == "Indicator" and not is_leaf:
            text = f"{meta.name}, row {number}: {row['iCode']!r} has elements below it; its Type must be Aggregate"
            raise EngineError("unknown_type", text, {"file": meta.name, "row": number, "node": row["iCode"]})
    breaks = {row["iCode"]: row["Break"] for _, row in meta.rows if row.get("Break", "") not in MISSING}
    return hierarchy, _dataset(data, hierarchy, kinds, breaks)


def _kinds(meta: Sheet) -> dict[str, list[str]]:
    """Type -> codes, in the order of the metadata."""
    meta.needs("iCode", "Parent", "Type")
    found: dict[str, list[str]] = {kind: [] for kind in TYPES}
    for number, row in meta.rows:
        if row["Type"] not in TYPES:
            text = f"{meta.name}, row {number}: Type must be one of {', '.join(TYPES)}, not {row['Type']!r}"
            raise EngineError("unknown_type", text, {"file": meta.name, "row": number, "value": row["Type"]})
        if row["iCode"] in found[row["Type"]]:
            text = f"{meta.name}, row {number}: {row['iCode']!r} stands twice"
            raise EngineError("duplicate_code", text, {"file": meta.name, "row": number, "node": row["iCode"]})
        found[row["Type"]].append(row["iCode"])
    return found


def _node(meta: Sheet, number: int, row: Mapping[str, str]) -> Node:
    weight = _number(meta, number, row, "Weight")
    direction = _number(meta, number, row, "Direction")
    level = _number(meta, number, row, "Level")
    target = _number(meta, number, row, "Target")
    try:
        return Node(
            row["iCode"],
            row["Parent"] if row["Parent"] not in MISSING else "",
            1.0 if math.isnan(weight) else weight,
            1 if math.isnan(direction) else direction,  # type: ignore[arg-type]  # Node judges it
            name=row.get("iName", ""),
            target=None if math.isnan(target) else target,
            denominator=row.get("Denominator") or None,
            level=None if math.isnan(level) else _whole(level),
            unit=row.get("Unit", ""),
        )
    except EngineError as error:
        text = f"{meta.name}, row {number}: {error.message}"
        raise EngineError(error.code, text, {**error.data, "file": meta.name, "row": number}) from None


def _whole(level: float) -> Any:
    return int(level) if math.isfinite(level) and level == int(level) else level


def _dataset(
    data: Sheet, hierarchy: Hierarchy, kinds: Mapping[str, Sequence[str]], breaks: Mapping[str, str]
) -> Dataset:
    data.needs("uCode", *hierarchy.indicators, *kinds["Group"], *kinds["Denominator"])
    known = {"uCode", "uName", "Time", *hierarchy.indicators, *kinds["Group"], *kinds["Denominator"], *kinds["Other"]}
    for column in data.header:
        if column not in known:
            text = (
                f"{data.name}: the column {column!r} is not in the metadata; add a row for it (Type Other to skip it)"
            )
            raise EngineError("unknown_column", text, {"file": data.name, "column": column})
    rows = [row for _, row in data.rows]
    if len({row.get("Time", "") for row in rows}) > 1:
        text = f"{data.name} holds several periods in the column 'Time'; give the rows of one"
        raise EngineError("several_periods", text, {"file": data.name, "column": "Time"})
    return Dataset(
        tuple(row["uCode"] for row in rows),
        hierarchy.indicators,
        _numbers(data, hierarchy.indicators),  # type: ignore[arg-type]  # lists are taken too
        names={row["uCode"]: row["uName"] for row in rows} if "uName" in data.header else {},
        groups={name: tuple(row[name] for row in rows) for name in kinds["Group"]},
        denominators={name: [line[0] for line in _numbers(data, (name,))] for name in kinds["Denominator"]},  # type: ignore[misc]
        breaks=breaks,
    )


def _numbers(data: Sheet, columns: Sequence[str]) -> list[list[float]]:
    rows = progress(data.rows, f"reading {data.name}", len(data.rows))
    return [[_number(data, number, row, column) for column in columns] for number, row in rows]


def _number(sheet: Sheet, number: int, row: Mapping[str, str], column: str) -> float:
    """A cell as a number, nan where it is missing."""
    text = row.get(column, "").strip()
    if text in MISSING:
        return math.nan
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if math.isnan(value) or "_" in text:
        where = f"{sheet.name}, row {number}, column {column!r}"
        data = {"file": sheet.name, "row": number, "column": column, "value": text, "code": row.get("uCode", "")}
        raise EngineError("not_a_number", f"{where}: {text!r} is not a number; correct it or leave it empty", data)
    if math.isinf(value):
        where = f"{sheet.name}, row {number}, column {column!r}"
        data = {"file": sheet.name, "row": number, "column": column, "value": text, "code": row.get("uCode", "")}
        raise EngineError("not_finite", f"{where}: {text!r} is not finite; correct it or leave it empty", data)
    return value


def read_sheet(path: Path) -> Sheet:
    """A CSV file (UTF-8 or GB 18030) as a table. Errors: ``file_unreadable``, ``duplicate_column``, ``row_length``."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        text = f"cannot read {path.name}: {error.strerror or error}"
        raise EngineError("file_unreadable", text, {"file": path.name}) from None
    for encoding in ENCODINGS:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            return _sheet(path.name, list(csv.reader(io.StringIO(text, newline=""), strict=True)))
        except csv.Error as error:
            raise EngineError(
                "file_unreadable", f"{path.name} is not a CSV file: {error}", {"file": path.name}
            ) from None
    raise EngineError("file_unreadable", f"{path.name} is neither UTF-8 nor GB 18030 text", {"file": path.name})


def _workbook(path: Path) -> tuple[Sheet, Sheet]:
    """The sheets called meta and data (in any case), or the first two."""
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
    header = filled[0][1]
    while header and not header[-1]:
        header.pop()
    for column in header:
        if header.count(column) > 1:
            raise EngineError(
                "duplicate_column", f"{name}: the column {column!r} stands twice", {"file": name, "column": column}
            )
    rows = []
    for number, line in filled[1:]:
        if any(line[len(header) :]) or len(line) < len(header):
            text = f"{name}, row {number}: {len(line)} cells under a header of {len(header)}"
            raise EngineError("row_length", text, {"file": name, "row": number})
        rows.append((number, dict(zip(header, line, strict=False))))
    return Sheet(name, tuple(header), tuple(rows))


def cell(value: float) -> str:
    """The shortest text that reads back as the same double; empty for nan, whole numbers without a point."""
    if math.isnan(value):
        return ""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """UTF-8 with line feeds."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_matrix(path: Path, units: Sequence[str], columns: Sequence[str], values: Any) -> None:
    """uCode and a column for each code, exact doubles, missing cells empty, rows by uCode in byte order."""
    order = sorted(range(len(units)), key=lambda row: units[row].encode())
    lines = values.tolist()
    write_csv(path, ("uCode", *columns), ([units[row], *map(cell, lines[row])] for row in order))


def meta_rows(hierarchy: Hierarchy, data: Dataset) -> Iterator[tuple[str, ...]]:
    """The metadata table of a hierarchy, header first; names and units of groups and denominators are not kept."""
    yield META_COLUMNS
    for node in hierarchy.nodes:
        kind = "Aggregate" if hierarchy.children(node.code) else "Indicator"
        numbers = (str(hierarchy.level(node.code)), node.parent, str(node.direction), cell(node.weight))
        target = "" if node.target is None else cell(node.target)
        yield (node.code, node.name, *numbers, node.unit, target, node.denominator or "", kind)
    for kind, names in (("Group", data.groups), ("Denominator", data.denominators)):
        for name in names:
            yield (name, "", "", "", "", "", "", "", "", kind)

"""Reading metadata and data laid out like the reference folder (CSV, or one Excel workbook), and writing results.

Metadata: iCode, iName, Level, Parent, Direction, Weight, Unit, Target, Denominator, Type, and perhaps Break (what has
changed in a series); Type is Indicator, Aggregate, Group, Denominator or Other. Data: uCode, uName, a column for each
indicator, group and denominator of the metadata, and perhaps Time with one period. What is left out or not understood
is named by a warning that comes with the result; the shapes of files are those of ``console.sheets``.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from yiqi.engine.console.progress import progress
from yiqi.engine.console.sheets import WORKBOOKS, Sheet, is_missing, read_sheet, read_workbook
from yiqi.engine.ground.checks import some
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.notice import Notice
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy, Node

META_COLUMNS: Final = (
    "iCode", "iName", "Level", "Parent", "Direction", "Weight", "Unit", "Target", "Denominator", "Type",
)  # fmt: skip
TYPES: Final = ("Indicator", "Aggregate", "Group", "Denominator", "Other")
IN_TREE: Final = ("Indicator", "Aggregate")
BREAK: Final = "Break"
DATA_COLUMNS: Final = ("uCode", "uName", "Time")
#: Columns of the metadata that may be left out: the warning of an empty cell, and what holds without the column.
SILENT: Final = {
    "Direction": ("direction_missing", "higher counts as better for every indicator"),
    "Weight": ("weight_missing", "every element weighs the same among its siblings"),
}


def read_tables(meta: Path, data: Path | None = None) -> tuple[Hierarchy, Dataset]:
    """Hierarchy and data from two CSV files, or from one workbook with two sheets.

    Errors (``EngineError``), each with file, row and column: ``file_unreadable``, ``column_missing``,
    ``column_misspelt``, ``duplicate_column``, ``unknown_column``, ``unknown_type``, ``not_a_number``, ``row_length``,
    ``header_not_first``, ``duplicate_unit``, ``code_missing``, and those of ``Node``, ``Hierarchy`` and ``Dataset``.
    """
    if data is not None:
        return _assembled(read_sheet(meta), read_sheet(data))
    if meta.suffix.lower() not in WORKBOOKS:
        text = f"{meta.name} is not a workbook: give the data as a second file"
        raise EngineError("file_unreadable", text, {"file": meta.name})
    return _assembled(*read_workbook(meta))


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
    return hierarchy, _dataset(meta, data, hierarchy, kinds)


def _kinds(meta: Sheet) -> dict[str, list[str]]:
    """Type -> codes, in the order of the metadata."""
    meta.spelt((*META_COLUMNS, BREAK))
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
    weight, direction, level, target = (
        meta.number(number, row, column) for column in ("Weight", "Direction", "Level", "Target")
    )
    try:
        return Node(
            row["iCode"],
            _text(row, "Parent"),
            1.0 if math.isnan(weight) else weight,
            1 if math.isnan(direction) else direction,  # type: ignore[arg-type]  # Node judges it
            name=row.get("iName", ""),
            target=None if math.isnan(target) else target,
            denominator=_text(row, "Denominator") or None,
            level=None if math.isnan(level) else _whole(level),
            unit=row.get("Unit", ""),
        )
    except EngineError as error:
        text = f"{meta.name}, row {number}: {error.message}"
        raise EngineError(error.code, text, {**error.data, "file": meta.name, "row": number}) from None


def _whole(level: float) -> Any:
    return int(level) if math.isfinite(level) and level == int(level) else level


def _text(row: Mapping[str, str], column: str) -> str:
    """A cell as text, empty where it is missing."""
    text = row.get(column, "")
    return "" if is_missing(text) else text


def _notes(meta: Sheet, data: Sheet, hierarchy: Hierarchy) -> Iterator[Notice]:
    """What a reader of the files must know: rows and columns that do not count, weights and directions not given."""
    for sheet in (meta, data):
        if sheet.above:
            rows = "a row that is" if sheet.above == 1 else f"{sheet.above} rows that are"
            text = f"{sheet.name}: the header was found below {rows} no part of the table, and not read"
            yield Notice("rows_skipped", text, data={"file": sheet.name, "rows": sheet.above})
    unknown = [column for column in meta.header if column and column not in (*META_COLUMNS, BREAK)]
    if unknown:
        text = (
            f"{meta.name}: columns that are not known do not count: {some(unknown)}; known: {', '.join(META_COLUMNS)}"
        )
        yield Notice("metadata_column_unknown", text, data={"file": meta.name, "columns": unknown})
    for column, (code, held) in SILENT.items():
        if column not in meta.header:
            text = f"{meta.name} has no column {column!r}: {held}"
            yield Notice("metadata_column_missing", text, data={"file": meta.name, "column": column})
            continue
        below = set(hierarchy.codes) - {hierarchy.root}
        asked = below if column == "Weight" else set(hierarchy.indicators)
        empty = {row["iCode"]: number for number, row in meta.rows if row["iCode"] in asked and not _text(row, column)}
        if empty:
            places = some([f"{element} (row {number})" for element, number in empty.items()])
            text = f"{meta.name}: no {column} for {places}; it counts as 1"
            yield Notice(code, text, data={"file": meta.name, "rows": empty})


def _check_header(data: Sheet, known: Sequence[str], needed: Sequence[str]) -> None:
    data.spelt(known)
    data.needs(*needed)
    for column in data.header:
        if column not in known:
            text = (
                f"{data.name}: the column {column!r} is not in the metadata; add a row for it (Type Other to skip it)"
            )
            raise EngineError("unknown_column", text, {"file": data.name, "column": column})


def _check_rows(data: Sheet) -> None:
    """One row for each unit, and one period."""
    if len({row.get("Time", "") for _, row in data.rows}) > 1:
        text = f"{data.name} holds several periods in the column 'Time'; give the rows of one"
        raise EngineError("several_periods", text, {"file": data.name, "column": "Time"})
    seen: dict[str, int] = {}
    for number, row in data.rows:
        unit = row["uCode"]
        told = {"file": data.name, "row": number, "unit": unit}
        if not unit:
            text = f"{data.name}, row {number}: the unit has no code; fill the column 'uCode' or remove the row"
            raise EngineError("code_missing", text, {**told, "kind": "unit", "column": "uCode"})
        if unit in seen:
            text = (
                f"{data.name}, row {number}: unit {unit!r} stands twice, first in row {seen[unit]}; remove one of them"
            )
            raise EngineError("duplicate_unit", text, {**told, "first": seen[unit]})
        seen[unit] = number


def _dataset(meta: Sheet, data: Sheet, hierarchy: Hierarchy, kinds: Mapping[str, Sequence[str]]) -> Dataset:
    needed = ("uCode", *hierarchy.indicators, *kinds["Group"], *kinds["Denominator"])
    _check_header(data, (*DATA_COLUMNS, *needed, *kinds["Other"]), needed)
    _check_rows(data)
    rows = [row for _, row in data.rows]
    return Dataset(
        tuple(row["uCode"] for row in rows),
        hierarchy.indicators,
        _numbers(data, hierarchy.indicators),  # type: ignore[arg-type]  # lists are taken too
        names={row["uCode"]: row["uName"] for row in rows} if "uName" in data.header else {},
        groups={name: tuple(_text(row, name) for row in rows) for name in kinds["Group"]},
        denominators={name: [line[0] for line in _numbers(data, (name,))] for name in kinds["Denominator"]},  # type: ignore[misc]  # lists are taken too
        breaks={row["iCode"]: row[BREAK] for _, row in meta.rows if _text(row, BREAK)},
        notes=tuple(_notes(meta, data, hierarchy)),
    )


def _numbers(data: Sheet, columns: Sequence[str]) -> list[list[float]]:
    rows = progress(data.rows, f"reading {data.name}", len(data.rows))
    return [[data.number(number, row, column) for column in columns] for number, row in rows]


def cell(value: float) -> str:
    """The shortest text that reads back as the same double; empty for nan, whole numbers without a point."""
    if math.isnan(value):
        return ""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def flag(value: bool) -> str:
    """Truth as COINr writes it."""
    return "TRUE" if value else "FALSE"


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

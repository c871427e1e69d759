"""Reads a panel from CSV: long ``unit,indicator,period,value`` or wide ``month,series…``."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from yiqi.engine.ground.errors import EngineError
from yiqi.engine.outlook.months import month_name, month_number
from yiqi.engine.outlook.panel import MonthlyPanel

LONG = ("unit", "indicator", "period", "value")
MONTH_HEADINGS = ("month", "period", "date")
WIDE_INDICATOR = "value"
MOST_MONTHS = 2400
EMPTY = ("", "NA", "—")


class _Reading(NamedTuple):
    line: int
    unit: str
    indicator: str
    month: int
    value: float


def read_panel(
    path: str | Path, kinds: Mapping[str, str] | str = "level", *, late_january: bool = False
) -> MonthlyPanel:
    """Read a CSV file in UTF-8 or GB 18030. Months may stand in any order; empty = missing.

    Long: the columns ``unit,indicator,period,value`` in any order. Wide: the first column ``month`` (or ``period``,
    ``date``), then one column a unit; the one indicator is called ``value``. ``kinds`` and
    ``late_january`` as in ``MonthlyPanel``.

    Errors: ``file_unreadable``, ``layout_unknown``, ``row_length``, ``period_unknown``, ``not_a_number``,
    ``not_finite``, ``duplicate_period``, ``span_too_long`` and those of ``MonthlyPanel``; each names its line.
    """
    rows = _rows(Path(path))
    heading = [name.strip() for name in rows[0][1]] if rows else []
    if sorted(heading) == sorted(LONG):
        cells = list(_long(rows[1:], [heading.index(name) for name in LONG]))
    elif len(heading) > 1 and heading[0].lower() in MONTH_HEADINGS:
        cells = list(_wide(rows[1:], heading))
    else:
        text = (
            f"the first line must be {','.join(LONG)} or month and one column a series, not {','.join(heading)[:80]!r}"
        )
        raise EngineError("layout_unknown", text, {"heading": heading[:20]})
    if not cells:
        raise EngineError("no_observations", "there are no lines of figures below the heading")
    return _panel(cells, kinds, late_january)


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    try:
        reader = csv.reader(io.StringIO(_decoded(path.read_bytes()), newline=""), strict=True)
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        text = f"cannot read {path.name} as a CSV file in UTF-8 or GB 18030: {error}"
        raise EngineError("file_unreadable", text, {"file": path.name}) from None
    for line, row in rows:
        if len(row) != len(rows[0][1]):
            text = f"line {line} has {len(row)} cells and the heading {len(rows[0][1])}; give each line as many"
            raise EngineError("row_length", text, {"line": line})
    return rows


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def _long(rows: Sequence[tuple[int, list[str]]], order: Sequence[int]) -> Iterator[_Reading]:
    for line, row in rows:
        unit, indicator, period, value = (row[place].strip() for place in order)
        for name, text in (("unit", unit), ("indicator", indicator)):
            if not text:
                raise EngineError("code_missing", f"line {line}: the {name} is empty; name it", {"line": line})
        yield _cell(line, unit, indicator, period, value)


def _wide(rows: Sequence[tuple[int, list[str]]], heading: Sequence[str]) -> Iterator[_Reading]:
    for place, name in enumerate(heading[1:], start=1):
        if not name or name in heading[1:place]:
            text = f"column {place + 1}: {'no name' if not name else f'{name!r} stands twice'}; name each column once"
            raise EngineError("duplicate_unit" if name else "code_missing", text, {"column": place + 1})
    for line, row in rows:
        for unit, value in zip(heading[1:], row[1:], strict=True):
            yield _cell(line, unit, WIDE_INDICATOR, row[0].strip(), value.strip())


def _cell(line: int, unit: str, indicator: str, period: str, value: str) -> _Reading:
    place = f"line {line}, {unit} · {indicator} · {period[:40]}"
    data = {"line": line, "unit": unit, "indicator": indicator, "period": period[:40]}
    try:
        month = month_number(period)
    except EngineError as error:
        raise EngineError(error.code, f"line {line}: {error.message}", data) from None
    try:
        number = math.nan if value in EMPTY else float(value)
    except ValueError:
        text = f"{place}: {value[:40]!r} is not a number; write it with digits and a point only, or leave it empty"
        raise EngineError("not_a_number", text, data) from None
    if value not in EMPTY and not math.isfinite(number):
        text = f"{place}: {value[:40]!r} is not a finite number; correct it or leave the cell empty"
        raise EngineError("not_finite", text, data)
    return _Reading(line, unit, indicator, month, number)


def _panel(cells: Sequence[_Reading], kinds: Mapping[str, str] | str, late_january: bool) -> MonthlyPanel:
    units = tuple(dict.fromkeys(cell.unit for cell in cells))
    indicators = tuple(dict.fromkeys(cell.indicator for cell in cells))
    first, last = min(cell.month for cell in cells), max(cell.month for cell in cells)
    if last - first >= MOST_MONTHS:
        text = f"the months run from {month_name(first)} to {month_name(last)}; one of them must be a slip"
        raise EngineError("span_too_long", text, {"first": month_name(first), "last": month_name(last)})
    rows = {unit: row for row, unit in enumerate(units)}
    columns = {indicator: column for column, indicator in enumerate(indicators)}
    values = np.full((last - first + 1, len(units), len(indicators)), np.nan)
    seen: dict[tuple[str, str, int], int] = {}
    for cell in cells:
        key = (cell.unit, cell.indicator, cell.month)
        if key in seen:
            place = f"{cell.unit} · {cell.indicator} · {month_name(cell.month)}"
            text = f"{place} stands twice, on lines {seen[key]} and {cell.line}; keep one"
            raise EngineError("duplicate_period", text, {"line": cell.line, "first_line": seen[key]})
        seen[key] = cell.line
        values[cell.month - first, rows[cell.unit], columns[cell.indicator]] = cell.value
    return MonthlyPanel(units, indicators, month_name(first), values, kinds, late_january)

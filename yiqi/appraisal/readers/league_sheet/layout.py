"""Where the figures stand: counties down or across, side by side, or one figure a line; all give the same entries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from yiqi.appraisal.readers.league_sheet.long import LongTable
from yiqi.appraisal.readers.league_sheet.region_table import RegionTable
from yiqi.appraisal.readers.league_sheet.view import SheetContent, View, is_figure, units_in
from yiqi.core.readers.regions import RegionIndex
from yiqi.kit.sheets import CellKind, Sheet
from yiqi.kit.sheets.names import key

_TITLE_ROWS: Final = 10
_LEFT_RANK: Final = re.compile(r"(?:全市)?(?:位次|排名|名次|排位|序号?)$")


def find_entries(sheet: Sheet, regions: RegionIndex, period: str) -> SheetContent | None:
    """All figures of a sheet; None when no county is named in it."""
    hits = _hits(sheet, regions)
    if not hits:
        return None
    found = SheetContent(
        titles=[sheet.name, *sheet.lead], units=[unit for line in sheet.lead for unit in units_in(line)]
    )
    if long := LongTable.of(sheet, hits):
        long.read(regions, period, found)
        return found
    turned = _is_turned(sheet, hits)
    view = View.of(sheet, turned=turned)
    columns = _region_columns(view, regions)
    if turned:
        _read_titles(sheet, found)
    found.lead = tuple(found.titles)
    for number, block in enumerate(_blocks(view, columns)):
        RegionTable(view, regions, found, *block, number=number).read()
    found.skipped = list(dict.fromkeys(found.skipped))  # a remark under two tables side by side is one remark
    return found


def _hits(sheet: Sheet, regions: RegionIndex) -> list[tuple[int, int, str]]:
    return [
        (row, column, code)
        for row, cells in enumerate(sheet.rows, start=1)
        for column, cell in enumerate(cells, start=1)
        if cell.kind in {CellKind.TEXT, CellKind.NUMBER} and len(cell.text) <= 20 and (code := regions.find(cell.text))
    ]


def _is_turned(sheet: Sheet, hits: Sequence[tuple[int, int, str]]) -> bool:
    """Whether the counties stand in a row: the line with most counties decides, for one county the figures."""
    down = max(len({code for _row, column, code in hits if column == wanted}) for wanted in {hit[1] for hit in hits})
    across = max(len({code for row, _column, code in hits if row == wanted}) for wanted in {hit[0] for hit in hits})
    if down != across:
        return across > down
    row, column, _code = hits[0]
    right = sum(is_figure(sheet.cell(row, place)) for place in range(column + 1, sheet.width + 1))
    below = sum(is_figure(sheet.cell(place, column)) for place in range(row + 1, len(sheet.rows) + 1))
    return below > right


def _region_columns(view: View, regions: RegionIndex) -> list[int]:
    """Columns of the view that name counties: the fullest one, and others side by side with it."""
    counts = {
        column: len({code for row in range(1, view.height + 1) if (code := regions.find(view.cell(row, column).text))})
        for column in range(1, view.width + 1)
    }
    most = max(counts.values())
    return [column for column, count in counts.items() if count and count * 4 >= most and (count > 1 or most == 1)]


def _blocks(view: View, columns: Sequence[int]) -> Iterable[tuple[int, int, int]]:
    """First, region and last column of each table beside another."""
    first_column = columns[0]
    left_ranks = first_column > 1 and any(
        _LEFT_RANK.match(key(view.cell(row, first_column - 1).text)) for row in range(1, view.height + 1)
    )
    starts = [1, *(column - (1 if left_ranks else 0) for column in columns[1:])]
    ends = [*(start - 1 for start in starts[1:]), view.width]
    return zip(starts, columns, ends, strict=True)


def _read_titles(sheet: Sheet, found: SheetContent) -> None:
    """Title lines of a sheet that is read turned over."""
    for row in range(1, min(len(sheet.rows), _TITLE_ROWS) + 1):
        texts = sheet.texts(row)
        if len(texts) == 1:
            found.titles += texts
            continue
        found.units.extend(unit for text in texts for unit in units_in(text))

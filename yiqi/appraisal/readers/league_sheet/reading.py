"""From entries to figures: values with their places, and what is wrong or doubtful about each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from django.utils.translation import gettext as _

from yiqi.appraisal.readers.league_sheet.names import IndicatorIndex, plain_unit
from yiqi.appraisal.readers.league_sheet.result import LeagueCell
from yiqi.appraisal.readers.league_sheet.specs import ColumnRole, ColumnSpec, Surroundings, specify
from yiqi.appraisal.readers.league_sheet.view import RegionCell, SheetContent
from yiqi.kit.sheets import Cell, CellKind, ReadState, Shown, SkippedRow, from_formula, read_number, read_rank
from yiqi.kit.sheets.names import narrow, short

_WITH_RANK: Final = re.compile(
    r"(?P<value>.+?)\((?P<rank>(?:全市|并列)*第\S{1,3}[位名]?|并列\d{1,2}|\d{1,2}[位名])\)\Z"
)
_RANGE: Final = re.compile(r"1月?[-—–－~～至到]\d{1,2}月|累计")
_DECIMALS_NEEDED: Final = 3
_TOO_LARGE: Final = 1e12


@dataclass(slots=True)
class _Figure:
    entry: RegionCell
    spec: ColumnSpec
    cell: LeagueCell


def read_figures(
    found: SheetContent, sheet: str, index: IndicatorIndex, month: int | None, league: int
) -> list[LeagueCell]:
    """The cells of one sheet, in the order of its lines; ``league`` is the number of counties, the last place."""
    ranges = any(_RANGE.search(part) for parts in {entry.parts for entry in found.entries} for part in parts)
    memory: dict[tuple[tuple[str, ...], ...], ColumnSpec] = {}

    def spec_of(entry: RegionCell) -> ColumnSpec:
        wanted = (entry.parts, (entry.unit,), entry.titles, entry.units_line)
        if wanted not in memory:
            around = Surroundings(entry.titles, tuple(dict.fromkeys(entry.units_line)), month, ranges)
            memory[wanted] = specify(entry.parts, entry.unit, index, around)
        return memory[wanted]

    figures: list[_Figure] = []
    texts = _columns_of_text(found.entries, spec_of)
    for name in dict.fromkeys(texts.values()):
        found.skipped.append(SkippedRow(None, _("“%(name)s”一列是文字，不是数据，未读取") % {"name": name}))
    for _line, group in groupby(found.entries, key=lambda entry: entry.line):
        line = sorted((entry for entry in group if entry.column not in texts), key=lambda entry: entry.column)
        figures.extend(_read_line([(entry, spec_of(entry)) for entry in line], sheet, league))
    _doubt_fractions(figures)
    return [figure.cell for figure in figures]


def _columns_of_text(
    entries: Iterable[RegionCell], spec_of: Callable[[RegionCell], ColumnSpec]
) -> dict[tuple[int, int], str]:
    """Columns of an unknown name with text and without a single number, by name: reasons and remarks are no figures."""
    by_column: dict[tuple[int, int], list[RegionCell]] = defaultdict(list)
    for entry in entries:
        spec = spec_of(entry)
        by_column[entry.column].extend([entry] if spec.kind is ColumnRole.VALUE and not spec.indicator else [])
    found = {}
    for column, members in by_column.items():
        readings = [read_number(entry.cell) for entry in members if entry.cell.kind is CellKind.TEXT]
        numbers = any(entry.cell.kind is not CellKind.TEXT and not entry.cell.is_blank for entry in members)
        empty = not numbers and all(reading.value is None for reading in readings)
        if empty and any(reading.state is ReadState.ERROR for reading in readings):
            found[column] = spec_of(members[0]).name
    return found


def _read_line(line: Sequence[tuple[RegionCell, ColumnSpec]], sheet: str, league: int) -> Iterator[_Figure]:
    values = [(place, entry, spec) for place, (entry, spec) in enumerate(line) if spec.kind is ColumnRole.VALUE]
    figures = {place: _Figure(entry, spec, _read_value(entry, spec, sheet)) for place, entry, spec in values}
    for place, (entry, spec) in enumerate(line):
        if spec.kind is ColumnRole.RANK and (owner := _owner(place, spec, figures)):
            _read_place(entry, figures[owner[0]].cell, league)
    yield from figures.values()


def _owner(place: int, spec: ColumnSpec, figures: dict[int, _Figure]) -> list[int]:
    """The value that a place belongs to: of the same heading, nearest to the left, else to the right."""
    same = [other for other, figure in figures.items() if spec.base and figure.spec.base == spec.base]
    if spec.suffix and same:
        same = [other for other in same if figures[other].spec.suffix == spec.suffix] or same
    candidates = same if spec.base else list(figures)
    left = sorted((other for other in candidates if other < place), reverse=True)
    return left or sorted(other for other in candidates if other > place)


def _read_value(entry: RegionCell, spec: ColumnSpec, sheet: str) -> LeagueCell:
    cell = LeagueCell(
        region=entry.region,
        indicator=spec.indicator.code if spec.indicator else None,
        indicator_name=spec.name,
        unit=spec.unit,
        sheet=sheet,
        place=entry.place,
    )
    source = _take_rank_inside(entry, cell)
    reading = read_number(source)
    if reading.state is ReadState.ERROR:
        cell.take(reading, at=entry.place)
    elif reading.value is not None and abs(reading.value) >= _TOO_LARGE:
        message = _("“%(text)s”超出可记录的范围")
        cell.note(message % {"text": short(entry.cell.text)}, ReadState.ERROR, at=entry.place)
    elif reading.value is None:
        cell.note(_("无数据"))
    else:
        cell.value = reading.value
        cell.take(reading, at=entry.place)
        _check_unit(entry, reading.unit, cell)
    if source.formula and cell.value is not None:
        cell.take(from_formula(source), at=entry.place)
    if not spec.indicator:
        missing = _("指标体系中没有“%(name)s”") % {"name": spec.name} if spec.name else _("该列没有表头")
        cell.note(missing, at="" if spec.name else entry.place)
    cell.note(spec.guess, ReadState.GUESSED if spec.guess else ReadState.READ)
    cell.note(spec.fault, ReadState.ERROR if spec.fault else ReadState.READ)
    return cell


def _take_rank_inside(entry: RegionCell, cell: LeagueCell) -> Cell:
    """Split ``8.2（第3位）``; other cells come back as they are."""
    match = _WITH_RANK.match(narrow(entry.cell.text)) if entry.cell.kind is CellKind.TEXT else None
    if not match:
        return entry.cell
    cell.rank = read_rank(Cell(match["rank"].replace("全市", ""), CellKind.TEXT))
    message = _("“%(text)s”按数值和位次两项读取") % {"text": entry.cell.text}
    cell.note(message, ReadState.GUESSED, at=entry.place)
    return Cell(match["value"], CellKind.TEXT, formula=entry.cell.formula)


def _check_unit(entry: RegionCell, written: str, cell: LeagueCell) -> None:
    """A unit inside the cell must be that of the column; where the column has none, it becomes the cell's."""
    if not written:
        return
    if not cell.unit:
        cell.unit = written
    elif plain_unit(written) != plain_unit(cell.unit):
        message = _("单元格里的单位“%(written)s”与该列的“%(wanted)s”不同")
        cell.note(message % {"written": written, "wanted": cell.unit}, ReadState.ERROR, at=entry.place)


def _read_place(entry: RegionCell, cell: LeagueCell, league: int) -> None:
    told = read_number(entry.cell)
    if told.value is None and told.state is ReadState.READ:
        return
    rank = read_rank(entry.cell)
    if rank is None:
        text = entry.cell.text or entry.cell.note
        message = _("位次“%(text)s”无法识别，未读取") % {"text": short(text, 20)}
        cell.note(message, ReadState.GUESSED, at=entry.place)
    elif rank > league:
        message = _("位次%(rank)d超过参加排名的%(league)d个县（市、区），未读取")
        cell.note(message % {"rank": rank, "league": league}, ReadState.GUESSED, at=entry.place)
    else:
        cell.rank = rank


def _doubt_fractions(figures: Sequence[_Figure]) -> None:
    """A column in % whose values all lie between -1 and 1 may have lost its percent format: said, never changed."""
    columns: dict[tuple[int, int], list[_Figure]] = defaultdict(list)
    for figure in figures:
        if plain_unit(figure.cell.unit) == "%" and figure.cell.value is not None:
            columns[figure.entry.column].append(figure)
    for members in columns.values():
        values = [figure.cell.value or 0.0 for figure in members]
        stored = all(figure.entry.cell.shown is not Shown.PERCENT for figure in members)
        if len(values) >= _DECIMALS_NEEDED and stored and any(values) and all(abs(value) < 1 for value in values):
            for figure in members:
                note = _("单位是“%%”而整列数值都小于1，可能是未乘以100的小数，请核对")
                figure.cell.note(note % {}, ReadState.GUESSED)


def check_doubles(cells: Sequence[LeagueCell]) -> None:
    """The second figure of a region and indicator is an error that names both places."""
    seen: dict[tuple[str, str], LeagueCell] = {}
    for cell in cells:
        if not cell.indicator and not cell.indicator_name:
            continue
        wanted = (cell.region, cell.indicator or f"{cell.indicator_name}|{plain_unit(cell.unit)}")
        first = seen.setdefault(wanted, cell)
        if first is not cell:
            message = _("%(place)s 与 %(first)s 是同一个县（市、区）的同一项指标，请只保留一处")
            cell.note(message % {"place": cell.place, "first": first.where(cell, first.place)}, ReadState.ERROR)

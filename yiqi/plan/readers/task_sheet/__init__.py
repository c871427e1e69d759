"""A task breakdown as counties write it, read into rows: pure, from sheets of cells to a preview.

Titles, units, dates and sections are recognised by what they say. Nothing is guessed silently: what the table does not
say itself is ``guessed`` with a note that says how it was filled in; what cannot be read is ``error`` with its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.utils.translation import gettext as _

from yiqi.core.readers.units import UnitIndex
from yiqi.kit.errors import InvalidInputError
from yiqi.kit.sheets import Header, Sheet, SkippedRow, TableSource
from yiqi.kit.sheets.names import short
from yiqi.plan.readers.task_sheet.actions import ActionIndex, ActionName, NamedAction
from yiqi.plan.readers.task_sheet.doubles import check_codes, check_titles
from yiqi.plan.readers.task_sheet.headings import HEADINGS, TaskColumn
from yiqi.plan.readers.task_sheet.result import ROWS, TaskRow, TaskSheet
from yiqi.plan.readers.task_sheet.rows import TableReader
from yiqi.plan.readers.task_sheet.tasks import Reader

__all__ = [
    "ROWS",
    "ActionName",
    "NamedAction",
    "TaskRow",
    "TaskSheet",
    "parse_task_sheet",
]


def parse_task_sheet(
    sheets: Sequence[Sheet], *, units: UnitIndex, actions: Iterable[NamedAction], year: int, start: date | None = None
) -> TaskSheet:
    """The tasks of a file's tables, in their order, with everything that was passed over.

    ``units`` resolves names, ``actions`` are the campaign's, ``year`` completes dates without a year, ``start`` (the
    year's first day when None) is the day before which a due date is doubted. Every non-blank row of a visible sheet
    is either a row of the result or among ``skipped``; rows filled by a merged cell alone are not listed.

    Raises InvalidInputError ``no_task_table`` when no table has headings for what is to be done and for who or when.
    """
    reader = Reader(units, ActionIndex.of(actions), year, start)
    result = TaskSheet(ROWS)
    header: Header[TaskColumn] | None = None
    before: Sheet | None = None
    several = sum(not sheet.hidden for sheet in sheets) > 1
    for sheet in result.visible(sheets):
        prefix = _("%(sheet)s：") % {"sheet": sheet.name} if several else ""
        header = HEADINGS.find(sheet) or _continued(sheet, before, header)
        if header is None:
            result.skipped.append(SkippedRow(None, _("“%(name)s”里没有任务表的表头，未读取") % {"name": sheet.name}))
            continue
        table = TableReader(reader, sheet, header, prefix, section=_section(sheet, header, reader))
        result.skipped += [SkippedRow(row, prefix + why) for row, why in _head(sheet, header)]
        table.read()
        result.records += table.rows
        result.skipped += table.skipped
        before = sheet
    if before is None:
        message = _("没有找到任务表。表头应当有任务名称或具体举措一列，以及牵头单位、责任单位或完成时限一列。")
        raise InvalidInputError(message, code="no_task_table")
    check_codes(result.records)
    check_titles(result.records)
    return result


def _continued(sheet: Sheet, before: Sheet | None, header: Header[TaskColumn] | None) -> Header[TaskColumn] | None:
    """The header of the table before, when a document's table goes on in another one of the same width."""
    if before is None or header is None or sheet.origin is not TableSource.DOCUMENT or sheet.width != before.width:
        return None
    return Header(0, 0, header.columns, header.labels)


def _section(sheet: Sheet, header: Header[TaskColumn], reader: Reader) -> NamedAction | None:
    """The action that the lines above a table, or the sheet's name, put it under."""
    above = [
        cell.text for row in sheet.rows[: max(header.first - 1, 0)] for cell in row if cell.text and not cell.merged
    ]
    for line in (sheet.name, *reversed(above), *reversed(sheet.lead)):
        if action := reader.actions.find(line):
            return action
    return None


def _head(sheet: Sheet, header: Header[TaskColumn]) -> Iterator[tuple[int, str]]:
    """The rows above and of the header, with why they are no tasks."""
    for row in range(1, header.last + 1):
        texts = sheet.texts(row)
        if texts and row < header.first:
            yield row, _("表头之前的标题或说明：%(text)s") % {"text": short(" ".join(texts))}
        elif texts:
            yield row, _("表头")

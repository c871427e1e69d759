"""Tables of uploaded files as sheets of cells, whatever the format; damage, locks and bombs are refused by name."""

from __future__ import annotations

import io
import math
import re
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import python_calamine as calamine
from django.utils.translation import gettext as _

from yiqi.kit.errors import FileRefusedError
from yiqi.kit.sheets.cells import EMPTY, Cell, CellKind, Range, Sheet, Shown, fill_merged
from yiqi.kit.sheets.guard import DEFAULT_LIMITS, FileKind, FileLimits, check, damaged, encrypted, load, too_many
from yiqi.kit.sheets.plain import read_csv
from yiqi.kit.sheets.scan import SheetFacts, scan_workbook
from yiqi.kit.sheets.word import read_docx

_ERROR_TEXT: Final = re.compile(r"#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!|GETTING_DATA)\Z")
_EPOCH: Final = date(1899, 12, 30)


def read_tables(source: Path | bytes, *, filename: str, limits: FileLimits = DEFAULT_LIMITS) -> list[Sheet]:
    """All tables of a file, in their order; hidden sheets come as such and without rows.

    ``filename`` gives the extension, which must fit the content: .xlsx, .xls, .csv (UTF-8, UTF-16 or GB 18030) or
    .docx (each table is a sheet). Merged areas are filled; rows count from 1 as on screen.

    Raises FileRefusedError; its ``code`` is one of file_empty, file_too_large, file_kind, file_macros,
    file_encrypted, file_damaged, file_wrong_content, file_bomb, file_too_many_cells, file_no_data.
    """
    data = load(source, limits)
    kind = check(data, filename=filename, limits=limits)
    if kind is FileKind.CSV:
        sheets = read_csv(data, name=Path(filename).stem, limits=limits)
    elif kind is FileKind.DOCX:
        sheets = read_docx(data, limits=limits)
    else:
        sheets = _read_workbook(data, kind, limits)
    if not any(not cell.is_blank for sheet in sheets for row in sheet.rows for cell in row):
        message = _("文件里没有可读取的表格：工作表都是空白或已隐藏。请确认选对了文件，并取消隐藏需要的工作表。")
        raise FileRefusedError(message, code="file_no_data")
    return sheets


def _read_workbook(data: bytes, kind: FileKind, limits: FileLimits) -> list[Sheet]:
    facts: dict[str, SheetFacts] = {}
    if kind is FileKind.XLSX:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            facts = scan_workbook(archive, limits)
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            return [
                _read_sheet(book, index, meta, facts.get(meta.name, SheetFacts()), limits)
                for index, meta in enumerate(book.sheets_metadata)
                if meta.typ is calamine.SheetTypeEnum.WorkSheet
            ]
    except calamine.PasswordError as fault:
        raise encrypted() from fault
    except (calamine.CalamineError, OSError, ValueError) as fault:
        raise damaged() from fault
    except BaseException as fault:  # a panic of the Rust parser derives from BaseException: a broken file, not ours
        if type(fault).__name__ == "PanicException":
            raise damaged() from fault
        raise


def _read_sheet(
    book: calamine.CalamineWorkbook, index: int, meta: calamine.SheetMetadata, facts: SheetFacts, limits: FileLimits
) -> Sheet:
    if meta.visible is not calamine.SheetVisibleEnum.Visible:
        return Sheet(meta.name, [], hidden=True)
    table = book.get_sheet_by_index(index)
    height, width = max(table.total_height, facts.rows), max(table.total_width, facts.columns)
    if height > limits.rows or width > limits.columns or height * width > limits.cells:
        raise too_many(height, width, meta.name, limits)
    rows = [[_cell(value) for value in row] for row in table.to_python(skip_empty_area=False)]
    _pad(rows, facts.rows, max(table.total_width, facts.columns))
    _apply(rows, facts)
    merged = [
        Range(top + 1, left + 1, bottom + 1, right + 1)
        for (top, left), (bottom, right) in table.merged_cell_ranges or ()
    ]
    fill_merged(rows, merged)
    return Sheet(meta.name, rows, merged, hidden_rows=frozenset(facts.hidden_rows))


def _cell(value: Any) -> Cell:
    """A cell of what calamine gives."""
    if isinstance(value, bool):
        return Cell(value, CellKind.BOOL)
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        return Cell(value.date() if value.time() == time() else value, CellKind.DATE)
    if isinstance(value, date):
        return Cell(value, CellKind.DATE)
    text = "" if value is None else str(value)  # also times of day and durations, which no table here means
    if _ERROR_TEXT.match(text):
        return _error(text)
    return Cell(text, CellKind.TEXT) if text.strip() else EMPTY


def _number(value: float) -> Cell:
    """Whole floats become int; the noise of binary fractions beyond Excel's 15 digits is rounded away."""
    if not math.isfinite(value):
        return Cell(str(value), CellKind.ERROR, _("不是有限的数"))
    rounded = float(f"{value:.15g}")
    whole = rounded.is_integer() and abs(rounded) < 2**53
    return Cell(int(rounded) if whole else rounded, CellKind.NUMBER)


def _error(text: str) -> Cell:
    note = _("单元格是公式错误值“%(text)s”，请在 Excel 中改正公式并保存后再上传") % {"text": text or "#"}
    return Cell(text, CellKind.ERROR, note)


def _pad(rows: list[list[Cell]], height: int, width: int) -> None:
    """Widen to the extent of the XML: calamine leaves out what has no value, such as formulas never calculated."""
    rows.extend([] for _missing in range(height - len(rows)))
    for row in rows:
        row.extend([EMPTY] * (width - len(row)))


def _apply(rows: list[list[Cell]], facts: SheetFacts) -> None:
    for (row, column), shown in facts.shown.items():
        cell = rows[row - 1][column - 1]
        rows[row - 1][column - 1] = Cell(cell.value, cell.kind, cell.note, shown=shown)
    for row, column in facts.plain_dates:
        rows[row - 1][column - 1] = _as_date(rows[row - 1][column - 1])
    for row, column in facts.formulas:
        cell = rows[row - 1][column - 1]
        rows[row - 1][column - 1] = Cell(cell.value, cell.kind, cell.note, formula=True, shown=cell.shown)
    for row, column in facts.without_result:
        note = _("公式没有缓存的计算结果，请在 Excel 中打开并保存后再上传")
        rows[row - 1][column - 1] = Cell("", CellKind.ERROR, note, formula=True)
    for row, column in facts.no_number:
        rows[row - 1][column - 1] = Cell("", CellKind.ERROR, _("不是有限的数"))
    for (row, column), text in facts.errors.items():
        rows[row - 1][column - 1] = _error(text)


def _as_date(cell: Cell) -> Cell:
    """The date of a number under one of Excel's unwritten Chinese date formats."""
    if isinstance(cell.value, int | float) and 0 < cell.value < 200_000:
        day = _EPOCH + timedelta(days=int(cell.value))
        return Cell(day, CellKind.DATE, shown=cell.shown if cell.shown is not Shown.PERCENT else Shown.PLAIN)
    return cell

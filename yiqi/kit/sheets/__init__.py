"""Tables in and out: Excel, CSV and Word files as sheets of cells, exports in which no text acts as a formula."""

from yiqi.kit.sheets.cells import EMPTY, Cell, CellKind, Range, Sheet, Shown, TableSource, address, tidy
from yiqi.kit.sheets.dates import DateRead, read_date_text, read_dates, read_frequency
from yiqi.kit.sheets.facts import CellFacts, ReadFile, ReadState, Record, SkippedRow, from_formula, worst
from yiqi.kit.sheets.guard import DEFAULT_LIMITS, FileKind, FileLimits
from yiqi.kit.sheets.headings import Header, Headings
from yiqi.kit.sheets.numbers import NumberRead, read_number, read_number_text, read_rank
from yiqi.kit.sheets.reader import read_tables
from yiqi.kit.sheets.writer import ColumnKind, SheetColumn, Table, neutralise, to_csv, to_xlsx

__all__ = [
    "DEFAULT_LIMITS",
    "EMPTY",
    "Cell",
    "CellFacts",
    "CellKind",
    "ColumnKind",
    "DateRead",
    "FileKind",
    "FileLimits",
    "Header",
    "Headings",
    "NumberRead",
    "Range",
    "ReadFile",
    "ReadState",
    "Record",
    "Sheet",
    "SheetColumn",
    "Shown",
    "SkippedRow",
    "Table",
    "TableSource",
    "address",
    "from_formula",
    "neutralise",
    "read_date_text",
    "read_dates",
    "read_frequency",
    "read_number",
    "read_number_text",
    "read_rank",
    "read_tables",
    "tidy",
    "to_csv",
    "to_xlsx",
    "worst",
]

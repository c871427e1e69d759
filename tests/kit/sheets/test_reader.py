"""Tables as they stand: row numbers, kinds, merged areas, formulas, formats, hidden sheets, text and documents."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from docx import Document
from docx.oxml import parse_xml
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.kit.sheets.books import book, document, repacked, saved
from yiqi.kit.sheets import Cell, CellKind, Range, Sheet, Shown, TableSource, address, read_tables

DATA = Path(__file__).parent / "data"
SHEET = "xl/worksheets/sheet1.xml"


def texts(sheet: Sheet) -> list[list[str]]:
    return [[cell.text for cell in row] for row in sheet.rows]


def only(data: bytes, filename: str = "a.xlsx") -> Sheet:
    [sheet] = read_tables(data, filename=filename)
    return sheet


def test_rows_and_columns_keep_the_numbers_on_screen() -> None:
    def put(sheet: Worksheet) -> None:
        sheet["C5"] = "任务"

    sheet = only(book(finish=put))
    assert (len(sheet.rows), sheet.width, sheet.cell(5, 3).text, sheet.cell(9, 9).is_blank) == (5, 3, "任务", True)


@pytest.mark.parametrize(("row", "column", "name"), [(7, 6, "F7"), (1, 26, "Z1"), (3, 27, "AA3"), (1, 703, "AAA1")])
def test_an_address_is_that_of_excel(row: int, column: int, name: str) -> None:
    assert address(row, column) == name


@pytest.mark.parametrize(
    ("written", "value", "kind"),
    [
        (3, 3, CellKind.NUMBER),
        (3.0, 3, CellKind.NUMBER),
        (8.300000000000001, 8.3, CellKind.NUMBER),
        (" 县\u200b发改局\u3000 ", "县发改局", CellKind.TEXT),
        ("一\r\n 二", "一\n二", CellKind.TEXT),
        (True, True, CellKind.BOOL),
        (date(2021, 9, 30), date(2021, 9, 30), CellKind.DATE),
        (float("nan"), "", CellKind.ERROR),
        (float("inf"), "", CellKind.ERROR),
    ],
)
def test_values_keep_their_kind(written: object, value: object, kind: CellKind) -> None:
    cell = only(book([["x", written]])).cell(1, 2)
    assert (cell.text if kind is CellKind.TEXT else cell.value, cell.kind) == (value, kind)


@pytest.mark.parametrize("raw", [b"1e400", b"NaN", b"-INF"])
def test_a_number_that_is_not_finite_is_an_error_cell(raw: bytes) -> None:
    def change(xml: bytes) -> bytes:
        return xml.replace(b"<v>7</v>", b"<v>" + raw + b"</v>")

    cell = only(repacked(book([["x", 7]]), {SHEET: change})).cell(1, 2)
    assert (cell.kind, cell.note) == (CellKind.ERROR, "不是有限的数")


@pytest.mark.parametrize("text", ["#DIV/0!", "#REF!", "#N/A"])
def test_an_error_value_is_an_error_cell_that_says_what_to_do(text: str) -> None:
    def put(sheet: Worksheet) -> None:
        sheet["A1"] = text
        sheet["A1"].data_type = "e"

    cell = only(book(finish=put)).cell(1, 1)
    assert cell.kind is CellKind.ERROR
    assert cell.note == f"单元格是公式错误值“{text}”，请在 Excel 中改正公式并保存后再上传"


def formulas() -> bytes:
    stream = io.BytesIO()
    workbook = xlsxwriter.Workbook(stream)
    sheet = workbook.add_worksheet()
    sheet.write_formula(0, 0, "=1+1", None, 2)
    sheet.write_formula(0, 1, "=1+1")  # no result: xlsxwriter writes 0 and asks Excel to calculate on opening
    sheet.write_formula(0, 2, '="a"&"b"', None, "ab")
    workbook.close()
    return stream.getvalue()


def test_a_formula_gives_its_stored_result_or_an_error() -> None:
    found = [(cell.value, cell.kind, cell.formula) for cell in only(formulas()).rows[0]]
    assert found == [(2, CellKind.NUMBER, True), ("", CellKind.ERROR, True), ("ab", CellKind.TEXT, True)]


def test_a_formula_never_calculated_is_an_error_even_in_the_last_row() -> None:
    sheet = only(book([["x"], ["=A1"], [None, "=SUM(A1:A2)"]]))
    note = "公式没有缓存的计算结果，请在 Excel 中打开并保存后再上传"
    assert [(cell.kind, cell.note) for cell in (sheet.cell(2, 1), sheet.cell(3, 2))] == [(CellKind.ERROR, note)] * 2


def test_merged_areas_are_filled_and_flagged() -> None:
    sheet = only(book([["甲", None, "x"], [None, None, "y"]], merge=["A1:B2"]))
    assert texts(sheet) == [["甲", "甲", "x"], ["甲", "甲", "y"]]
    assert [[cell.merged for cell in row] for row in sheet.rows] == [[False, True, False], [True, True, False]]
    assert sheet.merged == [Range(1, 1, 2, 2)]


def test_a_merged_area_over_the_whole_sheet_stays_in_the_table() -> None:
    # not by merge_cells, which makes a cell in memory for each of a million rows
    sheet = only(book([["甲", "x"], [None, "y"]], finish=lambda sheet: sheet.merged_cells.add("A1:A1048576")))
    assert texts(sheet) == [["甲", "x"], ["甲", "y"]]


@pytest.mark.parametrize(
    ("code", "shown", "value"),
    [
        ('yyyy"年"m"月"', Shown.MONTH, date(2021, 9, 1)),
        ('m"月"d"日"', Shown.MONTH_DAY, date(2021, 9, 1)),
        ("yyyy-mm-dd", Shown.PLAIN, date(2021, 9, 1)),
        ('[$-804]yyyy"年"m"月"d"日";@', Shown.PLAIN, date(2021, 9, 1)),
        ("0.0%", Shown.PERCENT, 44440),
        ("0.00_);[Red]\\(0.00\\)", Shown.PLAIN, 44440),
    ],
)
def test_number_formats_tell_how_a_value_is_shown(code: str, shown: Shown, value: object) -> None:
    def put(sheet: Worksheet) -> None:
        sheet["A1"] = 44440
        sheet["A1"].number_format = code

    cell = only(book(finish=put)).cell(1, 1)
    assert (cell.shown, cell.value) == (shown, value)


@pytest.mark.parametrize(("number", "shown"), [(31, Shown.PLAIN), (57, Shown.MONTH), (58, Shown.MONTH_DAY)])
def test_chinese_date_formats_that_excel_never_writes_out_are_known(number: int, shown: Shown) -> None:
    def put(sheet: Worksheet) -> None:
        sheet["A1"] = 44469
        sheet["A1"].number_format = "0.000"

    def change(styles: bytes) -> bytes:
        return styles.replace(b'numFmtId="164" fontId', b'numFmtId="%d" fontId' % number)

    cell = only(repacked(book(finish=put), {"xl/styles.xml": change})).cell(1, 1)
    assert (cell.value, cell.kind, cell.shown) == (date(2021, 9, 30), CellKind.DATE, shown)


def test_hidden_sheets_come_without_rows_and_hidden_rows_are_named() -> None:
    workbook = Workbook()
    first = workbook.active
    assert isinstance(first, Worksheet)
    first.append(["甲"])
    first.append(["乙"])
    first.row_dimensions[2].hidden = True
    second = workbook.create_sheet("底稿")
    second.append(["丙"])
    second.sheet_state = "hidden"
    found = read_tables(saved(workbook), filename="a.xlsx")
    assert [(sheet.name, sheet.hidden, len(sheet.rows), sheet.hidden_rows) for sheet in found] == [
        ("Sheet", False, 2, frozenset({2})),
        ("底稿", True, 0, frozenset()),
    ]


def test_old_workbooks_are_read_too() -> None:
    first, second = read_tables(DATA / "old.xls", filename="old.xls")
    assert texts(first)[1:] == [
        ["", "任务分解表", "任务分解表", "任务分解表"],
        ["", "任务", "时限", "数"],
        ["", "甲", "2021-09-30", "3"],
    ]
    assert (first.cell(4, 3).kind, first.cell(4, 4).value, second.hidden) == (CellKind.DATE, 3, True)


def test_prefixed_elements_are_understood() -> None:
    def change(xml: bytes) -> bytes:
        for name in (b"worksheet", b"sheetData", b"row", b"c", b"v", b"f"):
            xml = xml.replace(b"<" + name + b" ", b"<x:" + name + b" ").replace(
                b"<" + name + b">", b"<x:" + name + b">"
            )
            xml = xml.replace(b"</" + name + b">", b"</x:" + name + b">")
        return xml.replace(b"xmlns=", b"xmlns:x=")

    plain = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    plain += '<row r="2"><c r="B2"><f>1+1</f></c><c r="C2"><v>5</v></c></row></sheetData></worksheet>'
    sheet = only(repacked(book([["x"]]), {SHEET: change(plain.encode())}))
    assert [cell.kind for cell in sheet.rows[1]] == [CellKind.EMPTY, CellKind.ERROR, CellKind.NUMBER]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_text_is_read_in_its_encoding_and_with_its_separator(encoding: str, separator: str) -> None:
    written = separator.join(["任务", "时限"]) + "\r\n" + separator.join(["甲𠮷", '"9月底\n前"']) + "\r\n"
    sheet = only(written.encode(encoding), "a.csv")
    assert texts(sheet) == [["任务", "时限"], ["甲𠮷", "9月底\n前"]]
    assert (sheet.name, sheet.origin) == ("a", TableSource.TEXT)


def test_tables_of_a_document_are_sheets_with_the_lines_before_them() -> None:
    data = document("附件1", "任务表", [["任务", "时限"], ["甲", "9月底"]], "续表", [["乙", "年底"]])
    first, second = read_tables(data, filename="a.docx")
    assert (first.name, first.lead, texts(first)) == ("表1", ("附件1", "任务表"), [["任务", "时限"], ["甲", "9月底"]])
    assert (second.lead, texts(second), second.origin) == (("续表",), [["乙", "年底"]], TableSource.DOCUMENT)


def test_merged_cells_of_a_document_are_filled() -> None:
    paper = Document()
    table = paper.add_table(3, 3)
    table.cell(0, 0).text, table.cell(0, 1).text, table.cell(2, 2).text = "甲", "乙", "丙"
    table.cell(0, 0).merge(table.cell(2, 0))
    table.cell(0, 1).merge(table.cell(0, 2))
    stream = io.BytesIO()
    paper.save(stream)
    sheet = only(stream.getvalue(), "a.docx")
    assert texts(sheet) == [["甲", "乙", "乙"], ["甲", "", ""], ["甲", "", "丙"]]
    assert [cell.merged for cell in sheet.rows[0]] == [False, False, True]


def test_tracked_changes_of_a_document_count_as_accepted() -> None:
    paper = Document()
    cell = paper.add_table(1, 1).cell(0, 0)
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    paragraph = f"<w:p {names}><w:r><w:t>县</w:t></w:r><w:del><w:r><w:delText>工信</w:delText></w:r></w:del>"
    paragraph += "<w:ins><w:r><w:t>发改</w:t></w:r></w:ins><w:r><w:t>局</w:t></w:r></w:p>"
    cell._tc.append(parse_xml(paragraph))
    stream = io.BytesIO()
    paper.save(stream)
    assert texts(only(stream.getvalue(), "a.docx")) == [["县发改局"]]


def test_a_cell_reads_as_one_would_say_it() -> None:
    cells = [Cell(), Cell(1.50, CellKind.NUMBER), Cell(date(2021, 9, 3), CellKind.DATE), Cell(False, CellKind.BOOL)]
    assert [cell.text for cell in cells] == ["", "1.5", "2021-09-03", "False"]

"""What is refused before it is read, each with its own code."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from tests.kit.sheets.books import book, document, repacked
from yiqi.kit.errors import FileRefusedError
from yiqi.kit.sheets import FileLimits, read_tables

DATA = Path(__file__).parent / "data"
GOOD = book([["任务", "时限"], ["甲", "9月底"]])
SHEET = "xl/worksheets/sheet1.xml"


def bomb(megabytes: int) -> bytes:
    return repacked(GOOD, {"xl/media/a.bin": b"\0" * (megabytes * 1024 * 1024)})


def lying(data: bytes) -> bytes:
    """The container whose directory declares every part as 100 bytes long."""
    changed = bytearray(data)
    place = data.find(b"PK\x01\x02")
    while place >= 0:
        changed[place + 24 : place + 28] = struct.pack("<I", 100)
        place = data.find(b"PK\x01\x02", place + 1)
    return bytes(changed)


def locked_zip(data: bytes) -> bytes:
    changed = bytearray(data)
    place = data.find(b"PK\x01\x02")
    changed[place + 8] |= 1
    return bytes(changed)


def opendocument() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    return stream.getvalue()


def macro_types(types: bytes) -> bytes:
    return types.replace(b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml")


DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><worksheet><sheetData/></worksheet>'
STRAY = b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
WIDE = b'<worksheet><sheetData><row r="1"><c r="SG1"><v>1</v></c></row></sheetData></worksheet>'
MANY = b'<worksheet><sheetData><row r="200001"><c r="A200001"><v>1</v></c></row></sheetData></worksheet>'


@pytest.mark.parametrize(
    ("data", "filename", "code"),
    [
        pytest.param(b"", "a.xlsx", "file_empty", id="no bytes"),
        pytest.param(b"  \n \n", "a.csv", "file_no_data", id="blank text"),
        pytest.param(book(), "a.xlsx", "file_no_data", id="blank workbook"),
        pytest.param(b"\0" * (20 * 1024 * 1024 + 1), "a.xlsx", "file_too_large", id="too large"),
        pytest.param(GOOD, "a.pdf", "file_kind", id="kind that is not read"),
        pytest.param(GOOD, "noextension", "file_kind", id="no extension"),
        pytest.param(GOOD, "a.xlsm", "file_macros", id="macro extension"),
        pytest.param(repacked(GOOD, {"xl/vbaProject.bin": b"x"}), "a.xlsx", "file_macros", id="macros in .xlsx"),
        pytest.param(repacked(GOOD, {"[Content_Types].xml": macro_types}), "a.xlsx", "file_macros", id="macro type"),
        pytest.param(
            repacked(document("x"), {"word/vbaProject.bin": b"x"}), "a.docx", "file_macros", id="macros in .docx"
        ),
        pytest.param((DATA / "locked.xlsx").read_bytes(), "a.xlsx", "file_encrypted", id="password"),
        pytest.param(locked_zip(GOOD), "a.xlsx", "file_encrypted", id="locked zip entry"),
        pytest.param(
            (DATA / "old.xls").read_bytes().replace(b"\x42\x00\x02\x00", b"\x2f\x00\x02\x00", 1),
            "a.xls",
            "file_encrypted",
            id="password in .xls",
        ),
        pytest.param(GOOD[: len(GOOD) // 2], "a.xlsx", "file_damaged", id="truncated"),
        pytest.param(GOOD[:-30], "a.xlsx", "file_damaged", id="truncated at the end"),
        pytest.param((DATA / "old.xls").read_bytes()[:700], "a.xls", "file_damaged", id="truncated .xls"),
        pytest.param(lying(GOOD), "a.xlsx", "file_damaged", id="directory that lies"),
        pytest.param(repacked(GOOD, {SHEET: b"<worksheet><sheetData><row"}), "a.xlsx", "file_damaged", id="broken XML"),
        pytest.param(repacked(GOOD, {SHEET: DOCTYPE}), "a.xlsx", "file_damaged", id="document type"),
        pytest.param(
            repacked(document("x"), {"word/document.xml": b"<w:document"}), "a.docx", "file_damaged", id="broken .docx"
        ),
        pytest.param(GOOD, "a.csv", "file_wrong_content", id="workbook named .csv"),
        pytest.param(GOOD, "a.docx", "file_wrong_content", id="workbook named .docx"),
        pytest.param(GOOD, "a.xls", "file_wrong_content", id="new workbook named .xls"),
        pytest.param(b"a,b\n1,2\n", "a.xlsx", "file_wrong_content", id="text named .xlsx"),
        pytest.param(b"<html><table></table></html>", "a.xls", "file_wrong_content", id="web page named .xls"),
        pytest.param(opendocument(), "a.xlsx", "file_wrong_content", id="another office format"),
        pytest.param(bomb(40), "a.xlsx", "file_bomb", id="unpacks a thousandfold"),
        pytest.param(repacked(GOOD, {SHEET: STRAY}), "a.xlsx", "file_too_many_cells", id="value in the last cell"),
        pytest.param(repacked(GOOD, {SHEET: WIDE}), "a.xlsx", "file_too_many_cells", id="501 columns"),
        pytest.param(repacked(GOOD, {SHEET: MANY}), "a.xlsx", "file_too_many_cells", id="200,001 rows"),
        pytest.param(b"a\n" * 200_001, "a.csv", "file_too_many_cells", id="200,001 lines"),
        pytest.param(document("没有表格"), "a.docx", "file_no_data", id="document without a table"),
    ],
)
def test_a_bad_file_is_refused_by_name(data: bytes, filename: str, code: str) -> None:
    with pytest.raises(FileRefusedError) as refused:
        read_tables(data, filename=filename)
    assert refused.value.code == code
    assert refused.value.status == 422
    assert str(refused.value).endswith("。")


def test_a_large_file_on_disk_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with path.open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)
    with pytest.raises(FileRefusedError) as refused:
        read_tables(path, filename=path.name)
    assert refused.value.data == {"bytes": 100 * 1024 * 1024, "limit": 20 * 1024 * 1024}


def test_limits_are_those_given() -> None:
    with pytest.raises(FileRefusedError) as refused:
        read_tables(GOOD, filename="a.xlsx", limits=FileLimits(rows=1))
    assert refused.value.code == "file_too_many_cells"
    assert refused.value.data["rows"] == 2


def test_too_many_parts_are_a_bomb() -> None:
    crowded = repacked(GOOD, {f"xl/media/{number}.bin": b"" for number in range(20)})
    with pytest.raises(FileRefusedError) as refused:
        read_tables(crowded, filename="a.xlsx", limits=FileLimits(entries=20))
    assert refused.value.code == "file_bomb"


def test_a_million_formatted_blank_rows_are_no_rows() -> None:
    blank = b"".join(
        b'<row r="%d" s="1" customFormat="1"><c r="A%d" s="1"/></row>' % (n, n) for n in range(3, 1_048_577)
    )
    rows = b'<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row><row r="2"><c r="A2"><v>2</v></c></row>'
    data = repacked(
        GOOD,
        {
            SHEET: b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            + rows
            + blank
            + b"</sheetData></worksheet>"
        },
    )
    [sheet] = read_tables(data, filename="a.xlsx")
    assert [[cell.value for cell in row] for row in sheet.rows] == [["x"], [2]]

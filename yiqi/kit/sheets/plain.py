"""Comma separated text as a sheet: encoding and separator are sniffed, every value stays text."""

from __future__ import annotations

import csv
import io
from typing import Final

from django.utils.translation import gettext as _

from yiqi.kit.errors import FileRefusedError
from yiqi.kit.sheets.cells import EMPTY, Cell, CellKind, Sheet, TableSource
from yiqi.kit.sheets.guard import FileLimits, damaged, too_many

_ENCODINGS: Final = ("utf-8-sig", "gb18030")


def read_csv(data: bytes, *, name: str, limits: FileLimits) -> list[Sheet]:
    """One sheet. Raises FileRefusedError: undecodable text, too many rows or columns."""
    text = _decode(data)
    rows: list[list[Cell]] = []
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text)):
            rows.append([Cell(value, CellKind.TEXT) if value.strip() else EMPTY for value in line])
            if len(rows) > limits.rows or len(line) > limits.columns:
                raise too_many(len(rows), len(line), name, limits)
    except csv.Error as fault:
        raise damaged() from fault
    return [Sheet(name, rows, origin=TableSource.TEXT)]


def _decode(data: bytes) -> str:
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else _ENCODINGS
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    message = _("无法识别文件的文字编码。请另存为“CSV UTF-8（逗号分隔）”或 Excel 工作簿后再上传。")
    raise FileRefusedError(message, code="file_damaged")


def _separator(text: str) -> str:
    """The separator that cuts the first lines most often; a comma when in doubt."""
    head = "\n".join(text.splitlines()[:50])
    return max(",\t;", key=head.count)

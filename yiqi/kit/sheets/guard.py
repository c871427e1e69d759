"""What is checked about an uploaded table before any parser sees it: size, kind, lock, macros, damage, zip bombs."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath
from typing import Final

from django.utils.translation import gettext as _

from yiqi.kit.errors import FileRefusedError

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP: Final = b"PK\x03\x04"
_MACRO_SUFFIXES: Final = {".xlsm", ".xltm", ".xlam", ".xlsb", ".docm", ".dotm"}
_MEGABYTE: Final = 1024 * 1024


class FileKind(StrEnum):
    """Kinds that can be read."""

    XLSX = "xlsx"
    XLS = "xls"
    CSV = "csv"
    DOCX = "docx"


@dataclass(frozen=True, slots=True)
class FileLimits:
    """What is accepted at most. ``ratio`` (unpacked to packed bytes) counts from ``ratio_from`` unpacked bytes on."""

    file_bytes: int = 20 * _MEGABYTE
    unpacked_bytes: int = 256 * _MEGABYTE
    ratio: int = 150
    ratio_from: int = 24 * _MEGABYTE
    entries: int = 5000
    rows: int = 200_000
    columns: int = 500
    cells: int = 3_000_000


DEFAULT_LIMITS: Final = FileLimits()


def load(source: Path | bytes, limits: FileLimits) -> bytes:
    """The file's bytes, refused before reading when it is larger than the limit."""
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > limits.file_bytes:
        message = _(
            "文件有 %(size).0f MB，超过 %(limit).0f MB 的上限。"
            "请删去无关的工作表、图片和空白行后再上传，或者分成几个文件。"
        )
        facts = {"size": size / _MEGABYTE, "limit": limits.file_bytes / _MEGABYTE}
        raise FileRefusedError(message % facts, code="file_too_large", data={"bytes": size, "limit": limits.file_bytes})
    data = source if isinstance(source, bytes) else source.read_bytes()
    if not data:
        raise FileRefusedError(_("文件是空的（0 字节）。请确认保存成功后重新上传。"), code="file_empty")
    return data


def check(data: bytes, *, filename: str, limits: FileLimits = DEFAULT_LIMITS) -> FileKind:
    """The file's kind, told from its content and held against its extension.

    Raises FileRefusedError with the codes ``file_kind``, ``file_macros``, ``file_encrypted``, ``file_damaged``,
    ``file_wrong_content`` and ``file_bomb``.
    """
    suffix = PurePath(filename).suffix.lower()
    if suffix in _MACRO_SUFFIXES:
        raise _macros()
    if suffix not in {f".{kind}" for kind in FileKind}:
        message = _("不能读取“%(suffix)s”文件。请另存为 Excel 工作簿（.xlsx）、Word 文档（.docx）或 CSV 后再上传。")
        raise FileRefusedError(message % {"suffix": suffix or filename}, code="file_kind", data={"suffix": suffix})
    found = _kind_of(data, limits)
    if found is None or found != suffix[1:]:
        message = _("文件的内容与扩展名“%(suffix)s”不符。请用 Excel 或 WPS 打开，另存为所需的格式后再上传。")
        facts = {"suffix": suffix}
        raise FileRefusedError(message % facts, code="file_wrong_content", data={"suffix": suffix, "found": found})
    return found


def damaged() -> FileRefusedError:
    """The refusal for a file that its own format says is broken."""
    return FileRefusedError(_("文件已损坏或不完整，无法打开。请重新下载或另存一份后再上传。"), code="file_damaged")


def encrypted() -> FileRefusedError:
    """The refusal for a locked file."""
    return FileRefusedError(
        _("文件设有打开密码，无法读取。请在 Excel 或 WPS 中取消密码后再上传。"), code="file_encrypted"
    )


def too_many(rows: int, columns: int, sheet: str, limits: FileLimits) -> FileRefusedError:
    """The refusal for a table with more rows, columns or cells than can be taken in."""
    message = _(
        "工作表“%(sheet)s”的内容到第 %(rows)d 行、第 %(columns)d 列，超过 %(max_rows)d 行、%(max_columns)d 列的上限。"
        "请删除表格以外的零散内容，或者分成几个文件。"
    )
    facts = {"sheet": sheet, "rows": rows, "columns": columns}
    data = {**facts, "max_rows": limits.rows, "max_columns": limits.columns}
    return FileRefusedError(message % data, code="file_too_many_cells", data=data)


def _macros() -> FileRefusedError:
    message = _("文件含有宏，不能上传。请另存为不含宏的工作簿（.xlsx）或文档（.docx）后再上传。")
    return FileRefusedError(message, code="file_macros")


def _kind_of(data: bytes, limits: FileLimits) -> FileKind | None:
    if data.startswith(_OLE):
        return _check_ole(data)
    if data.startswith(_ZIP):
        return _check_zip(data, limits)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" not in data[: 64 * 1024]:
        return None if data.lstrip()[:1] == b"<" else FileKind.CSV
    return None


def _check_ole(data: bytes) -> FileKind | None:
    """Directory entries of an OLE container are UTF-16 names: enough to tell what it holds."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise encrypted()
    if "_VBA_PROJECT".encode("utf-16-le") in data:
        raise _macros()
    if any(name.encode("utf-16-le") in data for name in ("Workbook\x00", "Book\x00")):
        if _has_filepass(data):
            raise encrypted()
        return FileKind.XLS
    if any(name.encode("utf-16-le") in data for name in ("WordDocument", "PowerPoint Document")):
        return None
    raise damaged()


def _has_filepass(data: bytes) -> bool:
    """Whether a BIFF stream begins with BOF (0x0809) and a FILEPASS record (0x002F) soon after: [MS-XLS] 2.4.117."""
    for sector in range(512, len(data) - 4, 512):
        if data[sector : sector + 2] != b"\x09\x08":
            continue
        place = sector
        for _record in range(16):
            kind, length = data[place : place + 2], int.from_bytes(data[place + 2 : place + 4], "little")
            if kind == b"\x2f\x00":
                return True
            place += 4 + length
    return False


def _check_zip(data: bytes, limits: FileLimits) -> FileKind | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_declared(entries, len(data), limits)
            _check_streamed(archive, entries, len(data), limits)
            names = {entry.filename.lower() for entry in entries}
            types = archive.read("[Content_Types].xml") if "[content_types].xml" in names else b""
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, KeyError, ValueError, OSError) as fault:
        raise damaged() from fault
    if any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in names):
        raise _macros()
    if b"macroEnabled" in types or b"vbaProject" in types:
        raise _macros()
    if "xl/workbook.xml" in names:
        return FileKind.XLSX
    return FileKind.DOCX if "word/document.xml" in names else None


def _check_declared(entries: list[zipfile.ZipInfo], packed: int, limits: FileLimits) -> None:
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise encrypted()
    if len(entries) > limits.entries:
        raise _bomb()
    _check_unpacked(sum(entry.file_size for entry in entries), packed, limits)


def _check_streamed(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], packed: int, limits: FileLimits) -> None:
    """Unpack everything once, keeping nothing: the declared sizes are the sender's word, checksums are tested too."""
    total = 0
    for entry in entries:
        with archive.open(entry) as stream:
            while chunk := stream.read(256 * 1024):
                total += len(chunk)
                _check_unpacked(total, packed, limits)


def _check_unpacked(unpacked: int, packed: int, limits: FileLimits) -> None:
    if unpacked > limits.unpacked_bytes or (unpacked > limits.ratio_from and unpacked > limits.ratio * packed):
        raise _bomb()


def _bomb() -> FileRefusedError:
    message = _("文件解压后过大，疑似压缩炸弹，已拒绝。请删去多余的空白行列、图片和工作表，另存后再上传。")
    return FileRefusedError(message, code="file_bomb")

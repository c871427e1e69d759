"""What kind of file an upload really is: told by its content, and the name's ending must agree."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import PurePath
from typing import IO

from django.utils.translation import gettext as _

from yiqi.kit.errors import FileRefusedError

OFFICE = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": OFFICE + "wordprocessingml.document",
    "xlsx": OFFICE + "spreadsheetml.sheet",
    "ofd": "application/ofd",  # GB/T 33190, the fixed layout in which official documents travel
    "png": "image/png",
    "jpg": "image/jpeg",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
SAME = {"jpeg": "jpg"}
HEAD_BYTES = 4096
ZIP_ENTRIES = 10_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _zip_kinds(file: IO[bytes]) -> set[str]:
    # only the directory of the archive is read, nothing is unpacked: a bomb stays folded
    try:
        with zipfile.ZipFile(file) as archive:
            names = {info.filename for info in archive.infolist()[:ZIP_ENTRIES]}
            locked = any(info.flag_bits & 1 for info in archive.infolist()[:ZIP_ENTRIES])
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise FileRefusedError(_("文件已损坏或不完整，请重新保存后上传。"), code="file_broken") from None
    if locked:
        raise FileRefusedError(_("文件有密码保护，请取消密码后重新上传。"), code="file_locked")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise FileRefusedError(_("文件含有宏，请另存为不含宏的格式后上传。"), code="file_macro")
    marks = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "ofd": "OFD.xml"}
    return {kind for kind, mark in marks.items() if mark in names}


def _text_kinds(head: bytes, whole: bool) -> set[str]:
    for encoding in ("utf-8-sig", "gb18030"):
        for cut in range(1 if whole else 4):  # the head may end in the middle of a character
            try:
                text = head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            if all(char.isprintable() or char in "\t\r\n\u3000\u00a0" for char in text):
                return {"txt", "csv"}
    return set()


def sniff(file: IO[bytes]) -> set[str]:
    """The kinds of MEDIA_TYPES that the content can be; empty for anything else. Leaves the file at its beginning."""
    file.seek(0)
    head = file.read(HEAD_BYTES + 1)
    file.seek(0)
    starts: dict[bytes, Callable[[], set[str]]] = {
        b"%PDF-": lambda: {"pdf"},
        b"\x89PNG\r\n\x1a\n": lambda: {"png"},
        b"\xff\xd8\xff": lambda: {"jpg"},
        b"PK\x03\x04": lambda: _zip_kinds(file),
    }
    kinds = next((kind() for magic, kind in starts.items() if head.startswith(magic)), None)
    if kinds is None:
        kinds = _text_kinds(head[:HEAD_BYTES], whole=len(head) <= HEAD_BYTES)
    file.seek(0)
    return kinds


def media_type_of(file: IO[bytes], name: str) -> str:
    """The media type under which the file may be kept; FileRefusedError says why it may not."""
    ending = PurePath(name).suffix.lower().removeprefix(".")
    ending = SAME.get(ending, ending)
    file.seek(0)
    if file.read(len(OLE)) == OLE:
        file.seek(0)
        raise FileRefusedError(
            _("不接收旧版Office文件（.doc、.xls）和加密的Office文件，请另存为.docx或.xlsx后上传。"), code="file_old"
        )
    kinds = sniff(file)
    if not kinds or ending not in MEDIA_TYPES:
        raise FileRefusedError(
            _(
                "不接收这种文件。可以上传：PDF、OFD、Word（.docx）、Excel（.xlsx）、图片（.png、.jpg）、文本（.txt、.csv）。"
            ),
            code="file_kind",
        )
    if ending not in kinds:
        raise FileRefusedError(
            _("文件内容与扩展名“.%(ending)s”不符，请核对后上传。") % {"ending": ending}, code="file_mismatch"
        )
    return MEDIA_TYPES[ending]

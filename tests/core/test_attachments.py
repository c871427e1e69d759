"""Attachments: what is accepted, where it lies, and that nothing stays behind when the operation fails."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from pytest_django.fixtures import Settings

from tests.closing import close
from tests.world import TODAY, World
from yiqi.core.models import Attachment, AuditRecord
from yiqi.core.operations import store_attachment, sweep_attachments
from yiqi.core.operations.attachments import clean_name
from yiqi.core.queries import attachment_path
from yiqi.core.queries.attachments import attachments_home
from yiqi.core.views.attachments import attachment_response
from yiqi.kit.digest import digest
from yiqi.kit.errors import FileRefusedError, NotFoundError

Store = Callable[..., Attachment]


def archive(*names: str, encrypted: bool = False) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name in names:
            file.writestr(zipfile.ZipInfo(name), "<x/>")  # dated 1980: the bytes stand in the names of tests
    data = packed.getvalue()
    if encrypted:  # the flag of the central directory says so
        at = data.index(b"PK\x01\x02") + 8
        data = data[:at] + b"\x01" + data[at + 1 :]
    return data


PDF = b"%PDF-1.7\n1 0 obj"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
JPG = b"\xff\xd8\xff\xe0" + b"\0" * 20
DOCX = archive("[Content_Types].xml", "word/document.xml")
XLSX = archive("[Content_Types].xml", "xl/workbook.xml")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.fixture
def store(world: World) -> Store:
    def keep(data: bytes = PDF, name: str = "佐证.pdf", who: str = "reporter", **facts: Any) -> Attachment:
        given = {"region": world.county, "unit": world.bureau, **facts}
        return store_attachment(by=world.who(who), today=TODAY, file=ContentFile(data), name=name, **given)

    return keep


def stored() -> list[Path]:
    return sorted(path for path in attachments_home().rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("a.PDF", PDF, "application/pdf"),
        ("a.png", PNG, "image/png"),
        ("a.jpg", JPG, "image/jpeg"),
        ("a.jpeg", JPG, "image/jpeg"),
        ("a.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.ofd", archive("OFD.xml"), "application/ofd"),
        ("a.txt", "进展：完成招标\r\n".encode(), "text/plain; charset=utf-8"),
        ("a.csv", "单位,数值\n发改局,1\n".encode("gb18030"), "text/csv; charset=utf-8"),
        ("a.txt", "字".encode() * 5000, "text/plain; charset=utf-8"),
        ("a.txt", "a字".encode() * 5000, "text/plain; charset=utf-8"),
        ("a.txt", "ab字".encode() * 5000, "text/plain; charset=utf-8"),
    ],
)
def test_accepted_kinds(store: Store, name: str, data: bytes, media_type: str) -> None:
    attachment = store(data, name)
    assert (attachment.media_type, attachment.size) == (media_type, len(data))
    assert attachment.digest == digest(data, attachment.algorithm)
    assert attachment_path(attachment).read_bytes() == data


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.pdf", b"", "file_empty"),
        ("a.pdf", PNG, "file_mismatch"),
        ("a.png", PDF, "file_mismatch"),
        ("a.docx", XLSX, "file_mismatch"),
        ("a.pdf", b"plain words", "file_mismatch"),
        ("a.html", b"<script>alert(1)</script>", "file_kind"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file_kind"),
        ("a.exe", b"MZ\x90\x00\x03", "file_kind"),
        ("a.zip", archive("a.txt"), "file_kind"),
        ("a.txt", b"a\0b", "file_kind"),
        ("a.txt", b"\xff\xfe\x00\x01\x02", "file_kind"),
        ("pdf", PDF, "file_kind"),
        ("a.doc", OLE, "file_old"),
        ("a.docx", OLE, "file_old"),
        ("a.docx", DOCX[:40], "file_broken"),
        ("a.xlsx", archive("xl/workbook.xml", "xl/vbaProject.bin"), "file_macro"),
        ("a.docm", archive("word/document.xml", "word/vbaProject.bin"), "file_macro"),
        ("a.docx", archive("word/document.xml", encrypted=True), "file_locked"),
    ],
)
def test_refused_kinds_leave_nothing(store: Store, name: str, data: bytes, code: str) -> None:
    with pytest.raises(FileRefusedError) as refusal:
        store(data, name)
    assert (refusal.value.code, stored(), Attachment.objects.count(), AuditRecord.objects.count()) == (code, [], 0, 0)


def test_the_limit_holds_whatever_the_size_is_said_to_be(store: Store, world: World, settings: Settings) -> None:
    settings.UPLOAD_LIMIT = 1024 * 1024
    for size, code in ((settings.UPLOAD_LIMIT, ""), (settings.UPLOAD_LIMIT + 1, "file_large")):
        data = io.BytesIO(PDF.ljust(size))
        liar = SimpleNamespace(size=10, read=data.read, seek=data.seek)
        for file in (ContentFile(PDF.ljust(size)), liar):
            facts = {"region": world.county, "unit": None, "name": "a.pdf"}
            try:
                store_attachment(by=world.who("reporter"), today=TODAY, file=file, **facts)
                found = ""
            except FileRefusedError as refusal:
                found = refusal.code
            assert found == code
    assert len(stored()) == 2


def test_the_stored_name_is_random_and_private(store: Store) -> None:
    first, second = store(), store()
    assert first.stored_as != second.stored_as
    assert all(word not in first.stored_as for word in ("佐证", "pdf"))
    path = attachment_path(first)
    assert (path.parent.name, len(path.name), path.stat().st_mode & 0o777) == (path.name[:2], 48, 0o600)


def test_the_record_tells_name_and_digest(store: Store) -> None:
    attachment = store()
    row = AuditRecord.objects.get()
    assert (row.verb, row.target_id, row.after["digest"]) == (
        "attachment.store",
        str(attachment.pk),
        attachment.digest,
    )
    assert row.at == attachment.uploaded_at


def test_outside_of_the_region_there_is_nothing_to_attach_to(store: Store, world: World) -> None:
    with pytest.raises(NotFoundError):
        store(who="outsider")


def fail_after(store: Store, seen: list[int]) -> None:
    with transaction.atomic():
        store()
    seen.append(len(stored()))
    raise ZeroDivisionError


def test_a_rollback_takes_the_file_with_it(store: Store) -> None:
    kept = store()
    seen: list[int] = []
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        fail_after(store, seen)
    assert (seen, stored()) == ([2], [attachment_path(kept)])


@pytest.mark.django_db(transaction=True)
def test_a_commit_keeps_the_file_and_a_failed_outer_transaction_does_not(world: World, store: Store) -> None:
    kept = store()
    seen: list[int] = []
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        fail_after(store, seen)
    assert (seen, stored(), Attachment.objects.count()) == ([2], [attachment_path(kept)], 1)


def test_the_sweep_takes_old_files_without_a_row_only(store: Store) -> None:
    kept = store()
    orphan, fresh = attachments_home() / "aa" / "aaorphan", attachments_home() / "aa" / "aafresh"
    orphan.parent.mkdir(exist_ok=True)
    for path in (orphan, fresh):
        path.write_bytes(b"x")
    for path in (orphan, attachment_path(kept)):
        os.utime(path, (1000, 1000))
    assert sweep_attachments(older_than=2000) == ["aa/aaorphan"]
    assert stored() == sorted([fresh, attachment_path(kept)])


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\x\\进展.docx", "进展.docx"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("fdp.\u202exe.pdf", "fdp.xe.pdf"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
        ("", "file"),
    ],
)
def test_names_are_cleaned(name: str, kept: str) -> None:
    assert clean_name(name) == kept


def test_the_download_is_inert(store: Store) -> None:
    response = attachment_response(store(name="招标 公告.pdf"))
    content = b"".join(response.streaming_content)
    close(response)
    assert content == PDF
    assert {name: response[name] for name in ("Content-Type", "X-Content-Type-Options", "Content-Security-Policy")} == {
        "Content-Type": "application/pdf",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E6%8B%9B%E6%A0%87%20%E5%85%AC%E5%91%8A.pdf"
    )


def test_a_lost_file_is_a_clear_message(store: Store) -> None:
    attachment = store()
    attachment_path(attachment).unlink()
    with pytest.raises(NotFoundError, match=r"佐证\.pdf"):
        attachment_response(attachment)

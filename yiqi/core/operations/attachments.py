"""Attachments: kept under a random name, refused when of a wrong kind, gone when the operation fails."""

from __future__ import annotations

import hashlib
import os
import secrets
import unicodedata
import uuid
import weakref
from collections.abc import Iterator
from datetime import date
from pathlib import Path, PurePath
from typing import IO

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from yiqi.core.models import Attachment, Region, Unit
from yiqi.core.operations.audit import record
from yiqi.core.operations.sniffing import media_type_of
from yiqi.core.queries.attachments import attachments_home
from yiqi.core.rules import Mandate
from yiqi.kit.digest import preferred_algorithm
from yiqi.kit.errors import FileRefusedError
from yiqi.kit.records import missing

CHUNK = 256 * 1024
NAME_LENGTH = 200


class _Kept:
    """Called on commit. Django drops its callbacks when a transaction (or the savepoint around it) is rolled back; the
    dropped one takes its file with it, so that no file stays behind without a row. A killed process leaves one that
    :func:`sweep_attachments` finds."""

    def __init__(self, path: Path):
        self._removal = weakref.finalize(self, path.unlink, missing_ok=True)

    def __call__(self) -> None:
        self._removal.detach()


def clean_name(name: str) -> str:
    """The last part of a file's name without control and direction marks, cut to fit with its ending kept."""
    last = PurePath(name.replace("\\", "/")).name
    last = "".join(char for char in unicodedata.normalize("NFC", last) if unicodedata.category(char)[0] != "C").strip()
    path = PurePath(last or "file")
    suffix = path.suffix[:20]
    return path.name.removesuffix(path.suffix)[: NAME_LENGTH - len(suffix)] + suffix


def _write(file: IO[bytes], path: Path, algorithm: str) -> tuple[int, str]:
    """Copy to ``path`` in pieces; (size, digest). FileRefusedError past the limit whatever the client said."""
    summary, size = hashlib.new(algorithm), 0
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as stored:
            while chunk := file.read(CHUNK):
                size += len(chunk)
                if size > settings.UPLOAD_LIMIT:
                    raise too_large()
                summary.update(chunk)
                stored.write(chunk)
            stored.flush()
            os.fsync(stored.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return size, summary.hexdigest()


def too_large() -> FileRefusedError:
    """The error for a file beyond the limit."""
    limit = settings.UPLOAD_LIMIT // (1024 * 1024)
    return FileRefusedError(
        _("文件超过%(limit)s MB，请压缩或拆分后上传。") % {"limit": limit}, code="file_large", data={"limit_mb": limit}
    )


@transaction.atomic
def store_attachment(
    *, by: Mandate, today: date, region: Region, unit: Unit | None, file: File[bytes], name: str
) -> Attachment:
    """Keep an upload. Whether ``by`` may add it to a record is checked by that record's operation; here they must
    reach the region. FileRefusedError: empty, too large, locked, with macros, or of a kind that is not accepted."""
    if not by.reaches(region.code):
        raise missing()
    if not file.size:
        raise FileRefusedError(_("文件是空的，请重新选择。"), code="file_empty")
    if file.size > settings.UPLOAD_LIMIT:
        raise too_large()
    shown = clean_name(name)
    media_type = media_type_of(file, shown)
    file.seek(0)
    token = secrets.token_hex(24)
    stored_as, algorithm = f"{token[:2]}/{token}", preferred_algorithm()
    path = attachments_home() / stored_as
    size, summary = _write(file, path, algorithm)
    transaction.on_commit(_Kept(path))
    attachment = Attachment(
        id=uuid.uuid4(),
        region=region,
        unit=unit,
        name=shown,
        stored_as=stored_as,
        media_type=media_type,
        size=size,
        algorithm=algorithm,
        digest=summary,
        uploaded_by=by.person,
    )
    after = {"name": shown, "media_type": media_type, "size": size, "algorithm": algorithm, "digest": summary}
    row = record(by=by, verb="attachment.store", target=attachment, region_code=region.code, today=today, after=after)
    attachment.uploaded_at = row.at
    attachment.save(force_insert=True)
    return attachment


def _stored(home: Path) -> Iterator[Path]:
    return (path for path in home.glob("??/*") if path.is_file()) if home.is_dir() else iter(())


def sweep_attachments(*, older_than: float) -> list[str]:
    """Remove files that no row names and whose time of change lies before ``older_than`` (seconds of the epoch).

    Only a process that was killed in the middle of an upload leaves such files. No record: nothing that the trail
    knows of is touched. Returns the stored names that went.
    """
    home = attachments_home()
    old = [path for path in _stored(home) if path.stat().st_mtime < older_than]
    names = {path.relative_to(home).as_posix(): path for path in old}
    known = set(Attachment.objects.filter(stored_as__in=list(names)).values_list("stored_as", flat=True))
    gone = sorted(set(names) - known)
    for name in gone:
        names[name].unlink(missing_ok=True)
    return gone

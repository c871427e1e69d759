"""Importing a file: read into a preview, looked at by a person, then applied whole or not at all, or put aside.

A kind of import is data and four functions: who may and to what it belongs, what the file says, what of it does not fit
what is on record, and how it is written. Everything else is here, once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.db import transaction
from django.db.models import Max, Model
from django.utils.translation import gettext as _

from yiqi.core.enums import UploadStatus
from yiqi.core.models import Upload
from yiqi.core.operations.audit import record, trail_head
from yiqi.core.rules import Mandate
from yiqi.kit import records
from yiqi.kit.digest import digest, preferred_algorithm
from yiqi.kit.errors import ConflictError, InvalidInputError
from yiqi.kit.sheets import ReadState

SUBJECT = TypeVar("SUBJECT", bound=Model)
ROW = TypeVar("ROW")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Applying(Generic[SUBJECT]):
    """What a writer is given. ``rows`` are the previewed ones that can be taken; ``choices`` what a person added."""

    by: Mandate
    today: date
    upload: Upload
    subject: SUBJECT
    rows: list[Row]
    choices: Mapping[str, str]
    demo: bool


@dataclass(frozen=True, slots=True)
class Applied(Generic[ROW]):
    """What a writer did: the rows written, what the trail keeps of it, and what the page of the import shows."""

    written: list[ROW]
    told: Mapping[str, Any]
    shown: Mapping[str, Any] = field(default_factory=dict)


def _nothing(*_facts: Any) -> None:
    """Nothing to refuse and nothing to add."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadKind(Generic[SUBJECT, ROW]):
    """A kind of import; see the module. ``verb`` begins its verbs in the trail, ``rows`` names its rows in JSON.

    ``reach`` finds and locks what an upload belongs to, if ``by`` may import there, and sets the upload's region;
    ``admit`` refuses what cannot be imported now; ``read`` gives the preview's JSON and may not write; ``check`` adds
    to its rows what does not fit the records; ``write`` writes what can be taken.
    """

    key: str
    verb: str
    rows: str
    keys: tuple[str, ...]
    reach: Callable[[Mandate, Upload], SUBJECT]
    read: Callable[[SUBJECT, Upload, bytes], dict[str, Any]]
    write: Callable[[Applying[SUBJECT]], Applied[ROW]]
    admit: Callable[[SUBJECT, Upload, date], None] = _nothing
    check: Callable[[SUBJECT, list[Row]], None] = _nothing

    def told(self, result: Mapping[str, Any]) -> dict[str, Any]:
        """What the command line promises of a preview; more is kept for the pages."""
        rows = [{key: row[key] for key in self.keys} for row in result[self.rows]]
        return {self.rows: rows, "skipped": result["skipped"], "errors": result["errors"]}

    def counts(self, upload: Upload) -> dict[str, int]:
        """How many rows were read, guessed, in error, and passed over."""
        states = Counter(row["state"] for row in upload.result[self.rows])
        return {state.value: states[state] for state in ReadState} | {"skipped": len(upload.result["skipped"])}


def _errors(rows: list[Row]) -> int:
    return sum(row["state"] == ReadState.ERROR for row in rows)


def preview_upload(
    kind: UploadKind[SUBJECT, ROW],
    *,
    by: Mandate,
    today: date,
    now: datetime,
    subject: SUBJECT,
    data: bytes,
    filename: str,
    period: str = "",
    options: Mapping[str, Any] | None = None,
) -> Upload:
    """Read a file and keep what was read until somebody applies or discards it; nothing else changes.

    ``now`` is the aware moment of the upload; ``period`` and ``options`` are what the person said of the file. The file
    is read before the transaction that keeps the preview. What cannot be read leaves nothing: NotFoundError,
    NotAllowedError, FileRefusedError, InvalidInputError, and whatever ``kind.admit`` raises.
    """
    upload = Upload(
        kind=kind.key,
        belongs_to=subject.pk,
        period=period,
        options=dict(options or {}),
        file_name=filename[-200:],
        algorithm=preferred_algorithm(),
        uploaded_by=by.person,
        uploaded_at=now,
    )
    with transaction.atomic():
        found = kind.reach(by, upload)
        kind.admit(found, upload, today)
    upload.result = kind.read(found, upload, data)
    upload.file_digest = digest(data, upload.algorithm)
    with transaction.atomic():
        found = kind.reach(by, upload)
        kind.admit(found, upload, today)
        findings = upload.result["errors"] - _errors(upload.result[kind.rows])
        kind.check(found, upload.result[kind.rows])
        upload.result["errors"] = findings + _errors(upload.result[kind.rows])
        # the head of the trail is locked, so that two uploads at once never take the same number
        trail_head()
        upload.number = (Upload.objects.filter(kind=kind.key).aggregate(last=Max("number"))["last"] or 0) + 1
        upload.save(force_insert=True)
        after = {"file": upload.file_name, upload.algorithm: upload.file_digest} | kind.counts(upload)
        _record(kind, "preview", by=by, today=today, upload=upload, after=after)
    return upload


def _record(
    kind: UploadKind[Any, Any], deed: str, *, by: Mandate, today: date, upload: Upload, after: Mapping[str, Any]
) -> None:
    told = {**after, "period": upload.period} if upload.period else after
    before = None if deed == "preview" else {"status": UploadStatus.PREVIEWED}
    verb, region = f"{kind.verb}.{deed}", upload.region_id
    record(by=by, verb=verb, target=upload, region_code=region, today=today, before=before, after=told)


def _open(kind: UploadKind[SUBJECT, ROW], by: Mandate, upload: Upload) -> tuple[Upload, SUBJECT]:
    """The upload and what it belongs to, locked in the order of every other deed: the subject first."""
    rows = Upload.objects.filter(kind=kind.key)
    subject = kind.reach(by, records.found(rows, upload.pk))
    found = records.locked(rows, upload.pk)
    if found.status != UploadStatus.PREVIEWED:
        message = _("“%(file)s”的状态是“%(status)s”，不会再次导入。")
        facts = {"file": found.file_name, "status": found.get_status_display()}
        raise ConflictError(message % facts, code="import_settled")
    return found, subject


@transaction.atomic
def apply_upload(
    kind: UploadKind[SUBJECT, ROW],
    *,
    by: Mandate,
    today: date,
    now: datetime,
    upload: Upload,
    choices: Mapping[str, str] | None = None,
    demo: bool = False,
) -> list[ROW]:
    """Write what a preview showed in one transaction, all of it or nothing; rows in error are left out.

    ConflictError ``import_settled``: applied or discarded already (two clicks import once); InvalidInputError
    ``nothing_to_import``; NotFoundError, NotAllowedError, and whatever the kind raises when a row no longer fits.
    """
    found, subject = _open(kind, by, upload)
    kind.admit(subject, found, today)
    rows = [row for row in found.result[kind.rows] if row["state"] != ReadState.ERROR]
    if not rows:
        raise InvalidInputError(_("没有可以导入的行，请修改文件后重新上传。"), code="nothing_to_import")
    done = kind.write(
        Applying(by=by, today=today, upload=found, subject=subject, rows=rows, choices=choices or {}, demo=demo)
    )
    found.status, found.applied_at = UploadStatus.APPLIED, now
    found.result = {**found.result, "applied": dict(done.shown)}
    found.save(update_fields=["status", "applied_at", "result"])
    _record(kind, "apply", by=by, today=today, upload=found, after={"file": found.file_name, **done.told})
    return done.written


@transaction.atomic
def discard_upload(kind: UploadKind[SUBJECT, ROW], *, by: Mandate, today: date, upload: Upload) -> Upload:
    """Put a preview aside: nothing was written, nothing will be. Errors as for applying."""
    found, _subject = _open(kind, by, upload)
    found.status = UploadStatus.DISCARDED
    found.save(update_fields=["status"])
    after = {"status": found.status, "file": found.file_name}
    _record(kind, "discard", by=by, today=today, upload=found, after=after)
    return found

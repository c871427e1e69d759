"""Files of frozen documents: PDF takes seconds, so it is made once for a digest and kept under the home."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from yiqi.dispatch.models import Report, Week
from yiqi.dispatch.queries import minutes_document, report_document
from yiqi.kit.documents import OfficialDocument, render_docx, render_pdf
from yiqi.kit.errors import NotFoundError

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


def report_file(report: Report, form: str) -> tuple[bytes, str]:
    """A report as ``docx`` or ``pdf`` with its media type; a signed one's PDF is kept. Raises ConversionError."""
    return _file(report_document(report), form, report.digest)


def minutes_file(week: Week, form: str) -> tuple[bytes, str]:
    """The minutes of a closed week as ``docx`` or ``pdf`` with their media type. ConflictError while it is open."""
    return _file(minutes_document(week), form, week.digest)


def _file(document: OfficialDocument, form: str, digest: str) -> tuple[bytes, str]:
    if form == "docx":
        return render_docx(document), DOCX
    if form != "pdf":
        raise NotFoundError(_("只能导出Word或PDF。"))
    return (_kept(document, digest) if digest else render_pdf(document)), PDF


def _kept(document: OfficialDocument, digest: str) -> bytes:
    # what the document says is part of the key too: a program that words it otherwise must not serve an old file
    layout = hashlib.sha256(repr(document).encode()).hexdigest()[:16]
    path = Path(settings.YIQI_HOME) / "documents" / f"{digest[:32]}-{layout}.pdf"
    if path.is_file():
        return path.read_bytes()
    data = render_pdf(document)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(data)
    part.replace(path)
    return data

"""Handing out a stored file; whether the person may have it is decided by the record that it belongs to."""

from __future__ import annotations

from django.http import FileResponse
from django.utils.translation import gettext as _

from yiqi.core.models import Attachment
from yiqi.core.queries import attachment_path
from yiqi.kit.errors import NotFoundError


def attachment_response(attachment: Attachment) -> FileResponse:
    """The file as a download that no browser runs or guesses at: to be called after the scope check of the record.

    NotFoundError when the row is there and the file is not (a restored database without its files).
    """
    try:
        file = attachment_path(attachment).open("rb")
    except FileNotFoundError:
        raise NotFoundError(
            _("附件“%(name)s”的文件已不在服务器上，请联系系统管理员从备份恢复。") % {"name": attachment.name},
            code="attachment_lost",
        ) from None
    response = FileResponse(file, as_attachment=True, filename=attachment.name, content_type=attachment.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response

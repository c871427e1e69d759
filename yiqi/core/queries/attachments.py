"""Where attachments lie on disk."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from yiqi.core.models import Attachment


def attachments_home() -> Path:
    """The folder of stored files; read at each call because tests and commands move it."""
    return Path(settings.YIQI_HOME) / "attachments"


def attachment_path(attachment: Attachment) -> Path:
    """The stored file. Its random name tells nothing, and nothing of it comes from outside."""
    return attachments_home() / attachment.stored_as

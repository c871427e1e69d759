"""Choosing a file to import."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _


class SheetField(forms.FileField):
    """A file with a table; its size is checked before it is held in memory, its content by the reader."""

    def __init__(self, **facts: Any):
        facts.setdefault("widget", forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.docx,.csv"}))
        super().__init__(allow_empty_file=True, **facts)  # the reader says in its own words that it is empty

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Refuse what is too large."""
        file: UploadedFile[bytes] = super().clean(data, initial)
        if (file.size or 0) > settings.UPLOAD_LIMIT:
            limit = settings.UPLOAD_LIMIT // (1024 * 1024)
            raise forms.ValidationError(_("文件超过%(limit)s MB，请拆分后上传。") % {"limit": limit})
        return file

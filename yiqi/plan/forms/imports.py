"""Uploading a breakdown."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class UploadForm(forms.Form):
    """One file; its content is checked by the reader, its size before it is read."""

    file = forms.FileField(
        label=gettext_lazy("任务分解表"),
        allow_empty_file=True,
        help_text=gettext_lazy("Excel（.xlsx、.xls）、CSV或Word（.docx）文件，表格按原样上传，不需要改成模板。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv,.docx"}),
    )

    def clean_file(self) -> UploadedFile[bytes]:
        """Refuse what is too large before it is held in memory."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > settings.UPLOAD_LIMIT:
            limit = settings.UPLOAD_LIMIT // (1024 * 1024)
            raise forms.ValidationError(_("文件超过%(limit)s MB，请拆分后上传。") % {"limit": limit})
        return file

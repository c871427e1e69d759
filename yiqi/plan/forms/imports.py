"""Uploading a breakdown."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from yiqi.core.forms.uploads import SheetField


class UploadForm(forms.Form):
    """One file."""

    file = SheetField(
        label=gettext_lazy("任务分解表"),
        help_text=gettext_lazy("Excel（.xlsx、.xls）、CSV或Word（.docx）文件，表格按原样上传，不需要改成模板。"),
    )

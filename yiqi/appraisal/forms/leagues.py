"""Uploading a league sheet, and saying which indicator an unknown name means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from yiqi.appraisal.enums import ValueStatus
from yiqi.core.forms.uploads import SheetField


class LeagueUploadForm(forms.Form):
    """Framework, period, kind of the figures, file."""

    framework = forms.ChoiceField(label=_("指标体系"))
    period = forms.ChoiceField(label=_("期别"))
    value_status = forms.ChoiceField(label=_("数据性质"), choices=ValueStatus.choices, initial=ValueStatus.FLASH)
    file = SheetField(
        label=_("通报表"),
        help_text=_("Excel工作簿（.xlsx、.xls）、Word文档（.docx）或CSV，不超过20MB。涉密文件不得上传。"),
    )

    def __init__(
        self, *args: Any, frameworks: Sequence[tuple[str, str]], periods: Sequence[tuple[str, str]], **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        for name, choices in (("framework", frameworks), ("period", periods)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


class MappingForm(forms.Form):
    """One choice for each name that was not recognised: an indicator, or to leave it out."""

    def __init__(
        self,
        *args: Any,
        names: Sequence[str],
        hints: Sequence[str],
        nearest: Sequence[str],
        choices: Any,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.names = list(names)
        for index, name in enumerate(self.names):
            first = [(code, label) for code, label in choices if code == nearest[index]]
            rest = [(code, label) for code, label in choices if code != nearest[index]]
            options: list[Any] = [("", _("不导入"))]
            if first:
                options.append((_("名称最接近"), first))
            options.append((_("全部指标"), rest))
            self.fields[f"name_{index}"] = forms.ChoiceField(
                label=name, choices=options, required=False, help_text=escape(hints[index])
            )

    @property
    def choices(self) -> dict[str, str]:
        """Code by unknown name; an empty code leaves it out."""
        return {name: self.cleaned_data[f"name_{index}"] for index, name in enumerate(self.names)}

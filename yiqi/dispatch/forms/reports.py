"""Drafting and editing a report."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiqi.dispatch.models import Report
from yiqi.kit.web.deeds import VersionForm, day_field

PREFIX = "section_"


class DraftForm(forms.Form):
    """The two dates between which the report looks at the data."""

    starts = day_field(label=_("自"))
    ends = day_field(label=_("至"))


class ReportForm(VersionForm):
    """Head and texts; one box a section, so that nothing typed in one is lost with another."""

    title = forms.CharField(label=_("标题"), max_length=120)
    document_number = forms.CharField(label=_("发文字号"), max_length=40, help_text=_("例如：翼考办〔2021〕3号"))
    issuer = forms.CharField(label=_("发文机关"), max_length=60)
    addressee = forms.CharField(label=_("主送"), max_length=120, required=False)
    copy_to = forms.CharField(label=_("抄送"), max_length=200, required=False, help_text=_("多个机关用逗号隔开。"))

    def __init__(self, *args: Any, report: Report, **kwargs: Any):
        kwargs["initial"] = {name: getattr(report, name) for name in ("version", *HEAD)}
        super().__init__(*args, **kwargs)
        for section in report.sections:
            rows = max(4, min(24, len(section["text"]) // 45 + section["text"].count("\n") + 2))
            box = forms.Textarea(attrs={"rows": rows, "lang": "zh-CN"})
            self.fields[PREFIX + section["key"]] = forms.CharField(
                label=section["heading"], initial=section["text"], required=False, widget=box
            )

    def facts(self) -> dict[str, Any]:
        """What was typed, for the operation: the head, and pairs of a section's key and its text."""
        said = self.cleaned_data
        texts = [(name.removeprefix(PREFIX), text) for name, text in said.items() if name.startswith(PREFIX)]
        return {"sections": texts, "version": said["version"], **{name: said[name] for name in HEAD}}

    def boxes(self) -> list[forms.BoundField]:
        """The boxes of the sections."""
        return [self[name] for name in self.fields if name.startswith(PREFIX)]


HEAD = ("title", "document_number", "issuer", "addressee", "copy_to")

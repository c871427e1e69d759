"""Reporting and reviewing progress."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from yiqi.core.models import Unit
from yiqi.kit.web.deeds import VersionForm, choose_from
from yiqi.plan.models import Milestone, Progress, Task


class Files(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, each checked as one."""

    def __init__(self, **kwargs: Any):
        super().__init__(widget=Files(), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """A list, empty where nothing was chosen."""
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(item, initial) for item in given if item]


class ProgressForm(VersionForm):
    """A unit's report; only the lead unit is asked for the node, the claim and its evidence."""

    unit = forms.ModelChoiceField(label=_("填报单位"), queryset=Unit.objects.none())
    percent = forms.IntegerField(label=_("完成进度（%）"), min_value=0, max_value=100)
    text = forms.CharField(
        label=_("进展情况"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("写本期做了什么、到了哪一步。"),
    )
    milestone = forms.ModelChoiceField(
        label=_("本期完成的节点"), queryset=Milestone.objects.none(), required=False, empty_label=_("没有完成节点")
    )
    problem = forms.CharField(label=_("存在问题"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    ask = forms.CharField(
        label=_("提请协调事项"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("需要上级决定或其他单位配合的事，审核通过后列入调度。"),
    )
    claims_done = forms.BooleanField(label=_("任务已完成，申请办结"), required=False)
    evidence = FilesField(label=_("佐证材料"), required=False)

    def __init__(self, *args: Any, task: Task, units: list[Unit], leads: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.task = task
        choose_from(self, "unit", Unit.objects.filter(pk__in=[unit.pk for unit in units]))
        if len(units) == 1:
            self.fields["unit"].initial = units[0].pk
            self.fields["unit"].widget = forms.HiddenInput()
        if not leads:
            for name in ("milestone", "claims_done", "evidence"):
                del self.fields[name]
            return
        choose_from(self, "milestone", task.milestones.filter(done_on=None))
        if not task.evidence_rule:
            del self.fields["evidence"]
        else:
            self.fields["evidence"].help_text = _("仅在申请办结时需要：%(rule)s") % {"rule": task.evidence_rule}

    @property
    def facts(self) -> dict[str, Any]:
        """What was typed, as the operation's arguments."""
        said = self.cleaned_data
        return {
            "unit": said["unit"],
            "percent": said["percent"],
            "text": said["text"],
            "problem": said["problem"],
            "ask": said["ask"],
            "claims_done": said.get("claims_done", False),
            "milestone": said.get("milestone"),
            "files": said.get("evidence", []),
            "version": said["version"],
        }


def initial_of(progress: Progress, *, again: bool) -> dict[str, Any]:
    """The form's beginning: an open report as it is, or a new one with what the last report said (``again``)."""
    known = {"percent": progress.percent, "problem": progress.problem, "ask": progress.ask, "unit": progress.unit_id}
    if again:
        return known
    facts = {"text": progress.text, "milestone": progress.milestone_id, "claims_done": progress.claims_done}
    return known | facts | {"version": progress.version}

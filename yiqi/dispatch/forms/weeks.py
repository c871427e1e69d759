"""Opening and closing a week, adding and deciding items."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiqi.dispatch.enums import AgendaStatus
from yiqi.dispatch.models import TaskForce, Week
from yiqi.dispatch.operations.directive_life import SECRET
from yiqi.kit.web.deeds import VersionForm, choose_from, day_field, words_field
from yiqi.plan.models import Task


class OpenForm(forms.Form):
    """When and where the meeting is held."""

    monday = forms.DateField(widget=forms.HiddenInput)
    meets_on = day_field(label=_("开会日期"))
    place = forms.CharField(label=_("地点"), max_length=60, required=False)


class DecisionForm(VersionForm):
    """What the meeting decided on an item."""

    status = forms.ChoiceField(
        label=_("处理结果"),
        choices=[choice for choice in AgendaStatus.choices if choice[0] != AgendaStatus.PENDING],
        widget=forms.RadioSelect,
        initial=AgendaStatus.DECIDED,
    )
    decision = words_field(
        label=_("议定事项"), required=False, help_text=_("写清由谁办、办什么、何时办结；涉密事项不得录入。")
    )


class AddItemForm(forms.Form):
    """An item that the data did not bring."""

    title = forms.CharField(label=pgettext_lazy("form", "议题"), max_length=200)
    reason = forms.CharField(label=_("列入原因"), max_length=400, required=False)
    force = forms.ModelChoiceField(
        TaskForce.objects.none(), label=_("专班"), required=False, empty_label=_("不属于任何专班")
    )
    task_code = forms.CharField(label=_("相关任务编号"), max_length=20, required=False, help_text=SECRET)

    def __init__(self, *args: Any, week: Week, forces: Any, free: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.week = week
        field = choose_from(self, "force", forces)
        field.required = not free
        if not free:
            field.empty_label = None

    def clean_task_code(self) -> Task | None:
        """The task of that code in the week's campaign."""
        code = self.cleaned_data["task_code"].strip()
        if not code:
            return None
        task = Task.objects.filter(campaign=self.week.campaign_id, code=code).first()
        if task is None:
            raise forms.ValidationError(_("本专项行动没有编号为“%(code)s”的任务。"), params={"code": code})
        return task

"""Giving a directive, and more time for it; the forms of its steps come from the table of its life."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiqi.core.models import Unit
from yiqi.dispatch.enums import Weight
from yiqi.dispatch.models import TaskForce
from yiqi.dispatch.operations.directive_life import SECRET
from yiqi.dispatch.queries import DirectiveLimits
from yiqi.kit.web.deeds import choose_from, day_field, words_field
from yiqi.kit.wording import cn_day


class GiveForm(forms.Form):
    """A matter for one unit, with the due date that its clock gives."""

    title = forms.CharField(label=_("事项"), max_length=200)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("承办单位"), empty_label=_("请选择单位"))
    weight = forms.ChoiceField(label=_("类别"), choices=Weight.choices, initial=Weight.ORDINARY)
    due = day_field(label=_("办结时限"))
    requirement = words_field(label=_("办理要求"), required=False, help_text=SECRET)
    support_units = forms.ModelMultipleChoiceField(Unit.objects.none(), label=_("协办单位"), required=False)
    force = forms.ModelChoiceField(
        TaskForce.objects.none(), label=_("牵头专班"), required=False, empty_label=_("不属于任何专班")
    )

    def __init__(
        self, *args: Any, units: Any, forces: Any, limits: DirectiveLimits, today: date, free: bool, **kwargs: Any
    ):
        self.limits = {weight: limits.due(today, weight) for weight in Weight.values}
        kwargs["initial"] = {"due": self.limits[Weight.ORDINARY], **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        # the units are read once for both lists
        named = [(unit.pk, unit.name) for unit in units]
        for name, rows, shown in (
            ("unit", units, [("", _("请选择单位")), *named]),
            ("support_units", units, named),
            ("force", forces, None),
        ):
            field = choose_from(self, name, rows)
            if shown is not None:
                field.choices = shown
        self.fields["force"].required = not free
        self.fields["due"].help_text = _(
            "按时限：一般事项%(ordinary)s，重大事项%(major)s；%(feedback)s前首次反馈。"
        ) % {
            "ordinary": cn_day(self.limits[Weight.ORDINARY]),
            "major": cn_day(self.limits[Weight.MAJOR]),
            "feedback": cn_day(limits.feedback_due(today)),
        }

    def clean(self) -> dict[str, Any]:
        """A major matter whose date was left at the ordinary one gets the clock's date for major matters."""
        cleaned = super().clean() or {}
        if cleaned.get("weight") == Weight.MAJOR and cleaned.get("due") == self.limits[Weight.ORDINARY]:
            cleaned["due"] = self.limits[Weight.MAJOR]
        return cleaned


class ExtensionForm(forms.Form):
    """More time, and why."""

    new_due = day_field(label=_("申请延至"))
    reason = words_field(label=_("延期理由"), max_length=300)


class ExtensionAnswerForm(forms.Form):
    """The answer to a wish for more time."""

    granted = forms.TypedChoiceField(
        label=_("批复"),
        choices=[("yes", _("同意延期")), ("no", pgettext_lazy("button", "不同意"))],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    opinion = words_field(label=_("意见"), max_length=300, required=False)

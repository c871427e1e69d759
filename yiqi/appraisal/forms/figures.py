"""Entering, judging and setting figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiqi.appraisal.enums import TargetKind, ValueStatus
from yiqi.appraisal.readers.periods import Period
from yiqi.core.models import Region
from yiqi.kit.web.deeds import choose_from
from yiqi.kit.wording import local_name


def month_choices(year: int, last: int) -> list[tuple[str, str]]:
    """The months of a year up to ``last``, newest first, as (2021-08, 2021年1—8月)."""
    periods = [Period(year, month) for month in range(last, 0, -1)]
    return [(str(period), period.label) for period in periods]


class ObservationForm(forms.Form):
    """A figure of one indicator."""

    region = forms.ModelChoiceField(label=_("县（市、区）"), queryset=Region.objects.none(), empty_label=None)
    period = forms.ChoiceField(label=_("期别"))
    value = forms.DecimalField(label=_("数值"), max_digits=18, decimal_places=6)
    value_status = forms.ChoiceField(label=_("数据性质"), choices=ValueStatus.choices, initial=ValueStatus.FLASH)
    source = forms.CharField(
        label=_("来源"), max_length=300, required=False, help_text=_("例如：县统计局月报、全市通报。")
    )

    def __init__(self, *args: Any, regions: Any, periods: Sequence[tuple[str, str]], unit: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        choose_from(self, "region", regions, local_name)
        period = self.fields["period"]
        assert isinstance(period, forms.ChoiceField)
        period.choices = periods
        if unit:
            self.fields["value"].help_text = _("单位：%(unit)s") % {"unit": unit}


class TargetForm(forms.Form):
    """A target of one indicator and county."""

    region = forms.ModelChoiceField(label=_("县（市、区）"), queryset=Region.objects.none(), empty_label=None)
    kind = forms.ChoiceField(label=_("类别"), choices=TargetKind.choices)
    period = forms.CharField(label=_("期别"), max_length=7, help_text=_("年度目标写“2021”，月度建议目标写“2021-08”。"))
    value = forms.DecimalField(label=_("目标值"), max_digits=18, decimal_places=6)
    source = forms.CharField(label=_("来源"), max_length=300, required=False)

    def __init__(self, *args: Any, regions: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choose_from(self, "region", regions, local_name)


class SupportForm(forms.Form):
    """A task that answers for an indicator, by its code: a county has too many tasks for a list."""

    code = forms.CharField(label=_("任务编号"), max_length=20, help_text=_("例如“A01-02”。"))

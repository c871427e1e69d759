"""Setting up a campaign."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiqi.core.models import Unit
from yiqi.core.queries import units_of
from yiqi.kit.web.deeds import choose_from
from yiqi.plan.models import Campaign, Goal


class CampaignForm(forms.Form):
    """A new campaign."""

    code = forms.SlugField(
        label=_("代码"), max_length=20, help_text=_("字母、数字和连字符，如YC2021，命令行导入时使用。")
    )
    name = forms.CharField(label=_("名称"), max_length=100)
    name_en = forms.CharField(label=_("英文名称"), max_length=150, required=False)
    aim = forms.CharField(label=_("总目标"), max_length=200, required=False)
    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2100)
    starts = forms.DateField(label=_("开始日期"), widget=forms.DateInput)
    ends = forms.DateField(label=_("结束日期"), widget=forms.DateInput)


class GoalForm(forms.Form):
    """A goal of a campaign."""

    code = forms.CharField(label=_("代码"), max_length=10)
    name = forms.CharField(label=_("名称"), max_length=100)
    name_en = forms.CharField(label=_("英文名称"), max_length=150, required=False)
    order = forms.IntegerField(label=_("排序"), min_value=0, max_value=999, initial=0)


class ActionForm(GoalForm):
    """An action of a campaign."""

    lead_unit = forms.ModelChoiceField(
        label=_("牵头单位"), queryset=Unit.objects.none(), required=False, empty_label=_("暂不指定")
    )
    goals = forms.ModelMultipleChoiceField(
        label=_("服务的目标"), queryset=Goal.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choose_from(self, "lead_unit", units_of(campaign.region_id).order_by("order", "code"))
        choose_from(self, "goals", campaign.goals.all())

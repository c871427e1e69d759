"""Setting up a task force."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiqi.appraisal.models import Block
from yiqi.core.enums import UnitKind
from yiqi.core.models import Unit
from yiqi.core.queries import units_of
from yiqi.kit.web.deeds import choose_from
from yiqi.plan.models import Action, Campaign


class ForceForm(forms.Form):
    """Which unit becomes a task force of the campaign, and what it answers for."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("专班单位"), help_text=_("由系统管理员以“专班”类别建立，成员在那里任职。")
    )
    code = forms.CharField(label=_("代码"), max_length=10, help_text=_("例如：ZB1"))
    actions = forms.ModelMultipleChoiceField(
        Action.objects.none(), label=_("负责的行动"), required=False, widget=forms.CheckboxSelectMultiple
    )
    blocks = forms.ModelMultipleChoiceField(
        Block.objects.none(), label=_("负责的考核板块"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any):
        super().__init__(*args, **kwargs)
        free = units_of(campaign.region_id, [UnitKind.FORCE]).filter(force__isnull=True).order_by("order", "code")
        frameworks = Block.objects.filter(framework__keeper=campaign.region_id, framework__year=campaign.year)
        choices = {"unit": free, "actions": campaign.actions.all(), "blocks": frameworks.order_by("order")}
        for name, rows in choices.items():
            choose_from(self, name, rows)

"""Working out a round."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class RunRoundForm(forms.Form):
    """Period, and the day up to which figures count."""

    period = forms.ChoiceField(label=_("期别"), help_text=_("只列出已有审核数据的期别。"))
    as_of = forms.DateField(
        label=_("数据截至"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("只采用这一天（含）以前审核的数据。"),
    )

    def __init__(self, *args: Any, periods: Sequence[tuple[str, str]], today: date, **kwargs: Any):
        kwargs.setdefault("initial", {"as_of": today})
        super().__init__(*args, **kwargs)
        period = self.fields["period"]
        assert isinstance(period, forms.ChoiceField)
        period.choices = periods

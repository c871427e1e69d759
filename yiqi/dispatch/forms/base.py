"""What the forms share."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from yiqi.kit.errors import YiqiError
from yiqi.kit.web.refusals import refuse

SECRET = _("涉密事项不得录入本系统。")


def day_field(**facts: object) -> forms.DateField:
    """A date with the browser's own picker."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, **facts)  # type: ignore[arg-type]


def words(**facts: object) -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), **facts)  # type: ignore[arg-type]


class VersionForm(forms.Form):
    """A form that carries the version which its reader saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


def blame(form: forms.Form, error: YiqiError) -> None:
    """Put an operation's error where it belongs: at its field if the form has it, else over the form."""
    refuse(form, error, error.data.get("field"))

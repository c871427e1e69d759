"""Form fields with label, hint and error tied to the input."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField, widgets
from django.utils.html import format_html
from django.utils.safestring import SafeString

from yiqi.kit.templatetags.yiqi.registry import register
from yiqi.kit.web.deeds import FORM_KEY
from yiqi.kit.web.refusals import on_record

FRACTIONS = (forms.DecimalField, forms.FloatField)
DJANGO_ROWS = "10"  # what every Textarea says that was not told otherwise
CHOICE_LISTS = (widgets.RadioSelect, widgets.CheckboxSelectMultiple)


def _iso(value: Any) -> bool:
    try:
        date.fromisoformat(str(value)[:10])
    except ValueError:
        return False
    return True


def _native_dates(bound: BoundField) -> None:
    """The browser's own date picker; typed text that is no date stays in a text box, to be seen and mended."""
    widget, value = bound.field.widget, bound.value()
    if value and bound.errors and not _iso(value):
        return
    if isinstance(widget, widgets.DateTimeInput):
        widget.input_type, widget.format = "datetime-local", "%Y-%m-%dT%H:%M"
    elif isinstance(widget, widgets.DateInput):
        widget.input_type, widget.format = "date", "%Y-%m-%d"


def _attributes(bound: BoundField) -> dict[str, Any]:
    widget = bound.field.widget
    if isinstance(widget, (*CHOICE_LISTS, widgets.CheckboxInput)):
        name = "form-check-input"
    else:
        name = "form-select" if isinstance(widget, widgets.Select) else "form-control"
    classes = [str(widget.attrs.get("class", "")), name, "is-invalid" if bound.errors else ""]
    attributes: dict[str, Any] = {"class": " ".join(filter(None, classes))}
    if isinstance(widget, widgets.NumberInput) and "inputmode" not in widget.attrs:
        attributes["inputmode"] = "decimal" if isinstance(bound.field, FRACTIONS) else "numeric"
    if isinstance(widget, widgets.Textarea) and widget.attrs.get("rows") == DJANGO_ROWS:
        attributes["rows"] = 4
    return attributes


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, CHOICE_LISTS):
        return "choices"
    return "checkbox" if isinstance(widget, widgets.CheckboxInput) else "line"


@register.inclusion_tag("components/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """``{% field form.title %}``: label, required mark, input, hint, errors; every widget, hidden ones too."""
    _native_dates(bound)
    widget = bound.field.widget
    return {
        "field": bound,
        "hidden": bound.is_hidden,
        "kind": _kind(widget),
        "input": bound.as_widget(attrs=_attributes(bound)),
        "required": bound.field.required,
        "error_id": f"{bound.auto_id}_error",
        "help_id": f"{bound.auto_id}_helptext",
    }


@register.inclusion_tag("components/form_errors.html")
def form_errors(form: forms.BaseForm) -> dict[str, Any]:
    """``{% form_errors form %}``: what is wrong with the whole form, and links to the fields that need mending."""
    wrong = [bound for bound in form.visible_fields() if bound.errors]
    hidden = [error for bound in form.hidden_fields() for error in bound.errors]
    return {"general": [*form.non_field_errors(), *hidden], "wrong": wrong, "on_record": on_record(form)}


@register.simple_tag
def form_key() -> SafeString:
    """``{% form_key %}`` beside ``{% csrf_token %}``: names the form as it was drawn, to do its deed once."""
    return format_html('<input type="hidden" name="{}" value="{}">', FORM_KEY, secrets.token_hex(16))


@register.simple_tag
def hidden_version(form: forms.BaseForm) -> SafeString:
    """``{% hidden_version form %}``: the version that the reader saw, so that a stale form is noticed.

    Takes the form's own ``version`` field, else the version of its instance; nothing where there is neither.
    """
    if "version" in form.fields:
        return form["version"].as_hidden()
    version = getattr(getattr(form, "instance", None), "version", None)
    if version is None:
        return SafeString("")
    return format_html('<input type="hidden" name="version" value="{}">', version)

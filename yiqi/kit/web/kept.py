"""What was typed into a form whose token or session is gone, under the labels that the form had."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from django import forms
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

SECRET = {"csrfmiddlewaretoken", "password", "login"}
TYPED = (forms.CharField, forms.DateField, forms.DateTimeField, forms.DecimalField, forms.IntegerField)


class KeptValue(NamedTuple):
    """One value of the form; without a label it was not typed (a choice, a version) and travels unseen."""

    name: str
    value: str
    label: str
    lines: int


def came_from_here(request: HttpRequest) -> bool:
    """Whether this very site sent the form."""
    stated = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(stated).netloc == request.get_host()


def kept_fields(request: HttpRequest) -> list[KeptValue]:
    """Everything that was sent but passwords; nothing where the form came from elsewhere.

    A foreign page could otherwise have its own content confirmed by a click.
    """
    if not came_from_here(request):
        return []
    sent = [(name, value) for name, values in request.POST.lists() if name not in SECRET for value in values]
    known = _fields_of(_app_of(request), {name for name, _value in sent})
    return [
        KeptValue(name, value, _label(known.get(name), value), min(value.count("\n") + 1, 8)) for name, value in sent
    ]


def _app_of(request: HttpRequest) -> str:
    try:
        return ".".join(resolve(request.path_info).func.__module__.split(".")[:2])
    except Resolver404:
        return ""


def _forms(kind: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    for form in kind.__subclasses__():
        yield form
        yield from _forms(form)


def _fields_of(app: str, names: set[str]) -> dict[str, forms.Field]:
    """The fields of the app's form that has most of the names and fewest others."""
    tables = [_declared(form) for form in _forms(forms.BaseForm) if form.__module__.startswith(f"{app}.")]
    return max(tables, key=lambda table: (len(names & set(table)), -len(table)), default={})


def _declared(form: type[forms.BaseForm]) -> dict[str, forms.Field]:
    return dict(getattr(form, "base_fields", {}))


def _label(field: forms.Field | None, value: str) -> str:
    if field is None:
        return "" if value.isascii() else _("填写的内容")
    typed = isinstance(field, TYPED) and not isinstance(field.widget, (forms.HiddenInput, forms.Select))
    return str(field.label or _("填写的内容")) if typed and value else ""

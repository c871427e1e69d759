"""An operation's refusal, laid on the form that asked for it, so that nothing typed is lost."""

from __future__ import annotations

from typing import Any

from django import forms

from yiqi.kit.errors import FileRefusedError, YiqiError

STALE = "stale_form"  # the code with which a record refuses a version that is no longer its own


def refuse(form: forms.BaseForm, error: YiqiError, field: str | None = None) -> None:
    """Add the error, at ``field`` or the one that it names itself, where the form shows it; a file's beside the file.

    A stale form takes on the version on record: what the other person wrote is shown beside what was typed, and the
    next submission is a decision made in its knowledge.
    """
    field = field or error.data.get("field", "")
    if not field and isinstance(error, FileRefusedError):
        field = next((name for name, known in form.fields.items() if isinstance(known, forms.FileField)), "")
    shown = field in form.fields and not form.fields[field].widget.is_hidden
    form.add_error(field if shown else None, forms.ValidationError(str(error), code=error.code))
    if error.code == STALE and "version" in form.fields:
        sent: Any = form.data
        data = sent.copy()
        data[form.add_prefix("version")] = str(error.data["actual"])
        form.data = data


def on_record(form: forms.BaseForm) -> list[tuple[str, str]]:
    """Label and recorded content of each field in which an overtaken form differs from the record."""
    if "version" not in form.fields or not any(form.has_error(name, STALE) for name in form.errors):
        return []
    changed = {name for name in form.changed_data if name in form.initial}
    return [
        (str(bound.label), _shown(bound.field, form.initial[bound.name]))
        for bound in form.visible_fields()
        if bound.name in changed
    ]


def _shown(field: forms.Field, value: Any) -> str:
    known: Any = field.choices if isinstance(field, forms.ChoiceField | forms.ModelChoiceField) else ()
    choices = dict(known)
    values = value if isinstance(value, list | tuple) else [value]
    return "、".join(str(choices.get(item, item)) for item in values if item not in {None, ""}) or "—"

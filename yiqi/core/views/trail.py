"""The audit trail, for the auditor."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yiqi.core.enums import Role
from yiqi.core.forms.system import AnchorForm
from yiqi.core.models import AuditRecord
from yiqi.core.queries import audit_trail, kind_label, verb_label, verify_chain
from yiqi.core.queries.verbs import CHANNELS, field_label, value_label
from yiqi.core.views.access import INVALID, for_role
from yiqi.core.views.middleware import WhoRequest

MOST_EXPORTED = 50_000


@dataclass(frozen=True)
class FieldChange:
    """One field of a record: what it was, what it became."""

    name: str
    before: str
    after: str


def channel_label(record: AuditRecord) -> str:
    """Where it came from, in words."""
    return str(CHANNELS.get(record.channel, record.channel))


def _text(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)
    return str(value)


def differences(record: AuditRecord) -> list[FieldChange]:
    """Before and after side by side, one line a field."""
    before, after = record.before or {}, record.after or {}
    names = [*before, *(name for name in after if name not in before)]
    kind = record.target_type

    def shown(values: dict[str, Any], name: str) -> str:
        return _text(value_label(kind, name, values[name])) if name in values else ""

    return [FieldChange(field_label(kind, name), shown(before, name), shown(after, name)) for name in names]


@require_safe
@for_role(Role.AUDITOR)
def show_record(request: WhoRequest, sequence: int) -> HttpResponse:
    """One record: who, when, what, before and after, from where, and its place in the chain."""
    record = get_object_or_404(audit_trail(request.who), sequence=sequence)
    context = {
        "record": record,
        "verb": verb_label(record.verb, record.target_type),
        "kind": kind_label(record.target_type),
        "channel": channel_label(record),
        "differences": differences(record),
    }
    return render(request, "core/record.html", context)


@require_http_methods(["GET", "POST"])
@for_role(Role.AUDITOR)
def verify_records(request: WhoRequest) -> HttpResponse:
    """Walks the chain and says what it found; nothing is written."""
    form, report, status = AnchorForm(request.POST or None), None, 200
    if request.method == "POST":
        form = AnchorForm(request.POST)
        if form.is_valid():
            report = verify_chain(form.anchor())
        else:
            status = INVALID
    return render(request, "core/verify.html", {"form": form, "report": report}, status=status)

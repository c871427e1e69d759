"""The audit trail, for the auditor."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yiqi.core.enums import Role
from yiqi.core.forms.system import AnchorForm
from yiqi.core.models import AuditRecord
from yiqi.core.queries import audit_trail, kind_label, verb_label, verbs_in, verify_chain
from yiqi.core.queries.verbs import CHANNELS, field_label, value_label
from yiqi.core.views.access import INVALID, for_role
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit.sheets import Column, ColumnKind, Table
from yiqi.kit.web.answers import workbook
from yiqi.kit.web.lists import Filter, chosen, listing

MOST_EXPORTED = 50_000


@dataclass(frozen=True)
class Difference:
    """One field of a record: what it was, what it became."""

    name: str
    before: str
    after: str


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _filters(request: WhoRequest) -> tuple[list[Filter], dict[str, Any]]:
    pairs = verbs_in(request.who)
    verbs = sorted({(verb, verb_label(verb, kind)) for verb, kind in pairs}, key=lambda pair: pair[1])
    kinds = sorted({(kind, kind_label(kind)) for _verb, kind in pairs}, key=lambda pair: pair[1])
    filters = [
        chosen(request, "person", _("操作人")),
        chosen(request, "verb", _("操作"), verbs),
        chosen(request, "kind", _("对象类型"), kinds),
        chosen(request, "target", _("对象")),
        chosen(request, "since", _("起（如2021-09-06）")),
        chosen(request, "until", _("止（如2021-09-30）")),
    ]
    name, verb, kind, target, since, until = (item.value for item in filters)
    facts = {"name": name, "verb": verb, "target_type": kind, "target": target}
    return filters, {**facts, "since": _day(since), "until": _day(until)}


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


def differences(record: AuditRecord) -> list[Difference]:
    """Before and after side by side, one line a field."""
    before, after = record.before or {}, record.after or {}
    names = [*before, *(name for name in after if name not in before)]
    kind = record.target_type

    def shown(values: dict[str, Any], name: str) -> str:
        return _text(value_label(kind, name, values[name])) if name in values else ""

    return [Difference(field_label(kind, name), shown(before, name), shown(after, name)) for name in names]


def _row(record: AuditRecord) -> tuple[Any, ...]:
    lines = [f"{item.name}{_('：')}{item.before or '—'}→{item.after or '—'}" for item in differences(record)]
    return (
        record.sequence,
        f"{timezone.localtime(record.at):%Y-%m-%d %H:%M:%S}",
        record.business_date,
        record.person_name,
        record.role,
        verb_label(record.verb, record.target_type),
        kind_label(record.target_type),
        record.target_label,
        _("；").join(lines)[:2000],
        channel_label(record),
        record.address,
        record.digest,
    )


def _table(rows: Any) -> Table:
    columns = [
        Column(_("序号"), 8, ColumnKind.NUMBER),
        Column(_("时间"), 20),
        Column(_("业务日期"), 12, ColumnKind.DATE),
        Column(_("操作人"), 10),
        Column(_("身份"), 16),
        Column(_("操作"), 18),
        Column(_("对象类型"), 12),
        Column(_("对象"), 30),
        Column(_("变更"), 60),
        Column(_("渠道"), 8),
        Column(_("来源地址"), 16),
        Column(_("摘要"), 66),
    ]
    notes = [_("最多导出最近%(most)s条。") % {"most": MOST_EXPORTED}]
    return Table(_("审计记录"), columns, map(_row, rows[:MOST_EXPORTED].iterator(chunk_size=2000)), notes)


@require_safe
@for_role(Role.AUDITOR)
def list_records(request: WhoRequest) -> HttpResponse:
    """The records of the auditor's regions, newest first."""
    filters, wanted = _filters(request)
    rows = audit_trail(request.who, **wanted)
    if request.GET.get("export") == "xlsx":
        return workbook(_table(rows), _("审计记录"))
    page = listing(
        request, rows, filters=filters, sorts={"sequence": (_("序号"), ("sequence",))}, default_sort="-sequence"
    )
    shown = [
        (row, verb_label(row.verb, row.target_type), kind_label(row.target_type), channel_label(row))
        for row in page.page
    ]
    return render(request, "core/records.html", {"listing": page, "rows": shown})


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

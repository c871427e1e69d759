"""The ledger of promises: what was given to whom by when, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from yiqi.core.enums import PromiseState
from yiqi.core.models import Unit
from yiqi.core.queries import kept_rate, promised_subjects, promises_for
from yiqi.core.rules import reads_promises
from yiqi.core.subjects import Ref
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit import clock
from yiqi.kit.marks import badge
from yiqi.kit.records import missing
from yiqi.kit.web.columns import DATE, TITLE, Column, filed
from yiqi.kit.web.filters import Choices, Filter, having
from yiqi.kit.web.tables import List, Listing, answer_list
from yiqi.kit.wording import cn_day

TONES = {PromiseState.KEPT: "green", PromiseState.BROKEN: "red", PromiseState.OPEN: "blue"}


def _title(row: Any) -> Any:
    return format_html('<a href="{}">{}</a>', row.subject.url, row.title) if row.subject else row.title


def _state(row: Any) -> str:
    return str(PromiseState(row.state).label)


def _badge(row: Any) -> Any:
    day = row.moved_on or row.done_on
    mark = badge(_state(row), TONES.get(row.state, "neutral"))
    return format_html('{} <span class="unit">{}</span>', mark, cn_day(day)) if day else mark


def _units(request: WhoRequest) -> Choices:
    seen = promises_for(request.who, today=clock.today()).order_by().values("unit")
    return [(str(unit.pk), unit.label) for unit in Unit.objects.filter(pk__in=seen).order_by("order", "code")]


PROMISES = List(
    title=_("承诺台账"),
    columns=(
        Column("title", _("承诺事项"), width=40, show=_title, css="wide", phone=TITLE),
        Column("unit.label", _("承诺单位"), width=16, css="nowrap", sort="unit"),
        Column("given_by.name", _("承诺人"), width=10, css="nowrap"),
        Column("given_to", _("向谁承诺"), width=16, css="nowrap"),
        Column("given_on", _("承诺日期"), DATE, 12, sort="given"),
        Column("due", _("承诺时限"), DATE, 12, sort="due"),
        Column("state", _("结果"), width=10, value=_state, show=_badge, css="nowrap"),
        filed("done_on", _("完成日期"), 12, DATE),
        filed("moved_on", _("改期日期"), 12, DATE),
        Column("basis", _("依据"), width=30, css="wide"),
    ),
    filters=(
        Filter("text", _("事项或依据"), narrow=having("title__icontains", "basis__icontains")),
        Filter("unit", _("承诺单位"), _units),
        Filter("state", _("结果"), PromiseState.choices),
    ),
    sorts={
        "due": (_("承诺时限"), ("due",)),
        "given": (_("承诺日期"), ("given_on",)),
        "unit": (_("承诺单位"), ("unit__order", "unit__code", "due")),
    },
    sort="-due",
    empty=(_("没有符合条件的承诺"), _("可以去掉一些条件再看。")),
    untouched=(_("还没有承诺"), _("承办单位签收督办事项，即承诺按期办结，签收后列在这里。")),
)


@require_safe
def list_promises(request: WhoRequest) -> HttpResponse:
    """All promises that the person sees; of those that came due, how many were kept, by unit where one is chosen."""
    if not reads_promises(request.who):
        raise missing()
    rows = promises_for(request.who, today=clock.today())

    def rate(shown: Listing) -> dict[str, Any]:
        unit = next(item.value for item in shown.chosen if item.filter.name == "unit")
        return {"rate": kept_rate(rows.filter(unit_id=int(unit)) if unit else rows)}

    def pointed(found: Iterable[Any]) -> list[Any]:
        page = list(found)
        known = promised_subjects(request.who, page)
        for row in page:
            row.subject = known.get(Ref(row.subject_kind, row.subject_id))
        return page

    return answer_list(request, PROMISES, rows, rate, prepare=pointed, template="core/promises.html")

"""Units."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yiqi.core import operations
from yiqi.core.enums import Role, UnitKind
from yiqi.core.forms.system import UnitForm
from yiqi.core.models import Unit
from yiqi.core.queries import within
from yiqi.core.views.access import DONE, attempt, for_role, home_of
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit import clock
from yiqi.kit.sheets import Column, Table
from yiqi.kit.web.answers import see_other, workbook
from yiqi.kit.web.lists import chosen, listing
from yiqi.kit.wording import listed


def _units(request: WhoRequest) -> QuerySet[Unit]:
    return Unit.objects.filter(within("region__code", request.who.prefixes(Role.ADMIN))).select_related("region")


def _units_table(units: QuerySet[Unit]) -> Table:
    columns = [
        Column(_("单位代码"), 14),
        Column(_("单位名称"), 34),
        Column(_("简称"), 16),
        Column(_("类别"), 20),
        Column(_("所属区划"), 12),
        Column(_("别名"), 40),
        Column(_("状态"), 8),
    ]
    rows = [
        (
            unit.code,
            unit.name,
            unit.short_name,
            unit.get_kind_display(),
            unit.region.name,
            listed(unit.aliases),
            _("在用") if unit.active else _("已停用"),
        )
        for unit in units.order_by("order", "code")
    ]
    return Table(_("单位名册"), columns, rows, mark=_("演示数据") if units.filter(demo=True).exists() else "")


@require_safe
@for_role(Role.ADMIN)
def list_units(request: WhoRequest) -> HttpResponse:
    """The units of the administrator's regions."""
    filters = [
        chosen(request, "q", _("名称或代码")),
        chosen(request, "kind", _("类别"), UnitKind.choices),
        chosen(request, "state", _("状态"), [("active", _("在用")), ("inactive", _("已停用"))]),
    ]
    text, kind, state = (item.value for item in filters)
    units = _units(request)
    if text:
        units = units.filter(Q(name__icontains=text) | Q(short_name__icontains=text) | Q(code__iexact=text))
    if kind:
        units = units.filter(kind=kind)
    if state:
        units = units.filter(active=state == "active")
    if request.GET.get("export") == "xlsx":
        return workbook(_units_table(units), _("单位名册"))
    sorts = {
        "order": (_("排序"), ("order", "code")),
        "name": (_("名称"), ("name", "code")),
        "code": (_("代码"), ("code",)),
    }
    rows = listing(request, units, filters=filters, sorts=sorts, default_sort="order")
    return render(request, "core/units.html", {"listing": rows, "demo": any(row.demo for row in rows.page)})


def _form(request: WhoRequest, unit: Unit | None = None) -> UnitForm:
    # a copy: validation writes into the instance, and the page still names the unit as it is on record
    return UnitForm(request.POST or None, instance=Unit.objects.get(pk=unit.pk) if unit else None)


@require_http_methods(["GET", "POST"])
@for_role(Role.ADMIN)
def create_unit(request: WhoRequest) -> HttpResponse:
    """A new unit of the county."""
    form, status = _form(request), 200
    if request.method == "POST":
        region = home_of(request)
        status = attempt(
            form,
            lambda facts: operations.create_unit(by=request.who, today=clock.today(), region=region, **facts),
        )
    if status == DONE:
        messages.success(request, _("单位已建立。"))
        return see_other(reverse("core:list_units"))
    return render(request, "core/unit_form.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@for_role(Role.ADMIN)
def edit_unit(request: WhoRequest, pk: int) -> HttpResponse:
    """A unit's names, kind, order and state."""
    unit = get_object_or_404(_units(request), pk=pk)
    form, status = _form(request, unit), 200

    def deed(changes: dict[str, Any]) -> object:
        return operations.edit_unit(by=request.who, today=clock.today(), unit=unit, **changes)

    if request.method == "POST":
        status = attempt(form, deed)
    if status == DONE:
        messages.success(request, _("已保存。"))
        return see_other(reverse("core:list_units"))
    return render(request, "core/unit_form.html", {"form": form, "unit": unit}, status=status)

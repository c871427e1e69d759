"""Units."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiqi.core import operations
from yiqi.core.enums import Role
from yiqi.core.forms.system import UnitForm
from yiqi.core.models import Unit
from yiqi.core.queries import within
from yiqi.core.views.access import DONE, attempt, for_role, home_of
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit import clock
from yiqi.kit.web.answers import see_other


def _units(request: WhoRequest) -> QuerySet[Unit]:
    return Unit.objects.filter(within("region__code", request.who.prefixes(Role.ADMIN))).select_related("region")


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

"""Units."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiqi.core import operations
from yiqi.core.enums import Role
from yiqi.core.forms.system import UnitForm
from yiqi.core.models import Unit
from yiqi.core.queries import within
from yiqi.core.views.access import for_role, home_of
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit import clock
from yiqi.kit.web.deeds import answer, form_page


def _units(request: WhoRequest) -> QuerySet[Unit]:
    return Unit.objects.filter(within("region__code", request.who.prefixes(Role.ADMIN))).select_related("region")


def _form(request: WhoRequest, unit: Unit | None = None) -> UnitForm:
    # a copy: validation writes into the instance, and the page still names the unit as it is on record
    return UnitForm(request.POST or None, instance=Unit.objects.get(pk=unit.pk) if unit else None)


@require_http_methods(["GET", "POST"])
@for_role(Role.ADMIN)
def create_unit(request: WhoRequest) -> HttpResponse:
    """A new unit of the county."""
    form, region = _form(request), home_of(request)
    return answer(
        request,
        form,
        lambda facts: operations.create_unit(by=request.who, today=clock.today(), region=region, **facts),
        done=lambda _unit: (_("单位已建立。"), reverse("core:list_units")),
        page=form_page(request, "core/unit_form.html", form),
    )


@require_http_methods(["GET", "POST"])
@for_role(Role.ADMIN)
def edit_unit(request: WhoRequest, pk: int) -> HttpResponse:
    """A unit's names, kind, order and state."""
    unit = get_object_or_404(_units(request), pk=pk)
    form = _form(request, unit)
    return answer(
        request,
        form,
        lambda changes: operations.edit_unit(by=request.who, today=clock.today(), unit=unit, **changes),
        done=lambda _unit: (_("已保存。"), reverse("core:list_units")),
        page=form_page(request, "core/unit_form.html", form, unit=unit),
    )

"""People, their accounts and their appointments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from axes.helpers import get_cool_off
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiqi.core import operations
from yiqi.core.enums import Role
from yiqi.core.forms.system import AppointForm, EditPersonForm, EndAppointmentForm, PersonForm
from yiqi.core.models import Appointment, Person
from yiqi.core.queries import visible_people, within
from yiqi.core.queries.people import account_state, appointments_of
from yiqi.core.views.access import for_role, home_of
from yiqi.core.views.middleware import WhoRequest
from yiqi.kit import clock
from yiqi.kit.web.deeds import answer, form_page, press


@require_http_methods(["GET", "POST"])
@for_role(Role.ADMIN)
def create_person(request: WhoRequest) -> HttpResponse:
    """A new account with a random first password, which is shown once."""
    form, place, password = PersonForm(request.POST or None), home_of(request).code, operations.random_password()

    def create(facts: dict[str, Any]) -> Person:
        return operations.create_person(
            by=request.who,
            today=clock.today(),
            region_code=place,
            password=password,
            must_change_password=True,
            **facts,
        )

    return answer(
        request,
        form,
        create,
        done=lambda person: _show_password(request, person, password),
        page=form_page(request, "core/person_form.html", form),
    )


def _show_password(request: WhoRequest, person: Person, password: str) -> HttpResponse:
    response = render(request, "core/person_password.html", {"person": person, "password": password})
    response["Cache-Control"] = "no-store"
    return response


def _person(request: WhoRequest, pk: int) -> Person:
    return get_object_or_404(visible_people(request.who), pk=pk)


@require_safe
@for_role(Role.ADMIN)
def show_person(request: WhoRequest, pk: int) -> HttpResponse:
    """An account with its appointments and what can be done to it."""
    person = _person(request, pk)
    since = clock.wall() - (get_cool_off() or timedelta())
    context = {
        "person": person,
        "state": account_state(person, limit=settings.AXES_FAILURE_LIMIT, since=since),
        "appointments": appointments_of(person, request.who),
        "phone": masked(person.phone),
        "oneself": person.pk == request.who.person.pk,
    }
    return render(request, "core/person.html", context)


def masked(phone: str) -> str:
    """A telephone number with its middle hidden: 138****1234."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) > 7 else "*" * len(phone)


@require_http_methods(["GET", "POST"])
@for_role(Role.ADMIN)
def edit_person(request: WhoRequest, pk: int) -> HttpResponse:
    """Name, title and telephone."""
    person = _person(request, pk)
    facts = {name: getattr(person, name) for name in ("name", "title", "phone", "version")}
    form = EditPersonForm(request.POST or None, initial=facts)
    return answer(
        request,
        form,
        lambda changes: operations.edit_person(by=request.who, today=clock.today(), person=person, **changes),
        done=lambda _person: (_("已保存。"), reverse("core:show_person", args=[pk])),
        page=form_page(request, "core/person_form.html", form, person=person),
    )


@require_http_methods(["GET", "POST"])
@for_role(Role.ADMIN)
def appoint_person(request: WhoRequest, pk: int) -> HttpResponse:
    """A role for a person."""
    person = _person(request, pk)
    form = AppointForm(request.POST or None, who=request.who, initial={"starts": clock.today()})
    return answer(
        request,
        form,
        lambda facts: operations.appoint(by=request.who, today=clock.today(), person=person, **facts),
        done=lambda _post: (_("任职已登记。"), reverse("core:show_person", args=[pk])),
        page=form_page(request, "core/appoint.html", form, person=person),
    )


@require_http_methods(["GET", "POST"])
@for_role(Role.ADMIN)
def end_appointment(request: WhoRequest, pk: int) -> HttpResponse:
    """The last day of an appointment."""
    held = Appointment.objects.filter(within("region__code", request.who.prefixes(Role.ADMIN)))
    appointment = get_object_or_404(held.select_related("person", "unit", "region"), pk=pk)
    form = EndAppointmentForm(request.POST or None, initial={"ends": clock.today()})
    return answer(
        request,
        form,
        lambda facts: operations.end_appointment(by=request.who, today=clock.today(), appointment=appointment, **facts),
        done=lambda _post: (_("任职止日已登记。"), reverse("core:show_person", args=[appointment.person_id])),
        page=form_page(request, "core/end_appointment.html", form, appointment=appointment),
    )


@require_POST
@for_role(Role.ADMIN)
def reset_password(request: WhoRequest, pk: int) -> HttpResponse:
    """A random password, shown once, to be changed at the next login."""
    person, password = _person(request, pk), operations.random_password()
    operations.set_password(by=request.who, today=clock.today(), person=person, password=password)
    return _show_password(request, person, password)


def _account_step(deed: Callable[..., object], said: Any) -> Callable[[WhoRequest, int], HttpResponse]:
    @require_POST
    @for_role(Role.ADMIN)
    def step(request: WhoRequest, pk: int) -> HttpResponse:
        person = _person(request, pk)
        back = reverse("core:show_person", args=[pk])
        return press(request, lambda: deed(by=request.who, today=clock.today(), person=person), said=said, back=back)

    return step


deactivate_person = _account_step(operations.deactivate_person, gettext_lazy("账号已停用。"))
activate_person = _account_step(operations.activate_person, gettext_lazy("账号已恢复。"))
unlock_person = _account_step(operations.unlock_person, gettext_lazy("登录锁定已解除。"))
reset_second_factor = _account_step(operations.reset_second_factor, gettext_lazy("两步验证已解除，本人可重新启用。"))

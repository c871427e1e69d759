"""The asking person's mandate on the request, the duties of their account, a form's deed done once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from yiqi.core.models import Person, SentForm
from yiqi.core.queries import mandate_of, second_factor_required
from yiqi.core.rules import Mandate
from yiqi.kit import clock
from yiqi.kit.web.answers import see_other
from yiqi.kit.web.deeds import FORM_KEY

MOST_KEY = 32
SENT_ON = frozenset({302, 303})
GetResponse = Callable[[HttpRequest], HttpResponse]
ALWAYS_OPEN = frozenset({"account_login", "account_logout", "core:switch_language"})
FOR_PASSWORD = ALWAYS_OPEN | {"account_change_password"}
FOR_SECOND_FACTOR = ALWAYS_OPEN | {
    "account_change_password",
    "account_reauthenticate",
    "mfa_activate_totp",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_view_recovery_codes",
}


class AnyRequest(HttpRequest):
    """A request that has passed WhoMiddleware: ``who`` is None for a stranger."""

    who: Mandate | None


class WhoRequest(AnyRequest):
    """A request of a signed-in person: ``who`` is their mandate of today."""

    who: Mandate


class WhoMiddleware:
    """Sets ``request.who`` for a signed-in person, None otherwise; read from the database at first use."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: AnyRequest) -> HttpResponse:
        """Standard middleware call."""
        who: Any = None
        if request.user.is_authenticated:
            person = request.user
            who = SimpleLazyObject(lambda: mandate_of(person, today=clock.today()))
        request.who = who
        return self.get_response(request)


def _duty(person: Person, who: Mandate, page: str) -> str:
    """The page that comes first for this person, or an empty text. One statement for most, two for the bound roles."""
    if person.must_change_password:
        return "" if page in FOR_PASSWORD else "account_change_password"
    if page in FOR_SECOND_FACTOR or not second_factor_required(who):
        return ""
    has_one = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()
    return "" if has_one else "mfa_activate_totp"


class DutyMiddleware:
    """Sends a person who must change the password or set up the second factor there, before anything else."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Standard middleware call."""
        return self.get_response(request)

    def process_view(self, request: WhoRequest, view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Called by Django once the address is resolved."""
        person = request.user
        if not isinstance(person, Person) or request.resolver_match is None:
            return None
        if not getattr(view, "login_required", True):
            return None
        first = _duty(person, request.who, request.resolver_match.view_name)
        if not first:
            return None
        to = redirect(first)
        return HttpResponseClientRedirect(to.url) if getattr(request, "htmx", False) else to


class OnceMiddleware:
    """A form with a key does its deed once: sent again (a double click, a bad line) it is answered like the first.

    The key is written in the transaction of the deed, so the second of two at the same time waits for the first. Where
    nothing was done (an answer that does not send on) nothing of it stays, and the form can be mended and sent.
    """

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Standard middleware call."""
        key = request.POST.get(FORM_KEY, "") if request.method == "POST" else ""
        person = request.user
        if not key or len(key) > MOST_KEY or not isinstance(person, Person):
            return self.get_response(request)
        with transaction.atomic():
            sent, first = SentForm.objects.get_or_create(person=person, key=key, defaults={"sent_at": clock.wall()})
            if not first:
                messages.info(request, _("这份表单已经提交过，没有重复办理。"))
                return see_other(sent.address)
            response = self.get_response(request)
            if response.status_code in SENT_ON:
                sent.address = response.headers["Location"]
                sent.save(update_fields=["address"])
            else:
                transaction.set_rollback(True)
        return response

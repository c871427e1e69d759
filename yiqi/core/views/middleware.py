"""Puts the asking person's mandate on the request, once."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from yiqi.core.queries import mandate_of
from yiqi.core.rules import Mandate
from yiqi.kit import clock


class WhoRequest(HttpRequest):
    """A request of a signed-in person: ``who`` is their mandate of today."""

    who: Mandate


class WhoMiddleware:
    """Sets ``request.who`` for a signed-in person, None otherwise; read from the database at first use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Standard middleware call."""
        who = None
        if request.user.is_authenticated:
            person = request.user
            who = SimpleLazyObject(lambda: mandate_of(person, today=clock.today()))
        request.who = who  # type: ignore[attr-defined]  # WhoRequest
        return self.get_response(request)

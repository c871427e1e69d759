"""Language, sign-in that keeps what was typed, origin with idle time-out, and the translator from errors to pages."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import translation

from yiqi.kit import clock
from yiqi.kit.errors import YiqiError
from yiqi.kit.origin import Origin, coming_from
from yiqi.kit.web.views import error_page, session_ended

GetResponse = Callable[[HttpRequest], HttpResponse]
RENEW_AFTER_SECONDS = 60
SEEN = "seen_at"


class LanguageMiddleware:
    """Chinese unless the reader switched: a browser's own preference is not asked, because the county's is known."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Standard middleware call."""
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = translation.get_language() or language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
            return response


class SignedInMiddleware(LoginRequiredMiddleware):
    """Django's own, but a form that is sent after the session idled out keeps what was typed."""

    def handle_no_permission(  # type: ignore[override]  # a page is an answer too, not only a redirect
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        """Called for a view that needs a signed-in person."""
        login_url = str(resolve_url(self.get_login_url(view_func)))
        return session_ended(request, login_url) or super().handle_no_permission(request, view_func)


class OriginMiddleware:
    """Names the origin of what the request does, and keeps a session that is in use from idling out."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Standard middleware call."""
        origin = Origin("web", request.META.get("REMOTE_ADDR", ""), uuid.uuid4().hex)
        if request.user.is_authenticated:
            self._renew(request)
        with coming_from(origin):
            return self.get_response(request)

    @staticmethod
    def _renew(request: HttpRequest) -> None:
        # one write a minute is enough to measure half an hour, and spares a write on every page
        now = clock.wall().timestamp()
        if now - request.session.get(SEEN, 0) > RENEW_AFTER_SECONDS:
            request.session[SEEN] = now


class ErrorMiddleware:
    """Turns an expected error that no view handled into a page in the reader's language."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Standard middleware call."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Called by Django when a view raised."""
        if isinstance(exception, YiqiError):
            return error_page(request, status=exception.status, message=str(exception), code=exception.code)
        return None

"""Signing in and out, password, second factor, language."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from allauth.account import views as account
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from yiqi.core.forms.account import note
from yiqi.kit import clock
from yiqi.kit.web.answers import see_other

TOO_MANY_REQUESTS = 429
LANGUAGE_COOKIE_SECONDS = 365 * 24 * 3600


def _free_again(credentials: dict[str, Any] | None) -> datetime:
    """When the lockout ends: the cool-off after the last counted failure, rounded up to a minute."""
    username = (credentials or {}).get("username")
    last = AccessAttempt.objects.filter(username=username).order_by("-attempt_time").first()
    ends = (last.attempt_time if last else clock.wall()) + get_cool_off()
    return timezone.localtime(ends) + timedelta(minutes=1)


def locked_out(
    request: HttpRequest, original_response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """django-axes' answer after too many failures: when to try again. The same for names that do not exist."""
    del original_response  # axes passes the page of the failed form
    until = _free_again(credentials)
    context = {"until": until, "limit": settings.AXES_FAILURE_LIMIT}
    response = render(request, "account/locked_out.html", context, status=TOO_MANY_REQUESTS)
    response["Retry-After"] = str(max(1, int((until - clock.wall()).total_seconds())))
    return response


@login_not_required
@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """Remember the language in Django's cookie and go back; an unknown language changes nothing."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = see_other(target)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=LANGUAGE_COOKIE_SECONDS,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
        )
    return response


class LoginView(account.LoginView):
    """The login page; says that a session may have ended when the person was sent here from a page."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``came_from`` is the page to which the login returns, if it is not just home."""
        came_from = self.request.GET.get("next", "")
        minutes = settings.SESSION_COOKIE_AGE // 60
        return {**super().get_context_data(**kwargs), "came_from": came_from.strip("/"), "minutes": minutes}


class PasswordChangeView(account.PasswordChangeView):
    """A person's own password."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``required`` when nothing else is possible before."""
        return {**super().get_context_data(**kwargs), "required": self.request.user.must_change_password}


class ActivateTOTPView(totp.ActivateTOTPView):
    """Switching the second factor on, with its record."""

    def form_valid(self, form: Any) -> HttpResponse:
        """The deed and its record in one transaction."""
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            note(self.request.user, "account.second_factor_on")
        return response


class DeactivateTOTPView(totp.DeactivateTOTPView):
    """Switching the second factor off, with its record."""

    def form_valid(self, form: Any) -> HttpResponse:
        """The deed and its record in one transaction."""
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            note(self.request.user, "account.second_factor_off")
        return response


class GenerateRecoveryCodesView(recovery.GenerateRecoveryCodesView):
    """New recovery codes in place of the old, with their record."""

    def form_valid(self, form: Any) -> HttpResponse:
        """The deed and its record in one transaction."""
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            note(self.request.user, "account.recovery_codes_new")
        return response

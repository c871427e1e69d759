"""Accounts: there is no sign-up; the system administrator opens accounts.

allauth brings the flows (password, second factor, recovery codes); here are its adapters and forms in the county's
words, and the one counter of failed attempts, django-axes, which the codes of the second factor feed too.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account import forms as account
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base import forms as second
from allauth.mfa.totp import forms as totp
from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from yiqi.core.models import Person
from yiqi.core.operations import change_own_password, note_account_event
from yiqi.core.queries import mandate_of, second_factor_required
from yiqi.kit import clock


def note(person: Person, verb: str) -> None:
    """Write what a person did at the door into the trail."""
    today = clock.today()
    note_account_event(by=mandate_of(person, today=today), today=today, verb=verb)


class AccountAdapter(DefaultAccountAdapter):
    """allauth's adapter, closed to the public; it tells nobody whether a name exists."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("登录名或密码不正确。"),
        "incorrect_password": _("密码不正确。"),
        "enter_current_password": _("原密码不正确。"),
        "too_many_login_attempts": _("尝试次数过多，请稍后再试。"),
        "rate_limited": _("操作过于频繁，请稍后再试。"),
    }

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Never."""
        return False

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        """Record the sign-in, after the second factor where there is one."""
        note(user, "account.login")
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def logout(self, request: HttpRequest) -> None:
        """Record the sign-out."""
        if isinstance(request.user, Person):
            note(request.user, "account.logout")
        super().logout(request)

    def set_password(self, user: Person, password: str) -> None:
        """A person's own new password, from the form below."""
        today = clock.today()
        held = change_own_password(by=mandate_of(user, today=today), today=today, password=password)
        # the session's fingerprint is taken from this object
        user.password, user.must_change_password = held.password, held.must_change_password

    def get_password_change_redirect_url(self, _request: HttpRequest) -> str:
        """Home."""
        return "/"

    def is_reauthentication_required(self, *, app: str, **_kwargs: Any) -> bool:  # noqa: ARG002  allauth's signature
        """Not right after signing in: the password was typed a moment ago."""
        limit = clock.wall() - timedelta(seconds=account_settings.REAUTHENTICATION_TIMEOUT)
        records = get_authentication_records(context.request, context.request.user)
        return not any(record["at"] >= limit.timestamp() for record in records)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Words of the second factor; whose role demands it cannot switch it off."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("验证码不正确，请核对后重新输入。"),
        "cannot_delete_authenticator": _("您的角色必须使用两步验证，不能停用。"),
        "cannot_generate_recovery_codes": _("请先启用两步验证，再生成备用码。"),
    }

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Whether the person's roles leave it to them."""
        return not second_factor_required(mandate_of(authenticator.user, today=clock.today()))


class LoginForm(account.LoginForm):
    """Name and password."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("登录名")
        self.fields["password"].label = _("密码")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["login"].widget.attrs |= {"autofocus": True, "autocapitalize": "none", "spellcheck": "false"}


class ReauthenticateForm(account.ReauthenticateForm):
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("密码")
        self.fields["password"].widget.attrs.pop("placeholder", None)


class ChangePasswordForm(account.ChangePasswordForm):
    """Old and new password."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        labels = {"oldpassword": _("原密码"), "password1": _("新密码"), "password2": _("再输一次新密码")}
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].help_text = ""
            self.fields[name].widget.attrs.pop("placeholder", None)

    def clean(self) -> dict[str, Any]:
        """The new one must be new."""
        cleaned: dict[str, Any] = super().clean()
        new = cleaned.get("password1")
        if new and new == cleaned.get("oldpassword"):
            self.add_error("password1", _("新密码不能与原密码相同。"))
        if "password2" in self.errors and new:
            del self.errors["password2"]
            self.add_error("password2", _("两次输入的新密码不一致。"))
        return cleaned


class Counted(forms.Form):
    """Feeds wrong codes to the lockout: six digits would be guessed in an afternoon otherwise.

    ``user`` is whoever is signing in. A locked account gets the lockout page from AxesMiddleware.
    """

    user: Person

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = _("验证码")
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs |= {"autofocus": True, "inputmode": "numeric", "autocomplete": "one-time-code"}

    def clean_code(self) -> str:
        """The code, unless wrong or locked out."""
        request, credentials = context.request, {"username": self.user.username}
        if not AxesProxyHandler.is_allowed(request, credentials):
            request.axes_locked_out = True
            request.axes_credentials = credentials
            raise forms.ValidationError(_("尝试次数过多，请稍后再试。"), code="locked_out")
        try:
            code: str = super().clean_code()  # type: ignore[misc]  # of the form that this is mixed into
        except forms.ValidationError:
            user_login_failed.send(sender=__name__, credentials=credentials, request=request)
            raise
        return code


class AuthenticateForm(Counted, second.AuthenticateForm):
    """The code at signing in; a recovery code is accepted as well."""


class SecondReauthenticateForm(Counted, second.ReauthenticateForm):
    """The code once more, before something sensitive."""


class ActivateTOTPForm(totp.ActivateTOTPForm):
    """The first code of a new authenticator."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = _("验证码")
        field.help_text = _("验证器中显示的6位数字，每30秒变化一次。")
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}

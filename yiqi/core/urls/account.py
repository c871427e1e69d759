"""The few addresses of allauth that the product needs: no sign-up, no e-mail, no reset by mail."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as second
from allauth.mfa.recovery_codes import views as recovery
from django.urls import path

from yiqi.core.views.account import (
    ActivateTOTPView,
    DeactivateTOTPView,
    GenerateRecoveryCodesView,
    LoginView,
    PasswordChangeView,
)

urlpatterns = [
    path("login/", LoginView.as_view(), name="account_login"),
    path("login/code/", second.authenticate, name="mfa_authenticate"),
    path("logout/", account.logout, name="account_logout"),
    path("password/", PasswordChangeView.as_view(), name="account_change_password"),
    path("confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("confirm/code/", second.reauthenticate, name="mfa_reauthenticate"),
    path("second-factor/", second.index, name="mfa_index"),
    path("second-factor/on/", ActivateTOTPView.as_view(), name="mfa_activate_totp"),
    path("second-factor/off/", DeactivateTOTPView.as_view(), name="mfa_deactivate_totp"),
    path("second-factor/codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("second-factor/codes/new/", GenerateRecoveryCodesView.as_view(), name="mfa_generate_recovery_codes"),
]

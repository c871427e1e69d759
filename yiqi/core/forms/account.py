"""Accounts: there is no sign-up; the system administrator makes accounts."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """allauth's adapter, closed to the public."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

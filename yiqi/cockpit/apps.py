"""Django's registration of the cockpit, and its entry in the rail."""

from __future__ import annotations

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from yiqi.kit.web.navigation import Entry, register_entry


def _visible(request: HttpRequest) -> bool:
    from yiqi.cockpit.rules import sees_cockpit

    return sees_cockpit(request.who)  # type: ignore[attr-defined]  # WhoRequest


class CockpitConfig(AppConfig):
    """The cockpit owns no tables."""

    name = "yiqi.cockpit"
    label = "cockpit"

    def ready(self) -> None:
        """Show the cockpit first."""
        register_entry(Entry(10, _("总览"), "layout-dashboard", "cockpit:home", _visible))

"""Django's registration of the core app."""

from __future__ import annotations

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


def _administers(request: HttpRequest) -> bool:
    from yiqi.core.enums import Role

    return bool(request.who.has(Role.ADMIN))  # type: ignore[attr-defined]  # WhoRequest


def _audits(request: HttpRequest) -> bool:
    from yiqi.core.enums import Role

    return bool(request.who.has(Role.AUDITOR))  # type: ignore[attr-defined]


class CoreConfig(AppConfig):
    name = "yiqi.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Enter the system pages into the navigation."""
        from yiqi.kit.web.navigation import Entry, register_entry

        register_entry(Entry(80, _("人员"), "users", "core:list_people", _administers))
        register_entry(Entry(81, pgettext_lazy("navigation", "单位"), "building", "core:list_units", _administers))
        register_entry(Entry(82, _("设置"), "settings", "core:list_settings", _administers))
        register_entry(Entry(83, _("工作日历"), "calendar", "core:show_calendar", _administers))
        register_entry(Entry(84, _("审计记录"), "history", "core:list_records", _audits))
        register_entry(Entry(85, _("核验审计链"), "shield-check", "core:verify_records", _audits))

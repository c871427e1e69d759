"""Django's registration of the dispatch app, its entries in the rail and its panels."""

from __future__ import annotations

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class DispatchConfig(AppConfig):
    name = "yiqi.dispatch"
    label = "dispatch"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Add entries and panels; predicates and views need the models, which are there only now."""
        from yiqi.core.enums import Role
        from yiqi.core.rules import READS_COUNTY
        from yiqi.dispatch.rules import BUSINESS_ROLES
        from yiqi.kit.web.navigation import Entry, register_entry, register_panel

        def holds(*roles: str):  # type: ignore[no-untyped-def]
            def visible(request: HttpRequest) -> bool:
                return bool(request.who.has(*roles))  # type: ignore[attr-defined]  # set by WhoMiddleware

            return visible

        unit = holds(Role.REPORTER, Role.REVIEWER)
        register_entry(Entry(50, _("周调度"), "calendar-event", "dispatch:list_weeks", holds(*BUSINESS_ROLES)))
        register_entry(Entry(51, _("本单位督办"), "inbox", "dispatch:list_mine", unit))
        register_entry(Entry(52, _("督办事项"), "checkup-list", "dispatch:list_directives", holds(*BUSINESS_ROLES)))
        register_entry(Entry(53, _("工作专班"), "users-group", "dispatch:list_forces", holds(*BUSINESS_ROLES)))
        register_entry(Entry(54, _("督办频次"), "chart-bar", "dispatch:show_load", holds(*BUSINESS_ROLES)))
        register_entry(Entry(55, _("工作报告"), "file-text", "dispatch:list_reports", holds(*READS_COUNTY)))
        register_panel("plan.task", 50, "yiqi.dispatch.views.panels.task_panel")
        register_panel("appraisal.indicator", 50, "yiqi.dispatch.views.panels.indicator_panel")

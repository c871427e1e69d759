"""Django's registration of the plan app."""

from __future__ import annotations

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from yiqi.kit.web.navigation import Entry, Search, register_entry, register_search


def _reads(request: HttpRequest) -> bool:
    from yiqi.plan.rules import reads_plan

    return reads_plan(request.who)  # type: ignore[attr-defined]  # WhoRequest


class PlanConfig(AppConfig):
    name = "yiqi.plan"
    label = "plan"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Entries of the rail, and the numbers that others may read."""
        from yiqi.core.metrics import register_metric
        from yiqi.plan.metrics import on_time

        register_entry(Entry(11, _("我的本周"), "calendar-week", "plan:my_week", _reads))
        register_entry(Entry(30, _("任务"), "list-check", "plan:board", _reads))
        register_entry(Entry(32, _("目标与行动"), "target-arrow", "plan:show_campaign", _reads))
        register_entry(Entry(34, _("进展"), "report", "plan:list_progress", _reads))
        register_search(Search(_("搜索任务"), "plan:board", "q", (("view", "list"),), _reads))
        register_metric("plan.on_time", on_time)

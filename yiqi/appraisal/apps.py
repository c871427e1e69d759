"""Django's registration of the appraisal app, and its entries in the rail."""

from __future__ import annotations

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class AppraisalConfig(AppConfig):
    name = "yiqi.appraisal"
    label = "appraisal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Add the entries; the predicates need the models, which are there only now."""
        from yiqi.appraisal.rules.permissions import BUSINESS_ROLES
        from yiqi.core.enums import Role
        from yiqi.core.queries.verbs import register_verbs
        from yiqi.kit.web.navigation import Entry, register_entry

        def holds(*roles: str):  # type: ignore[no-untyped-def]
            def visible(request: HttpRequest) -> bool:
                return bool(request.who.has(*roles))  # type: ignore[attr-defined]  # set by WhoMiddleware

            return visible

        register_entry(Entry(40, _("考核位次"), "trophy", "appraisal:standings", holds(*BUSINESS_ROLES)))
        register_entry(Entry(41, _("失分清单"), "trending-down", "appraisal:list_gaps", holds(*BUSINESS_ROLES)))
        register_entry(Entry(42, _("指标数据"), "database", "appraisal:list_observations", holds(*BUSINESS_ROLES)))
        register_entry(
            Entry(43, _("数据审核"), "checklist", "appraisal:list_waiting", holds(Role.OFFICE, Role.REVIEWER))
        )
        register_entry(Entry(44, _("指标体系"), "sitemap", "appraisal:list_frameworks", holds(*BUSINESS_ROLES)))
        register_entry(Entry(45, _("考核轮次"), "calculator", "appraisal:list_rounds", holds(Role.OFFICE, Role.LEADER)))
        register_verbs(
            {
                "framework.load": _("从模板载入指标体系"),
                "indicator.support": _("指定支撑任务"),
                "indicator.unsupport": _("取消支撑任务"),
                "league.apply": _("导入全市通报表"),
                "league.discard": _("放弃导入全市通报表"),
                "league.preview": _("上传全市通报表"),
                "observation.approve": _("审核通过指标数据"),
                "observation.report": _("填报指标数据"),
                "observation.return": _("退回指标数据"),
                "round.publish": _("发布考核轮次"),
                "round.run": _("计算考核轮次"),
                "target.set": _("设定目标值"),
                "target.set_many": _("批量设定目标值"),
            }
        )

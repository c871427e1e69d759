"""What the core offers: the system pages, its own verbs, the sweep of files."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiqi.core.doors import Addresses, DailyJob, GlossaryTerms, Verbs
from yiqi.core.enums import Role
from yiqi.core.rules import holds, reads_promises
from yiqi.kit.web.navigation import Entry

_ADMINISTERS, _AUDITS = holds(Role.ADMIN), holds(Role.AUDITOR)

OFFERS = (
    Addresses("system/", "yiqi.core.urls"),
    Addresses("account/", "yiqi.core.urls.account"),
    Addresses("promises/", "yiqi.core.urls.promises"),
    Entry(80, _("人员"), "users", "core:list_people", _ADMINISTERS),
    Entry(81, pgettext_lazy("navigation", "单位"), "building", "core:list_units", _ADMINISTERS),
    Entry(82, _("设置"), "settings", "core:list_settings", _ADMINISTERS),
    Entry(83, _("工作日历"), "calendar", "core:show_calendar", _ADMINISTERS),
    Entry(84, _("审计记录"), "history", "core:list_records", _AUDITS),
    Entry(85, _("核验审计链"), "shield-check", "core:verify_records", _AUDITS),
    Entry(56, _("承诺台账"), "writing-sign", "promises:list_promises", reads_promises),
    DailyJob("config.sweep", "yiqi.core.operations.jobs.sweep"),
    GlossaryTerms(
        "Words of the field that are not models",
        ("填报 / 审核: reporting a figure / checking it; never the same person", "截至: as of"),
    ),
    Verbs(
        {
            "account.login": _("登录"),
            "account.logout": _("退出登录"),
            "account.recovery_codes_new": _("重新生成备用码"),
            "account.second_factor_off": _("停用两步验证"),
            "account.second_factor_on": _("启用两步验证"),
            "calendar.confirm_year": _("确认年度工作日历"),
            "calendar.seed": _("初始化工作日历"),
            "calendar.set_day": _("调整工作日"),
            "person.activate": _("恢复账号"),
            "person.change_password": _("修改自己的密码"),
            "person.create": _("开通账号"),
            "person.deactivate": _("停用账号"),
            "person.reset_second_factor": _("解除两步验证"),
            "person.set_password": _("重置密码"),
            "person.unlock": _("解除锁定"),
        }
    ),
)

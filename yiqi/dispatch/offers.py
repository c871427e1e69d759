"""What dispatch offers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yiqi.core.doors import Addresses, DailyJob, GlossaryTerms, Verbs
from yiqi.core.enums import Role
from yiqi.core.rules import READS_COUNTY, holds
from yiqi.dispatch.queries.agenda import OWN as AGENDA
from yiqi.dispatch.queries.subjects import KINDS
from yiqi.dispatch.queries.telling import PARTS
from yiqi.dispatch.rules import BUSINESS_ROLES
from yiqi.kit.web.navigation import Entry, Panel

_WORKS, _DOES = holds(*BUSINESS_ROLES), holds(Role.REPORTER, Role.REVIEWER)

OFFERS = (
    Addresses("dispatch/", "yiqi.dispatch.urls"),
    Entry(50, _("周调度"), "calendar-event", "dispatch:list_weeks", _WORKS),
    Entry(51, _("本单位督办"), "inbox", "dispatch:list_mine", _DOES),
    Entry(52, _("督办事项"), "checkup-list", "dispatch:list_directives", _WORKS),
    Entry(53, _("工作专班"), "users-group", "dispatch:list_forces", _WORKS),
    Entry(54, _("督办频次"), "chart-bar", "dispatch:show_load", _WORKS),
    Entry(55, _("工作报告"), "file-text", "dispatch:list_reports", holds(*READS_COUNTY)),
    Panel("", 50, "yiqi.dispatch.views.panels.directives_panel"),
    AGENDA,
    *KINDS,
    *PARTS,
    DailyJob("dispatch.open_due_weeks", "yiqi.dispatch.operations.schedule.open_due_weeks", hour=6),
    Verbs(
        {
            "directive.accept": _("签收督办事项"),
            "directive.ask_extension": _("申请督办延期"),
            "directive.assign": _("交办督办事项"),
            "directive.decide_extension": _("批复督办延期"),
            "directive.feed_back": _("反馈督办事项"),
            "directive.give": _("立项并交办督办事项"),
            "directive.propose": _("督办事项立项"),
            "directive.rate": _("评价并销号督办事项"),
            "directive.review": _("审核督办事项"),
            "week.redraw": _("重新生成议程"),
        }
    ),
    GlossaryTerms(
        "Words of the field that are not models",
        ("督办: supervision, following a decision to zero", "销号: striking a matter off the list once it is verified"),
    ),
)

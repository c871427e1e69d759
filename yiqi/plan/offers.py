"""What the plan offers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yiqi.core.doors import Addresses, Metric, Verbs
from yiqi.kit.web.navigation import Entry, SearchField
from yiqi.plan.metrics import on_time
from yiqi.plan.queries.agenda import SOURCE
from yiqi.plan.queries.subjects import KINDS
from yiqi.plan.queries.telling import PARTS
from yiqi.plan.rules import reads_plan

OFFERS = (
    Addresses("plan/", "yiqi.plan.urls"),
    Entry(11, _("我的本周"), "calendar-week", "plan:my_week", reads_plan),
    Entry(30, _("任务"), "list-check", "plan:board", reads_plan),
    Entry(32, _("目标与行动"), "target-arrow", "plan:show_campaign", reads_plan),
    Entry(34, _("进展"), "report", "plan:list_progress", reads_plan),
    SearchField(_("搜索任务"), "plan:board", parameter="q", fixed=(("view", "list"),), visible=reads_plan),
    Metric("plan.on_time", on_time),
    Verbs(
        {
            "task_import.apply": _("导入任务分解表"),
            "task_import.discard": _("放弃导入任务分解表"),
            "task_import.preview": _("上传任务分解表"),
        },
        gone={"plan.TaskImport": _("任务导入"), "plan.Task.deadline": _("完成时限")},
    ),
    SOURCE,
    *KINDS,
    *PARTS,
)

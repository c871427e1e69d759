"""Choices of the plan; the tables of moves stand with the operations."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CampaignStatus(TextChoices):
    DRAFT = "draft", _("筹备")
    ACTIVE = "active", _("进行中")
    CLOSED = "closed", _("已结束")


class TaskStatus(TextChoices):
    PLANNED = "planned", _("未启动")
    ACTIVE = "active", _("推进中")
    CLAIMED = "claimed", _("待验收")
    DONE = "done", _("已办结")
    SUSPENDED = "suspended", pgettext_lazy("status", "暂缓")
    CANCELLED = "cancelled", pgettext_lazy("status", "取消")


class Frequency(TextChoices):
    DAILY = "daily", _("每日")
    WEEKLY = "weekly", _("每周")
    MONTHLY = "monthly", _("每月")
    STAGE = "stage", _("按节点")


class ProgressStatus(TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待审核")
    APPROVED = "approved", _("已通过")
    RETURNED = "returned", _("退回补充")


class TaskMatter(TextChoices):
    """Why a task comes before a meeting."""

    RED = "red_task", _("红灯任务")
    DECISION = "decision", _("提请协调事项")
    YELLOW = "yellow_task", _("黄灯任务")


# the kind of upload that a task breakdown is
TASK_UPLOAD: Final = "tasks"

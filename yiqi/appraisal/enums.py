"""Choices of the appraisal; the tables of moves stand with the operations."""

from __future__ import annotations

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Direction(TextChoices):
    HIGHER = "higher", _("越高越好")
    LOWER = "lower", _("越低越好")


class ScoringMethod(TextChoices):
    RATIO = "ratio", _("目标完成率")
    GAP = "gap", _("差距计分")
    EFFICACY = "efficacy", _("功效系数")
    MINMAX = "minmax", _("极差计分")
    RANK_LINEAR = "rank_linear", _("排名计分")
    RANK_STEP = "rank_step", _("位次递减")
    BANDS = "bands", _("分档计分")
    REACHED = "reached", _("达标计分")
    DEDUCT = "deduct", _("扣分")
    BONUS = "bonus", _("加分")


class Missing(TextChoices):
    EXCLUDE = "exclude", _("剔除并折算权重")
    ZERO = "zero", _("记零分")
    CARRY = "carry", _("沿用上期")
    GROUP_MEAN = "group_mean", _("取同组平均")


class Ties(TextChoices):
    COMPETITION = "competition", _("并列占位（1、1、3）")
    DENSE = "dense", _("并列不占位（1、1、2）")


class ZeroRange(TextChoices):
    FULL = "full", _("均得满分")
    MID = "mid", _("均得半分")
    MISSING = "missing", _("视为缺失")


class Rhythm(TextChoices):
    """How often a figure comes out; between two of them the last one stands."""

    MONTHLY = "monthly", _("每月")
    QUARTERLY = "quarterly", _("每季度")
    YEARLY = "yearly", _("每年")


class FrameworkStatus(TextChoices):
    DRAFT = "draft", _("编制中")
    ACTIVE = "active", pgettext_lazy("status", "启用")
    CLOSED = "closed", pgettext_lazy("status", "停用")


class TargetKind(TextChoices):
    ANNUAL = "annual", _("年度目标")
    SUGGESTED = "suggested", _("月度建议目标")


class ValueStatus(TextChoices):
    FLASH = "flash", _("快报")
    PRELIMINARY = "preliminary", _("初步核算")
    FINAL = "final", _("最终核实")


class Approval(TextChoices):
    PENDING = "pending", _("待审核")
    APPROVED = "approved", _("已审核")
    RETURNED = "returned", pgettext_lazy("status", "退回")


class RoundStatus(TextChoices):
    DRAFT = "draft", _("试算")
    PUBLISHED = "published", _("已发布")


class IndicatorMatter(TextChoices):
    """Why an indicator comes before a meeting."""

    LOSING = "indicator", _("失分指标")


# the kind of upload that a league sheet is
LEAGUE_UPLOAD: Final = "league"

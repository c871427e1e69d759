"""Choices and state tables of the core."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from django.db.models import IntegerChoices, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class RegionKind(TextChoices):
    PROVINCE = "province", _("省")
    CITY = "city", _("市")
    COUNTY = "county", _("县（市、区）")
    TOWNSHIP = "township", _("乡镇")
    VILLAGE = "village", _("村（社区）")


class UnitKind(TextChoices):
    OFFICE = "office", _("县委、县政府办事机构")
    BUREAU = "bureau", _("部门")
    TOWNSHIP = "township", _("乡镇")
    FORCE = "force", _("专班")
    ENTERPRISE = "enterprise", _("国有企业")


class Role(TextChoices):
    LEADER = "leader", _("县领导")
    OFFICE = "office", _("考核督查人员")
    FORCE_HEAD = "force_head", _("专班负责人")
    FORCE_STAFF = "force_staff", _("专班工作人员")
    REPORTER = "reporter", _("填报人")
    REVIEWER = "reviewer", _("审核人")
    AUDITOR = "auditor", _("审计员")
    ADMIN = "admin", _("系统管理员")


class SettingKey(TextChoices):
    """Rules that the sources leave open: each is an assumption with a default, and the county may set its own."""

    YELLOW_DAYS = "light.yellow_days", _("节点到期前多少天亮黄灯")
    REPORT_GRACE_DAYS = "light.report_grace_days", _("进展报送逾期多少天后提醒")
    CLOCK_KIND = "dispatch.clock_kind", _("督办时限的计算方式")
    FEEDBACK_DAYS = "dispatch.feedback_days", _("交办后多少天内反馈")
    ORDINARY_DAYS = "dispatch.ordinary_days", _("一般事项办结天数")
    MAJOR_DAYS = "dispatch.major_days", _("重大事项办结天数")
    EXTENSIONS = "dispatch.extensions", _("每件督办事项最多延期次数")
    MEETING_WEEKDAY = "dispatch.meeting_weekday", _("每周调度会在星期几召开")
    AGENDA_PER_FORCE = "dispatch.agenda_per_force", _("每个专班每次会议最多议题")
    AGENDA_INDICATORS = "dispatch.agenda_indicators", _("每次会议列入的失分指标")
    AGENDA_QUIET_WEEKS = "dispatch.agenda_quiet_weeks", _("黄灯任务多少周没有上会才列入议程")
    SECOND_FACTOR_ROLES = "account.second_factor_roles", _("必须使用两步验证的角色")


class Light(TextChoices):
    RED = "red", _("红灯")
    YELLOW = "yellow", _("黄灯")
    GREEN = "green", _("绿灯")
    GREY = "grey", _("灰灯")


class ClockKind(TextChoices):
    CALENDAR = "calendar", _("自然日")
    WORKING = "working", _("工作日")


class Weekday(IntegerChoices):
    MONDAY = 1, _("星期一")
    TUESDAY = 2, _("星期二")
    WEDNESDAY = 3, _("星期三")
    THURSDAY = 4, _("星期四")
    FRIDAY = 5, _("星期五")
    SATURDAY = 6, _("星期六")
    SUNDAY = 7, _("星期日")


class UploadStatus(TextChoices):
    PREVIEWED = "previewed", _("待确认")
    APPLIED = "applied", _("已导入")
    DISCARDED = "discarded", _("已放弃")


class PromiseState(TextChoices):
    OPEN = "open", _("未到期")
    KEPT = "kept", _("已兑现")
    BROKEN = "broken", _("未兑现")
    MOVED = "moved", _("已改期")


class ValueKind(Enum):
    """What a setting holds."""

    NUMBER = "number"
    CHOICE = "choice"
    ROLES = "roles"
    WEEKDAY = "weekday"


@dataclass(frozen=True)
class SettingRule:
    """Kind, default and bounds of a setting; ``unit`` follows a number on the page."""

    kind: ValueKind
    default: object
    minimum: int = 0
    maximum: int = 366
    unit: str | Promise = ""


SETTING_RULES: dict[str, SettingRule] = {
    SettingKey.YELLOW_DAYS: SettingRule(ValueKind.NUMBER, 7, 0, 90, _("天")),
    SettingKey.REPORT_GRACE_DAYS: SettingRule(ValueKind.NUMBER, 3, 0, 31, _("天")),
    SettingKey.CLOCK_KIND: SettingRule(ValueKind.CHOICE, ClockKind.CALENDAR.value),
    SettingKey.FEEDBACK_DAYS: SettingRule(ValueKind.NUMBER, 3, 1, 60, _("天")),
    SettingKey.ORDINARY_DAYS: SettingRule(ValueKind.NUMBER, 7, 1, 180, _("天")),
    SettingKey.MAJOR_DAYS: SettingRule(ValueKind.NUMBER, 30, 1, 366, _("天")),
    SettingKey.EXTENSIONS: SettingRule(ValueKind.NUMBER, 2, 0, 10, _("次")),
    SettingKey.MEETING_WEEKDAY: SettingRule(ValueKind.WEEKDAY, 1, 1, 7),
    SettingKey.AGENDA_PER_FORCE: SettingRule(ValueKind.NUMBER, 10, 1, 50, _("项")),
    SettingKey.AGENDA_INDICATORS: SettingRule(ValueKind.NUMBER, 5, 0, 50, _("个")),
    SettingKey.AGENDA_QUIET_WEEKS: SettingRule(ValueKind.NUMBER, 3, 0, 26, _("周")),
    SettingKey.SECOND_FACTOR_ROLES: SettingRule(ValueKind.ROLES, ()),
}
SETTING_DEFAULTS: dict[str, object] = {
    key: list(rule.default) if isinstance(rule.default, tuple) else rule.default for key, rule in SETTING_RULES.items()
}

# Roles that oversee the others: who holds one of them on a day holds no other role on that day.
SEPARATE_ROLES = frozenset({Role.ADMIN, Role.AUDITOR})
FORCE_ROLES = frozenset({Role.FORCE_HEAD, Role.FORCE_STAFF})

"""The drive: campaign, goals, actions, tasks with their nodes, and the progress that units report."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiqi.core.limits import Reading
from yiqi.core.models import Attachment, Person, Region, Unit, Upload
from yiqi.kit.fields import Sourced, Versioned
from yiqi.plan.enums import CampaignStatus, Frequency, ProgressStatus, TaskStatus


class Campaign(Versioned, Sourced):
    """A county's drive of one year: its name, goals, actions and cadence are data."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="campaigns", verbose_name=_("区划"))
    code = models.CharField(_("代码"), max_length=20, unique=True)
    name = models.CharField(_("名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=150, blank=True)
    aim = models.CharField(_("总目标"), max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(_("年度"))
    starts = models.DateField(_("开始日期"))
    ends = models.DateField(_("结束日期"))
    status = models.CharField(_("状态"), max_length=10, choices=CampaignStatus.choices, default=CampaignStatus.DRAFT)

    class Meta:
        verbose_name = _("专项行动")
        ordering = ("-year", "code")
        indexes: ClassVar = [models.Index(fields=["region", "status"], name="campaign_in_region")]

    def __str__(self) -> str:
        return self.name


class Goal(Sourced):
    """One of the campaign's goals."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="goals", verbose_name=_("专项行动"))
    code = models.CharField(_("代码"), max_length=10)
    name = models.CharField(_("名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=150, blank=True)
    order = models.PositiveSmallIntegerField(_("排序"), default=0)

    class Meta:
        verbose_name = pgettext_lazy("campaign", "目标")
        ordering = ("campaign", "order")
        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "code"], name="goal_code_in_campaign")]

    def __str__(self) -> str:
        return self.name


class Action(Versioned, Sourced):
    """One of the campaign's actions; tasks hang below it."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="actions", verbose_name=_("专项行动"))
    code = models.CharField(_("代码"), max_length=10)
    name = models.CharField(_("名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=150, blank=True)
    order = models.PositiveSmallIntegerField(_("排序"), default=0)
    lead_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="led_actions", verbose_name=_("牵头单位")
    )
    leader = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="led_actions", verbose_name=_("分管县领导")
    )
    goals = models.ManyToManyField(Goal, related_name="actions", blank=True, verbose_name=_("服务的目标"))

    class Meta:
        verbose_name = _("行动")
        ordering = ("campaign", "order")
        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "code"], name="action_code_in_campaign")]

    def __str__(self) -> str:
        return self.name


class Task(Versioned, Sourced):
    """What one lead unit must get done by a due date.

    ``next_due``, ``next_node`` and ``report_due`` are kept by the operations from the nodes and the progress, so that
    the light of a hundred thousand tasks is one indexed comparison with today.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="tasks", verbose_name=_("专项行动"))
    action = models.ForeignKey(Action, models.PROTECT, related_name="tasks", verbose_name=_("行动"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("区划"))
    code = models.CharField(_("任务编号"), max_length=20)
    title = models.CharField(_("任务名称"), max_length=200)
    measure = models.TextField(_("具体举措"), blank=True)
    evidence_rule = models.CharField(_("办结佐证要求"), max_length=200, blank=True)
    lead_unit = models.ForeignKey(Unit, models.PROTECT, related_name="led_tasks", verbose_name=_("牵头单位"))
    support_units = models.ManyToManyField(Unit, related_name="supported_tasks", blank=True, verbose_name=_("配合单位"))
    leader = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="led_tasks", verbose_name=_("责任领导")
    )
    starts = models.DateField(_("开始日期"))
    due = models.DateField(_("完成时限"), null=True, blank=True)
    first_due = models.DateField(_("原定时限"), null=True, blank=True)
    ongoing = models.BooleanField(_("长期坚持"), default=False)
    frequency = models.CharField(_("报送频次"), max_length=10, choices=Frequency.choices, default=Frequency.MONTHLY)
    status = models.CharField(_("状态"), max_length=10, choices=TaskStatus.choices, default=TaskStatus.PLANNED)
    percent = models.PositiveSmallIntegerField(_("完成进度（%）"), default=0, validators=[MaxValueValidator(100)])
    next_due = models.DateField(_("下一节点日期"), null=True, blank=True)
    next_node = models.CharField(_("下一节点"), max_length=200, blank=True)
    report_due = models.DateField(_("应报进展日期"), null=True, blank=True)
    made_up_late = models.BooleanField(_("逾期补办"), default=False)
    late_days = models.PositiveSmallIntegerField(_("逾期天数"), default=0)
    reading: Reading  # no column: set by queries.read_lights for pages that print it
    last_report_on = models.DateField(_("最近报送"), null=True, blank=True)
    claimed_on = models.DateField(_("申请办结日期"), null=True, blank=True)
    finished_on = models.DateField(_("办结日期"), null=True, blank=True)
    needs_decision = models.BooleanField(_("提请协调"), default=False)
    imported_from = models.ForeignKey(
        Upload, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name=_("导入来源")
    )

    class Meta:
        verbose_name = _("任务")
        ordering = ("code",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "code"], name="task_code_in_campaign")]
        indexes: ClassVar = [
            models.Index(fields=["campaign", "lead_unit", "status"], name="task_by_unit"),
            # holds every column that a light depends on: the counts of a campaign are read from the index alone
            models.Index(
                fields=["campaign", "action", "status", "next_due", "report_due", "made_up_late", "starts"],
                name="task_by_light",
            ),
            models.Index(fields=["campaign", "action", "next_due", "code"], name="task_by_action"),
            models.Index(fields=["campaign", "next_due", "code"], name="task_by_due"),
            models.Index(fields=["campaign", "report_due"], name="task_by_report"),
            models.Index(fields=["campaign", "status", "next_due", "code"], name="task_by_status"),
            models.Index(fields=["campaign", "percent", "code"], name="task_by_percent"),
            models.Index(fields=["lead_unit", "status", "next_due"], name="task_of_unit"),
            models.Index(
                fields=["campaign", "next_due", "code"], condition=models.Q(needs_decision=True), name="task_that_asks"
            ),
            models.Index(fields=["region", "status"], name="task_by_region"),
        ]

    def __str__(self) -> str:
        return self.title


class Milestone(models.Model):
    """A node of a task: what must be done by when, and when it was."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="milestones", verbose_name=_("任务"))
    title = models.CharField(_("节点"), max_length=200)
    due = models.DateField(_("应于"))
    done_on = models.DateField(_("完成于"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("排序"), default=0)

    class Meta:
        verbose_name = _("节点")
        ordering = ("task", "due", "order")

    def __str__(self) -> str:
        return self.title


class TaskStatusChange(models.Model):
    """A step of a task's life: appended, never edited."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="changes", verbose_name=_("任务"))
    before = models.CharField(_("原状态"), max_length=10, choices=TaskStatus.choices, blank=True)
    after = models.CharField(_("新状态"), max_length=10, choices=TaskStatus.choices)
    on = models.DateField(_("日期"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("操作人"))
    why = models.CharField(_("原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("任务状态变更")
        ordering = ("task", "id")

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class Progress(Versioned, Sourced):
    """What a unit reports on a task: once, checked by somebody else."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="progress", verbose_name=_("任务"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("区划"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("填报单位"))
    on = models.DateField(_("填报日期"))
    percent = models.PositiveSmallIntegerField(_("完成进度（%）"), validators=[MaxValueValidator(100)])
    text = models.TextField(_("进展情况"))
    problem = models.TextField(_("存在问题"), blank=True)
    ask = models.TextField(_("提请协调事项"), blank=True)
    claims_done = models.BooleanField(_("申请办结"), default=False)
    milestone = models.ForeignKey(
        Milestone, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("完成的节点")
    )
    status = models.CharField(_("状态"), max_length=10, choices=ProgressStatus.choices, default=ProgressStatus.DRAFT)
    reported_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("填报人"))
    reviewed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("审核人")
    )
    reviewed_on = models.DateField(_("审核日期"), null=True, blank=True)
    opinion = models.CharField(_("审核意见"), max_length=300, blank=True)
    attachments = models.ManyToManyField(Attachment, related_name="+", blank=True, verbose_name=_("佐证材料"))

    class Meta:
        verbose_name = _("进展")
        ordering = ("-on", "-id")
        constraints: ClassVar = [
            # a unit reports once: the next report begins when the last one has been approved
            models.UniqueConstraint(
                fields=["task", "unit"], condition=~models.Q(status=ProgressStatus.APPROVED), name="one_open_progress"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["task", "status", "on"], name="progress_of_task"),
            models.Index(fields=["unit", "status"], name="progress_of_unit"),
            models.Index(fields=["region", "status", "on"], name="progress_of_region"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.on:%Y-%m-%d}"


class ProgressStatusChange(models.Model):
    """A step of a progress report's life: appended, never edited."""

    progress = models.ForeignKey(Progress, models.PROTECT, related_name="changes", verbose_name=_("进展"))
    before = models.CharField(_("原状态"), max_length=10, choices=ProgressStatus.choices, blank=True)
    after = models.CharField(_("新状态"), max_length=10, choices=ProgressStatus.choices)
    on = models.DateField(_("日期"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("操作人"))
    why = models.CharField(_("意见"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("进展状态变更")
        ordering = ("progress", "id")

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"

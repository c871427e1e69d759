"""Task forces, the weekly dispatch meeting, directives with clocks, and the fortnightly report."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiqi.appraisal.models import Block, Indicator
from yiqi.core.doors import item_label
from yiqi.core.limits import Reading
from yiqi.core.models import Attachment, Person, Region, Unit
from yiqi.core.subjects import Ref
from yiqi.dispatch.enums import (
    AgendaStatus,
    DirectiveStatus,
    ExtensionStatus,
    Opening,
    Rating,
    ReportStatus,
    WeekStatus,
    Weight,
)
from yiqi.kit.fields import Sourced, Versioned
from yiqi.plan.models import Action, Campaign, Task


class Pointing(models.Model):
    """What an item or a directive is about.

    Kinds of the apps below have a column of their own, which joins and constraints use; any other kind stands in
    ``subject_kind`` and ``subject_id`` (docs/adr/0013).
    """

    COLUMNS: ClassVar[dict[str, str]] = {}  # kind of subject → foreign key

    subject_kind = models.CharField(_("类别"), max_length=40, blank=True)
    subject_id = models.PositiveBigIntegerField(_("对象"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def refs(self) -> tuple[Ref, ...]:
        """All that it is about, as references."""
        own = ((kind, getattr(self, f"{column}_id")) for kind, column in self.COLUMNS.items())
        return tuple(Ref(kind, pk) for kind, pk in (*own, (self.subject_kind, self.subject_id)) if pk is not None)

    @property
    def pointed(self) -> list[tuple[Ref, Any]]:
        """The references, with the row where a foreign key leads to it."""
        return [(ref, getattr(self, self.COLUMNS[ref.kind]) if ref.kind in self.COLUMNS else None) for ref in self.refs]

    @classmethod
    def pointing_at(cls, ref: Ref | None) -> dict[str, Any]:
        """The columns that say so."""
        if ref is None:
            return {}
        if ref.kind in cls.COLUMNS:
            return {f"{cls.COLUMNS[ref.kind]}_id": ref.pk}
        return {"subject_kind": ref.kind, "subject_id": ref.pk}


class TaskForce(Versioned, Sourced):
    """A task force (专班) of the campaign: its members are appointed to its unit; it answers for actions and blocks."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="forces", verbose_name=_("专项行动"))
    unit = models.OneToOneField(Unit, models.PROTECT, related_name="force", verbose_name=_("专班单位"))
    code = models.CharField(_("代码"), max_length=10)
    order = models.PositiveSmallIntegerField(_("排序"), default=0)
    actions = models.ManyToManyField(Action, related_name="forces", blank=True, verbose_name=_("负责的行动"))
    blocks = models.ManyToManyField(Block, related_name="forces", blank=True, verbose_name=_("负责的考核板块"))

    class Meta:
        verbose_name = _("专班")
        ordering = ("campaign", "order")
        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "code"], name="force_code_in_campaign")]

    def __str__(self) -> str:
        return self.unit.name


class Week(Versioned, Sourced):
    """One week's dispatch meeting of a campaign; ``monday`` names the week."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="weeks", verbose_name=_("专项行动"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("区划"))
    number = models.PositiveSmallIntegerField(_("期数"))
    monday = models.DateField(_("周一"))
    meets_on = models.DateField(_("开会日期"))
    place = models.CharField(_("地点"), max_length=60, blank=True)
    chair = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("主持人"))
    attendance = models.TextField(_("参会单位"), blank=True)
    status = models.CharField(_("状态"), max_length=8, choices=WeekStatus.choices, default=WeekStatus.OPEN)
    opened_how = models.CharField(_("开启方式"), max_length=10, choices=Opening.choices)
    opened_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("开启人"))
    opened_on = models.DateField(_("开启日期"))
    closed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("结束人")
    )
    closed_on = models.DateField(_("结束日期"), null=True, blank=True)
    left_out = models.JSONField(_("未列入议程的项数"), default=list, blank=True)
    record = models.JSONField(_("纪要内容"), null=True, blank=True)
    algorithm = models.CharField(_("摘要算法"), max_length=10, blank=True)
    digest = models.CharField(_("纪要摘要"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("周调度")
        ordering = ("-monday",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "monday"], name="week_once")]
        indexes: ClassVar = [models.Index(fields=["region", "status"], name="week_of_region")]

    def __str__(self) -> str:
        return f"{self.campaign} {self.number}"


class AgendaItem(Versioned, Pointing):
    """What the meeting must look at and why, with the facts as they stood when the agenda was drawn up."""

    COLUMNS: ClassVar = {
        "plan.task": "task",
        "appraisal.indicator": "indicator",
        "dispatch.directive": "directive",
    }

    week = models.ForeignKey(Week, models.PROTECT, related_name="items", verbose_name=_("周调度"))
    force = models.ForeignKey(TaskForce, models.PROTECT, null=True, related_name="items", verbose_name=_("专班"))
    kind = models.CharField(_("类别"), max_length=20)  # which there are the apps say: core.doors.AgendaSource
    order = models.PositiveSmallIntegerField(_("排序"))
    title = models.CharField(_("议题"), max_length=200)
    reason = models.CharField(_("列入原因"), max_length=400)
    facts = models.JSONField(_("当时情况"), default=dict)
    task = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("任务"))
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("指标")
    )
    directive = models.ForeignKey(
        "Directive", models.PROTECT, null=True, blank=True, related_name="agenda_items", verbose_name=_("督办事项")
    )
    status = models.CharField(_("状态"), max_length=10, choices=AgendaStatus.choices, default=AgendaStatus.PENDING)
    decision = models.TextField(_("议定事项"), blank=True)

    class Meta:
        verbose_name = _("议题")
        ordering = ("week", "order")
        indexes: ClassVar = [models.Index(fields=["week", "force", "order"], name="agenda_of_week")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["week", "task"], condition=models.Q(task__isnull=False), name="agenda_task_once"
            ),
            models.UniqueConstraint(
                fields=["week", "indicator"], condition=models.Q(indicator__isnull=False), name="agenda_indicator_once"
            ),
            models.UniqueConstraint(
                fields=["week", "directive"], condition=models.Q(directive__isnull=False), name="agenda_directive_once"
            ),
            models.UniqueConstraint(
                fields=["week", "subject_kind", "subject_id"],
                condition=models.Q(subject_id__isnull=False),
                name="agenda_subject_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind_label(self) -> str:
        """What its kind is called."""
        return item_label(self.kind)


class Directive(Versioned, Sourced, Pointing):
    """A decision given to one unit with a due date and followed to zero; the first due date stays visible."""

    COLUMNS: ClassVar = {"plan.task": "task", "appraisal.indicator": "indicator"}
    reading: Reading  # no column: set by the list that prints it

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="directives", verbose_name=_("专项行动"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("区划"))
    code = models.CharField(_("督办编号"), max_length=20)
    week = models.ForeignKey(
        Week, models.PROTECT, null=True, blank=True, related_name="directives", verbose_name=_("来自调度会")
    )
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="given", verbose_name=_("来自议题")
    )
    force = models.ForeignKey(
        TaskForce, models.PROTECT, null=True, blank=True, related_name="directives", verbose_name=_("牵头专班")
    )
    task = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("相关任务"))
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("相关指标")
    )
    title = models.CharField(_("事项"), max_length=200)
    requirement = models.TextField(_("办理要求"), blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="directives", verbose_name=_("承办单位"))
    support_units = models.ManyToManyField(Unit, related_name="+", blank=True, verbose_name=_("协办单位"))
    weight = models.CharField(_("类别"), max_length=10, choices=Weight.choices, default=Weight.ORDINARY)
    assigned_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("交办人"))
    assigned_on = models.DateField(_("交办日期"))
    feedback_due = models.DateField(_("应反馈日期"))
    due = models.DateField(_("办结时限"))
    first_due = models.DateField(_("原定时限"))
    first_feedback_on = models.DateField(_("首次反馈"), null=True, blank=True)
    fed_back_on = models.DateField(_("报结日期"), null=True, blank=True)
    status = models.CharField(_("状态"), max_length=10, choices=DirectiveStatus.choices, default=DirectiveStatus.DRAFT)
    done_on = models.DateField(_("办结日期"), null=True, blank=True)
    rating = models.CharField(_("评价"), max_length=10, choices=Rating.choices, blank=True)

    class Meta:
        verbose_name = _("督办事项")
        ordering = ("due", "code")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "code"], name="directive_code_in_campaign")
        ]
        indexes: ClassVar = [
            models.Index(fields=["campaign", "status", "due"], name="directive_by_due"),
            models.Index(fields=["unit", "status", "due"], name="directive_of_unit"),
            models.Index(fields=["region", "status"], name="directive_of_region"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def ref(self) -> Ref:
        """The directive as others point at it."""
        return Ref("dispatch.directive", self.pk)


class DirectiveStep(models.Model):
    """A step of a directive's life: who, when, from which state to which, with what words. Appended, never edited."""

    directive = models.ForeignKey(Directive, models.PROTECT, related_name="steps", verbose_name=_("督办事项"))
    before = models.CharField(_("原状态"), max_length=10, choices=DirectiveStatus.choices, blank=True)
    after = models.CharField(_("新状态"), max_length=10, choices=DirectiveStatus.choices)
    on = models.DateField(_("日期"))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("操作人"))
    text = models.TextField(_("内容"), blank=True)
    attachments = models.ManyToManyField(Attachment, related_name="+", blank=True, verbose_name=_("附件"))

    class Meta:
        verbose_name = _("督办步骤")
        ordering = ("directive", "id")

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class Extension(models.Model):
    """A wish for a later due date, asked before the present one, granted by whoever assigned."""

    directive = models.ForeignKey(Directive, models.PROTECT, related_name="extensions", verbose_name=_("督办事项"))
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("申请人"))
    asked_on = models.DateField(_("申请日期"))
    old_due = models.DateField(_("原时限"))
    new_due = models.DateField(_("申请延至"))
    reason = models.CharField(_("理由"), max_length=300)
    status = models.CharField(_("状态"), max_length=10, choices=ExtensionStatus.choices, default=ExtensionStatus.ASKED)
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("批准人")
    )
    decided_on = models.DateField(_("批准日期"), null=True, blank=True)
    opinion = models.CharField(_("意见"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("延期申请")
        ordering = ("directive", "id")

    def __str__(self) -> str:
        return f"{self.directive} {self.new_due:%Y-%m-%d}"


class Report(Versioned, Sourced):
    """The fortnightly report: drafted from the data between two dates, edited, signed, then frozen with its digest."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="reports", verbose_name=_("专项行动"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("区划"))
    number = models.PositiveSmallIntegerField(_("期数"))
    starts = models.DateField(_("自"))
    ends = models.DateField(_("至"))
    title = models.CharField(_("标题"), max_length=120)
    document_number = models.CharField(_("发文字号"), max_length=40)
    issuer = models.CharField(_("发文机关"), max_length=60)
    addressee = models.CharField(_("主送"), max_length=120, blank=True)
    copy_to = models.CharField(_("抄送"), max_length=200, blank=True)
    sections = models.JSONField(_("正文"), default=list)
    facts = models.JSONField(_("数据来源"), default=dict)
    status = models.CharField(_("状态"), max_length=8, choices=ReportStatus.choices, default=ReportStatus.DRAFT)
    drafted_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("起草人"))
    drafted_on = models.DateField(_("起草日期"))
    signed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("签发人")
    )
    signed_on = models.DateField(_("签发日期"), null=True, blank=True)
    algorithm = models.CharField(_("摘要算法"), max_length=10, blank=True)
    digest = models.CharField(_("正文摘要"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("工作报告")
        ordering = ("-ends", "-number")
        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "number"], name="report_number")]
        indexes: ClassVar = [models.Index(fields=["region", "status"], name="report_of_region")]

    def __str__(self) -> str:
        return self.title

"""The annual appraisal: framework, indicators, targets, observations, rounds and standings."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar, NoReturn, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiqi.appraisal.enums import (
    Approval,
    Direction,
    FrameworkStatus,
    Missing,
    Rhythm,
    RoundStatus,
    ScoringMethod,
    TargetKind,
    Ties,
    ValueStatus,
    ZeroRange,
)
from yiqi.core.models import Person, Region, Unit, Upload
from yiqi.kit.errors import ConflictError
from yiqi.kit.fields import Sourced, Versioned
from yiqi.kit.wording import in_english
from yiqi.plan.models import Task


def _refuse() -> NoReturn:
    raise ConflictError(
        _("考核结果一经生成即固定，不能修改或删除。如需更正，请更正数据后另行计算一轮。"), code="round_frozen"
    )


class Fixed(models.QuerySet[Any]):
    """A queryset that reads and adds: what a round has found is never rewritten."""

    def update(self, **_kwargs: Any) -> int:
        _refuse()

    def delete(self) -> tuple[int, dict[str, int]]:
        _refuse()

    def bulk_update(self, *_args: Any, **_kwargs: Any) -> int:
        _refuse()


class FixedRow(models.Model):
    """A row that is written once, with its round."""

    objects = Fixed.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only."""
        if not self._state.adding:
            _refuse()
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refused."""
        _refuse()


class Framework(Versioned, Sourced):
    """An indicator system of one year by which the counties of a region are appraised, with its named policies.

    ``region`` is what is ranked (a city: its counties); ``keeper`` is the county, or the city itself, whose office
    keeps the system and its figures and whose people see them.
    """

    region = models.ForeignKey(Region, models.PROTECT, related_name="frameworks", verbose_name=_("考核地区"))
    keeper = models.ForeignKey(Region, models.PROTECT, related_name="kept_frameworks", verbose_name=_("使用地区"))
    code = models.CharField(_("代码"), max_length=20, unique=True)
    name = models.CharField(_("名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=150, blank=True)
    year = models.PositiveSmallIntegerField(_("年度"))
    template = models.BooleanField(_("模板"), default=True)
    status = models.CharField(_("状态"), max_length=10, choices=FrameworkStatus.choices, default=FrameworkStatus.DRAFT)
    tier_size = models.PositiveSmallIntegerField(_("第一方阵名额"), default=6)
    missing = models.CharField(_("缺失值"), max_length=12, choices=Missing.choices, default=Missing.EXCLUDE)
    ties = models.CharField(_("并列"), max_length=12, choices=Ties.choices, default=Ties.COMPETITION)
    tolerance = models.FloatField(_("并列容差"), default=1e-9)
    tie_breakers = models.JSONField(_("并列时依次比较的指标"), default=list, blank=True)
    places = models.PositiveSmallIntegerField(_("得分小数位"), default=2)
    rank_rounded = models.BooleanField(_("按四舍五入后的得分排名"), default=False)
    zero_range = models.CharField(_("全组同值"), max_length=8, choices=ZeroRange.choices, default=ZeroRange.FULL)

    class Meta:
        verbose_name = _("考核指标体系")
        ordering = ("-year", "code")

    def __str__(self) -> str:
        return self.name


class Block(Sourced):
    """A part of the framework that is scored, ranked and rewarded by itself."""

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="blocks", verbose_name=_("指标体系"))
    code = models.CharField(_("代码"), max_length=10)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=100, blank=True)
    points = models.DecimalField(_("分值"), max_digits=7, decimal_places=2)
    coverage = models.FloatField(_("最低覆盖率"), default=0.6)
    order = models.PositiveSmallIntegerField(_("排序"), default=0)

    class Meta:
        verbose_name = _("考核板块")
        ordering = ("framework", "order")
        constraints: ClassVar = [models.UniqueConstraint(fields=["framework", "code"], name="block_code_in_framework")]

    def __str__(self) -> str:
        return self.name


class Indicator(Versioned, Sourced):
    """One indicator: its unit, direction, points and scoring rule with parameters."""

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="indicators", verbose_name=_("指标体系"))
    block = models.ForeignKey(Block, models.PROTECT, related_name="indicators", verbose_name=_("板块"))
    code = models.CharField(_("代码"), max_length=20)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=150, blank=True)
    aliases = models.JSONField(_("别名"), default=list, blank=True)
    unit_text = models.CharField(_("计量单位"), max_length=20, blank=True)
    unit_text_en = models.CharField(_("英文计量单位"), max_length=40, blank=True)
    direction = models.CharField(_("方向"), max_length=8, choices=Direction.choices, default=Direction.HIGHER)
    points = models.DecimalField(_("分值"), max_digits=7, decimal_places=2)
    rule = models.CharField(_("计分规则"), max_length=16, choices=ScoringMethod.choices)
    params = models.JSONField(_("规则参数"), default=dict, blank=True)
    missing = models.CharField(_("缺失值"), max_length=12, choices=Missing.choices, blank=True)
    places = models.PositiveSmallIntegerField(_("小数位"), default=1)
    frequency = models.CharField(_("发布频次"), max_length=10, choices=Rhythm.choices, default=Rhythm.MONTHLY)
    veto = models.BooleanField(_("一票否优"), default=False)
    veto_limit = models.FloatField(_("一票否优界限"), null=True, blank=True)
    lead_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="indicators", verbose_name=_("本县牵头单位")
    )
    order = models.PositiveSmallIntegerField(_("排序"), default=0)

    class Meta:
        verbose_name = _("考核指标")
        ordering = ("framework", "order")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["framework", "code"], name="indicator_code_in_framework")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def unit_label(self) -> str:
        """The unit of measure in the reader's language, where an English one is known."""
        return (self.unit_text_en if in_english() else "") or self.unit_text


class IndicatorSupport(models.Model):
    """Which task answers for which indicator (指标支撑)."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="supports", verbose_name=_("指标"))
    task = models.ForeignKey(Task, models.PROTECT, related_name="+", verbose_name=_("任务"))

    class Meta:
        verbose_name = _("指标支撑")
        constraints: ClassVar = [models.UniqueConstraint(fields=["indicator", "task"], name="support_once")]

    def __str__(self) -> str:
        return f"{self.indicator} ← {self.task}"


class Target(Sourced):
    """What a region is to reach: for the year ("2021") or, as the city suggests, cumulative to a month ("2021-08")."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets", verbose_name=_("指标"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("区划"))
    kind = models.CharField(_("类别"), max_length=10, choices=TargetKind.choices)
    period = models.CharField(_("期别"), max_length=7)
    value = models.DecimalField(_("目标值"), max_digits=18, decimal_places=6)

    class Meta:
        verbose_name = _("目标值")
        ordering = ("indicator", "region", "period")
        constraints: ClassVar = [models.UniqueConstraint(fields=["indicator", "region", "period"], name="target_once")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.period}"


class Observation(Sourced):
    """A value of an indicator in a region, cumulative to the end of a month; every revision is kept, one is current."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="observations", verbose_name=_("指标"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("区划"))
    period = models.CharField(_("期别"), max_length=7)
    value = models.DecimalField(_("数值"), null=True, blank=True, max_digits=18, decimal_places=6)
    published_rank = models.PositiveSmallIntegerField(_("通报位次"), null=True, blank=True)
    value_status = models.CharField(
        _("数据性质"), max_length=12, choices=ValueStatus.choices, default=ValueStatus.FLASH
    )
    revision = models.PositiveSmallIntegerField(_("修订号"), default=1)
    current = models.BooleanField(_("现行"), default=False)
    approval = models.CharField(_("审核状态"), max_length=10, choices=Approval.choices, default=Approval.PENDING)
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("录入人"))
    entered_on = models.DateField(_("录入日期"))
    approved_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("审核人")
    )
    approved_on = models.DateField(_("审核日期"), null=True, blank=True)
    opinion = models.CharField(_("审核意见"), max_length=300, blank=True)
    imported_from = models.ForeignKey(
        Upload, models.PROTECT, null=True, blank=True, related_name="observations", verbose_name=_("导入来源")
    )
    cell = models.CharField(_("原表单元格"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("指标数据")
        ordering = ("indicator", "region", "period", "revision")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["indicator", "region", "period", "revision"], name="observation_revision"),
            models.UniqueConstraint(
                fields=["indicator", "region", "period"],
                condition=models.Q(current=True),
                name="observation_one_current",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["region", "period"], name="observation_of_region"),
            models.Index(fields=["indicator", "period", "current"], name="observation_in_force"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.region_id} {self.period}"


class Round(Versioned, Sourced):
    """A scoring of all regions at a period: a trial until published, then frozen with the digest of its inputs."""

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="rounds", verbose_name=_("指标体系"))
    number = models.PositiveSmallIntegerField(_("轮次"))
    period = models.CharField(_("期别"), max_length=7)
    as_of = models.DateField(_("截至"))
    status = models.CharField(_("状态"), max_length=10, choices=RoundStatus.choices, default=RoundStatus.DRAFT)
    parameters = models.JSONField(_("计算参数"))
    warnings = models.JSONField(_("提示"), default=list, blank=True)
    algorithm = models.CharField(_("摘要算法"), max_length=10)
    input_digest = models.CharField(_("输入摘要"), max_length=64)
    result_digest = models.CharField(_("结果摘要"), max_length=64)
    run_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("计算人"))
    run_at = models.DateTimeField(_("计算时间"))
    published_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("发布人")
    )
    published_on = models.DateField(_("发布日期"), null=True, blank=True)

    objects = Fixed.as_manager()
    _was_published = False

    class Meta:
        verbose_name = _("考核轮次")
        ordering = ("framework", "-number")
        constraints: ClassVar = [models.UniqueConstraint(fields=["framework", "number"], name="round_number")]

    def __str__(self) -> str:
        return f"{self.framework} {self.period}"

    @property
    def published(self) -> bool:
        """Whether everybody of the county sees it, and nobody can change it."""
        return self.status == RoundStatus.PUBLISHED

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **more: Any) -> Self:
        """Remember whether the row was published when it was read."""
        row = super().from_db(db, field_names, values, **more)
        row._was_published = "status" in field_names and row.published
        return row

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert, or publish a trial; a published round refuses."""
        if self._was_published:
            _refuse()
        super().save(*args, **kwargs)
        self._was_published = self.published

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refused."""
        _refuse()


class Standing(FixedRow):
    """Points and place of a region in a round: of one block, or of the total where ``block`` is empty."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="standings", verbose_name=_("轮次"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("区划"))
    block = models.ForeignKey(Block, models.PROTECT, null=True, related_name="+", verbose_name=_("板块"))
    points = models.FloatField(_("得分"), null=True)
    published_points = models.DecimalField(_("公布得分"), max_digits=9, decimal_places=4, null=True)
    rank = models.PositiveSmallIntegerField(_("位次"), null=True)
    tied = models.BooleanField(_("并列"), default=False)
    in_tier = models.BooleanField(_("第一方阵"), default=False)
    coverage = models.FloatField(_("覆盖率"), default=1.0)

    class Meta:
        verbose_name = _("位次")
        ordering = ("round", "rank")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "region", "block"], name="standing_of_block"),
            models.UniqueConstraint(
                fields=["round", "region"], condition=models.Q(block__isnull=True), name="standing_of_total"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["region", "round"], name="standing_of_region")]

    def __str__(self) -> str:
        return f"{self.region_id} {self.rank}"


class ScoreCell(FixedRow):
    """Points of one region for one indicator in a round, with the records that they come from."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="cells", verbose_name=_("轮次"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("区划"))
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", verbose_name=_("指标"))
    observation = models.ForeignKey(Observation, models.PROTECT, null=True, related_name="+", verbose_name=_("数据"))
    target = models.ForeignKey(Target, models.PROTECT, null=True, related_name="+", verbose_name=_("目标"))
    value = models.FloatField(_("数值"), null=True)
    points = models.FloatField(_("得分"), null=True)
    full_points = models.FloatField(_("满分"))
    rank = models.PositiveSmallIntegerField(_("位次"), null=True)
    tied = models.BooleanField(_("并列"), default=False)
    steps = models.JSONField(_("计算过程"), default=list)

    class Meta:
        verbose_name = _("得分明细")
        ordering = ("round", "region", "indicator")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "region", "indicator"], name="score_cell_once")
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.indicator_id}"

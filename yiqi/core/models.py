"""Regions, units, people and their appointments, the working-day calendar, settings, attachments, the audit trail."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, NoReturn

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin, UserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from yiqi.core.enums import RegionKind, Role, SettingKey, UnitKind, UploadStatus
from yiqi.kit.digest import canonical
from yiqi.kit.errors import NotAllowedError
from yiqi.kit.fields import Sourced, Versioned
from yiqi.kit.wording import in_english


class Region(models.Model):
    """A division of GB/T 2260: its code is its key, and without trailing zero pairs its prefix is its ancestor."""

    code = models.CharField(_("区划代码"), max_length=12, primary_key=True)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=60, blank=True)
    kind = models.CharField(_("级别"), max_length=10, choices=RegionKind.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级")
    )
    population_2020 = models.PositiveIntegerField(_("2020年普查人口"), null=True, blank=True)
    area_km2 = models.PositiveIntegerField(_("面积（平方公里）"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("行政区划")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    @property
    def prefix(self) -> str:
        """What the codes of this region and of everything below it begin with: 141000 gives 1410, 141022 itself."""
        code = self.code
        while len(code) in (4, 6) and code.endswith("00"):
            code = code[:-2]
        return code

    @property
    def short_name(self) -> str:
        """The name without its class word, where two characters or more remain: 翼城, 侯马, but 古县."""
        return self.name[:-1] if len(self.name) > 2 and self.name[-1] in "县市区" else self.name


class Unit(Versioned, Sourced):
    """A bureau, office, township or task force: it owns tasks, indicators and directives."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="units", verbose_name=_("所属区划"))
    code = models.CharField(_("单位代码"), max_length=20)
    name = models.CharField(_("单位名称"), max_length=60)
    short_name = models.CharField(_("简称"), max_length=20, blank=True)
    name_en = models.CharField(_("英文名称"), max_length=100, blank=True)
    kind = models.CharField(_("类别"), max_length=12, choices=UnitKind.choices)
    aliases = models.JSONField(_("别名"), default=list, blank=True)
    order = models.PositiveSmallIntegerField(_("排序"), default=0)
    active = models.BooleanField(_("在用"), default=True)

    class Meta:
        verbose_name = _("单位")
        ordering = ("order", "code")
        constraints: ClassVar = [models.UniqueConstraint(fields=["region", "code"], name="unit_code_in_region")]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The short name where there is one; for an English reader the English name."""
        return (self.name_en if in_english() else "") or self.short_name or self.name


class Person(AbstractBaseUser, PermissionsMixin, Versioned):
    """Somebody who works with the system; what they may do follows from their appointments alone.

    ``region`` is where the account was opened: it decides which administrator looks after it, and gives no rights.
    """

    username = models.CharField(_("登录名"), max_length=60, unique=True, validators=[UnicodeUsernameValidator()])
    name = models.CharField(_("姓名"), max_length=40)
    title = models.CharField(_("职务"), max_length=60, blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    email = models.EmailField(_("邮箱"), blank=True)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("建档区划")
    )
    is_active = models.BooleanField(_("可登录"), default=True)
    must_change_password = models.BooleanField(_("须先改密码"), default=False)
    demo = models.BooleanField(_("演示数据"), default=False)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    class Meta:
        verbose_name = _("人员")
        ordering = ("username",)

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """Name as shown by the account pages."""
        return self.name


class Appointment(models.Model):
    """Who holds which role, for which unit, in which region, from when until when."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments", verbose_name=_("人员"))
    role = models.CharField(_("角色"), max_length=12, choices=Role.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="appointments", verbose_name=_("单位"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("范围"))
    starts = models.DateField(_("起"))
    ends = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        verbose_name = _("任职")
        ordering = ("person", "starts")
        indexes: ClassVar = [models.Index(fields=["person", "starts", "ends"], name="appointment_in_force")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends__isnull=True) | models.Q(ends__gte=models.F("starts")),
                name="appointment_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_role_display()} {self.unit}"


class CalendarYear(models.Model):
    """A year for which working days are known from the State Council's schedule."""

    year = models.PositiveSmallIntegerField(_("年份"), primary_key=True)
    source = models.CharField(_("来源"), max_length=200)

    class Meta:
        verbose_name = _("日历年份")
        ordering = ("year",)

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(Versioned):
    """A day that differs from its weekday's rule; the newest version of a date is in force, older ones are kept."""

    date = models.DateField(_("日期"))
    working = models.BooleanField(_("工作日"))
    name = models.CharField(_("说明"), max_length=40, blank=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    entered_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("录入人")
    )

    class Meta:
        verbose_name = _("日历特殊日")
        ordering = ("date", "version")
        constraints: ClassVar = [models.UniqueConstraint(fields=["date", "version"], name="calendar_day_version")]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d}"


class Setting(Versioned):
    """A county's own value of a rule that the sources leave open."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("区划"))
    key = models.CharField(_("设置项"), max_length=40, choices=SettingKey.choices)
    value = models.JSONField(_("值"))

    class Meta:
        verbose_name = _("设置")
        ordering = ("region", "key")
        constraints: ClassVar = [models.UniqueConstraint(fields=["region", "key"], name="setting_key_in_region")]

    def __str__(self) -> str:
        return self.get_key_display()


class Attachment(models.Model):
    """A stored file under a random name; who may fetch it is decided by the record that it belongs to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("区划"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True, verbose_name=_("单位"))
    name = models.CharField(_("文件名"), max_length=200)
    stored_as = models.CharField(_("存储名"), max_length=80, unique=True)
    media_type = models.CharField(_("类型"), max_length=100)
    size = models.PositiveBigIntegerField(_("大小"))
    algorithm = models.CharField(_("摘要算法"), max_length=10)
    digest = models.CharField(_("摘要"), max_length=64)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("上传人"))
    uploaded_at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = _("附件")
        ordering = ("uploaded_at",)

    def __str__(self) -> str:
        return self.name


class Upload(models.Model):
    """A file that was uploaded to be imported: what was read from it, and whether that was applied.

    ``belongs_to`` is the key of what the kind of import writes to, in a higher app; ``number`` counts within the kind
    and stands in the address of the page.
    """

    kind = models.CharField(_("种类"), max_length=20)
    number = models.PositiveIntegerField(_("编号"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("区划"))
    belongs_to = models.PositiveBigIntegerField(_("所属记录"))
    period = models.CharField(_("期别"), max_length=7, blank=True)
    options = models.JSONField(_("上传时的选择"), default=dict, blank=True)
    file_name = models.CharField(_("文件名"), max_length=200)
    algorithm = models.CharField(_("摘要算法"), max_length=10)
    file_digest = models.CharField(_("文件摘要"), max_length=64)
    result = models.JSONField(_("读取结果"))
    status = models.CharField(_("状态"), max_length=10, choices=UploadStatus.choices, default=UploadStatus.PREVIEWED)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("上传人"))
    uploaded_at = models.DateTimeField(_("上传时间"))
    applied_at = models.DateTimeField(_("导入时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("导入的文件")
        ordering = ("-uploaded_at",)
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "number"], name="upload_number_in_kind")]
        indexes: ClassVar = [
            models.Index(fields=["kind", "region", "uploaded_at"], name="upload_in_region"),
            models.Index(fields=["kind", "belongs_to"], name="upload_belonging"),
        ]

    def __str__(self) -> str:
        return self.file_name


def _refuse() -> NoReturn:
    raise NotAllowedError(_("审计记录只增不改，不能修改或删除。"), code="audit_append_only")


class AppendOnly(models.QuerySet[Any]):
    """A queryset that reads and inserts one by one, and refuses everything else.

    It is also the base manager, so that ``save_base`` and the collector of deletions meet the same refusal. Whoever
    goes round the ORM meets the triggers of migration 0003.
    """

    def update(self, **_kwargs: Any) -> int:
        """Refused."""
        _refuse()

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refused."""
        _refuse()

    def bulk_update(self, *_args: Any, **_kwargs: Any) -> int:
        """Refused."""
        _refuse()

    def bulk_create(self, *_args: Any, **_kwargs: Any) -> list[Any]:
        """Refused: a record is chained to the one before, so they are written one by one."""
        _refuse()

    def _update(self, *_args: Any, **_kwargs: Any) -> int:
        _refuse()

    def _raw_delete(self, *_args: Any, **_kwargs: Any) -> int:
        _refuse()


CHAINED_FIELDS = (
    "sequence",
    "at",
    "business_date",
    "person_id",
    "person_name",
    "role",
    "verb",
    "target_type",
    "target_id",
    "target_label",
    "region_code",
    "before",
    "after",
    "channel",
    "address",
    "request",
    "algorithm",
    "previous_digest",
)


class AuditRecord(models.Model):
    """One operation: who, when, what, before and after, from where; chained to the record before by its digest."""

    sequence = models.PositiveBigIntegerField(_("序号"), primary_key=True)
    at = models.DateTimeField(_("时间"))
    business_date = models.DateField(_("业务日期"))
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("操作人"))
    person_name = models.CharField(_("操作人姓名"), max_length=60)
    role = models.CharField(_("身份"), max_length=120, blank=True)
    verb = models.CharField(_("操作"), max_length=60)
    target_type = models.CharField(_("对象类型"), max_length=60)
    target_id = models.CharField(_("对象编号"), max_length=60)
    target_label = models.CharField(_("对象"), max_length=200)
    region_code = models.CharField(_("区划代码"), max_length=12)
    before = models.JSONField(_("变更前"), null=True)
    after = models.JSONField(_("变更后"), null=True)
    channel = models.CharField(_("渠道"), max_length=10)
    address = models.CharField(_("来源地址"), max_length=60, blank=True)
    request = models.CharField(_("请求编号"), max_length=40, blank=True)
    algorithm = models.CharField(_("摘要算法"), max_length=10)
    previous_digest = models.CharField(_("前一条摘要"), max_length=64, blank=True)
    digest = models.CharField(_("摘要"), max_length=64)

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name = _("审计记录")
        base_manager_name = "objects"
        ordering = ("-sequence",)
        indexes: ClassVar = [
            models.Index(fields=["target_type", "target_id"], name="audit_target"),
            models.Index(fields=["person", "at"], name="audit_person"),
            models.Index(fields=["verb", "at"], name="audit_verb"),
            models.Index(fields=["region_code", "sequence"], name="audit_region"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.verb}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only."""
        if not self._state.adding:
            _refuse()
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refused."""
        _refuse()

    def chained(self) -> bytes:
        """The bytes that the digest covers: every field but the digest itself."""
        facts = {name: getattr(self, name) for name in CHAINED_FIELDS}
        facts["at"] = self.at.timestamp()
        return canonical(facts)


class AuditHead(models.Model):
    """The last link of the chain: the one row that a writer locks, so that two operations never share a sequence."""

    chain = models.CharField(_("链"), max_length=20, primary_key=True)
    sequence = models.PositiveBigIntegerField(_("末条序号"), default=0)
    digest = models.CharField(_("末条摘要"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("审计链末端")

    def __str__(self) -> str:
        return f"{self.chain} {self.sequence}"

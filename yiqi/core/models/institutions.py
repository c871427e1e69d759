"""Regions, units, people and their appointments."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin, UserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from yiqi.core.enums import RegionKind, Role, UnitKind
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

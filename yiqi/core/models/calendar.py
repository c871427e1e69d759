"""The working-day calendar, and the settings of a region."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiqi.core.enums import SettingKey
from yiqi.core.models.institutions import Person, Region
from yiqi.kit.fields import Versioned


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

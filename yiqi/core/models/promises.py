"""What was promised to whom by when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiqi.core.models.institutions import Person, Region, Unit


class Promise(models.Model):
    """A day by which a unit said that something would be done: to whom, resting on what, and when it was done.

    One row for each day that was named: a later day closes the row of the earlier one (``moved_on``). Whether it was
    kept follows from the days alone. ``subject_kind`` and ``subject_id`` name what was promised (docs/adr/0013).
    """

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("区划"))
    subject_kind = models.CharField(_("对象类别"), max_length=40)
    subject_id = models.PositiveBigIntegerField(_("对象"))
    title = models.CharField(_("承诺事项"), max_length=200)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("承诺单位"))
    given_to = models.CharField(_("向谁承诺"), max_length=100)
    given_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("承诺人"))
    given_on = models.DateField(_("承诺日期"))
    basis = models.CharField(_("依据"), max_length=300, blank=True)
    due = models.DateField(_("承诺时限"))
    done_on = models.DateField(_("完成日期"), null=True, blank=True)
    moved_on = models.DateField(_("改期日期"), null=True, blank=True)
    demo = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("承诺")
        ordering = ("due", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "unit"],
                condition=models.Q(moved_on__isnull=True),
                name="promise_standing_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["region", "due"], name="promise_in_region"),
            models.Index(fields=["unit", "due"], name="promise_of_unit"),
        ]

    def __str__(self) -> str:
        return self.title

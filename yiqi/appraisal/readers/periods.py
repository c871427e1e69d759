"""Periods: a year ("2021"), or the months of a year up to one of them ("2021-08"), as figures are published."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from yiqi.appraisal.enums import Rhythm
from yiqi.kit.errors import InvalidInputError
from yiqi.kit.wording import month_name

_FORM = re.compile(r"([12][0-9]{3})(?:-(0[1-9]|1[0-2]))?\Z")
MONTHS_BETWEEN = {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3, Rhythm.YEARLY: 12}


@dataclass(frozen=True, order=True)
class Period:
    """January of ``year`` up to and with ``month``; ``month`` 0 is the whole year, as annual targets are set."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d}" if self.month else str(self.year)

    @property
    def last_day(self) -> date:
        """The day on which the period ends."""
        month = self.month or 12
        return date(self.year, month, monthrange(self.year, month)[1])

    @property
    def label(self) -> str:
        """As the county writes it: 2021年1—8月."""
        if not self.month:
            return _("%(year)s年") % {"year": self.year}
        if self.month == 1:
            return _("%(year)s年%(month)s") % {"year": self.year, "month": month_name(1)}
        return _("%(year)s年1—%(month)s") % {"year": self.year, "month": month_name(self.month)}

    def months_since(self, other: Period) -> int:
        """Months from the end of ``other`` to the end of this one."""
        return (self.year - other.year) * 12 + (self.month or 12) - (other.month or 12)

    def last_published(self, rhythm: str) -> Period:
        """The latest period, not after this one, for which a figure of that rhythm comes out."""
        step = MONTHS_BETWEEN[Rhythm(rhythm)]
        month = (self.month or 12) // step * step
        return Period(self.year, month) if month else Period(self.year - 1, 12)


def period_of(text: str, *, monthly: bool = True) -> Period:
    """Read "2021-08" (or "2021" unless ``monthly``); InvalidInputError with code ``period`` otherwise."""
    found = _FORM.match(text.strip())
    if found is None or (monthly and found[2] is None):
        message = _("期别“%(period)s”无法识别，请写成“2021-08”这样的年份和月份。") % {"period": text[:20]}
        raise InvalidInputError(message, code="period", data={"period": text[:20]})
    return Period(int(found[1]), int(found[2] or 0))

"""A share of a number of cases, with the interval that its size allows: a rate is never shown alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.utils.translation import gettext as _

from yiqi.kit import wording

Z: Final = 1.959963984540054  # the normal's 97.5 % point


@dataclass(frozen=True)
class Rate:
    """``good`` of ``cases``; both are whole numbers, ``good`` no more than ``cases``."""

    good: int
    cases: int

    @property
    def percent(self) -> Decimal | None:
        """0–100 with one decimal, half up; None without a case."""
        if not self.cases:
            return None
        return (Decimal(100 * self.good) / self.cases).quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval in percent, by Wilson's score (1927), which holds for few cases and near 0 and 100 too."""
        if not self.cases:
            return None
        share, spread = self.good / self.cases, Z * Z / self.cases
        middle = (share + spread / 2) / (1 + spread)
        half = math.sqrt(spread * share * (1 - share) + spread * spread / 4) / (1 + spread)
        return 100 * max(0.0, middle - half), 100 * min(1.0, middle + half)

    def __str__(self) -> str:
        if self.percent is None or self.interval is None:
            return wording.NOTHING
        low, high = self.interval
        facts = {
            "percent": wording.figure(self.percent, 1),
            "good": self.good,
            "cases": self.cases,
            "low": wording.figure(low, 1),
            "high": wording.figure(high, 1),
        }
        return _("%(percent)s%%（%(good)s/%(cases)s，95%%置信区间%(low)s%%–%(high)s%%）") % facts

"""Named numbers that one app offers and another reads, without either knowing the other."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from yiqi.core.doors import Metric
from yiqi.kit.offering import offered


def metric(name: str, *, region_code: str, today: date) -> Decimal | None:
    """The number as of ``today``; LookupError when no app offers ``name``."""
    for one in offered(Metric):
        if one.name == name:
            return one.read(region_code, today)
    raise LookupError(f"no app offers the metric {name!r}")

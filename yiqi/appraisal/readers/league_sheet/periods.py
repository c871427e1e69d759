"""The months that a text names, held against the period asked for."""

from __future__ import annotations

import re
from typing import Final

from yiqi.kit.sheets.names import narrow

_MONTHS: Final = re.compile(
    r"(?:(?P<year>20\d\d)年?)?(?:\d{1,2}月?[-—–~至到])?(?P<month>\d{1,2})月(?!\d)"
    r"|(?P<iso_year>20\d\d)[-./](?P<iso>\d{1,2})(?![\d./-])|(?<!\d)(?P<flat_year>20\d\d)(?P<flat>0[1-9]|1[0-2])(?!\d)"
    r"|(?:(?P<part_year>20\d\d)年?)?(?P<part>上半年|一季度|二季度|前三季度|三季度|四季度|全年)"
)
_PARTS: Final = {"上半年": 6, "一季度": 3, "二季度": 6, "前三季度": 9, "三季度": 9, "四季度": 12, "全年": 12}


def same_period(text: str, period: str) -> bool:
    """Whether 2021年8月, 1-8月, 2021-08 or 202108 is the period ``2021-08``; a year that is not written may be any."""
    months = period_months(text)
    if not months:
        return True
    year, month = int(period[:4]), int(period[5:7]) if period[5:7].isdigit() else 12
    return any(told_month == month and told_year in {None, year} for told_year, told_month in months)


def period_months(text: str) -> list[tuple[int | None, int]]:
    """Year (None when not written) and last month of each period that a text names."""
    found = []
    for match in _MONTHS.finditer(narrow(text).replace(" ", "")):
        year = match["year"] or match["iso_year"] or match["flat_year"] or match["part_year"]
        month = _PARTS[match["part"]] if match["part"] else int(match["month"] or match["iso"] or match["flat"])
        found.append((int(year) if year else None, month))
    return found

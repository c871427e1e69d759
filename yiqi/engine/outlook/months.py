"""Months as whole numbers: year · 12 + month − 1, so that differences are counts of months."""

from __future__ import annotations

import re
from typing import Final

from yiqi.engine.ground.errors import EngineError

_WRITTEN: Final = re.compile(
    r"(?P<year>\d{4})\s*(?:[-/.]\s*(?P<dashed>\d{1,2})(?:\s*[-/.]\s*(?P<day>\d{1,2})(?:[ T]00:00(?::00(?:\.0+)?)?)?)?"
    r"|年\s*(?P<chinese>\d{1,2})\s*月|[Mm](?P<letter>\d{1,2})|(?P<flat>\d{2}))",
    re.ASCII,
)


def month_number(text: str) -> int:
    """``2021-08``, ``2021-08-31``, ``2021/8``, ``2021年8月``, ``202108`` or ``2021M08`` -> number of the month.

    Errors: ``period_unknown``.
    """
    found = _WRITTEN.fullmatch(str(text).strip())
    month = int(found["dashed"] or found["chinese"] or found["letter"] or found["flat"]) if found else 0
    day = int(found["day"] or 1) if found else 0
    if found is None or not 1 <= month <= 12 or not 1 <= day <= 31 or int(found["year"]) == 0:
        advice = "write a month as 2021-08"
        raise EngineError("period_unknown", f"{str(text)[:40]!r} is not a month; {advice}", {"period": str(text)[:40]})
    return int(found["year"]) * 12 + month - 1


def month_name(number: int) -> str:
    """Number of a month -> ``2021-08``."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def year_end(number: int) -> int:
    """December of the same year."""
    return number - number % 12 + 11


def is_january(number: int) -> bool:
    """Whether a flow begins anew in this month."""
    return number % 12 == 0

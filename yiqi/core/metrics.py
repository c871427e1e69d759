"""Named numbers that one app offers and another reads, without either knowing the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

Metric = Callable[[str, date], Decimal | None]

_metrics: dict[str, Metric] = {}


def register_metric(name: str, function: Metric) -> None:
    """Offer ``function(region_code, today)`` as ``name`` (such as ``plan.on_time``); from ``AppConfig.ready``.

    The function gives a number, or None where there is nothing to measure. The same name by another function is a
    programming error (ValueError).
    """
    if _metrics.get(name, function) is not function:
        raise ValueError(f"metric {name!r} is registered twice")
    _metrics[name] = function


def metric_names() -> list[str]:
    """The names on offer, sorted."""
    return sorted(_metrics)


def metric(name: str, *, region_code: str, today: date) -> Decimal | None:
    """The number as of ``today``; LookupError when no app offers ``name``."""
    try:
        function = _metrics[name]
    except KeyError:
        raise LookupError(f"no app offers the metric {name!r}") from None
    return function(region_code, today)

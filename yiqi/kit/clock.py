"""The one clock that the application asks.

``today`` and ``now`` are the county's business time: they can be pinned by ``YIQI_AS_OF`` so that a story of 2021 is
seen as it stood on its day. ``wall`` is the machine's own time, for what must not be pinned: sessions, lockouts, and
the moment written into the audit trail.
"""

from __future__ import annotations

from datetime import date, datetime, time

from django.conf import settings
from django.utils import timezone

PINNED_HOUR = time(9, 0)


def pinned() -> date | None:
    """The day that ``YIQI_AS_OF`` pins, or None."""
    day: date | None = settings.YIQI_AS_OF
    return day


def wall() -> datetime:
    """The machine's time, aware."""
    return timezone.now()


def now() -> datetime:
    """Business time, aware, in the county's zone; nine in the morning of the pinned day."""
    day = pinned()
    if day is None:
        return timezone.localtime(wall())
    return datetime.combine(day, PINNED_HOUR, tzinfo=timezone.get_default_timezone())


def today() -> date:
    """The business day."""
    return now().date()

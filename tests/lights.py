"""What every light must keep: the day of the next change that a reading tells is the day of the next change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from yiqi.core.limits import Reading


def check_changes(days: Sequence[date], readings: Sequence[Reading]) -> None:
    """``readings`` are those of one thing on consecutive days; nothing but the time has passed between them."""
    pairs = zip(days[1:], readings, readings[1:], strict=False)
    changed = [day for day, last, now in pairs if last.colour != now.colour]
    for day, reading in zip(days, readings, strict=True):
        ahead = next((turn for turn in changed if turn > day), None)
        told = reading.changes_on if reading.changes_on is None or reading.changes_on <= days[-1] else None
        assert told == ahead

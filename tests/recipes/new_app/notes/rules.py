"""Who may do what with notes."""

from __future__ import annotations

from yiqi.core.rules import Mandate, reads_county


def reads_notes(who: Mandate) -> bool:
    """Sees notes at all."""
    return who.home is not None and reads_county(who, who.home.code)

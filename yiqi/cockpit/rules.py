"""Who sees the cockpit."""

from __future__ import annotations

from yiqi.core.enums import Role
from yiqi.core.rules import Mandate


def sees_cockpit(who: Mandate) -> bool:
    """Everybody with a post but the administrator, who sees no business."""
    return bool(who.roles - {Role.ADMIN})

"""What every page needs: the business day, whether it is pinned, the navigation, the language."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from yiqi.kit import clock
from yiqi.kit.web.navigation import entries_for, search_for


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor; no database access of its own."""
    return {
        "today": clock.today(),
        "pinned": clock.pinned(),
        "who": getattr(request, "who", None),
        "navigation": entries_for(request),
        "search": search_for(request),
    }

"""The URL × role matrix: one row per named URL and method, one status per asker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ASKERS = ("anonymous", "leader", "office", "force_head", "force_staff", "reporter", "reviewer", "auditor", "admin")
LOGIN = 302


@dataclass(frozen=True)
class Row:
    """``kwargs`` may be a callable taking the world (tests/world.py) and returning the URL's keyword arguments."""

    name: str
    expected: Mapping[str, int]
    method: str = "get"
    kwargs: Any = None
    data: Any = None
    query: Mapping[str, str] = field(default_factory=dict)


def everyone(status: int, **others: int) -> dict[str, int]:
    """The same status for all signed-in roles but the named ones; anonymous goes to the login page."""
    return {asker: others.get(asker, LOGIN if asker == "anonymous" else status) for asker in ASKERS}

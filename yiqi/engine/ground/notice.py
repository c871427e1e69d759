"""What a reader of a result must be told: a stable code with its data, and an English sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yiqi.engine.ground.plain import plain


@dataclass(frozen=True)
class Notice:
    """``code`` is stable; ``indicator`` and ``unit`` are codes or None; ``data`` holds plain JSON values."""

    code: str
    message: str
    indicator: str | None = None
    unit: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def told(self, *names: str) -> dict[str, Any]:
        """Some of the fields as plain JSON values."""
        return {name: plain(getattr(self, name)) for name in names}

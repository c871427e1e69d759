"""Values as JSON has them, which knows no nan, no infinity and no tuple."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any


def optional(value: Any) -> float | None:
    """A float, None for nan."""
    number = float(value)
    return None if math.isnan(number) else number


def plain(value: Any) -> Any:
    """None for what is not finite, lists for tuples, text for keys, inside out."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return {str(key): plain(item) for key, item in value.items()} if isinstance(value, Mapping) else value


class Plain:
    """A dataclass that is told as it stands."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)  # type: ignore[call-overload, no-any-return]  # a subclass is a dataclass

"""The one error of the engine: a stable code and data for the caller to translate, and an English message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class EngineError(ValueError):
    """The plan or the input cannot be scored.

    ``code`` is stable; ``data`` names the place (``unit``, ``indicator``, ``block``, ``param`` …) in plain JSON values.
    """

    def __init__(self, code: str, message: str, data: Mapping[str, Any] | None = None):
        super().__init__(code, message, data)
        self.code = code
        self.message = message
        self.data: dict[str, Any] = dict(data or {})

    def __str__(self) -> str:
        return self.message

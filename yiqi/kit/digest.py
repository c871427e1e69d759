"""Digests: SM3 where OpenSSL has it, else SHA-256; the algorithm is always kept beside the digest."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.utils.functional import Promise


@cache
def preferred_algorithm() -> str:
    """``sm3`` (GB/T 32905) if this build of OpenSSL offers it, else ``sha256``."""
    try:
        hashlib.new("sm3", b"")
    except ValueError:
        return "sha256"
    return "sm3"


def digest(data: bytes, algorithm: str | None = None) -> str:
    """Hexadecimal digest of ``data``; ValueError when this machine lacks ``algorithm``."""
    return hashlib.new(algorithm or preferred_algorithm(), data).hexdigest()


def _plain(value: object) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | Promise):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")


def canonical(value: object) -> bytes:
    """One byte form for equal JSON-like values: sorted keys, no white space, UTF-8; dates ISO, decimals as text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain).encode()


def jsonable(value: object) -> Any:
    """The same value as plain JSON types (what a JSONField keeps and what :func:`canonical` digests)."""
    return json.loads(canonical(value))

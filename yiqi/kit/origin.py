"""Where an operation comes from: the web, the command line, a job. Written into the audit trail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """``channel``: web, cli, job, test; ``address``: client or host user; ``request``: an id in the logs."""

    channel: str
    address: str = ""
    request: str = ""


UNKNOWN = Origin("unknown")
_origin: ContextVar[Origin] = ContextVar("yiqi_origin", default=UNKNOWN)


def current() -> Origin:
    """The origin of what runs now."""
    return _origin.get()


@contextmanager
def coming_from(origin: Origin) -> Iterator[None]:
    """Everything inside is recorded as coming from ``origin``."""
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)

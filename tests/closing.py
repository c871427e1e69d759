"""Closing an answer as Django's test client does: without the signal that would close the test's own connection."""

from __future__ import annotations

from django.core.signals import request_finished
from django.db import close_old_connections
from django.http import HttpResponseBase


def close(response: HttpResponseBase) -> None:
    """Let go of the file that a download holds open; the database stays as it is (a server would let go of it too)."""
    request_finished.disconnect(close_old_connections)
    try:
        response.close()
    finally:
        request_finished.connect(close_old_connections)

"""Verbs of the core."""

from yiqi.core.operations.audit import record

__all__ = ["record"]

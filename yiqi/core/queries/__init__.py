"""Reads of the core."""

from yiqi.core.queries.mandates import mandate_of, within

__all__ = ["mandate_of", "within"]

"""Draws pieces of templates for tests."""

from __future__ import annotations

import re
from typing import Any

from django.template import Context, Template


def drawn(source: str, **context: Any) -> str:
    """The template's text with runs of white space made one."""
    return re.sub(r"\s+", " ", Template(source).render(Context(context))).strip()


def words(html: str) -> str:
    """What a person reads."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", " ", html))

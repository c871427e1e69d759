"""Components of the pages; built in, so no template loads it. Usage: docs/guide/components.md."""

from __future__ import annotations

from yiqi.kit.templatetags.yiqi import charts, figures, forms, lights, page, tables
from yiqi.kit.templatetags.yiqi.registry import register

__all__ = ["charts", "figures", "forms", "lights", "page", "register", "tables"]

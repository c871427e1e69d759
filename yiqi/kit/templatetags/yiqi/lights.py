"""Lights, badges, icons, small drawings inside of tables: as tags."""

from __future__ import annotations

from yiqi.kit import marks
from yiqi.kit.templatetags.yiqi.registry import register

for _drawing in (marks.light, marks.badge, marks.icon, marks.sparkline, marks.lossbar):
    register.simple_tag(_drawing)

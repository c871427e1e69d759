"""The large chart over a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.html import json_script

from yiqi.kit.templatetags.yiqi.registry import register


@register.inclusion_tag("components/chart.html")
def chart(id: str, option: Mapping[str, Any], label: Any) -> dict[str, Any]:  # noqa: A002  the name that templates use
    """``{% chart "trend" option _("得分走势") %}``: an ECharts drawing; the same figures must stand in a table beneath.

    ``option`` is ECharts' own option as plain JSON values. Colours by name, so that they follow the theme: ``"@blue"``,
    ``"@ink"``, ``"@grey"``, ``"@soft"``, ``"@red"``, ``"@yellow"``, ``"@green"`` (see static/yiqi/charts.js).
    """
    return {"id": id, "label": label, "data": json_script(dict(option), f"{id}-option")}

"""Small drawings inside of tables, and the large chart over a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.html import format_html, format_html_join, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yiqi.kit import wording
from yiqi.kit.templatetags.yiqi.registry import register

POINTS = 12
WIDTH, HEIGHT, EDGE = 96, 24, 3


def _runs(values: Sequence[float | None]) -> list[list[tuple[float, float]]]:
    """Coordinates by unbroken run: a missing month is a gap and not a straight line."""
    known = [value for value in values if value is not None]
    low, span = min(known), (max(known) - min(known)) or 1.0
    flat = max(known) == min(known)
    step = (WIDTH - 2 * EDGE) / max(len(values) - 1, 1)
    runs: list[list[tuple[float, float]]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            runs.append([])
            continue
        height = 0.5 if flat else (value - low) / span
        runs[-1].append((round(EDGE + index * step, 1), round(HEIGHT - EDGE - height * (HEIGHT - 2 * EDGE), 1)))
    return [run for run in runs if run]


@register.simple_tag
def sparkline(values: Iterable[Any] | None, label: Any = "") -> SafeString:
    """``{% sparkline values "近12个月得分" %}``: the last twelve values, oldest first; None leaves a gap."""
    numbers = [None if value is None else float(value) for value in values or ()][-POINTS:]
    known = [value for value in numbers if value is not None]
    if not known:
        return format_html('<span class="muted">{}</span>', wording.NOTHING)
    told = _("%(label)s：由%(first)s到%(last)s") % {
        "label": label,
        "first": wording.figure(known[0]),
        "last": wording.figure(known[-1]),
    }
    runs = _runs(numbers)
    # a single point is a line of no length, which a round cap makes visible
    lines = ((" ".join(f"{x},{y}" for x, y in (run if len(run) > 1 else run * 2)),) for run in runs)
    x, y = runs[-1][-1]
    return format_html(
        '<svg class="sparkline" viewBox="0 0 {} {}" width="{}" height="{}" role="img"><title>{}</title>{}'
        '<circle cx="{}" cy="{}" r="2.2"/></svg>',
        WIDTH, HEIGHT, WIDTH, HEIGHT, told, format_html_join("", '<polyline points="{}"/>', lines), x, y,
    )  # fmt: skip


@register.simple_tag
def lossbar(value: Any, maximum: Any) -> SafeString:
    """``{% lossbar row.lost maximum %}``: a bar of points lost; the figure itself must stand beside it."""
    top = Decimal(str(maximum or 0))
    share = Decimal(str(value or 0)) / top * 100 if top > 0 else Decimal(0)
    width = wording.figure(min(max(share, Decimal(0)), Decimal(100)), 1)
    return format_html(
        '<svg class="lossbar" viewBox="0 0 100 8" preserveAspectRatio="none" width="100%" height="8"'
        ' aria-hidden="true"><rect class="lossbar-track" width="100" height="8"/>'
        '<rect class="lossbar-fill" width="{}" height="8"/></svg>',
        width,
    )


@register.inclusion_tag("components/chart.html")
def chart(id: str, option: Mapping[str, Any], label: Any) -> dict[str, Any]:  # noqa: A002  the name that templates use
    """``{% chart "trend" option _("得分走势") %}``: an ECharts drawing; the same figures must stand in a table beneath.

    ``option`` is ECharts' own option as plain JSON values. Colours by name, so that they follow the theme: ``"@blue"``,
    ``"@ink"``, ``"@grey"``, ``"@soft"``, ``"@red"``, ``"@yellow"``, ``"@green"`` (see static/yiqi/charts.js).
    """
    return {"id": id, "label": label, "data": json_script(dict(option), f"{id}-option")}

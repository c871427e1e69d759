"""Lights, badges, icons and small drawings as safe HTML: a colour never stands without a shape and a word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yiqi.kit import wording

WORDS = {"red": _("红灯"), "yellow": _("黄灯"), "green": _("绿灯"), "grey": _("灰灯")}
SHAPES = {
    "red": '<path d="M6 0 12 6 6 12 0 6Z"/>',
    "yellow": '<path d="M6 .8 12 11.4H0Z"/>',
    "green": '<circle cx="6" cy="6" r="5.4"/>',
    "grey": '<circle cx="6" cy="6" r="4.6" fill="none" stroke="currentColor" stroke-width="1.8"/>',
}
SHAPE = 'class="light-shape" viewBox="0 0 12 12" width="12" height="12" fill="currentColor" aria-hidden="true"'
HEAD = '<span class="light light-{}">{}<span class="light-word">{}</span></span>'
TONES = frozenset({"neutral", "blue", "red", "yellow", "green", "grey"})
ICON_NAME = re.compile(r"[a-z0-9-]+")
POINTS = 12
WIDTH, HEIGHT, EDGE = 96, 24, 3


def _shape(colour: str) -> SafeString:
    return mark_safe(f"<svg {SHAPE}>{SHAPES[colour]}</svg>")  # noqa: S308 - constants of this module


def light(colour: Any, reason: Any = "") -> SafeString:
    """``{% light colour %}`` or ``{% light colour reason %}``: shape, word, reason.

    ``colour`` is red, yellow, green or grey (or a choice of it), or an object with ``colour`` and ``reason``, such as
    a reading of a light. An unknown colour is drawn grey.
    """
    if hasattr(colour, "colour"):
        colour, reason = colour.colour, reason or getattr(colour, "reason", "")
    name = str(getattr(colour, "value", colour))
    name = name if name in SHAPES else "grey"
    head = format_html(HEAD, name, _shape(name), WORDS[name])
    if not reason:
        return head
    line = format_html('{}<span class="light-reason">{}{}</span>', head, gettext("："), reason)
    return format_html('<span class="light-line">{}</span>', line)


def badge(text: Any, tone: str = "neutral") -> SafeString:
    """``{% badge task.get_status_display "blue" %}``; tones: neutral, blue, red, yellow, green, grey."""
    return format_html('<span class="badge-y badge-{}">{}</span>', tone if tone in TONES else "neutral", text)


def icon(name: str) -> SafeString:
    """``{% icon "download" %}``: a Tabler icon without ``ti-``; decorative, so a word must stand beside it."""
    safe = name if ICON_NAME.fullmatch(name) else "point"
    return format_html('<i class="ti ti-{}" aria-hidden="true"></i>', safe)


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


def sparkline(values: Iterable[Any] | None, label: Any = "") -> SafeString:
    """``{% sparkline values "近12个月得分" %}``: the last twelve values, oldest first; None leaves a gap."""
    numbers = [None if value is None else float(value) for value in values or ()][-POINTS:]
    known = [value for value in numbers if value is not None]
    if not known:
        return format_html('<span class="muted">{}</span>', wording.NOTHING)
    told = gettext("%(label)s：由%(first)s到%(last)s") % {
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

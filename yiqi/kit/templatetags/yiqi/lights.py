"""Lights, badges, icons: a colour never stands without a shape and a word."""

from __future__ import annotations

import re
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yiqi.kit.templatetags.yiqi.registry import register

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


def _shape(colour: str) -> SafeString:
    # the four shapes are constants of this module
    return mark_safe(f"<svg {SHAPE}>{SHAPES[colour]}</svg>")  # noqa: S308


@register.simple_tag
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


@register.simple_tag
def badge(text: Any, tone: str = "neutral") -> SafeString:
    """``{% badge task.get_status_display "blue" %}``; tones: neutral, blue, red, yellow, green, grey."""
    return format_html('<span class="badge-y badge-{}">{}</span>', tone if tone in TONES else "neutral", text)


@register.simple_tag
def icon(name: str) -> SafeString:
    """``{% icon "download" %}``: a Tabler icon without ``ti-``; decorative, so a word must stand beside it."""
    safe = name if ICON_NAME.fullmatch(name) else "point"
    return format_html('<i class="ti ti-{}" aria-hidden="true"></i>', safe)

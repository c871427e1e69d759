"""Filters for figures, dates and names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yiqi.kit import wording
from yiqi.kit.templatetags.yiqi.registry import register


@register.filter
def figure(value: Any, places: int | None = None) -> str:
    """``{{ value|figure:2 }}`` → 1,234.50, half up; — for None."""
    return wording.figure(value, places)


@register.filter
def nested(text: Any) -> str:
    """``{{ message|nested }}``: quotation marks inside quotation marks become single ones."""
    return wording.nested(text)


@register.filter
def points(value: Any, places: int = 2) -> str:
    """``{{ score|points }}`` → 86.42分; ``{{ score|points:1 }}``."""
    return wording.points(value, places)


@register.filter
def signed(value: Any, places: int = 2) -> str:
    """``{{ delta|signed:2 }}`` → +1.20, −0.30."""
    return wording.signed(value, places)


@register.filter
def measured(shown: str, unit: str) -> str:
    """``{{ value|figure:1|measured:indicator.unit_label }}`` → 6.5%; in English a space before a word."""
    return wording.measured(shown, unit)


@register.filter
def place(rank: Any, tied: Any = False) -> str:
    """``{{ rank|place:tied }}`` → 第7位, 并列第3."""
    return wording.place(rank, bool(tied))


@register.filter
def cn_date(value: date | None) -> str:
    """``{{ day|cn_date }}`` → 2021年9月6日（周一）."""
    return wording.cn_date(value)


@register.filter
def cn_day(value: date | None) -> str:
    """``{{ day|cn_day }}`` → 9月6日."""
    return wording.cn_day(value)


@register.filter
def month_name(value: date | None) -> str:
    """``{{ day|month_name }}`` → 9月; in English Sep."""
    return wording.month_name(value.month) if value else wording.NOTHING


@register.filter
def listed(words: Iterable[Any]) -> str:
    """``{{ names|listed }}`` → 甲、乙; in English with commas."""
    return wording.listed(words)


@register.filter
def localname(subject: Any) -> str:
    """``{{ unit|localname }}`` → name_en in English where present, else name."""
    return wording.local_name(subject)


@register.simple_tag
def date_range(starts: date | None, ends: date | None) -> str:
    """``{% date_range week.starts week.ends %}`` → 8月23日—9月5日."""
    return wording.date_range(starts, ends)


@register.simple_tag
def movement(delta: Any) -> SafeString:
    """``{% movement 2 %}`` → ↑2 with 上升2位 for screen readers; positive means a better place; None: —."""
    number = int(delta) if delta is not None else None
    if number is None:
        kind, sign, word = "none", "—", _("无上期名次")
    elif number > 0:
        kind, sign, word = "up", f"↑{number}", _("上升%(count)s位") % {"count": number}
    elif number < 0:
        kind, sign, word = "down", f"↓{-number}", _("下降%(count)s位") % {"count": -number}
    else:
        kind, sign, word = "same", "—", _("名次不变")
    return format_html(
        '<span class="movement movement-{}"><span aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}</span></span>',
        kind,
        sign,
        word,
    )

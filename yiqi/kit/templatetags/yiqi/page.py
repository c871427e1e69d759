"""Pieces of a page: breadcrumbs, the as-of line, empty states, panels of other apps."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from yiqi.kit.templatetags.yiqi.registry import register
from yiqi.kit.web import navigation


@register.simple_tag
def crumb(url: str, label: Any) -> SafeString:
    """``{% crumb url label %}`` inside of the block ``path``; an empty address gives plain text."""
    inner = format_html('<a href="{}">{}</a>', url, label) if url else label
    return format_html('<li class="breadcrumb-item">{}</li>', inner)


@register.inclusion_tag("components/as_of.html")
def as_of(day: date | None, source: Any = "", demo: Any = False) -> dict[str, Any]:
    """``{% as_of today source demo %}``: 截至, 来源 and 演示数据, under every table and chart."""
    return {"day": day, "source": source, "demo": bool(demo)}


@register.inclusion_tag("components/empty.html")
def empty(title: Any, text: Any = "", url: str = "", label: Any = "") -> dict[str, Any]:
    """``{% empty title text %}`` or ``{% empty title text url label %}``: what to do next where a list has no rows."""
    return {"title": title, "text": text, "url": url, "label": label}


@register.simple_tag(takes_context=True)
def panels(context: Context, place: str, subject: Any) -> SafeString:
    """``{% panels "plan.task" task %}``: what higher apps put on this page."""
    request = context.get("request")
    if request is None:
        return SafeString("")
    # each panel is a rendered template of our own
    return mark_safe("".join(navigation.panels(request, place, subject)))  # noqa: S308 - a panel gives safe HTML

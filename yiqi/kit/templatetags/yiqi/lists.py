"""Lists: the bar above, the sortable heading, the pager beneath. They need no JavaScript."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yiqi.kit.templatetags.yiqi.registry import register
from yiqi.kit.web.lists import Listing

OWN_KEYS = frozenset({"sort", "size", "page", "export"})


def _kept(listing: Listing[Any]) -> list[tuple[str, str]]:
    """What the address says besides the bar's own controls: hidden inputs carry it on."""
    shown = OWN_KEYS | {item.name for item in listing.filters}
    return [(name, value) for name, values in listing.query.lists() if name not in shown for value in values]


def _sorts(listing: Listing[Any]) -> list[tuple[str, str, bool]]:
    shown = []
    for key, label in listing.sorts.items():
        shown.append((key, _("%(label)s，升序") % {"label": label}, key == listing.sort))
        shown.append((f"-{key}", _("%(label)s，降序") % {"label": label}, f"-{key}" == listing.sort))
    return shown


@register.inclusion_tag("components/list_bar.html")
def list_bar(listing: Listing[Any], export: bool = True) -> dict[str, Any]:
    """``{% list_bar listing %}``: count, filters, chips, sort, page size, export (``export=False`` leaves it out)."""
    clear = {item.name: None for item in listing.filters}
    return {
        "listing": listing,
        "kept": _kept(listing),
        "sorts": _sorts(listing),
        "sizes": [(size, size == listing.size) for size in listing.sizes],
        "clear": listing.address(**clear, page=None),
        "export_url": listing.address(export="xlsx", page=None) if export else "",
    }


@register.inclusion_tag("components/pager.html")
def pager(listing: Listing[Any]) -> dict[str, Any]:
    """``{% pager listing %}``: nothing at all when there is one page."""
    page = listing.page
    steps = [
        (str(number), listing.address(page=number) if isinstance(number, int) else "", number == page.number)
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    ]
    return {
        "page": page,
        "steps": steps if page.paginator.num_pages > 1 else [],
        "previous": listing.address(page=page.number - 1) if page.has_previous() else "",
        "next": listing.address(page=page.number + 1) if page.has_next() else "",
    }


@register.simple_tag
def sort_head(listing: Listing[Any], key: str, label: Any) -> SafeString:
    """``<th scope="col">{% sort_head listing "deadline" _("时限") %}</th>``: sorts, and reverses when pressed again."""
    up, down = listing.sort == key, listing.sort == f"-{key}"
    sign, said = ("↑", _("，已按升序排列")) if up else ("↓", _("，已按降序排列")) if down else ("", "")
    return format_html(
        '<a class="sort-head{}" href="{}">{}<span class="sort-sign" aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}</span></a>',
        " is-sorted" if up or down else "",
        listing.address(sort=f"-{key}" if up else key, page=None),
        label,
        sign,
        said,
    )

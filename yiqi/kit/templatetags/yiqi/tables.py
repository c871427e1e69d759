"""Lists: the bar above, the table, the pager beneath. They need no JavaScript.

Rows are joined here and not in templates: a list is the page that is drawn most, and a cell has but two tags.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.template import Context
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from yiqi.kit.marks import icon
from yiqi.kit.sheets import ColumnKind
from yiqi.kit.templatetags.yiqi.registry import register
from yiqi.kit.web.columns import Column, Phone
from yiqi.kit.web.tables import PAGE_SIZES, List, Listing

OWN_KEYS = frozenset({"sort", "size", "page", "export"})
OPTION = '<option value="{}"{}>{}</option>'
SELECTED = mark_safe(" selected")


def _options(choices: Iterable[tuple[Any, Any]], chosen: Any) -> SafeString:
    rows = ((value, SELECTED if value == chosen else "", label) for value, label in choices)
    return format_html_join("", OPTION, rows)


def _kept(listing: Listing) -> list[tuple[str, str]]:
    """What the address says besides the bar's own controls: hidden inputs carry it on."""
    shown = OWN_KEYS | {item.filter.name for item in listing.chosen}
    return [(name, value) for name, values in listing.query.lists() if name not in shown for value in values]


def _sorts(listing: Listing) -> list[tuple[str, str]]:
    shown = []
    for key, (label, _fields) in (listing.what.sorts or {}).items():
        shown.append((key, _("%(label)s，升序") % {"label": label}))
        shown.append((f"-{key}", _("%(label)s，降序") % {"label": label}))
    return shown


@register.inclusion_tag("components/list_controls.html")
def list_controls(listing: Listing) -> dict[str, Any]:
    """``{% list_controls listing %}``: count, filters, chips, sort, page size, exports where a column has a width."""
    clear = {item.filter.name: None for item in listing.chosen}
    exports = any(column.width for column in listing.what.columns)
    return {
        "listing": listing,
        "kept": _kept(listing),
        "filters": [
            (item, None if item.choices is None else _options([("", _("全部")), *item.choices], item.value))
            for item in listing.chosen
        ],
        "sorts": _options(_sorts(listing), listing.sort) if listing.sort else "",
        "sizes": _options([(size, size) for size in PAGE_SIZES], listing.size),
        "clear": listing.address(**clear, page=None),
        "exported": listing.address(export=None, page=None) if exports else "",
    }


@register.inclusion_tag("components/pager.html")
def pager(listing: Listing) -> dict[str, Any]:
    """``{% pager listing %}``: nothing at all when there is one page."""
    page = listing.page
    if page is None or page.paginator.num_pages < 2:
        return {}
    steps = [
        (str(number), listing.address(page=number) if isinstance(number, int) else "", number == page.number)
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    ]
    return {
        "page": page,
        "steps": steps,
        "previous": listing.address(page=page.number - 1) if page.has_previous() else "",
        "next": listing.address(page=page.number + 1) if page.has_next() else "",
    }


def _sort_head(listing: Listing, key: str, label: Any) -> SafeString:
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


def _class(column: Column) -> SafeString:
    names = f"{'num ' if column.kind is ColumnKind.NUMBER else ''}{column.css}".strip()
    return format_html(' class="{}"', names) if names else SafeString("")


def _head(column: Column, listing: Listing | None) -> SafeString:
    label: Any = column.label
    if column.quiet:
        label = format_html('<span class="visually-hidden">{}</span>', label)
    elif column.sort and listing is not None:
        label = _sort_head(listing, column.sort, label)
    number = SafeString(' class="num"' if column.kind is ColumnKind.NUMBER else "")
    return format_html('<th scope="col"{}>{}</th>', number, label)


def _cell(column: Column) -> tuple[SafeString, SafeString]:
    """The tags before and after what a column shows of a row."""
    if column.phone is Phone.TITLE:
        return format_html('<th scope="row"{}>', _class(column)), SafeString("</th>")
    label = SafeString("") if column.phone is Phone.BARE else format_html(' data-label="{}"', column.label)
    return format_html("<td{}{}>", _class(column), label), SafeString("</td>")


def _body(columns: Sequence[Column], rows: Iterable[Any]) -> SafeString:
    cells = [(column.shown, *_cell(column)) for column in columns]
    parts: list[str] = []
    for row in rows:
        parts.append("<tr>")
        for show, before, after in cells:
            parts += (before, conditional_escape(show(row)), after)
        parts.append("</tr>")
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above


def draw(what: List, rows: Iterable[Any], listing: Listing | None = None) -> SafeString:
    """The table of these rows; its headings sort where it stands in a listing."""
    columns = [column for column in what.columns if column.page]
    caption = format_html('<caption class="visually-hidden">{}</caption>', what.caption) if what.caption else ""
    return format_html(
        '<div class="table-wrap"><table class="data-table cards-on-phone">{}<thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>",
        caption,
        format_html_join("", "{}", ((_head(column, listing),) for column in columns)),
        _body(columns, rows),
    )


@register.simple_tag
def export_links(query: str) -> SafeString:
    """``{% export_links "?round=3" %}``: the same address as .xlsx and as CSV."""
    address = f"{query}{'' if query.endswith('?') else '&'}export="
    return format_html(
        '<span class="list-exports"><a class="list-export" href="{}xlsx">{}{}</a>'
        '<a class="list-export" href="{}csv">{}</a></span>',
        address, icon("download"), _("导出Excel"), address, _("导出CSV"),
    )  # fmt: skip


@register.simple_tag
def table(what: List, rows: Iterable[Any]) -> SafeString:
    """``{% table what rows %}``: the table alone."""
    return draw(what, rows)


@register.simple_tag
def list_rows(listing: Listing) -> SafeString:
    """``{% list_rows listing %}``: the table with headings that sort."""
    return draw(listing.what, listing.rows, listing)


@register.inclusion_tag("components/list.html", takes_context=True)
def list_whole(context: Context, listing: Listing) -> dict[str, Any]:
    """``{% list_whole listing %}``: the bar, the table with as-of line and pager, or what to do where it is empty."""
    what = listing.what
    untouched = what.untouched if what.untouched and not listing.chips else what.empty
    return {
        "listing": listing,
        "table": list_rows(listing) if listing.rows else "",
        "bar": bool(what.filters or what.sorts),
        "empty": untouched,
        "today": context["today"],
    }

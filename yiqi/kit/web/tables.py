"""A list declared once: its columns make the page, the cards on a phone, .xlsx and CSV; filters, sorts, paging.

A list is data (``List``, with ``Column`` and ``Filter`` from the files beside); ``answer_list`` turns it and a query
into the page or the file that the address asks for; ``kit.templatetags.yiqi.tables`` draws. See CONTRIBUTING, "A list".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import OrderBy, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from yiqi.kit import clock, sheets, wording
from yiqi.kit.web.answers import demo_mark, spreadsheet
from yiqi.kit.web.columns import Column, Text
from yiqi.kit.web.filters import Chosen, Filter, asked, narrowed

PAGE_SIZES = (20, 50, 100)
Sorts = Mapping[str, tuple[Text, Sequence[str | OrderBy]]]


@dataclass(frozen=True, slots=True)
class List:
    """A list. ``sorts`` maps a key to its label and ordering, ``sort`` is the one at first (``-key`` reversed);
    without any the list is not paged. ``file`` names the exported table and ``sheet`` its sheet, ``notes`` stand under
    its title, ``most`` bounds its rows. ``empty`` says what to do where nothing is found, ``untouched`` where nothing
    was filtered either. ``demo`` marks rows that carry no mark of their own."""

    title: Text
    columns: Sequence[Column]
    status: Text = ""
    filters: Sequence[Filter] = ()
    sorts: Sorts | None = None
    sort: str = ""
    file: Text = ""
    sheet: Text = ""
    notes: Sequence[Text] = ()
    most: int | None = None
    caption: Text = ""
    empty: tuple[Text, Text] = ("", "")
    untouched: tuple[Text, Text] | None = None
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    """What a reader may begin from a list: the button beside its heading."""

    address: str
    label: Text
    icon: str = ""
    primary: bool = True


@dataclass(frozen=True)
class Listing:
    """What the list's tags print: the rows of the page, the filters, and addresses that keep the rest."""

    what: List
    rows: Sequence[Any]
    count: int
    chosen: Sequence[Chosen]
    sort: str
    size: int
    query: QueryDict
    page: Page[Any] | None = None

    @property
    def demo(self) -> bool:
        """Whether a row is the demonstration's."""
        return self.what.demo or _demo(self.rows)

    @property
    def chips(self) -> list[tuple[Chosen, str]]:
        """Each filter that is set with the address that removes it."""
        return [(item, self.address(**{item.filter.name: None, "page": None})) for item in self.chosen if item.value]

    def address(self, **changes: Any) -> str:
        """The present query string with changes; None removes a key."""
        query = self.query.copy()
        for name, value in changes.items():
            if value is None:
                query.pop(name, None)
            else:
                query[name] = str(value)
        return "?" + query.urlencode()


def ordering(sorts: Sorts, sort: str) -> list[str | OrderBy]:
    """The ordering of a sort as data, with the primary key at its end: no two rows stand in the same place."""
    fields = list(sorts[sort.removeprefix("-")][1])
    if fields[-1] not in {"pk", "-pk"}:
        fields.append("pk")
    return [_reversed(field) for field in fields] if sort.startswith("-") else fields


def _reversed(field: str | OrderBy) -> str | OrderBy:
    if isinstance(field, str):
        return field[1:] if field.startswith("-") else f"-{field}"
    turned = field.copy()
    turned.reverse_ordering()
    return turned


def _sort(request: HttpRequest, sorts: Sorts, default: str) -> str:
    sort = request.GET.get("sort", default)
    return sort if sort.removeprefix("-") in sorts else default


def listing(
    request: HttpRequest,
    what: List,
    rows: Any,
    chosen: Sequence[Chosen] = (),
    *,
    known_count: int | None = None,
    prepare: Callable[[Any], Sequence[Any]] = list,
) -> Listing:
    """Sort and page narrowed ``rows``; ``prepare`` reads what the rows of the page need besides.

    Two statements: a count (none where the caller knows it) and the page. An unknown sort, size or page falls back
    instead of failing.
    """
    if not what.sorts:
        found = prepare(rows)
        return Listing(what, found, count=len(found), chosen=chosen, sort="", size=0, query=request.GET)
    sort = _sort(request, what.sorts, what.sort)
    size_text = request.GET.get("size", "")
    size = int(size_text) if size_text.isdecimal() and int(size_text) in PAGE_SIZES else PAGE_SIZES[0]
    paginator = Paginator(rows.order_by(*ordering(what.sorts, sort)), size)
    if known_count is not None:
        paginator.count = known_count
    page = paginator.get_page(request.GET.get("page", "1"))
    found = prepare(page.object_list)
    return Listing(
        what, found, count=paginator.count, chosen=chosen, sort=sort, size=size, query=request.GET, page=page
    )


def file(request: HttpRequest, what: List, rows: Any, *, prepare: Any = None) -> HttpResponse | None:
    """The file of all narrowed ``rows`` that the address asks for, if any: ``?export=xlsx`` or ``?export=csv``."""
    form = request.GET.get("export", "")
    columns = [column for column in what.columns if column.width]
    if form not in {"xlsx", "csv"} or not columns:
        return None
    if what.sorts:
        rows = rows.order_by(*ordering(what.sorts, _sort(request, what.sorts, what.sort)))
    found = (prepare or _all)(rows[: what.most] if what.most else rows)
    notes = list(what.notes) or [_("截至%(day)s") % {"day": wording.cn_date(clock.today())}]
    streamed = isinstance(found, Iterator)  # how many there are shows at the end only
    if what.most and (streamed or len(found) == what.most):
        notes.append(_("最多导出最近%(most)s条。") % {"most": what.most})
    heads = [sheets.SheetColumn(column.label, column.width, column.kind, column.places) for column in columns]
    readers = [column.plain for column in columns]
    lines = ([read(row) for read in readers] for row in found)
    mark = demo_mark(what.demo or (not streamed and _demo(found)))
    title = str(what.file or what.title)
    return spreadsheet(
        sheets.Table(title=title, columns=heads, rows=lines, notes=notes, mark=mark, name=str(what.sheet)), title, form
    )


def _all(rows: Any) -> Any:
    """A query of a kind that has no mark of the demonstration is streamed."""
    return (
        rows.iterator(chunk_size=2000) if isinstance(rows, QuerySet) and not hasattr(rows.model, "demo") else list(rows)
    )


def _demo(rows: Iterable[Any]) -> bool:
    return any(getattr(row, "demo", False) for row in rows)


def answer_list(
    request: HttpRequest,
    what: List,
    rows: Any,
    context: Mapping[str, Any] | Callable[[Listing], Mapping[str, Any]] | None = None,
    *,
    prepare: Callable[[Any], Sequence[Any]] | None = None,
    template: str = "layouts/list.html",
) -> HttpResponse:
    """The list as the address asks for it: filtered, sorted, a page of it, or all of it as a file.

    ``rows`` is a query, or a function of the filters' values that narrows itself; ``context`` is what the template
    needs besides, or a function of the listing that gives it.
    """
    chosen = asked(request, what.filters)
    rows = rows({item.filter.name: item.value for item in chosen}) if callable(rows) else narrowed(rows, chosen)
    if (found := file(request, what, rows, prepare=prepare)) is not None:
        return found
    shown = listing(request, what, rows, chosen, prepare=prepare or list)
    more = context(shown) if callable(context) else context or {}
    return render(request, template, {"listing": shown, "demo": shown.demo, **more})

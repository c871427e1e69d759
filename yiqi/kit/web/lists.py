"""Lists: filters as removable chips, sorting, page size, paging, and the address that keeps them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, OrderBy, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise

ROW = TypeVar("ROW", bound=Model)
PAGE_SIZES = (20, 50, 100)


@dataclass(frozen=True)
class Choice:
    """One choice of a filter, as the template prints it."""

    value: str
    label: str | Promise
    selected: bool


@dataclass(frozen=True)
class Filter:
    """A filter of a list: its choices, and the chip that removes it when set."""

    name: str
    label: str | Promise
    choices: Sequence[tuple[str, str | Promise]] = ()
    value: str = ""

    @property
    def shown(self) -> str | Promise:
        """Label of the chosen value; the value itself for free text."""
        return next((label for value, label in self.choices if value == self.value), self.value)

    @property
    def options(self) -> list[Choice]:
        """The choices with the chosen one marked."""
        return [Choice(value, label, value == self.value) for value, label in self.choices]


@dataclass(frozen=True)
class Listing(Generic[ROW]):
    """What ``components/list_*.html`` print: the page of rows, filters, sorting, and addresses that keep the rest."""

    page: Page[ROW]
    count: int
    filters: Sequence[Filter]
    sort: str
    sorts: Mapping[str, str | Promise]
    size: int
    query: QueryDict

    sizes = PAGE_SIZES

    @property
    def chips(self) -> list[tuple[Filter, str]]:
        """Each filter that is set with the address that removes it."""
        return [(item, self.address(**{item.name: None, "page": None})) for item in self.filters if item.value]

    def address(self, **changes: Any) -> str:
        """The present query string with changes; None removes a key."""
        query = self.query.copy()
        for name, value in changes.items():
            if value is None:
                query.pop(name, None)
            else:
                query[name] = str(value)
        return "?" + query.urlencode()


def chosen(
    request: HttpRequest, name: str, label: str | Promise, choices: Sequence[tuple[str, str | Promise]] = ()
) -> Filter:
    """A filter with the value from the address; a value that is no choice counts as not set."""
    value = request.GET.get(name, "").strip()[:100]
    if choices and value not in {key for key, _label in choices}:
        value = ""
    return Filter(name, label, choices, value)


def _reversed(field: str | OrderBy) -> str | OrderBy:
    if isinstance(field, str):
        return field[1:] if field.startswith("-") else f"-{field}"
    turned = field.copy()
    turned.reverse_ordering()
    return turned


def listing(
    request: HttpRequest,
    rows: QuerySet[ROW],
    *,
    filters: Sequence[Filter] = (),
    sorts: Mapping[str, tuple[str | Promise, Sequence[str | OrderBy]]],
    default_sort: str,
    known_count: int | None = None,
) -> Listing[ROW]:
    """Sort and page ``rows``. ``sorts`` maps a key to its label and the ordering; ``-key`` reverses it.

    Two statements: a count (none where the caller knows it already) and the page. An unknown sort, size or page
    falls back instead of failing.
    """
    sort = request.GET.get("sort", default_sort)
    key = sort.removeprefix("-")
    if key not in sorts:
        sort, key = default_sort, default_sort.removeprefix("-")
    fields = list(sorts[key][1])
    if sort.startswith("-"):
        fields = [_reversed(field) for field in fields]
    size_text = request.GET.get("size", "")
    size = int(size_text) if size_text.isdecimal() and int(size_text) in PAGE_SIZES else PAGE_SIZES[0]
    paginator = Paginator(rows.order_by(*fields), size)
    if known_count is not None:
        paginator.count = known_count
    page = paginator.get_page(request.GET.get("page", "1"))
    labels = {name: label for name, (label, _fields) in sorts.items()}
    return Listing(page, paginator.count, filters, sort, labels, size, request.GET)

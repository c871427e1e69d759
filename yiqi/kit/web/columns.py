"""Columns of a list: how a value is read from a row, written into a file and shown on the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html

from yiqi.kit import wording
from yiqi.kit.sheets import ColumnKind

TEXT, NUMBER, DATE = ColumnKind.TEXT, ColumnKind.NUMBER, ColumnKind.DATE
Text = str | Promise


class Phone(StrEnum):
    """What a cell is on a phone's card: its title, a line with its label, or a line without."""

    TITLE = "title"
    LINE = "line"
    BARE = "bare"


TITLE = Phone.TITLE


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a page, of a file, or of both.

    ``key`` is the path of attributes to the value (``unit.name``, ``get_status_display``; a method is called, None on
    the way stays None); ``value`` takes the row instead where a path does not do. ``show`` draws the page's cell: plain
    text is escaped, HTML comes from ``format_html``; without it the value is written by its kind. ``link`` is where the
    cell leads. ``sort`` names the sort that the heading offers. ``width`` is that of the file's column in characters;
    0 leaves the column out of files.
    """

    key: str
    label: Text
    kind: ColumnKind = TEXT
    width: float = 0
    places: int | None = None
    value: Callable[[Any], Any] | None = None
    show: Callable[[Any], Any] | None = None
    link: Callable[[Any], str] | None = None
    css: str = ""
    sort: str = ""
    phone: Phone = Phone.LINE
    page: bool = True
    quiet: bool = False  # the heading is for screen readers only

    @property
    def plain(self) -> Callable[[Any], Any]:
        """What a file holds of a row."""
        return self.value or _at(self.key)

    @property
    def shown(self) -> Callable[[Any], Any]:
        """What the page shows of a row."""
        show, link = self.show or _written(self), self.link
        return show if link is None else lambda row: format_html('<a href="{}">{}</a>', link(row), show(row))


def filed(key: str, label: Text, width: float, kind: ColumnKind = TEXT, **more: Any) -> Column:
    """A column of the file alone."""
    return Column(key, label, kind, width, page=False, **more)


def _at(path: str) -> Callable[[Any], Any]:
    *way, last = path.split(".")
    if last.startswith("get_") and last.endswith("_display"):
        return _label(way, last.removeprefix("get_").removesuffix("_display"))

    def read(row: Any) -> Any:
        for name in (*way, last):
            if row is None:
                return None
            row = getattr(row, name)
            row = row() if callable(row) else row
        return row

    return read


def _label(way: Sequence[str], field: str) -> Callable[[Any], Any]:
    """The label of a choice: Django's own get_…_display gathers all choices anew for each row."""
    labels: dict[Any, Any] = {}
    owner = _at(".".join(way)) if way else None

    def read(row: Any) -> Any:
        row = owner(row) if owner else row
        if row is None:
            return None
        if not labels:
            labels.update(row._meta.get_field(field).flatchoices)
        value = getattr(row, field)
        return labels.get(value, value)

    return read


def _written(column: Column) -> Callable[[Any], Any]:
    read = column.plain
    if column.kind is DATE:
        return lambda row: wording.cn_day(read(row))
    if column.kind is NUMBER:
        return lambda row: wording.figure(read(row), column.places)
    return lambda row: wording.NOTHING if (value := read(row)) in {None, ""} else value


def choice(field: str) -> Callable[[Any], Any]:
    """Reads the label of a choice, as Django's ``get_…_display`` does, for cells that are drawn by hand."""
    return _label((), field)


def page(url_name: str, key: str = "pk") -> Callable[[Any], str]:
    """The address of a row's page, for ``link``."""
    read = attrgetter(key)
    return lambda row: reverse(url_name, args=[read(row)])

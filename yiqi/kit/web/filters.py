"""Filters of a list: their choices, the value from the address, and how they narrow the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from yiqi.kit.web.columns import Text

Choices = Sequence[tuple[str, Text]]


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter: its choices (or a function of the request; None for free text) and how it narrows the rows.

    ``narrow`` is a lookup (the name itself by default) or a function of rows and value. One that is ``linked`` is set
    by links of other pages only, and shown while it is set.
    """

    name: str
    label: Text
    choices: Choices | Callable[[Any], Choices] | None = None
    narrow: str | Callable[[Any, str], Any] = ""
    linked: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter with its choices for this reader and the value from the address."""

    filter: Filter
    choices: Choices | None
    value: str

    @property
    def shown(self) -> Text:
        """Label of the chosen value; the value itself for free text."""
        return next((label for value, label in self.choices or () if value == self.value), self.value)


def having(*lookups: str) -> Callable[[QuerySet[Any], str], QuerySet[Any]]:
    """Narrows by a text that any of the lookups finds."""

    def narrow(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        found = Q()
        for lookup in lookups:
            found |= Q(**{lookup: text})
        return rows.filter(found)

    return narrow


def asked(request: HttpRequest, filters: Iterable[Filter]) -> list[Chosen]:
    """The filters with their values from the address; a value that is no choice counts as not set."""
    found = []
    for item in filters:
        value = request.GET.get(item.name, "").strip()[:100]
        choices = item.choices(request) if callable(item.choices) else item.choices
        if choices is not None and value not in {key for key, _label in choices}:
            value = ""
        if value or not item.linked:
            found.append(Chosen(item, choices, value))
    return found


def narrowed(rows: Any, chosen: Iterable[Chosen]) -> Any:
    """The rows that all filters leave."""
    for item in chosen:
        narrow = item.filter.narrow or item.filter.name
        if item.value:
            rows = narrow(rows, item.value) if callable(narrow) else rows.filter(**{narrow: item.value})
    return rows

"""The rail's entries, the top bar's search and a page's panels, offered by the apps: no template links upward."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from yiqi.kit.offering import offered


@dataclass(frozen=True)
class Entry:
    """One entry of the rail: shown where ``visible`` holds for the asking person (``request.who``)."""

    order: int
    label: str | Promise
    icon: str
    url_name: str
    visible: Callable[[Any], bool]


@dataclass(frozen=True)
class ShownEntry:
    """An entry as the template prints it."""

    label: str | Promise
    icon: str
    url: str
    current: bool
    begins_group: bool = False


@dataclass(frozen=True)
class SearchField:
    """The field of the top bar: where it leads, the name under which it sends the words, what goes with them."""

    label: str | Promise
    url_name: str
    parameter: str
    fixed: tuple[tuple[str, str], ...]
    visible: Callable[[Any], bool]

    @property
    def url(self) -> str:
        """Where the words go."""
        return reverse(self.url_name)


@dataclass(frozen=True)
class Panel:
    """What a higher app puts on a lower app's page.

    ``draw`` names ``function(request, place, subject)``, which returns safe HTML or nothing; a name, because views are
    loaded late. ``place`` is the kind of the page's subject, such as ``plan.task``; empty stands for every kind.
    """

    place: str
    order: int
    draw: str


def entries_for(request: HttpRequest) -> Iterable[ShownEntry]:
    """The entries that this person has, in order; the longest matching address is the current one.

    Entries whose order has the same tens stand together; a rule parts the groups.
    """
    who = getattr(request, "who", None)
    if not who:
        return []
    seen = [entry for entry in sorted(offered(Entry), key=lambda entry: entry.order) if entry.visible(who)]
    urls = {entry.url_name: reverse(entry.url_name) for entry in seen}
    above = (url for url in urls.values() if request.path == url or (url != "/" and request.path.startswith(url)))
    here = max(above, key=len, default="")
    shown, tens = [], seen[0].order // 10 if seen else 0
    for entry in seen:
        url = urls[entry.url_name]
        shown.append(
            ShownEntry(
                label=entry.label, icon=entry.icon, url=url, current=url == here, begins_group=entry.order // 10 != tens
            )
        )
        tens = entry.order // 10
    return shown


def search_for(request: HttpRequest) -> SearchField | None:
    """The search that this person has: the first that may be used."""
    who = getattr(request, "who", None)
    return next((search for search in offered(SearchField) if search.visible(who)), None) if who else None


def panels(request: HttpRequest, place: str, subject: Any) -> list[str]:
    """The panels that other apps put on this place of this subject's page."""
    mine = sorted((panel for panel in offered(Panel) if panel.place in ("", place)), key=lambda panel: panel.order)
    return [html for panel in mine if (html := import_string(panel.draw)(request, place, subject))]

"""The rail's entries and a page's panels, registered by the apps, so that no template links upward."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Entry:
    """One entry of the rail: shown where ``visible`` holds for the request."""

    order: int
    label: str | Promise
    icon: str
    url_name: str
    visible: Callable[[HttpRequest], bool]


@dataclass(frozen=True)
class Shown:
    """An entry as the template prints it."""

    label: str | Promise
    icon: str
    url: str
    current: bool
    begins_group: bool = False


@dataclass(frozen=True)
class Search:
    """The field of the top bar: where it leads, the name under which it sends the words, what goes with them."""

    label: str | Promise
    url_name: str
    parameter: str
    fixed: tuple[tuple[str, str], ...]
    visible: Callable[[HttpRequest], bool]

    @property
    def url(self) -> str:
        """Where the words go."""
        return reverse(self.url_name)


_entries: dict[str, Entry] = {}
_searches: list[Search] = []
_panels: dict[str, list[tuple[int, str]]] = {}


def register_entry(entry: Entry) -> None:
    """Add an entry; called from ``AppConfig.ready``. The same ``url_name`` again replaces it."""
    _entries[entry.url_name] = entry


def entries_for(request: HttpRequest) -> Iterable[Shown]:
    """The entries that this person has, in order; the longest matching address is the current one.

    Entries whose order has the same tens stand together; a rule parts the groups.
    """
    if not getattr(request, "who", None):
        return []
    seen = [entry for entry in sorted(_entries.values(), key=lambda entry: entry.order) if entry.visible(request)]
    urls = {entry.url_name: reverse(entry.url_name) for entry in seen}
    above = (url for url in urls.values() if request.path == url or (url != "/" and request.path.startswith(url)))
    here = max(above, key=len, default="")
    shown, tens = [], seen[0].order // 10 if seen else 0
    for entry in seen:
        url = urls[entry.url_name]
        shown.append(Shown(entry.label, entry.icon, url, url == here, entry.order // 10 != tens))
        tens = entry.order // 10
    return shown


def register_search(search: Search) -> None:
    """The field of the top bar; the first one that a person may use is shown."""
    if search not in _searches:
        _searches.append(search)


def search_for(request: HttpRequest) -> Search | None:
    """The search that this person has."""
    if not getattr(request, "who", None):
        return None
    return next((search for search in _searches if search.visible(request)), None)


def register_panel(place: str, order: int, draw: str) -> None:
    """Add a higher app's panel to a lower app's page.

    ``draw`` is the dotted name of ``draw(request, subject)``, which returns safe HTML or nothing: a name, because views
    import much that a command does without.
    """
    _panels.setdefault(place, []).append((order, draw))
    _panels[place].sort(key=lambda panel: panel[0])


def panels(request: HttpRequest, place: str, subject: Any) -> list[str]:
    """The panels that other apps put on this place of this subject's page."""
    return [html for _order, draw in _panels.get(place, []) if (html := import_string(draw)(request, subject))]

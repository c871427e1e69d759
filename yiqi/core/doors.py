"""What an app may offer to others: one small class a door, put into the tuple ``OFFERS`` of the app's ``offers``.

``kit.offering.offered`` finds them. The rail's entries, searches and panels are in ``kit.web.navigation``, kinds of
subjects in ``core.subjects``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar, cast

from django.utils.functional import Promise

from yiqi.core.subjects import Ref
from yiqi.kit.offering import offered

Material = TypeVar("Material")
MOST_IDS = 1000


@dataclass(frozen=True)
class Addresses:
    """An app's addresses: the module with its ``urlpatterns`` and where they hang, such as ``plan/``."""

    prefix: str
    module: str


@dataclass(frozen=True)
class Verbs:
    """Exact names for verbs of the audit trail whose phrase, made of action and object, would read badly.

    ``gone`` names kinds of object, and fields (``plan.Task.deadline``), that the trail knows and an app no longer has.
    """

    labels: Mapping[str, str | Promise]
    gone: Mapping[str, str | Promise] = field(default_factory=dict)


@dataclass(frozen=True)
class Metric:
    """A named number such as ``plan.on_time``: ``read(region_code, today)`` gives it, None with nothing to measure."""

    name: str
    read: Callable[[str, date], Decimal | None]


@dataclass(frozen=True)
class DailyJob:
    """What the worker does once a day: a function by name, first at ``hour`` tomorrow or, without one, in a day."""

    name: str
    function: str
    hour: int | None = None


@dataclass(frozen=True)
class Chapter:
    """An app's part of the demonstration's story, told through its operations.

    ``begin(stage)`` sets the scene, ``day(stage, today)`` plays a day and yields after each deed; both in ``order``.
    The stage (``demo.story.Stage``) has the cast: ``stage.cast.who("office")``.
    """

    order: int
    begin: Callable[[Any], Iterator[str]] | None = None
    day: Callable[[Any, date], Iterator[None]] | None = None


@dataclass(frozen=True)
class GlossaryTerms:
    """Words of the field that are no models, for the glossary: a heading and lines ``word: meaning``."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Drive:
    """The drive that a meeting or a report is about: what every app may know of it."""

    pk: int
    name: str
    region: str
    year: int


@dataclass(frozen=True)
class ItemKind:
    """What an agenda calls a kind of item, and where it stands inside its task force (0 first)."""

    label: str | Promise
    order: int


@dataclass(frozen=True)
class Ask:
    """What dispatch asks the apps when it draws an agenda.

    ``held`` stands already, by itself or through a directive: not again. ``deferred`` was put off by the last meeting,
    each under the kind of its item: to be offered again while it is open. ``recent`` came before a meeting of the last
    weeks. ``settings`` are the county's.
    """

    drive: Drive
    monday: date
    today: date
    settings: Mapping[str, Any]
    held: frozenset[Ref]
    deferred: Mapping[Ref, str]
    recent: frozenset[Ref]


@dataclass
class Candidate:
    """A possible item: ``rank`` orders it among its kind, ``belongs`` are what a task force may answer for.

    ``firm`` ones are never left out. ``row`` is the source's own, for describing what was chosen.
    """

    kind: str
    title: str
    rank: tuple[Any, ...]
    subject: Ref | None = None
    belongs: tuple[Ref, ...] = ()
    reason: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    firm: bool = False
    force_id: int | None = None
    row: Any = None


@dataclass(frozen=True)
class AgendaSource:
    """Candidates of an app for a meeting's agenda.

    ``draw`` finds them; ``describe`` then fills in reason and facts of those that were chosen (a reason that stands
    already is kept in front). Both are called in the county's language.
    """

    kinds: Mapping[str, ItemKind]
    draw: Callable[[Ask], list[Candidate]]
    describe: Callable[[Ask, list[Candidate]], None]


def _item_kinds() -> dict[str, ItemKind]:
    return {kind: told for source in offered(AgendaSource) for kind, told in source.kinds.items()}


def item_label(kind: str) -> str:
    """What a kind of item is called; its bare key where no app offers it any more."""
    known = _item_kinds()
    return str(known[kind].label) if kind in known else kind


def item_rank(kind: str) -> int:
    """Where a kind of item stands inside its task force; one that no app offers any more comes last."""
    known = _item_kinds()
    return known[kind].order if kind in known else len(known)


@dataclass
class Telling:
    """A report being written: the days that it tells, and the figures found, each with the records that it counts."""

    drive: Drive
    starts: date
    ends: date
    today: date
    ahead: date
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    _read: dict[Callable[[Telling], Any], Any] = field(default_factory=dict)

    def once(self, read: Callable[[Telling], Material]) -> Material:
        """What ``read`` finds, read at the first question: parts of one app share their material."""
        if read not in self._read:
            self._read[read] = read(self)
        return cast("Material", self._read[read])

    def count(self, key: str, label: str, phrase: str, kind: str, ids: Iterable[int]) -> str:
        """Keep how many things there are, of a kind of subject, and return the phrase that the text prints."""
        known = list(ids)
        return self.figure(key, label, phrase, value=len(known), kind=kind, ids=known[:MOST_IDS])

    def figure(self, key: str, label: str, phrase: str, *, value: float | None, kind: str, ids: Sequence[int]) -> str:
        """Keep a figure and return its phrase."""
        self.facts[key] = {"label": label, "phrase": phrase, "value": value, "model": kind, "ids": list(ids)}
        return phrase


@dataclass(frozen=True)
class Passage:
    """Lines of a report in the county's language, none where there is nothing to say; and perhaps a table."""

    lines: list[str]
    table: dict[str, Any] | None = None


@dataclass(frozen=True)
class ReportPart:
    """What an app writes into a section of the fortnightly report; parts of one section stand in their order."""

    section: str
    heading: str
    order: int
    write: Callable[[Telling], Passage]

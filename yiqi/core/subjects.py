"""The kinds of things that can be pointed at, so that a higher app names a lower one's thing by (kind, id) alone.

An app offers a :class:`Kind` for each; a reference across apps is a :class:`Ref`, kept in two plain columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.urls import reverse

from yiqi.core.rules import READS_COUNTY, Mandate
from yiqi.kit.errors import NotFoundError
from yiqi.kit.offering import offered


class Ref(NamedTuple):
    """A thing of any app: its kind, such as ``plan.task``, and its primary key."""

    kind: str
    pk: int

    @classmethod
    def read(cls, text: str) -> Ref | None:
        """``plan.task:5`` in an address; None for anything else."""
        kind, _colon, pk = text.partition(":")
        return cls(kind, int(pk)) if pk.isdecimal() and any(one.key == kind for one in offered(Kind)) else None

    def __str__(self) -> str:
        return f"{self.kind}:{self.pk}"


@dataclass(frozen=True)
class Told:
    """What is said of a thing: its name in a list, what stands beside it, its bare title, the unit that answers for it;
    ``at`` are the parts of its page's address, its primary key where nothing is said."""

    label: str
    detail: str = ""
    title: str = ""
    unit_id: int | None = None
    at: tuple[Any, ...] | None = None


@dataclass(frozen=True)
class Kind:
    """A kind of thing: its key, what a person may see of it, what is said of one, the named address of its page."""

    key: str
    visible: Callable[[Mandate], QuerySet[Any]]
    tell: Callable[[Any], Told]
    page: str
    joins: tuple[str, ...] = ()
    order: tuple[str, ...] = ("pk",)


@dataclass(frozen=True)
class Subject:
    """A thing as a page prints it; ``url`` is empty where it lies outside of the reader's scope."""

    ref: Ref
    told: Told
    url: str


def kind_of(key: str) -> Kind:
    """The kind of that key; NotFoundError where no app offers it any more."""
    found = next((kind for kind in offered(Kind) if kind.key == key), None)
    if found is None:
        raise NotFoundError(key)
    return found


def _subject(kind: Kind, row: Any, *, seen: bool) -> Subject:
    told = kind.tell(row)
    at = [row.pk] if told.at is None else told.at
    return Subject(Ref(kind.key, row.pk), told, reverse(kind.page, args=at) if seen else "")


def subjects(who: Mandate, key: str, ids: Iterable[int]) -> list[Subject]:
    """Those of one kind that the person may see, in the order of the kind; one statement."""
    kind = kind_of(key)
    rows = kind.visible(who).filter(pk__in=list(ids)).select_related(*kind.joins).order_by(*kind.order)
    return [_subject(kind, row, seen=True) for row in rows]


def subject(who: Mandate, ref: Ref) -> Subject | None:
    """One that the person may see, else None; one statement."""
    return next(iter(subjects(who, ref.kind, [ref.pk])), None)


def named(who: Mandate, pointed: Sequence[tuple[Ref, Any]]) -> list[Subject]:
    """All of them, by name also where the person sees only that they are there (as an agenda or a directive says it);
    those outside of the person's scope have no address.

    A row that is at hand stands beside its reference, else None: then one or two statements find it. With a row it is
    none for whoever reads the county. What is gone is left out.
    """
    found = []
    for ref, row in pointed:
        kind = kind_of(ref.kind)
        known = kind.visible(who).model._default_manager.filter(pk=ref.pk).select_related(*kind.joins)
        at_hand = row if row is not None else known.first()
        if at_hand is not None:
            seen = (row is not None and who.has(*READS_COUNTY)) or kind.visible(who).filter(pk=ref.pk).exists()
            found.append(_subject(kind, at_hand, seen=seen))
    return found

"""The life of a thing as one table: from which state, by which verb, to which; who may, what is given and set.

Each row is the operation itself: ``publish(by=…, today=…, paper=row, text="…")``. The forms of a page, the refusals,
the kept steps, the record in the trail and the diagram in the docs come from the same row; ``open_to`` says what a
person may do with a thing now, and each move's ``fields`` with which input.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import date
from typing import Any, ClassVar, Generic, TypeVar

from django.db import transaction
from django.db.models import Model, TextChoices

from yiqi.kit import records
from yiqi.kit.errors import ConflictError
from yiqi.kit.facts import FactField, Facts, Text
from yiqi.kit.fields import Versioned

ROW = TypeVar("ROW", bound=Model)
WHO = TypeVar("WHO")


@dataclass(frozen=True)
class Guard(Generic[ROW, WHO]):
    """Who may, and how everybody else is refused."""

    allows: Callable[[WHO, ROW], bool]
    words: Text
    code: str = "not_allowed"


@dataclass
class Deed(Generic[ROW, WHO]):
    """A move while it is made.

    ``text`` and ``files`` are what its kept step says, ``was`` and ``now`` what else the trail tells of it.
    """

    move: Move[ROW, WHO]
    row: ROW
    by: WHO
    today: date
    before: str
    after: str
    facts: Facts = field(default_factory=dict)
    text: str = ""
    files: Sequence[Any] = ()
    was: Facts = field(default_factory=dict)
    now: Facts = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Move(Generic[ROW, WHO]):
    """One row of the table. ``ways`` says to which states it leads from which; of several, ``leads`` chooses.

    ``offered`` narrows the states in which a page offers it. ``within`` names the verb of another thing that brings it
    about; such a move is no operation by itself. ``sets`` changes the row before it is saved, ``then`` what hangs on
    it, after; ``told`` is what the trail keeps beside the new state.
    """

    life: Life[ROW, WHO]
    name: str
    ways: Mapping[str, tuple[str, ...]]
    _: KW_ONLY
    label: Text
    who: tuple[Guard[ROW, WHO], ...] = ()
    fields: tuple[FactField, ...] = ()
    button: Text = ""
    note: Text = ""
    said: Text = ""
    grave: bool = False
    offered: tuple[str, ...] = ()
    within: str = ""
    leads: Callable[[ROW, Facts], str] | None = None
    check: Callable[[ROW, Facts], None] | None = None
    sets: Callable[[Deed[ROW, WHO]], None] | None = None
    told: Callable[[Deed[ROW, WHO]], Facts] | None = None
    then: Callable[[Deed[ROW, WHO]], None] | None = None
    do_not_call_in_templates: ClassVar = True

    def __post_init__(self) -> None:
        self.life.moves[self.name] = self

    @property
    def targets(self) -> tuple[str, ...]:
        """All states to which it may lead."""
        return tuple(dict.fromkeys(after for ways in self.ways.values() for after in ways))

    @property
    def verb(self) -> str:
        """Its name in the trail."""
        return f"{self.life.noun}.{self.name}"

    def admits(self, who: WHO, row: ROW) -> bool:
        """Whether this person may make it, in whatever state the row is."""
        return all(guard.allows(who, row) for guard in self.who)

    def admit(self, who: WHO, row: ROW) -> None:
        """The same; NotAllowedError with the words of the guard that refuses."""
        for guard in self.who:
            records.ensure(guard.allows(who, row), guard.words, guard.code)

    def done(self, row: ROW) -> str:
        """What to tell after it; names in the text are fields of the row."""
        return str(self.said) % _Named(row)

    def __call__(self, *, by: WHO, today: date, version: int | None = None, **given: Any) -> ROW:
        """Make the move; the thing itself is given under its noun.

        Errors: NotFoundError out of scope, NotAllowedError with the words of the guard, ConflictError for a stale form
        or another state, InvalidInputError for a missing or wrong fact; TypeError for an argument that is no fact.
        """
        with transaction.atomic():
            row = self.life.lock(by, given.pop(self.life.noun))
            self.admit(by, row)
            if isinstance(row, Versioned):
                row.expect_version(version)
            facts = {item.name: item.read(given, row) for item in self.fields}
            if given:
                raise TypeError(f"{self.verb} takes no {sorted(given)}")
            deed = self._begun(row, by, today, facts)
            self._written(deed)
            self.life.save(row)
            state = self.life.state
            told = self.told(deed) if self.told is not None else {}
            self.life.record(deed, {state: deed.before, **deed.was}, {state: deed.after, **deed.now, **told})
            if self.then is not None:
                self.then(deed)
        return row

    def _begun(self, row: ROW, by: WHO, today: date, facts: Facts) -> Deed[ROW, WHO]:
        before = str(getattr(row, self.life.state))
        after = self.leads(row, facts) if self.leads is not None else self.targets[0]
        if after not in self.ways.get(before, ()):
            raise self.life.stuck(row, after)
        for item in self.fields:
            item.check(facts)
        if self.check is not None:
            self.check(row, facts)
        return Deed(
            move=self,
            row=row,
            by=by,
            today=today,
            before=before,
            after=after,
            facts=facts,
            text=str(facts.get(self.life.text, "")),
        )

    def follow(self, row: ROW, *, by: WHO, today: date, text: Text = "") -> None:
        """Make it as a part of another deed: its step is kept; who may, saving and recording are that deed's."""
        deed = self._begun(row, by, today, {})
        deed.text = str(text)
        self._written(deed)

    def _written(self, deed: Deed[ROW, WHO]) -> None:
        setattr(deed.row, self.life.state, deed.after)
        if self.sets is not None:
            self.sets(deed)
        if self.life.keep is not None:
            self.life.keep(deed)


@dataclass(eq=False, kw_only=True)
class Life(Generic[ROW, WHO]):
    """The table of one kind of thing; each :class:`Move` made with it is a row.

    ``noun`` names the thing in calls and in the trail.

    ``lock`` finds the row in scope and holds it; ``stuck`` says that its state does not allow the step; ``keep``
    appends the step; ``record`` appends to the trail.
    """

    noun: str
    states: type[TextChoices]
    begins: tuple[str, ...]
    lock: Callable[[WHO, ROW], ROW]
    stuck: Callable[[ROW, str], ConflictError]
    record: Callable[[Deed[ROW, WHO], Facts, Facts], object]
    keep: Callable[[Deed[ROW, WHO]], object] | None = None
    save: Callable[[ROW], object] = records.save
    state: str = "status"
    text: str = "text"
    moves: dict[str, Move[ROW, WHO]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        LIVES[self.noun] = self

    def label(self, state: str) -> str:
        """What a state is called."""
        return str(dict(self.states.choices).get(state, state))

    def named(self, name: str) -> Move[ROW, WHO]:
        """The move that an address names; NotFoundError for another word."""
        made = self.moves.get(name)
        if made is None or made.within:
            raise records.missing()
        return made

    def open_to(self, who: WHO, row: ROW) -> list[Move[ROW, WHO]]:
        """What this person may do with the row now, as its page offers it."""
        state = getattr(row, self.state)
        here = [move for move in self.moves.values() if state in (move.offered or move.ways) and not move.within]
        return [move for move in here if move.admits(who, row)]


class _Named(dict[str, Any]):
    """Fields of a row for a text with names; a choice as its label."""

    def __init__(self, row: Model):
        super().__init__()
        self.row = row

    def __missing__(self, name: str) -> Any:
        shown = getattr(self.row, f"get_{name}_display", None)
        return shown() if shown is not None else getattr(self.row, name)


LIVES: dict[str, Life[Any, Any]] = {}

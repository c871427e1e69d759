"""Finding a campaign's action in what a table writes: its name, its code, or its name inside a longer heading."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from yiqi.kit.sheets.names import is_abbreviation, key, without_brackets

_TAIL: Final = re.compile(r"(?:专项)?行动$")


class NamedAction(Protocol):
    """What is needed of an action to find it."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class ActionName:
    """An action by code and name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ActionIndex:
    """Finds actions by name or code."""

    by_key: dict[str, NamedAction]
    codes: dict[str, NamedAction]

    @property
    def only(self) -> NamedAction | None:
        """The action of a campaign that has a single one."""
        return next(iter(self.codes.values())) if len(self.codes) == 1 else None

    @classmethod
    def of(cls, actions: Iterable[NamedAction]) -> ActionIndex:
        """An index of the campaign's actions."""
        actions = list(actions)
        by_key = {_TAIL.sub("", key(action.name)): action for action in actions}
        return cls(by_key, {key(action.code): action for action in actions})

    def find(self, written: str) -> NamedAction | None:
        """The one action whose name stands in the text, or whose code the text is or begins with."""
        bare = key(without_brackets(written))
        found = {action.code: action for name, action in self.by_key.items() if name and name in bare}
        if len(found) == 1:
            return next(iter(found.values()))
        match = re.match(r"[a-z]+\d+", bare)
        return self.codes.get(bare) or (self.codes.get(match[0]) if match else None)

    def guess(self, written: str) -> NamedAction | None:
        """The only action whose name the text shortens, by leaving out characters or the beginning."""
        bare = _TAIL.sub("", re.sub(r"^[一二三四五六七八九十\d]+[、.]", "", key(without_brackets(written))))
        if len(bare) < 3:
            return None
        found = [action for name, action in self.by_key.items() if bare in name or is_abbreviation(bare, name)]
        return found[0] if len(found) == 1 else None

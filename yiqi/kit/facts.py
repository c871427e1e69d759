"""What is given with a deed: facts with their kind, in which words one is asked for them or told that one misses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yiqi.kit.errors import InvalidInputError

Text = str | Promise
Facts = dict[str, Any]
Choices = Sequence[tuple[str, Text]]
NOTHING: tuple[Any, ...] = (None, "", (), [])
KEPT = object()  # the default of a fact that stays as the row has it; its form begins with that
REQUIRED = forms.Field.default_error_messages["required"]


class FactKind(Enum):
    """What a field takes: one line, several lines, a day, one of several choices, yes or no, a file."""

    LINE = "line"
    WORDS = "words"
    DAY = "day"
    CHOICE = "choice"
    YES_NO = "yes_no"  # its two choices are told as "yes" and "no"; the operation takes a bool
    FILE = "file"


@dataclass(frozen=True, kw_only=True)
class FactField:
    """What is given with a move. ``when`` narrows ``required`` to the facts for which it returns True."""

    name: str
    label: Text
    kind: FactKind = FactKind.LINE
    choices: Choices = ()
    length: int | None = None
    help: Text = ""
    required: bool = False
    when: Callable[[Facts], bool] | None = None
    needed: Text = ""
    code: str = "needed"
    default: Any = None
    initial: Any = None

    def read(self, given: Facts, row: Model) -> Any:
        """The value among the arguments of a call, trimmed; its default where nothing was given."""
        value = given.pop(self.name, self.default)
        if value is KEPT:
            return getattr(row, self.name)
        if self.kind in {FactKind.LINE, FactKind.WORDS}:
            return str(value or "").strip()
        return value

    def check(self, facts: Facts) -> None:
        """Raise InvalidInputError where it is missing, unknown or too long."""
        value = facts[self.name]
        absent = value in NOTHING and self.required and (self.when is None or self.when(facts))
        unknown = self.kind is FactKind.CHOICE and value not in NOTHING and value not in dict(self.choices)
        if absent or unknown:
            raise InvalidInputError(self.needed or REQUIRED, code=self.code, data={"field": self.name})
        if self.length is not None and isinstance(value, str) and len(value) > self.length:
            words = _("“%(label)s”最多%(length)s个字，请缩短后再提交。") % {"label": self.label, "length": self.length}
            raise InvalidInputError(words, code="too_long", data={"field": self.name})

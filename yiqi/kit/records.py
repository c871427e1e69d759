"""The record that a verb is about: found in scope or not at all, locked, not stale, saved with its version."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yiqi.kit.errors import NotAllowedError, NotFoundError
from yiqi.kit.fields import Versioned

ROW = TypeVar("ROW", bound=Model)


def missing() -> NotFoundError:
    """The one answer for what does not exist and for what is out of scope."""
    return NotFoundError(_("页面或记录不存在，或者不在您的职责范围内。"))


def found(rows: QuerySet[ROW], pk: object) -> ROW:
    """The row with that key among those that the person sees; NotFoundError without it."""
    row = rows.filter(pk=pk).first()
    if row is None:
        raise missing()
    return row


def locked(rows: QuerySet[ROW], pk: object) -> ROW:
    """The same as it is on record now, held until the transaction ends."""
    return found(rows.order_by().select_for_update(of=("self",)), pk)


def ensure(allowed: bool, words: str | Promise, code: str = "not_allowed") -> None:
    """Raise NotAllowedError unless ``allowed``."""
    if not allowed:
        raise NotAllowedError(words, code=code)


def changed(row: Model, names: Collection[str], wanted: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set what is wanted on the row; what was and what is, of the fields that differ. TypeError for any other name."""
    if unknown := set(wanted) - set(names):
        raise TypeError(f"not editable: {sorted(unknown)}")
    before = {name: getattr(row, name) for name, value in wanted.items() if getattr(row, name) != value}
    after = {name: wanted[name] for name in before}
    for name, value in after.items():
        setattr(row, name, value)
    return before, after


def save(row: Model) -> None:
    """Save; a form that was opened before is stale from now on."""
    if isinstance(row, Versioned):
        row.version += 1
    row.save()

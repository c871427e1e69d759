"""The audit trail: one record per operation, chained by digest, in the transaction of the operation itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.utils import translation

from yiqi.core.enums import Role
from yiqi.core.models import AuditHead, AuditRecord
from yiqi.core.rules import Mandate
from yiqi.kit import clock, origin
from yiqi.kit.digest import digest, jsonable, preferred_algorithm
from yiqi.kit.facts import Facts
from yiqi.kit.moves import Deed

CHAIN = "main"


def _kept(value: Any) -> Any:
    """JSON as every database gives it back: PostgreSQL turns 1e22 into a whole number and −0.0 into 0, so that floats
    are kept as text."""
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, list):
        return [_kept(item) for item in value]
    if isinstance(value, dict):
        return {name: _kept(item) for name, item in value.items()}
    return value


def _words(by: Mandate | None, target: models.Model) -> tuple[str, str]:
    """Roles and object as text: the trail is written in the language of the county, whatever the page was in."""
    with translation.override(settings.LANGUAGE_CODE):
        roles = "、".join(str(Role(role).label) for role in sorted(by.roles)) if by else ""
        return roles[:120], str(target)[:200]


def trail_head() -> AuditHead:
    """The last link of the chain, locked until the transaction ends: operations that hold it follow one another."""
    return AuditHead.objects.select_for_update().get_or_create(chain=CHAIN)[0]


def record(
    *,
    by: Mandate | None,
    verb: str,
    target: models.Model,
    region_code: str,
    today: date,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditRecord:
    """Append one record to the trail.

    ``verb`` is a stable English name such as ``task.create``; ``before`` and ``after`` hold only what changed.
    Must run inside the operation's transaction (RuntimeError otherwise): a record without its deed, or a deed without
    its record, cannot exist. ``by`` is None only for what the system does by itself.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an audit record is written in the transaction of its operation")
    head = trail_head()
    source, (roles, label) = origin.current(), _words(by, target)
    row = AuditRecord(
        sequence=head.sequence + 1,
        at=clock.wall(),
        business_date=today,
        person=by.person if by else None,
        person_name=by.person.name if by else "系统",
        role=roles,
        verb=verb,
        target_type=target._meta.label,
        target_id=str(target.pk),
        target_label=label,
        region_code=region_code,
        before=_kept(jsonable(dict(before))) if before is not None else None,
        after=_kept(jsonable(dict(after))) if after is not None else None,
        channel=source.channel,
        address=source.address[:60],
        request=source.request[:40],
        algorithm=preferred_algorithm(),
        previous_digest=head.digest,
    )
    row.digest = digest(row.chained(), row.algorithm)
    row.save()
    head.sequence, head.digest = row.sequence, row.digest
    head.save(update_fields=["sequence", "digest"])
    return row


def recorder(region: str = "region_id") -> Callable[[Deed[Any, Mandate], Facts, Facts], object]:
    """What a table of moves calls for each move: its record in the trail, filed under the row's ``region``."""
    region_of = attrgetter(region)

    def keep(deed: Deed[Any, Mandate], before: Facts, after: Facts) -> object:
        verb, row = deed.move.verb, deed.row
        return record(
            by=deed.by, verb=verb, target=row, region_code=region_of(row), today=deed.today, before=before, after=after
        )

    return keep

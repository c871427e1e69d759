"""The audit trail: one record per operation, chained by digest, in the transaction of the operation itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connection, models
from django.utils import translation

from yiqi.core.enums import Role
from yiqi.core.models import AuditHead, AuditRecord
from yiqi.core.rules import Mandate
from yiqi.kit import clock, origin
from yiqi.kit.digest import canonical, digest, jsonable, preferred_algorithm

CHAIN = "main"
CHAINED_FIELDS = (
    "sequence",
    "at",
    "business_date",
    "person_id",
    "person_name",
    "role",
    "verb",
    "target_type",
    "target_id",
    "target_label",
    "region_code",
    "before",
    "after",
    "channel",
    "address",
    "request",
    "algorithm",
    "previous_digest",
)


def chained_bytes(record: AuditRecord) -> bytes:
    """The bytes that a record's digest covers: every field but the digest itself."""
    facts = {name: getattr(record, name) for name in CHAINED_FIELDS}
    facts["at"] = record.at.timestamp()
    return canonical(facts)


def _roles(who: Mandate | None) -> str:
    # the trail is written in the language of the county, whatever the page was in
    with translation.override("zh-hans"):
        return "、".join(str(Role(role).label) for role in sorted(who.roles)) if who else ""


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
    head, _created = AuditHead.objects.select_for_update().get_or_create(chain=CHAIN)
    source = origin.current()
    row = AuditRecord(
        sequence=head.sequence + 1,
        at=clock.wall(),
        business_date=today,
        person=by.person if by else None,
        person_name=by.person.name if by else "系统",
        role=_roles(by),
        verb=verb,
        target_type=target._meta.label,
        target_id=str(target.pk),
        target_label=str(target)[:200],
        region_code=region_code,
        before=jsonable(dict(before)) if before is not None else None,
        after=jsonable(dict(after)) if after is not None else None,
        channel=source.channel,
        address=source.address[:60],
        request=source.request[:40],
        algorithm=preferred_algorithm(),
        previous_digest=head.digest,
    )
    row.digest = digest(chained_bytes(row), row.algorithm)
    row.save()
    head.sequence, head.digest = row.sequence, row.digest
    head.save(update_fields=["sequence", "digest"])
    return row

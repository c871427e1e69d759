"""The audit trail: reading it, and checking its chain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.cache import cache
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from yiqi.core.enums import Role
from yiqi.core.models import AuditHead, AuditRecord
from yiqi.core.queries.mandates import within
from yiqi.core.rules import Mandate
from yiqi.kit.digest import digest

CHUNK = 2000


@dataclass(frozen=True)
class ChainReport:
    """What the check of the chain found. ``checked`` records were in order before the first broken link, if any;
    ``fault`` is a stable English word for it: missing, link, content, algorithm, head, tail, anchor."""

    ok: bool
    checked: int
    broken_sequence: int | None = None
    fault: str = ""
    why: str = ""
    head: str = ""


def audit_trail(
    who: Mandate,
    *,
    person: int | None = None,
    name: str = "",
    verb: str = "",
    target_type: str = "",
    target: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[AuditRecord]:
    """The records of the regions that an auditor watches, and what was done for all regions at once; newest first.

    ``since`` and ``until`` (with that day) bound the machine's time, not the business day. The administrator is no
    auditor: who manages accounts must not be the one who looks into what was done with them.
    """
    prefixes = who.prefixes(Role.AUDITOR)
    if not prefixes:
        return AuditRecord.objects.none()
    rows: QuerySet[AuditRecord] = AuditRecord.objects.filter(within("region_code", prefixes) | Q(region_code=""))
    if person is not None:
        rows = rows.filter(person_id=person)
    if name:
        rows = rows.filter(person_name__icontains=name)
    if verb:
        rows = rows.filter(verb=verb)
    if target_type:
        rows = rows.filter(target_type=target_type)
    if target:
        rows = rows.filter(Q(target_label__icontains=target) | Q(target_id=target))
    if since:
        rows = rows.filter(at__gte=_midnight(since))
    if until:
        rows = rows.filter(at__lt=_midnight(until + timedelta(days=1)))
    return rows


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())


def verbs_in(who: Mandate) -> list[tuple[str, str]]:
    """The verbs in the auditor's part of the trail with the kinds of object they were done to, for the filters.

    Kept for ten minutes, because finding them reads the whole trail; a verb used for the first time shows up then.
    """
    name = f"verbs:{'|'.join(sorted(who.prefixes(Role.AUDITOR)))}"
    kept: list[tuple[str, str]] | None = cache.get(name)
    if kept is None:
        found = audit_trail(who).order_by("verb", "target_type").values_list("verb", "target_type").distinct()
        kept = list(found)
        cache.set(name, kept, timeout=600)
    return kept


def _fault(row: AuditRecord, expected: int, previous: str) -> tuple[str, str]:
    """The fault of one record as (word, sentence), or two empty texts."""
    if row.sequence != expected:
        return "missing", _("序号%(sequence)s的记录缺失。") % {"sequence": expected}
    if row.previous_digest != previous:
        return "link", _("第%(sequence)s条记录所载的前一条摘要与前一条记录不符。") % {"sequence": expected}
    try:
        computed = digest(row.chained(), row.algorithm)
    except ValueError:
        return "algorithm", _("本机不支持第%(sequence)s条记录所用的摘要算法%(algorithm)s，无法核验。") % {
            "sequence": expected,
            "algorithm": row.algorithm,
        }
    if computed != row.digest:
        return "content", _("第%(sequence)s条记录的内容与其摘要不符，记录在写入之后被改动过。") % {"sequence": expected}
    return "", ""


def _links(up_to: int) -> Iterator[AuditRecord]:
    rows = AuditRecord.objects.filter(sequence__lte=up_to).order_by("sequence")
    return iter(rows.iterator(chunk_size=CHUNK))


def verify_chain(anchor: tuple[int, str] | None = None) -> ChainReport:
    """Walk the whole chain from its first record and name the first broken link; constant memory.

    ``anchor`` is a sequence with the digest that was noted outside of the system earlier: it uncovers even somebody who
    rewrote the chain and its head together. Records that are added while the walk goes on are left to the next one.
    """
    # the last record first, the head after it: the head only grows, so one behind it was not written by an operation
    last = AuditRecord.objects.aggregate(last=Max("sequence"))["last"] or 0
    head = AuditHead.objects.first() or AuditHead(sequence=0, digest="")
    expected, previous = 1, ""
    for row in _links(head.sequence):
        word, why = _fault(row, expected, previous)
        if not word and anchor and row.sequence == anchor[0] and row.digest != anchor[1]:
            word, why = "anchor", _("第%(sequence)s条记录的摘要与留存的摘要不符。") % {"sequence": expected}
        if word:
            return ChainReport(
                ok=False, checked=expected - 1, broken_sequence=expected, fault=word, why=why, head=head.digest
            )
        expected, previous = expected + 1, row.digest
    checked = expected - 1
    if checked < head.sequence:
        facts = {"head": head.sequence, "first": expected}
        why = _("链末端记载到第%(head)s条，但第%(first)s条及以后的记录缺失。") % facts
        return ChainReport(ok=False, checked=checked, broken_sequence=expected, fault="tail", why=why, head=head.digest)
    if previous != head.digest or last > head.sequence:
        why = _("第%(sequence)s条记录与链末端记载不符。") % {"sequence": max(checked, last)}
        return ChainReport(
            ok=False, checked=checked, broken_sequence=max(checked, last), fault="head", why=why, head=head.digest
        )
    if anchor and anchor[0] > checked:
        why = _("留存摘要所指的第%(sequence)s条记录不存在。") % {"sequence": anchor[0]}
        return ChainReport(
            ok=False, checked=checked, broken_sequence=anchor[0], fault="anchor", why=why, head=head.digest
        )
    return ChainReport(True, checked, head=head.digest)

"""The trail is append-only for the ORM and for SQL, and its check names the first broken link."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.db.models.deletion import Collector, ProtectedError

from tests.audit_guard import guard_lifted
from tests.world import TODAY, World
from yiqi.core.models import AuditHead, AuditRecord
from yiqi.core.operations import record
from yiqi.core.queries import audit_trail, verify_chain
from yiqi.kit.errors import NotAllowedError

Write = Callable[..., AuditRecord]

# each database's own way round
OWN_STATEMENTS = {
    "postgresql": ["TRUNCATE core_auditrecord CASCADE", "TRUNCATE core_audithead"],
    "sqlite": ["INSERT OR REPLACE INTO core_auditrecord SELECT * FROM core_auditrecord WHERE sequence = 1"],
}


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_a_record_says_who_what_and_from_where(world: World, write: Write) -> None:
    row = write()
    assert (row.sequence, row.person_name, row.role, row.verb, row.channel) == (
        1,
        "陈静",
        "考核督查人员",
        "test.write",
        "test",
    )
    assert (row.target_type, row.target_id, row.target_label) == ("core.Unit", str(world.bureau.pk), world.bureau.name)
    assert (row.business_date, row.previous_digest, len(row.digest)) == (TODAY, "", 64)
    # floats are kept as text: databases disagree about them
    assert (row.before, row.after) == ({"name": "旧", "share": "0.5"}, {"name": "新", "share": "1e+22"})


def test_records_are_chained_and_survive_a_round_trip(write: Write) -> None:
    first, second = write(), write()
    assert second.previous_digest == first.digest
    report = verify_chain()
    assert (report.ok, report.checked, report.head) == (True, 2, second.digest)


@pytest.mark.django_db(transaction=True)
def test_a_record_without_its_operation_is_a_programming_error(world: World) -> None:
    with pytest.raises(RuntimeError, match="in the transaction of its operation"):
        record(by=None, verb="test.write", target=world.bureau, region_code="141022", today=TODAY)


@pytest.mark.parametrize(
    "deed",
    [
        lambda row: row.save(),
        lambda row: row.save_base(),
        lambda row: row.delete(),
        lambda row: AuditRecord.objects.update(verb="x"),
        lambda row: AuditRecord.objects.all().delete(),
        lambda row: AuditRecord.objects.bulk_update([row], ["verb"]),
        lambda row: AuditRecord.objects.bulk_create([AuditRecord(sequence=9)]),
        lambda row: AuditRecord.objects.update_or_create({"verb": "x"}, sequence=row.sequence),
        lambda row: AuditRecord._base_manager.filter(pk=row.pk).update(verb="x"),
        lambda row: AuditRecord._base_manager.filter(pk=row.pk).delete(),
        lambda row: AuditRecord.objects.filter(pk=row.pk)._raw_delete("default"),
    ],
)
def test_the_orm_refuses_to_change_or_delete(write: Write, deed: Callable[[AuditRecord], object]) -> None:
    row = write()
    with pytest.raises(NotAllowedError) as refusal, transaction.atomic():
        deed(row)
    assert refusal.value.code == "audit_append_only"
    assert verify_chain().ok


def test_a_collector_that_goes_round_the_queryset_meets_the_trigger(write: Write) -> None:
    row = write()
    plain = models.QuerySet(AuditRecord)
    for deed in (plain.filter(pk=row.pk).delete, lambda: plain.update(verb="x")):
        with pytest.raises((DatabaseError, NotAllowedError)), transaction.atomic():
            deed()
    collector = Collector(using="default", origin=row)
    collector.collect([row])
    with pytest.raises((DatabaseError, NotAllowedError)), transaction.atomic():
        collector.delete()
    assert (AuditRecord.objects.count(), verify_chain().ok) == (1, True)


def test_a_person_in_the_trail_cannot_be_deleted(world: World, write: Write) -> None:
    write()
    world.people["office"].appointments.all().delete()
    with pytest.raises(ProtectedError):
        world.people["office"].delete()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_auditrecord SET verb = 'x' WHERE sequence = 1",
        "UPDATE core_auditrecord SET verb = verb",
        "DELETE FROM core_auditrecord",
        "DELETE FROM core_auditrecord WHERE sequence = 1",
        "DELETE FROM core_audithead",
        "UPDATE core_audithead SET sequence = 0",
        "UPDATE core_audithead SET digest = ''",
        *OWN_STATEMENTS[connection.vendor],
    ],
)
def test_the_database_refuses_too(write: Write, statement: str) -> None:
    write(2)
    with pytest.raises(DatabaseError), transaction.atomic():
        sql(statement)
    assert (AuditRecord.objects.count(), verify_chain().ok) == (2, True)


@pytest.mark.parametrize(
    ("statement", "sequence", "fault"),
    [
        ("UPDATE core_auditrecord SET verb = 'task.cancel' WHERE sequence = 2", 2, "content"),
        ("UPDATE core_auditrecord SET person_name = '别人' WHERE sequence = 1", 1, "content"),
        ("UPDATE core_auditrecord SET at = '2020-01-01 00:00:00+00:00' WHERE sequence = 3", 3, "content"),
        ('UPDATE core_auditrecord SET after = \'{"name": "改"}\' WHERE sequence = 3', 3, "content"),
        ("UPDATE core_auditrecord SET digest = previous_digest WHERE sequence = 3", 3, "content"),
        ("UPDATE core_auditrecord SET previous_digest = digest WHERE sequence = 2", 2, "link"),
        ("UPDATE core_auditrecord SET algorithm = 'crc' WHERE sequence = 4", 4, "algorithm"),
        ("DELETE FROM core_auditrecord WHERE sequence = 1", 1, "missing"),
        ("DELETE FROM core_auditrecord WHERE sequence = 3", 3, "missing"),
        ("DELETE FROM core_auditrecord WHERE sequence >= 4", 4, "tail"),
        ("DELETE FROM core_auditrecord", 1, "tail"),
        ("UPDATE core_audithead SET sequence = 3", 5, "head"),
        ("UPDATE core_audithead SET digest = 'x'", 5, "head"),
        ("DELETE FROM core_audithead", 5, "head"),
    ],
)
def test_the_check_names_the_first_broken_link(write: Write, statement: str, sequence: int, fault: str) -> None:
    write(5)
    with guard_lifted():
        sql(statement)
    report = verify_chain()
    assert (report.ok, report.broken_sequence, report.fault) == (False, sequence, fault)
    assert str(sequence) in report.why


def test_a_rewritten_chain_is_uncovered_by_a_digest_noted_outside(write: Write) -> None:
    noted = (write(3).sequence, verify_chain().head)
    with guard_lifted():
        sql("DELETE FROM core_auditrecord WHERE sequence > 1")
        first = AuditRecord.objects.get()
        sql("UPDATE core_audithead SET sequence = 1, digest = %s", first.digest)
    assert verify_chain().ok
    gone = verify_chain(noted)
    write(2)
    other = verify_chain(noted)
    assert [(gone.ok, gone.fault), (other.ok, other.fault, other.broken_sequence)] == [
        (False, "anchor"),
        (False, "anchor", 3),
    ]
    assert verify_chain((1, first.digest)).ok


def test_an_empty_trail_is_whole(db: None) -> None:
    assert verify_chain().ok
    AuditHead.objects.create(chain="main", sequence=0)
    assert (verify_chain().ok, verify_chain().checked) == (True, 0)


def test_the_triggers_can_be_taken_away_and_put_back(write: Write) -> None:
    write()
    with guard_lifted(), pytest.raises(NotAllowedError):
        AuditRecord.objects.update(verb="x")
    with guard_lifted():
        sql("UPDATE core_auditrecord SET verb = verb")
    with pytest.raises(DatabaseError), transaction.atomic():
        sql("UPDATE core_auditrecord SET verb = verb")


@pytest.mark.parametrize("asker", ["leader", "office", "force_head", "force_staff", "reporter", "reviewer", "admin"])
def test_only_the_auditor_reads_the_trail(world: World, write: Write, asker: str) -> None:
    write()
    assert list(audit_trail(world.who(asker))) == []


def test_the_auditor_sees_their_region_and_what_concerns_all(world: World) -> None:
    for code in ("141022", "141022100", "141021", ""):
        record(by=None, verb=f"test.r{code}", target=world.bureau, region_code=code, today=TODAY)
    seen = [row.verb for row in audit_trail(world.who("auditor"))]
    assert seen == ["test.r", "test.r141022100", "test.r141022"]

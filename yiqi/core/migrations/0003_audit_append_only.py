"""Triggers that make the audit trail append-only below the ORM too.

A later migration that alters core_auditrecord or core_audithead must run ``unguard`` before and ``guard`` after: SQLite
builds an altered table anew and loses its triggers on the way (a test looks for them after all migrations).
"""

from __future__ import annotations

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

POSTGRESQL = (
    """CREATE FUNCTION yiqi_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the audit trail is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END $$""",
    """CREATE FUNCTION yiqi_audit_head_step() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.chain <> OLD.chain OR NEW.sequence <> OLD.sequence + 1 THEN
            RAISE EXCEPTION 'the head of the audit trail moves by one record at a time'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER yiqi_audit_rows BEFORE UPDATE OR DELETE ON core_auditrecord
    FOR EACH ROW EXECUTE FUNCTION yiqi_audit_refuse()""",
    """CREATE TRIGGER yiqi_audit_truncate BEFORE TRUNCATE ON core_auditrecord
    FOR EACH STATEMENT EXECUTE FUNCTION yiqi_audit_refuse()""",
    """CREATE TRIGGER yiqi_audit_head_rows BEFORE DELETE ON core_audithead
    FOR EACH ROW EXECUTE FUNCTION yiqi_audit_refuse()""",
    """CREATE TRIGGER yiqi_audit_head_truncate BEFORE TRUNCATE ON core_audithead
    FOR EACH STATEMENT EXECUTE FUNCTION yiqi_audit_refuse()""",
    """CREATE TRIGGER yiqi_audit_head_update BEFORE UPDATE ON core_audithead
    FOR EACH ROW EXECUTE FUNCTION yiqi_audit_head_step()""",
)
POSTGRESQL_UNDO = (
    "DROP TRIGGER IF EXISTS yiqi_audit_rows ON core_auditrecord",
    "DROP TRIGGER IF EXISTS yiqi_audit_truncate ON core_auditrecord",
    "DROP TRIGGER IF EXISTS yiqi_audit_head_rows ON core_audithead",
    "DROP TRIGGER IF EXISTS yiqi_audit_head_truncate ON core_audithead",
    "DROP TRIGGER IF EXISTS yiqi_audit_head_update ON core_audithead",
    "DROP FUNCTION IF EXISTS yiqi_audit_refuse()",
    "DROP FUNCTION IF EXISTS yiqi_audit_head_step()",
)
# SQLite has no TRUNCATE: a DELETE without a condition fires the row trigger.
SQLITE = (
    """CREATE TRIGGER yiqi_audit_update BEFORE UPDATE ON core_auditrecord
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only: UPDATE is refused'); END""",
    """CREATE TRIGGER yiqi_audit_delete BEFORE DELETE ON core_auditrecord
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only: DELETE is refused'); END""",
    # INSERT OR REPLACE deletes without firing the trigger above
    """CREATE TRIGGER yiqi_audit_replace BEFORE INSERT ON core_auditrecord
    WHEN EXISTS (SELECT 1 FROM core_auditrecord WHERE sequence = NEW.sequence)
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only: REPLACE is refused'); END""",
    """CREATE TRIGGER yiqi_audit_head_delete BEFORE DELETE ON core_audithead
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only: DELETE is refused'); END""",
    """CREATE TRIGGER yiqi_audit_head_update BEFORE UPDATE ON core_audithead
    WHEN NEW.chain <> OLD.chain OR NEW.sequence <> OLD.sequence + 1
    BEGIN SELECT RAISE(ABORT, 'the head of the audit trail moves by one record at a time'); END""",
)
SQLITE_NAMES = ("update", "delete", "replace", "head_delete", "head_update")
SQLITE_UNDO = tuple(f"DROP TRIGGER IF EXISTS yiqi_audit_{name}" for name in SQLITE_NAMES)
DO = {"postgresql": POSTGRESQL, "sqlite": SQLITE}
UNDO = {"postgresql": POSTGRESQL_UNDO, "sqlite": SQLITE_UNDO}


def _run(schema_editor: BaseDatabaseSchemaEditor, statements: dict[str, tuple[str, ...]]) -> None:
    with schema_editor.connection.cursor() as cursor:
        for statement in statements[schema_editor.connection.vendor]:
            cursor.execute(statement)


def guard(apps: Apps | None, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers. KeyError on a database for which none were written: better no start than no guard."""
    _run(schema_editor, DO)


def unguard(apps: Apps | None, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Remove the triggers."""
    _run(schema_editor, UNDO)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("core", "0002_account_region_and_version")]
    operations: ClassVar = [migrations.RunPython(guard, unguard)]

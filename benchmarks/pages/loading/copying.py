"""Rows by COPY: the only way to bring a million rows in within a minute."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models
from tqdm import tqdm


def columns_of(model: type[models.Model]) -> list[str]:
    """Every column of a model, the key first."""
    return [field.attname for field in model._meta.concrete_fields]


def row_of(instance: models.Model, columns: Sequence[str]) -> list[Any]:
    """The values of an unsaved instance."""
    return [getattr(instance, name) for name in columns]


def copy(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]], bar: tqdm[Any]) -> int:
    """Write the rows; returns how many. Foreign keys are not checked: see :func:`unchecked`."""
    count = 0
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {connection.ops.quote_name(model._meta.db_table)} ({names}) FROM STDIN") as target,
    ):
        for row in rows:
            target.write_row(row)
            count += 1
            if count % 5_000 == 0:
                bar.update(5_000)
    bar.update(count % 5_000)
    return count


def unchecked(value: bool) -> None:
    """Foreign keys and triggers are left aside while what is loaded is consistent by itself (superuser only)."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET session_replication_role = {'replica' if value else 'origin'}")
        cursor.execute(f"SET synchronous_commit = {'off' if value else 'on'}")


def renumber(*made: type[models.Model]) -> None:
    """Let the next row that the product writes get a number after those that were copied."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(made)):
            cursor.execute(statement)


def analyse() -> None:
    """What autovacuum would have done in the course of the year."""
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")

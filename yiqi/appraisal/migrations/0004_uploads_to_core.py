"""Uploads of league sheets go to the core: every row is kept, with its number and the figures that came from it."""

from __future__ import annotations

from typing import Any

from django.core.management.color import no_style
from django.db import migrations

from yiqi.kit.digest import preferred_algorithm

KIND = "league"
KEPT = ("file_name", "file_digest", "result", "status", "uploaded_by_id", "uploaded_at", "applied_at")


def to_core(apps: Any, schema_editor: Any) -> None:
    Upload, Import = apps.get_model("core", "Upload"), apps.get_model("appraisal", "LeagueImport")
    Row = apps.get_model("appraisal", "Observation")
    for old in Import.objects.order_by("pk").iterator():
        facts = {name: getattr(old, name) for name in KEPT}
        made = Upload.objects.create(
            kind=KIND,
            number=old.pk,  # addresses of pages name it
            region_id=old.region_id,
            belongs_to=old.framework_id,
            period=old.period,
            options={"value_status": old.value_status},
            algorithm=preferred_algorithm(),  # what this machine has used for all of them
            **facts,
        )
        Row.objects.filter(imported_from_id=old.pk).update(upload_id=made.pk)


def from_core(apps: Any, schema_editor: Any) -> None:
    Upload, Import = apps.get_model("core", "Upload"), apps.get_model("appraisal", "LeagueImport")
    Row = apps.get_model("appraisal", "Observation")
    for upload in Upload.objects.filter(kind=KIND).order_by("number").iterator():
        facts = {name: getattr(upload, name) for name in KEPT}
        made = Import.objects.create(
            pk=upload.number,
            region_id=upload.region_id,
            framework_id=upload.belongs_to,
            period=upload.period,
            value_status=upload.options["value_status"],
            **facts,
        )
        Row.objects.filter(upload_id=upload.pk).update(imported_from_id=made.pk, upload_id=None)
    Upload.objects.filter(kind=KIND).delete()
    for statement in schema_editor.connection.ops.sequence_reset_sql(no_style(), [Import]):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Data alone: PostgreSQL alters no table that has changes to check in the same transaction."""

    dependencies = [("appraisal", "0003_observation_upload")]

    operations = [migrations.RunPython(to_core, from_core)]

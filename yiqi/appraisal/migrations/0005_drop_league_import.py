"""The import that uploads replaced goes; its name in observation stays."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appraisal", "0004_uploads_to_core")]

    operations = [
        migrations.RemoveField(model_name="observation", name="imported_from"),
        migrations.RenameField(model_name="observation", old_name="upload", new_name="imported_from"),
        migrations.AlterField(
            model_name="observation",
            name="imported_from",
            field=models.ForeignKey(
                null=True,
                blank=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="observations",
                to="core.upload",
                verbose_name="导入来源",
            ),
        ),
        migrations.DeleteModel(name="LeagueImport"),
    ]

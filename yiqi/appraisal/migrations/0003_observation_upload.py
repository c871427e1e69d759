"""The upload that a observation came from, beside the import that it replaces."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0006_upload"), ("appraisal", "0002_cell_tied")]

    operations = [
        migrations.AddField(
            model_name="observation",
            name="upload",
            field=models.ForeignKey(
                null=True,
                blank=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.upload",
                verbose_name="导入来源",
            ),
        ),
    ]

"""A date by which something must be done is due everywhere."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("plan", "0006_drop_task_import")]

    operations = [
        migrations.RenameField(model_name="task", old_name="deadline", new_name="due"),
        migrations.RenameField(model_name="task", old_name="first_deadline", new_name="first_due"),
    ]

"""What units signed for before there was a ledger goes into it: one row for each day that was named."""

from __future__ import annotations

from typing import Any

from django.db import migrations

KIND = "dispatch.directive"
FINISHED = ("done", "closed")


def write(apps: Any, _editor: Any) -> None:
    """From the step of signing, and from the extensions granted after it."""
    promises, steps = apps.get_model("core", "Promise"), apps.get_model("dispatch", "DirectiveStep")
    signed = steps.objects.filter(before="assigned", after="accepted").select_related("directive__assigned_by")
    for step in signed.order_by("id").iterator(chunk_size=1000):
        row = step.directive
        granted = [one for one in row.extensions.order_by("id") if one.status == "granted" and one.decided_on]
        later = [one for one in granted if one.decided_on >= step.on]
        named = [(step.on, step.by_id, row.code, later[0].old_due if later else row.due)]
        named += [(one.decided_on, one.decided_by_id, one.reason, one.new_due) for one in later]
        for place, (on, by, basis, due) in enumerate(named):
            last = place == len(named) - 1
            promises.objects.create(
                region_id=row.region_id,
                subject_kind=KIND,
                subject_id=row.pk,
                title=row.title,
                unit_id=row.unit_id,
                given_to=row.assigned_by.name,
                given_by_id=by,
                given_on=on,
                basis=basis,
                due=due,
                done_on=row.done_on if last and row.status in FINISHED else None,
                moved_on=None if last else named[place + 1][0],
                demo=row.demo,
            )


def take_back(apps: Any, _editor: Any) -> None:
    """The directives keep all of it."""
    apps.get_model("core", "Promise").objects.filter(subject_kind=KIND).delete()


class Migration(migrations.Migration):
    dependencies = [("core", "0007_promise"), ("dispatch", "0002_point_at_any_subject")]

    operations = [migrations.RunPython(write, take_back)]

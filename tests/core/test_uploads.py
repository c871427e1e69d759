"""What all imports share: numbers, the trail, the JSON of commands, and the move from the tables of the apps."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.world import TODAY, World, build_world
from yiqi.core.models import AuditRecord, Region, Upload
from yiqi.core.operations.uploads import Applied, Applying, UploadKind, apply_upload, discard_upload, preview_upload
from yiqi.core.queries import kind_label, upload_for, uploads_for, verb_label
from yiqi.core.queries.verbs import field_label
from yiqi.core.rules import Mandate
from yiqi.kit import clock
from yiqi.kit.errors import ConflictError, InvalidInputError, NotFoundError


def _reach(by: Mandate, upload: Upload) -> Region:
    region = Region.objects.get(pk=str(upload.belongs_to))
    upload.region_id = region.pk
    return region


def _read(_region: Region, _upload: Upload, data: bytes) -> dict[str, Any]:
    lines = data.decode().split()
    rows = [{"line": line, "state": "error" if line == "?" else "read", "notes": [], "kept": 1} for line in lines]
    return {
        "lines": rows,
        "skipped": [{"row": 1, "why": "x"}],
        "errors": sum(row["state"] == "error" for row in rows) + 1,
    }


def _check(region: Region, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        if row["line"] == region.name:
            row["state"] = "error"


def _write(deed: Applying[Region]) -> Applied[str]:
    return Applied([row["line"] for row in deed.rows], {"count": len(deed.rows)}, {"shown": True})


LINES = UploadKind(
    key="lines",
    verb="lines",
    rows="lines",
    keys=("line", "state", "notes"),
    reach=_reach,
    read=_read,
    check=_check,
    write=_write,
)


def preview(world: World, data: bytes = b"a b ?") -> Upload:
    who = world.who("office")
    facts: dict[str, Any] = {"by": who, "today": TODAY, "now": clock.now(), "subject": world.county}
    return preview_upload(LINES, data=data, filename="a.csv", period="2021-08", **facts)


def apply(world: World, upload: Upload) -> list[str]:
    return apply_upload(LINES, by=world.who("office"), today=TODAY, now=clock.now(), upload=upload)


def test_a_kind_of_import_is_a_reader_and_a_writer(world: World) -> None:
    made = preview(world, f"a b ? {world.county.name}".encode())
    assert (made.number, made.status, made.region_id, made.period) == (1, "previewed", world.county.code, "2021-08")
    assert LINES.counts(made) == {"read": 2, "guessed": 0, "error": 2, "skipped": 1}
    assert made.result["errors"] == 3  # two rows, one of them by the check, and a finding of the reader
    assert apply(world, made) == ["a", "b"]
    made.refresh_from_db()
    assert (made.status, made.result["applied"]) == ("applied", {"shown": True})


def test_commands_tell_the_promised_keys_alone(world: World) -> None:
    assert LINES.told(preview(world, b"a").result) == {
        "lines": [{"line": "a", "state": "read", "notes": []}],
        "skipped": [{"row": 1, "why": "x"}],
        "errors": 1,
    }


def test_numbers_count_within_the_kind(world: World) -> None:
    Upload.objects.create(
        kind="other", number=7, region=world.county, belongs_to=1, file_name="", result={}, uploaded_at=clock.now(),
        uploaded_by=world.people["office"],
    )  # fmt: skip
    assert [preview(world).number for _time in range(2)] == [1, 2]


def test_each_deed_leaves_one_record(world: World) -> None:
    start = AuditRecord.objects.count()
    apply(world, preview(world))
    discard_upload(LINES, by=world.who("office"), today=TODAY, upload=preview(world))
    rows = AuditRecord.objects.filter(sequence__gt=start).order_by("sequence")
    counts = {"read": 2, "guessed": 0, "error": 1, "skipped": 1, "period": "2021-08"}
    told = [
        (row.verb, row.before, {name: row.after[name] for name in row.after if name not in {"file", "sm3", "sha256"}})
        for row in rows
    ]
    before = {"status": "previewed"}
    assert told == [
        ("lines.preview", None, counts),
        ("lines.apply", before, {"count": 2, "period": "2021-08"}),
        ("lines.preview", None, counts),
        ("lines.discard", before, {"status": "discarded", "period": "2021-08"}),
    ]


def test_an_upload_is_settled_once(world: World) -> None:
    made = preview(world)
    apply(world, made)
    for deed in (
        lambda: apply(world, made),
        lambda: discard_upload(LINES, by=world.who("office"), today=TODAY, upload=made),
    ):
        with pytest.raises(ConflictError) as caught:
            deed()
        assert caught.value.code == "import_settled"


def test_nothing_to_import_is_said(world: World) -> None:
    with pytest.raises(InvalidInputError) as caught:
        apply(world, preview(world, b"?"))
    assert caught.value.code == "nothing_to_import"


def test_an_upload_of_another_kind_is_not_found(world: World) -> None:
    made = preview(world)
    Upload.objects.update(kind="other")
    with pytest.raises(NotFoundError):
        apply(world, made)


def test_only_the_office_finds_its_uploads(world: World) -> None:
    made = preview(world)
    assert upload_for(world.who("office"), "lines", made.number) == made
    seen = {name: uploads_for(world.who(name), "lines").count() for name in ("leader", "outsider", "admin", "auditor")}
    assert seen == {"leader": 0, "outsider": 0, "admin": 0, "auditor": 0}
    with pytest.raises(NotFoundError):
        upload_for(world.who("outsider"), "lines", made.number)


def test_the_trail_still_names_what_the_apps_kept_before() -> None:
    names = [kind_label("plan.TaskImport"), kind_label("appraisal.LeagueImport"), kind_label("plan.Nothing")]
    assert names == ["任务导入", "通报表导入", "plan.Nothing"]
    assert verb_label("task_import.apply", "plan.TaskImport") == "导入任务分解表"
    fields = [field_label("plan.Task", name) for name in ("due", "deadline", "nothing")]
    assert fields == ["完成时限", "完成时限", "nothing"]


BEFORE = [("plan", "0004_task_upload"), ("appraisal", "0003_observation_upload")]
AFTER = [("plan", "0006_drop_task_import"), ("appraisal", "0005_drop_league_import")]


def migrate(targets: list[tuple[str, str]]) -> Any:
    """Go to a state of the tables; the models of that state."""
    MigrationExecutor(connection).migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


@pytest.mark.django_db(transaction=True)
def test_earlier_imports_keep_their_rows_numbers_and_what_came_from_them() -> None:
    world = build_world()
    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
    facts = {"file_name": "甲.xlsx", "result": {"rows": [], "cells": [], "skipped": []}, "uploaded_at": clock.now()}
    facts |= {"uploaded_by_id": world.people["office"].pk, "status": "applied"}
    try:
        old = migrate(BEFORE)
        campaign = old.get_model("plan", "Campaign").objects.create(
            code="C", name="行动", year=2021, region_id=world.county.pk, starts=TODAY, ends=date(2021, 12, 31)
        )
        action = old.get_model("plan", "Action").objects.create(campaign=campaign, code="A", name="甲")
        tasks = old.get_model("plan", "TaskImport").objects.create(pk=5, campaign=campaign, file_digest="d", **facts)
        task = old.get_model("plan", "Task").objects.create(
            campaign=campaign, action=action, region_id=world.county.pk, code="A-1", title="甲", starts=TODAY,
            lead_unit_id=world.bureau.pk, imported_from=tasks,
        )  # fmt: skip
        framework = old.get_model("appraisal", "Framework").objects.create(
            code="F", name="体系", year=2021, region_id=world.city.pk, keeper_id=world.county.pk
        )
        old.get_model("appraisal", "LeagueImport").objects.create(
            pk=5,
            framework=framework,
            period="2021-08",
            value_status="final",
            region_id=world.county.pk,
            file_digest="e",
            **facts,
        )
        new = migrate(AFTER)
        rows = (
            new.get_model("core", "Upload")
            .objects.order_by("kind")
            .values_list(
                "kind", "number", "belongs_to", "region", "period", "options", "algorithm", "file_digest", "status"
            )
        )
        county = world.county.pk
        league, breakdown = rows
        assert (*league[:6], *league[7:]) == (
            "league",
            5,
            framework.pk,
            county,
            "2021-08",
            {"value_status": "final"},
            "e",
            "applied",
        )
        assert breakdown == ("tasks", 5, campaign.pk, county, "", {}, "sha256", "d", "applied")
        assert new.get_model("plan", "Task").objects.get(pk=task.pk).imported_from.number == 5
        back = migrate(BEFORE)
        kept = back.get_model("plan", "TaskImport").objects.get()
        assert (kept.pk, kept.file_digest, back.get_model("plan", "Task").objects.get().imported_from_id) == (5, "d", 5)
        assert back.get_model("appraisal", "LeagueImport").objects.values_list("pk", "value_status").get() == (
            5,
            "final",
        )
        assert back.get_model("core", "Upload").objects.count() == 0
        assert (
            back.get_model("plan", "TaskImport").objects.create(campaign_id=campaign.pk, file_digest="f", **facts).pk
            == 6
        )
    finally:
        MigrationExecutor(connection).migrate(leaves)

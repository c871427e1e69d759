"""Importing a breakdown: preview, apply once and whole, refuse what cannot be read."""

from __future__ import annotations

import io
import threading
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.db import connection, connections

from tests.plan.conftest import Plan, build_plan
from tests.world import TODAY, build_world
from yiqi.core.models import AuditRecord, Upload
from yiqi.core.operations.uploads import apply_upload, discard_upload, preview_upload
from yiqi.kit.errors import ConflictError, FileRefusedError, NotAllowedError, NotFoundError, YiqiError
from yiqi.plan.models import Milestone, Task, TaskStatusChange
from yiqi.plan.operations import TASK_SHEET

NOW = datetime(2021, 9, 6, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HEAD = ["序号", "行动", "工作任务", "具体举措", "牵头单位", "配合单位", "完成时限"]
GOOD = [
    [1, "产业发展大转型", "新建标准化厂房", "完成主体", "发改局", "生态环境分局", "2021年11月底前"],
    [2, "产业发展大转型", "铸造行业改造提升", "逐户改造", "发改局", "", "2021-12-15"],
    [3, "生态环境大保护", "散煤治理", "入户核查", "生态环境分局", "发改局、唐兴镇", "长期坚持"],
]


def workbook(*rows: list[Any], head: list[str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [head or HEAD, *rows]:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def preview(plan: Plan, data: bytes, asker: str = "office", name: str = "任务分解表.xlsx") -> Upload:
    return preview_upload(
        TASK_SHEET, by=plan.world.who(asker), today=TODAY, now=NOW, subject=plan.campaign, data=data, filename=name
    )


def apply(plan: Plan, upload: Upload, asker: str = "office") -> list[Task]:
    return apply_upload(TASK_SHEET, by=plan.world.who(asker), today=TODAY, now=NOW, upload=upload)


def everything() -> list[int]:
    return [model.objects.count() for model in (Task, Milestone, TaskStatusChange, AuditRecord)]


def test_a_preview_writes_no_task(plan: Plan) -> None:
    row = preview(plan, workbook(*GOOD))
    assert (Task.objects.count(), TASK_SHEET.counts(row)["error"], row.status) == (0, 0, "previewed")
    assert [found["title"] for found in row.result["rows"]] == ["新建标准化厂房", "铸造行业改造提升", "散煤治理"]


def test_applying_creates_what_the_preview_showed(plan: Plan) -> None:
    row = preview(plan, workbook(*GOOD))
    before = AuditRecord.objects.count()
    tasks = apply(plan, row)
    assert [(task.action.code, task.lead_unit.code, task.due, task.ongoing) for task in tasks] == [
        ("A03", "FGJ", date(2021, 11, 30), False),
        ("A03", "FGJ", date(2021, 12, 15), False),
        ("A04", "HBJ", None, True),
    ]
    stored = [Task.objects.get(pk=task.pk) for task in tasks]
    assert [sorted(unit.code for unit in task.support_units.all()) for task in stored] == [["HBJ"], [], ["FGJ", "TXZ"]]
    assert [task.first_due for task in stored] == [date(2021, 11, 30), date(2021, 12, 15), None]
    assert AuditRecord.objects.count() == before + 1
    row.refresh_from_db()
    assert (row.status, row.applied_at, Task.objects.filter(imported_from=row).count()) == ("applied", NOW, 3)


def test_a_task_begins_on_the_day_of_its_import_unless_it_was_due_before(plan: Plan) -> None:
    late = [4, "产业发展大转型", "早该完成的", "", "发改局", "", "2021-08-15"]
    tasks = apply(plan, preview(plan, workbook(GOOD[0], late)))
    assert [task.starts for task in tasks] == [TODAY, plan.campaign.starts]


def test_a_second_click_imports_nothing(plan: Plan) -> None:
    row = preview(plan, workbook(*GOOD))
    apply(plan, row)
    before = everything()
    with pytest.raises(ConflictError) as caught:
        apply(plan, row)
    assert (caught.value.code, everything()) == ("import_settled", before)


def test_rows_in_error_are_left_out(plan: Plan) -> None:
    row = preview(plan, workbook(GOOD[0], [2, "产业发展大转型", "单位不存在的任务", "", "不存在局", "", "2021-12-15"]))
    assert TASK_SHEET.counts(row)["error"] == 1
    assert [task.title for task in apply(plan, row)] == ["新建标准化厂房"]


def test_the_same_file_twice_is_seen_in_the_preview(plan: Plan) -> None:
    apply(plan, preview(plan, workbook(*GOOD)))
    again = preview(plan, workbook(*GOOD))
    assert [found["state"] for found in again.result["rows"]] == ["error", "error", "error"]
    with pytest.raises(YiqiError) as caught:
        apply(plan, again)
    assert caught.value.code == "nothing_to_import"


def test_a_campaign_that_changed_since_the_preview_takes_nothing(plan: Plan) -> None:
    row = preview(plan, workbook(*GOOD))
    plan.world.other_bureau.active = False
    plan.world.other_bureau.save()
    before = everything()
    with pytest.raises(ConflictError) as caught:
        apply(plan, row)
    assert (caught.value.code, everything()) == ("import_outdated", before)


def test_a_failure_at_the_last_step_leaves_nothing(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    row = preview(plan, workbook(*GOOD))
    before = everything()

    def killed(*args: Any, **kwargs: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("yiqi.core.operations.uploads.record", killed)
    with pytest.raises(KeyboardInterrupt):
        apply(plan, row)
    row.refresh_from_db()
    assert (everything(), row.status) == (before, "previewed")


def test_a_discarded_preview_is_not_applied(plan: Plan) -> None:
    row = discard_upload(TASK_SHEET, by=plan.world.who("office"), today=TODAY, upload=preview(plan, workbook(*GOOD)))
    assert row.status == "discarded"
    with pytest.raises(ConflictError):
        apply(plan, row)


@pytest.mark.parametrize(
    ("asker", "error"),
    [
        ("leader", NotAllowedError),
        ("force_head", NotAllowedError),
        ("reporter", NotAllowedError),
        ("auditor", NotAllowedError),
        ("admin", NotFoundError),
        ("outsider", NotFoundError),
    ],
)
def test_only_the_office_imports(plan: Plan, asker: str, error: type[YiqiError]) -> None:
    with pytest.raises(error):
        preview(plan, workbook(*GOOD), asker=asker)
    held = preview(plan, workbook(*GOOD))
    with pytest.raises(error):
        apply(plan, held, asker=asker)
    assert Task.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "空.xlsx"),
        (workbook(*GOOD)[:900], "截断.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "加密.xlsx"),
        (b"PK\x03\x04nonsense", "坏.xlsx"),
        (workbook(*GOOD), "宏.xlsm"),
        (b"hello", "文本.exe"),
    ],
    ids=["empty", "truncated", "locked", "broken", "macros", "kind"],
)
def test_a_file_that_cannot_be_read_leaves_nothing(plan: Plan, data: bytes, name: str) -> None:
    before = everything()
    with pytest.raises(FileRefusedError):
        preview(plan, data, name=name)
    assert (everything(), Upload.objects.count()) == (before, 0)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_import_once() -> None:
    plan = build_plan(build_world())
    row = preview(plan, workbook(*GOOD))
    # an in-memory SQLite database belongs to one connection: there the clicks follow each other
    alone = connection.vendor == "sqlite"
    outcomes: list[str] = []

    def click() -> None:
        try:
            outcomes.append(str(len(apply(plan, row))))
        except YiqiError as error:
            outcomes.append(error.code)
        finally:
            if not alone:
                connections.close_all()

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for thread in clicks:
        if alone:
            thread.run()
        else:
            thread.start()
    for thread in clicks:
        if not alone:
            thread.join()
    assert (sorted(outcomes), Task.objects.count()) == (["3", "import_settled"], 3)

"""Plan: each named URL with each asker.

The reporter and the reviewer belong to the lead unit of every task here; what other units see is tested in
tests/plan/test_scope.py.
"""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.permissions.table import Row, everyone
from tests.plan.conftest import build_plan
from tests.plan.test_imports import GOOD, preview, workbook
from tests.world import TODAY, World
from yiqi.plan import operations as verbs

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def prepare(world: World) -> None:
    """Four tasks: fresh, with a draft, with a submitted report and a file, claimed; and an upload."""
    plan = build_plan(world)
    by = {"by": world.who("reporter"), "today": TODAY, "unit": world.bureau, "percent": 50, "text": "完成基础施工"}
    fresh, drafted, waiting, claimed = (plan.task(title=name) for name in ("甲", "乙", "丙", "丁"))
    node = verbs.add_milestone(by=world.who("office"), today=TODAY, task=fresh, title="开工", due=TODAY)
    pdf = SimpleUploadedFile("佐证.pdf", PDF)
    report = verbs.report_progress(task=waiting, files=[pdf], **by)
    claim = verbs.report_progress(task=claimed, claims_done=True, **by)
    verbs.approve_progress(by=world.who("reviewer"), today=TODAY, progress=claim)
    world.extra |= {
        "task": {"pk": fresh.pk},
        "node": {"pk": node.pk},
        "claimed": {"pk": claimed.pk},
        "draft": {"pk": verbs.save_progress(task=drafted, **by).pk},
        "report": {"pk": report.pk},
        "file": {"pk": report.pk, "attachment": report.attachments.get().pk},
        "import": {"pk": preview(plan, workbook(*GOOD)).number},
        "facts": {"action": plan.action.pk, "lead_unit": world.bureau.pk},
    }


def at(name: str, **more: Any) -> Any:
    """The URL's arguments, as :func:`prepare` left them."""
    return lambda world: world.extra[name] | more


def task_data(world: World) -> dict[str, Any]:
    """A complete task form."""
    facts = {"title": "新任务", "starts": "2021-09-06", "due": "2021-12-20", "frequency": "monthly"}
    return facts | world.extra["facts"]


def report_data(world: World) -> dict[str, Any]:
    """A complete report form."""
    return {"unit": world.bureau.pk, "percent": 60, "text": "完成主体施工", "do": "submit"}


READ = everyone(200, admin=404)
OFFICE_FORM = everyone(403, office=200, admin=404)
OFFICE_DEED = everyone(403, office=303, admin=404)
OFFICE_FILE = everyone(403, office=200, reporter=404, reviewer=404, admin=404)
VERIFY = everyone(403, office=200, force_head=200, admin=404)
UNCHECKED = {"force_head": 404, "force_staff": 404, "auditor": 404, "admin": 404}
NODE = {"title": "开工", "due": "2021-09-20"}

ROWS = [
    Row("plan:my_week", READ),
    Row("plan:board", READ),
    Row("plan:board", READ, query={"view": "list"}),
    Row("plan:board", READ, query={"export": "xlsx"}),
    Row("plan:show_campaign", READ),
    Row("plan:create_campaign", OFFICE_FORM),
    Row(
        "plan:create_campaign",
        OFFICE_DEED,
        method="post",
        data={"code": "YC2022", "name": "新行动", "year": 2022, "starts": "2022-01-01", "ends": "2022-12-31"},
    ),
    Row("plan:add_goal", OFFICE_FORM),
    Row("plan:add_goal", OFFICE_DEED, method="post", data={"code": "G1", "name": "宜居区", "order": 1}),
    Row("plan:add_action", OFFICE_FORM),
    Row("plan:add_action", OFFICE_DEED, method="post", data={"code": "A01", "name": "大冲刺", "order": 1}),
    Row("plan:move_campaign", OFFICE_DEED, method="post", kwargs={"step": "close"}),
    Row("plan:create_task", OFFICE_FORM),
    Row("plan:create_task", OFFICE_DEED, method="post", data=task_data),
    Row("plan:show_task", READ, kwargs=at("task")),
    Row("plan:edit_task", OFFICE_FORM, kwargs=at("task")),
    Row("plan:edit_task", OFFICE_DEED, method="post", kwargs=at("task"), data=task_data),
    Row("plan:move_task", OFFICE_FORM, kwargs=at("task", step="suspend")),
    Row("plan:move_task", OFFICE_DEED, method="post", kwargs=at("task", step="cancel"), data={"why": "政策调整"}),
    Row("plan:add_milestone", OFFICE_FORM, kwargs=at("task")),
    Row("plan:add_milestone", OFFICE_DEED, method="post", kwargs=at("task"), data=NODE),
    Row("plan:edit_milestone", OFFICE_FORM, kwargs=at("node")),
    Row("plan:edit_milestone", OFFICE_DEED, method="post", kwargs=at("node"), data=NODE),
    Row("plan:remove_milestone", OFFICE_DEED, method="post", kwargs=at("node")),
    Row("plan:verify_task", VERIFY, kwargs=at("claimed")),
    Row(
        "plan:verify_task",
        everyone(403, office=303, force_head=303, admin=404),
        method="post",
        kwargs=at("claimed"),
        data={"decision": "accept"},
    ),
    Row("plan:report_progress", everyone(403, reporter=200, admin=404), kwargs=at("task")),
    Row(
        "plan:report_progress",
        everyone(403, reporter=303, admin=404),
        method="post",
        kwargs=at("task"),
        data=report_data,
    ),
    Row("plan:list_progress", READ),
    Row("plan:list_progress", READ, query={"export": "xlsx"}),
    Row("plan:show_progress", everyone(404, reporter=200, reviewer=200), kwargs=at("draft")),
    Row("plan:show_progress", everyone(200, **UNCHECKED), kwargs=at("report")),
    Row("plan:edit_progress", everyone(404, reporter=200, reviewer=403), kwargs=at("draft")),
    Row(
        "plan:edit_progress",
        everyone(404, reporter=303, reviewer=403),
        method="post",
        kwargs=at("draft"),
        data=report_data,
    ),
    Row(
        "plan:review_progress",
        everyone(403, office=303, reviewer=303, **UNCHECKED),
        method="post",
        kwargs=at("report"),
        data={"decision": "approve"},
    ),
    Row("plan:download_attachment", everyone(200, **UNCHECKED), kwargs=at("file")),
    Row("plan:upload_tasks", OFFICE_FORM),
    Row(
        "plan:upload_tasks",
        OFFICE_DEED,
        method="post",
        data=lambda world: {"file": SimpleUploadedFile("分解表.xlsx", workbook(*GOOD))},
    ),
    Row("plan:show_import", OFFICE_FILE, kwargs=at("import")),
    Row("plan:apply_import", OFFICE_FILE | {"office": 303}, method="post", kwargs=at("import")),
    Row("plan:discard_import", OFFICE_FILE | {"office": 303}, method="post", kwargs=at("import")),
]

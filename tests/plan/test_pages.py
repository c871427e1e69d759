"""Pages of the plan: constant numbers of statements, what they say, and that errors keep what was typed."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.forms import BaseForm
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.closing import close
from tests.plan.conftest import Plan
from tests.plan.test_imports import GOOD, preview, workbook
from tests.plan.test_operations import claim, report
from tests.world import TODAY
from yiqi.plan import operations as verbs
from yiqi.plan.models import Task
from yiqi.plan.operations import NewNode
from yiqi.plan.queries import LightRule, TaskFilter, first_tasks, light_counts

SignIn = Callable[[str], Client]


def statements(client: Client, url: str) -> int:
    """How many statements the second visit takes: the first one warms what is remembered."""
    cache.clear()
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def furnish(plan: Plan, rows: int) -> list[Task]:
    """``rows`` of everything: tasks with nodes and supporters, drafts, reports, claims, steps, evidence."""
    world, tasks = plan.world, []
    for number in range(rows):
        supports = [world.other_bureau, world.town]
        node = NewNode(f"节点{number}", date(2021, 9, 8))
        one = plan.task(title=f"推进{number}", support_units=supports, milestones=[node], evidence_rule="照片")
        pdf = SimpleUploadedFile("照片.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")
        for day in (date(2021, 7, 20), date(2021, 8, 20)):
            progress = report(plan, one, today=day, files=[pdf] if day.month == 7 else [], ask="请协调用地")
            verbs.approve_progress(by=world.who("reviewer"), today=day, progress=progress)
        tasks.append(one)
        report(plan, plan.task(title=f"待审{number}"))
        claim(plan, plan.task(title=f"待验{number}"))
        late = plan.task(title=f"逾期{number}", due=date(2021, 8, 20))
        verbs.return_progress(
            by=world.who("reviewer"), today=TODAY, progress=report(plan, late, percent=10), opinion="请补充"
        )
    return tasks


PAGES = [
    ("/plan/tasks/", "office", 11),
    ("/plan/tasks/", "reporter", 11),
    ("/plan/tasks/?view=list", "office", 10),
    ("/plan/tasks/?view=list", "reporter", 10),
    ("/plan/tasks/?view=list&light=red&status=active", "leader", 10),
    ("/plan/tasks/?q=推进", "leader", 10),
    ("/plan/week/", "office", 9),
    ("/plan/week/", "reporter", 9),
    ("/plan/week/", "reviewer", 8),
    ("/plan/campaign/", "office", 10),
    ("/plan/progress/", "office", 8),
    ("/plan/progress/", "reporter", 8),
    ("/plan/tasks/new/", "office", 9),
    ("/plan/tasks/import/", "office", 6),
]


def codes(form: BaseForm) -> list[str | None]:
    """The codes of all that is wrong with a form."""
    return [error.code for errors in form.errors.as_data().values() for error in errors]


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_take_the_same_statements_for_one_and_three(plan: Plan, sign_in: SignIn, rows: int) -> None:
    furnish(plan, rows)
    for _ in range(rows):
        preview(plan, workbook(*GOOD[:rows]))
    assert [(url, asker, statements(sign_in(asker), url)) for url, asker, _number in PAGES] == PAGES


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("asker", "number"), [("office", 12), ("reporter", 12)])
def test_the_page_of_a_task_is_constant(plan: Plan, sign_in: SignIn, asker: str, number: int, rows: int) -> None:
    task = furnish(plan, 1)[0]
    for n in range(rows - 1):
        verbs.add_milestone(by=plan.world.who("office"), today=TODAY, task=task, title=f"加{n}", due=TODAY)
        progress = report(plan, task, today=TODAY)
        verbs.approve_progress(by=plan.world.who("reviewer"), today=TODAY, progress=progress)
        verbs.suspend_task(by=plan.world.who("office"), today=TODAY, task=task, why="试")
        verbs.start_task(by=plan.world.who("office"), today=TODAY, task=task)
    assert statements(sign_in(asker), f"/plan/tasks/{task.pk}/") == number


def text(response: Any) -> str:
    return response.content.decode()


def test_the_board_shows_each_action_with_its_tasks_and_lights(plan: Plan, sign_in: SignIn) -> None:
    for number in range(6):
        plan.task(title=f"红灯任务{number}", due=date(2021, 8, 20))
    plan.task(title="灰灯任务", action=plan.other_action, starts=date(2021, 10, 1))
    columns = sign_in("leader").get("/plan/tasks/").context["columns"]
    found = [(row["count"].action.code, len(row["tasks"]), row["rest"], row["count"].red) for row in columns]
    assert found == [("A03", 4, 2, 6), ("A04", 1, 0, 0)]


def test_the_board_puts_the_worst_light_first_whatever_its_date(plan: Plan, sign_in: SignIn) -> None:
    for number in range(5):
        plan.task(title=f"绿{number}", due=date(2021, 10, number + 1), frequency="stage")
    plan.task(title="未报", starts=date(2021, 7, 1), due=date(2021, 12, 20))
    plan.task(title="逾期", due=date(2021, 9, 1))
    column = sign_in("leader").get("/plan/tasks/").context["columns"][0]
    assert [task.title for task in column["tasks"]] == ["逾期", "未报", "绿0", "绿1"]


@pytest.mark.parametrize("light", ["", "red", "yellow", "green"])
def test_the_index_and_the_window_pick_the_same(plan: Plan, light: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(6):
        for due in (date(2021, 8, 20 + number % 3), date(2021, 9, 8 + number), date(2021, 11, 1 + number)):
            plan.task(due=due, action=[plan.action, plan.other_action][number % 2], frequency="stage")
    rule, choice, leader = LightRule(), TaskFilter(light=light), plan.world.who("leader")
    counts = light_counts(leader, plan.campaign, TODAY, rule=rule, choice=choice)

    def picked() -> dict[int, list[int]]:
        found = first_tasks(leader, counts, TODAY, rule=rule, choice=choice, each=3)
        return {action: [task.pk for task in tasks] for action, tasks in found.items()}

    by_index = picked()
    monkeypatch.setattr(TaskFilter, "quick", False)
    assert (picked(), sorted(len(keys) for keys in by_index.values())) == (by_index, [3, 3])


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", {"甲厂房", "乙道路", "丙绿化"}),
        ("q=厂房", {"甲厂房"}),
        ("q=a04-01", {"丙绿化"}),
        ("light=red", {"乙道路"}),
        ("light=green", {"甲厂房", "丙绿化"}),
        ("unit=other", {"丙绿化"}),
        ("action=other", {"丙绿化"}),
        ("status=planned", {"甲厂房", "乙道路", "丙绿化"}),
        ("status=done", set()),
        ("light=nonsense&unit=99999&page=77", {"甲厂房", "乙道路", "丙绿化"}),
    ],
)
def test_filters_find_what_they_say(plan: Plan, sign_in: SignIn, query: str, titles: set[str]) -> None:
    plan.task(title="甲厂房", frequency="stage")
    plan.task(title="乙道路", due=date(2021, 8, 1))
    plan.task(title="丙绿化", action=plan.other_action, lead_unit=plan.world.other_bureau, frequency="stage")
    query = query.replace("unit=other", f"unit={plan.world.other_bureau.pk}")
    query = query.replace("action=other", f"action={plan.other_action.pk}")
    seen = sign_in("leader").get(f"/plan/tasks/?view=list&{query}").context
    assert {task.title for task in seen["listing"].rows} == titles
    assert (seen["listing"].count, seen["total"]["total"]) == (len(titles), len(titles))


def test_the_export_holds_the_same_rows_and_runs_no_formula(plan: Plan, sign_in: SignIn) -> None:
    plan.task(title="=cmd|' /C calc'!A0", demo=True)
    plan.task(title="别的", action=plan.other_action)
    response = sign_in("leader").get(f"/plan/tasks/?export=xlsx&action={plan.action.pk}")
    assert "filename*=utf-8''" in response["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell for cell in cells if "cmd" in cell] == ["'=cmd|' /C calc'!A0"]
    mark = "演示数据，不作工作依据"
    assert [cell for cell in cells if cell in {"别的", mark}] == [mark]


def test_a_refused_task_form_keeps_what_was_typed(plan: Plan, sign_in: SignIn) -> None:
    facts = {"title": "道路硬化", "action": plan.action.pk, "lead_unit": plan.world.bureau.pk, "frequency": "weekly"}
    response = sign_in("office").post("/plan/tasks/new/", facts | {"starts": "2021-09-06", "nodes": "看不懂"})
    assert (response.status_code, Task.objects.count()) == (422, 0)
    form = response.context["form"]
    assert (form["title"].value(), form["nodes"].value(), sorted(form.errors)) == ("道路硬化", "看不懂", ["nodes"])
    response = sign_in("office").post("/plan/tasks/new/", facts | {"starts": "2021-09-06"})
    assert (response.status_code, codes(response.context["form"])) == (422, ["due_needed"])


def test_a_task_is_created_with_its_nodes(plan: Plan, sign_in: SignIn) -> None:
    facts = {
        "title": "道路硬化",
        "action": plan.action.pk,
        "lead_unit": plan.world.bureau.pk,
        "frequency": "weekly",
        "starts": "2021-09-06",
        "due": "2021-11-30",
        "nodes": "2021-09-20 完成招标\n10月8日 开工",
    }
    assert sign_in("office").post("/plan/tasks/new/", facts).status_code == 303
    nodes = Task.objects.get().milestones.values_list("due", "title")
    assert list(nodes) == [(date(2021, 9, 20), "完成招标"), (date(2021, 10, 8), "开工")]


def test_a_stale_form_keeps_what_was_typed(plan: Plan, sign_in: SignIn) -> None:
    task, client = plan.task(), sign_in("office")
    page = client.get(f"/plan/tasks/{task.pk}/edit/").context["form"]
    facts = {name: value for name in page.fields if (value := page[name].value())} | {"version": 1}
    assert client.post(f"/plan/tasks/{task.pk}/edit/", facts | {"title": "先改的"}).status_code == 303
    late = client.post(f"/plan/tasks/{task.pk}/edit/", facts | {"title": "后改的"})
    assert (late.status_code, late.context["form"]["title"].value()) == (409, "后改的")
    task.refresh_from_db()
    assert task.title == "先改的"


def test_the_report_form_begins_with_the_last_report(plan: Plan, sign_in: SignIn) -> None:
    task = plan.task()
    progress = report(plan, task, percent=40, problem="用地未批", today=date(2021, 8, 20))
    verbs.approve_progress(by=plan.world.who("reviewer"), today=TODAY, progress=progress)
    page = sign_in("reporter").get(f"/plan/tasks/{task.pk}/report/")
    form = page.context["form"]
    assert (form["percent"].value(), form["problem"].value(), form["text"].value()) == (40, "用地未批", None)
    assert ("涉密事项不得录入" in text(page), "evidence" in form.fields) == (True, False)


def test_a_draft_is_saved_continued_and_submitted(plan: Plan, sign_in: SignIn) -> None:
    task, client = plan.task(), sign_in("reporter")
    facts = {"unit": plan.world.bureau.pk, "percent": 30, "text": "开工"}
    assert client.post(f"/plan/tasks/{task.pk}/report/", facts | {"do": "save"}).status_code == 303
    draft = task.progress.get()
    assert draft.status == "draft"
    again = client.post(f"/plan/tasks/{task.pk}/report/", facts | {"do": "submit"})
    assert (again.status_code, codes(again.context["form"])) == (409, ["already_reported"])
    last = client.post(f"/plan/progress/{draft.pk}/edit/", facts | {"version": draft.version, "percent": 35})
    draft.refresh_from_db()
    assert (last.status_code, draft.status, draft.percent) == (303, "submitted", 35)


def test_a_claim_without_evidence_is_told_what_is_missing(plan: Plan, sign_in: SignIn) -> None:
    task = plan.task(evidence_rule="竣工验收备案表")
    facts = {"unit": plan.world.bureau.pk, "percent": 100, "text": "已竣工", "claims_done": "on"}
    response = sign_in("reporter").post(f"/plan/tasks/{task.pk}/report/", facts)
    form = response.context["form"]
    assert (response.status_code, codes(form), form["text"].value()) == (422, ["evidence_needed"], "已竣工")
    assert task.progress.count() == 0


@pytest.mark.parametrize("percent", ["NaN", "1e400", "百分之五", "101", "-1", "∞", ""])
def test_a_percent_that_is_none_is_refused_in_words(plan: Plan, sign_in: SignIn, percent: str) -> None:
    task = plan.task()
    facts = {"unit": plan.world.bureau.pk, "percent": percent, "text": "开工"}
    response = sign_in("reporter").post(f"/plan/tasks/{task.pk}/report/", facts)
    form = response.context["form"]
    assert (response.status_code, sorted(form.errors), form["percent"].value()) == (422, ["percent"], percent)


def test_returning_without_an_opinion_is_refused_on_the_page(plan: Plan, sign_in: SignIn) -> None:
    progress = report(plan, plan.task())
    response = sign_in("reviewer").post(f"/plan/progress/{progress.pk}/review/", {"decision": "return"})
    assert (response.status_code, codes(response.context["form"])) == (422, ["opinion_needed"])


def test_evidence_is_downloaded_as_a_file(plan: Plan, sign_in: SignIn) -> None:
    data = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
    progress = report(plan, plan.task(), files=[SimpleUploadedFile("备案表.pdf", data)])
    url = f"/plan/progress/{progress.pk}/files/{progress.attachments.get().pk}/"
    response = sign_in("office").get(url)
    body = b"".join(response.streaming_content)  # a synchronous file response
    close(response)
    assert (body, response["X-Content-Type-Options"]) == (data, "nosniff")
    assert response["Content-Disposition"].startswith("attachment")
    assert sign_in("other_reporter").get(url).status_code == 404


def test_the_import_goes_from_upload_to_result(plan: Plan, sign_in: SignIn) -> None:
    client = sign_in("office")
    file = SimpleUploadedFile("分解表.xlsx", workbook(*GOOD, [4, "产业发展大转型", "没有单位", "", "", "", "12月"]))
    shown = client.post("/plan/tasks/import/", {"file": file}, follow=True)
    assert (shown.status_code, shown.context["importable"], shown.context["counts"]["error"]) == (200, 3, 1)
    pk = shown.context["upload"].number
    result = client.post(f"/plan/tasks/import/{pk}/apply/", follow=True)
    assert (result.context["created"], Task.objects.count()) == (3, 3)
    assert client.post(f"/plan/tasks/import/{pk}/apply/").status_code == 409
    assert Task.objects.count() == 3


@pytest.mark.parametrize(
    ("name", "data"), [("空.xlsx", b""), ("坏.xlsx", b"PK\x03\x04xx"), ("图片.png", b"\x89PNG\r\n\x1a\n")]
)
def test_a_bad_upload_is_told_on_the_form(plan: Plan, sign_in: SignIn, name: str, data: bytes) -> None:
    response = sign_in("office").post("/plan/tasks/import/", {"file": SimpleUploadedFile(name, data)})
    assert (response.status_code, len(response.context["form"].errors)) == (422, 1)


def test_too_large_an_upload_is_refused_before_it_is_read(plan: Plan, sign_in: SignIn, settings: Any) -> None:
    settings.UPLOAD_LIMIT = 1024
    file = SimpleUploadedFile("大.xlsx", b"PK" + b"0" * 2000)
    response = sign_in("office").post("/plan/tasks/import/", {"file": file})
    assert (response.status_code, sorted(response.context["form"].errors)) == (422, ["file"])


def test_my_week_asks_each_role_for_its_own(plan: Plan, sign_in: SignIn) -> None:
    due = plan.task(title="本周要报", frequency="weekly", starts=TODAY)
    waiting = plan.task(title="等审")
    report(plan, waiting)
    claimed = claim(plan, plan.task(title="等验"))
    weeks = {asker: sign_in(asker).get("/plan/week/").context["week"] for asker in ("reporter", "reviewer", "office")}
    assert [task.pk for task in weeks["reporter"].to_report.rows] == [due.pk]
    assert [row.task_id for row in weeks["reviewer"].to_review.rows] == [waiting.pk]
    assert [task.pk for task in weeks["office"].to_verify.rows] == [claimed.pk]
    assert (weeks["reporter"].to_verify.rows, weeks["office"].to_report.rows) == ([], [])


def test_invented_rows_are_marked(plan: Plan, sign_in: SignIn) -> None:
    task = plan.task(demo=True)
    pages = ["/plan/tasks/", "/plan/tasks/?view=list", f"/plan/tasks/{task.pk}/"]
    assert ["演示数据" in text(sign_in("leader").get(page)) for page in pages] == [True, True, True]


@pytest.mark.parametrize("part", ["", "report/", "verify/"])
def test_a_page_of_an_invented_task_says_so_to_everybody(plan: Plan, sign_in: SignIn, part: str) -> None:
    """Also to a person who is real: the ribbon follows what is shown, not only who looks."""
    task = claim(plan, plan.task(title="演示")) if part == "verify/" else plan.task(title="演示")
    asker = "reporter" if part == "report/" else "office"
    url = f"/plan/tasks/{task.pk}/{part}"
    assert "ribbon-demo" not in sign_in(asker).get(url).content.decode()
    Task.objects.filter(pk=task.pk).update(demo=True)
    answer = sign_in(asker).get(url)
    assert answer.status_code == 200
    assert "ribbon-demo" in answer.content.decode()

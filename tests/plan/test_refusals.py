"""What the plan refuses beside what test_operations.py tells: a refusal leaves neither a row nor a record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.plan.conftest import STARTS, Plan
from tests.plan.test_imports import GOOD, apply, preview, workbook
from tests.world import TODAY
from yiqi.core.models import AuditRecord, Unit
from yiqi.kit.errors import YiqiError
from yiqi.plan import operations as verbs
from yiqi.plan.models import Action, Campaign, Goal, Milestone, Progress, Task
from yiqi.plan.operations import TASK_SHEET, NewNode, TaskFacts

NODE_DAY, LATE = date(2021, 11, 30), date(2021, 12, 21)


def other(plan: Plan) -> Campaign:
    """Another campaign of the county, with an action and a goal."""
    facts = {"name": "上年行动", "year": 2020, "starts": date(2020, 1, 1), "ends": date(2020, 12, 31)}
    made = Campaign.objects.create(region=plan.world.county, code="YC2020", **facts)
    Action.objects.create(campaign=made, code="A01", name="另一行动")
    Goal.objects.create(campaign=made, code="G01", name="另一目标")
    return made


def elsewhere() -> Unit:
    """A unit of the neighbouring county."""
    return Unit.objects.get(code="QWFGJ")


def node(plan: Plan) -> Milestone:
    """An open node of a task."""
    return plan.task(milestones=[NewNode("竣工", NODE_DAY)]).milestones.get()


def ended(task: Task) -> None:
    """The task was called off."""
    Task.objects.filter(pk=task.pk).update(status="cancelled")


def words(plan: Plan, **facts: Any) -> TaskFacts:
    """What the task says that :class:`Plan` makes."""
    task = plan.task()
    given = TaskFacts(title=task.title, lead_unit=task.lead_unit, starts=task.starts, due=task.due)
    return replace(given, **facts)


def reported(plan: Plan, **facts: Any) -> Progress:
    """The bureau's report on a task, handed in."""
    given = {"task": plan.task(), "unit": plan.world.bureau, "percent": 40, "text": "完成主体结构施工"} | facts
    return verbs.report_progress(by=plan.world.who("reporter"), today=TODAY, **given)


def campaign(plan: Plan) -> dict[str, Any]:
    return {
        "region": plan.world.county,
        "code": "YC2022",
        "name": "下年行动",
        "year": 2022,
        "starts": date(2022, 1, 1),
        "ends": date(2022, 12, 31),
    }


def task_of(plan: Plan, _facts: dict[str, Any]) -> dict[str, Any]:
    return {"action": other(plan).actions.get()}


def report(plan: Plan) -> dict[str, Any]:
    return {"task": plan.task(), "unit": plan.world.bureau, "percent": 40, "text": "完成主体结构施工"}


# verb → who does it usually, and with which facts
VERBS: dict[str, tuple[str, Callable[[Plan], dict[str, Any]]]] = {
    "create_campaign": ("office", campaign),
    "activate_campaign": (
        "office",
        lambda plan: {"campaign": verbs.create_campaign(by=plan.world.who("office"), today=STARTS, **campaign(plan))},
    ),
    "add_goal": ("office", lambda plan: {"campaign": plan.campaign, "code": "G01", "name": "争先进位"}),
    "add_action": ("office", lambda plan: {"campaign": plan.campaign, "code": "A05", "name": "营商环境大优化"}),
    "create_task": (
        "office",
        lambda plan: {
            "campaign": plan.campaign,
            "action": plan.action,
            "title": "厂房建设",
            "lead_unit": plan.world.bureau,
            "starts": STARTS,
            "due": date(2021, 12, 20),
        },
    ),
    "edit_task": ("office", lambda plan: {"facts": words(plan), "task": plan.task()}),
    "add_milestone": ("office", lambda plan: {"task": plan.task(), "title": "完成招标", "due": NODE_DAY}),
    "edit_milestone": ("office", lambda plan: {"milestone": node(plan), "title": "完成招标", "due": NODE_DAY}),
    "remove_milestone": ("office", lambda plan: {"milestone": node(plan)}),
    "save_progress": ("reporter", report),
    "report_progress": ("reporter", report),
    "submit_progress": (
        "reporter",
        lambda plan: {"progress": verbs.save_progress(by=plan.world.who("reporter"), today=TODAY, **report(plan))},
    ),
    "approve_progress": ("reviewer", lambda plan: {"progress": reported(plan)}),
    "return_progress": ("reviewer", lambda plan: {"progress": reported(plan), "opinion": "请补充照片"}),
}


@pytest.mark.parametrize("verb", VERBS)
def test_what_is_refused_below_is_possible_as_it_stands(plan: Plan, verb: str) -> None:
    asker, facts_of = VERBS[verb]
    facts, records = facts_of(plan), AuditRecord.objects.count()
    getattr(verbs, verb)(by=plan.world.who(asker), today=TODAY, **facts)
    assert AuditRecord.objects.count() == records + 1


def approved(plan: Plan, row: Progress) -> None:
    """Somebody was quicker."""
    verbs.approve_progress(by=plan.world.who("reviewer"), today=TODAY, progress=row)


Change = Callable[[Plan, dict[str, Any]], object]
# verb, who if not the usual one, what is different from what is possible, the code of the refusal
CASES: list[tuple[str, str | None, Change, str]] = [
    ("create_campaign", "leader", lambda _plan, _f: None, "not_allowed"),
    ("create_campaign", "outsider", lambda _plan, _f: None, "not_found"),
    ("create_campaign", None, lambda _plan, _f: {"ends": date(2021, 12, 31)}, "ends_before_start"),
    ("create_campaign", None, lambda plan, _f: {"code": plan.campaign.code}, "code_in_use"),
    ("activate_campaign", None, lambda plan, _f: {"campaign": plan.campaign}, "no_such_move"),
    ("add_goal", None, lambda plan, f: verbs.add_goal(by=plan.world.who("office"), today=STARTS, **f), "code_in_use"),
    ("add_goal", "leader", lambda _plan, _f: None, "not_allowed"),
    ("add_goal", "outsider", lambda _plan, _f: None, "not_found"),
    ("add_action", None, lambda plan, _f: {"code": plan.action.code}, "code_in_use"),
    ("add_action", None, lambda _plan, _f: {"lead_unit": elsewhere()}, "unit_elsewhere"),
    ("add_action", None, lambda plan, _f: {"goals": list(other(plan).goals.all())}, "goal_elsewhere"),
    ("create_task", None, task_of, "action_elsewhere"),
    ("create_task", None, lambda _plan, _f: {"lead_unit": elsewhere()}, "unit_elsewhere"),
    ("create_task", None, lambda _plan, _f: {"support_units": [elsewhere()]}, "unit_elsewhere"),
    ("create_task", None, lambda _plan, _f: {"milestones": [NewNode(" ", NODE_DAY)]}, "title_needed"),
    ("edit_task", None, lambda _plan, f: ended(f["task"]), "task_ended"),
    ("edit_task", None, lambda _plan, f: {"facts": replace(f["facts"], title="\t")}, "title_needed"),
    ("add_milestone", None, lambda _plan, f: ended(f["task"]), "task_ended"),
    ("add_milestone", None, lambda _plan, _f: {"due": LATE}, "node_after_due"),
    ("edit_milestone", None, lambda _plan, f: ended(f["milestone"].task), "node_done"),
    ("edit_milestone", None, lambda _plan, f: Milestone.objects.update(done_on=TODAY), "node_done"),
    ("edit_milestone", None, lambda _plan, _f: {"title": ""}, "title_needed"),
    ("edit_milestone", "reporter", lambda _plan, _f: None, "not_allowed"),
    (
        "remove_milestone",
        None,
        lambda plan, f: reported(plan, task=f["milestone"].task, milestone=f["milestone"]),
        "node_reported",
    ),
    ("save_progress", "reviewer", lambda _plan, _f: None, "not_allowed"),
    ("save_progress", "other_reporter", lambda _plan, _f: None, "not_found"),
    ("save_progress", None, lambda _plan, f: ended(f["task"]), "task_not_running"),
    ("report_progress", None, lambda plan, _f: {"milestone": node(plan)}, "node_elsewhere"),
    ("report_progress", None, lambda plan, f: {"progress": reported(plan, task=f["task"])}, "not_editable"),
    ("submit_progress", None, lambda plan, _f: {"progress": reported(plan)}, "no_such_move"),
    ("approve_progress", None, lambda plan, f: approved(plan, f["progress"]), "no_such_move"),
    ("return_progress", None, lambda _plan, _f: {"opinion": " "}, "opinion_needed"),
]


@pytest.mark.parametrize(
    ("verb", "asker", "change", "code"),
    [pytest.param(*row, id=f"{row[0]}-{row[3]}-{number}") for number, row in enumerate(CASES)],
)
def test_what_is_refused(plan: Plan, verb: str, asker: str | None, change: Change, code: str) -> None:
    usual, facts_of = VERBS[verb]
    facts = facts_of(plan)
    told = change(plan, facts)
    facts |= told if isinstance(told, dict) else {}
    before = kept()
    with pytest.raises(YiqiError) as caught:
        getattr(verbs, verb)(**{"by": plan.world.who(asker or usual), "today": TODAY} | facts)
    assert (caught.value.code, kept()) == (code, before)


def kept() -> list[object]:
    """All that an operation of the plan could change."""
    tables = (Campaign, Goal, Action, Task, Milestone, Progress)
    return [AuditRecord.objects.count(), *(list(table.objects.order_by("pk").values()) for table in tables)]


def test_a_supporting_units_returned_report_leaves_the_task_as_it_is(plan: Plan) -> None:
    task = plan.task(support_units=[plan.world.other_bureau])
    row = verbs.report_progress(
        by=plan.world.who("other_reporter"), today=TODAY, task=task, unit=plan.world.other_bureau, percent=90, text="好"
    )
    before = Task.objects.values().get(pk=task.pk)
    verbs.return_progress(by=plan.world.who("other_reviewer"), today=TODAY, progress=row, opinion="请写明数量")
    row.refresh_from_db()
    assert (row.status, Task.objects.values().get(pk=task.pk)) == ("returned", before)


CODED = ["编号", "行动", "工作任务", "具体举措", "牵头单位", "配合单位", "完成时限"]


def coded(*rows: tuple[str, str, str]) -> bytes:
    """A sheet whose tasks have numbers of their own: number, title, due date."""
    lines = [[code, "产业发展大转型", title, "", "发改局", "", due] for code, title, due in rows]
    return workbook(*lines, head=CODED)


def test_a_sheet_is_held_against_the_campaign(plan: Plan) -> None:
    plan.task(code="A03-07")
    row = preview(plan, coded(("A03-07", "铸造行业改造提升", "2021-12-15"), ("A03-08", "早该完成的", "2021-05-15")))
    assert [(found["state"], found["notes"][-1]) for found in row.result["rows"]] == [
        ("error", "编号“A03-07”的任务已在库中"),
        ("error", "完成时限早于专项行动的开始日期2021-06-01"),
    ]


def test_a_number_that_was_taken_since_the_preview_stops_the_import(plan: Plan) -> None:
    row = preview(plan, coded(("A03-07", "铸造行业改造提升", "2021-12-15")))
    plan.task(code="A03-07")
    with pytest.raises(YiqiError) as caught:
        apply(plan, row)
    assert (caught.value.code, "A03-07" in str(caught.value), Task.objects.count()) == ("import_outdated", True, 1)


def test_a_row_that_contradicts_itself_is_named_and_nothing_is_written(plan: Plan) -> None:
    row = preview(plan, workbook(*GOOD))
    row.result["rows"][1]["deadline"] = None  # no reader leaves it so
    row.save()
    with pytest.raises(YiqiError) as caught:
        apply(plan, row)
    assert (caught.value.code, caught.value.data["row"], Task.objects.count()) == ("due_needed", 3, 0)


def test_a_free_number_goes_round_those_that_the_sheet_names(plan: Plan) -> None:
    row = preview(plan, coded(("A03-01", "新建标准化厂房", "2021-12-15"), ("", "铸造行业改造提升", "2021-12-15")))
    assert TASK_SHEET.counts(row)["error"] == 0
    assert [task.code for task in apply(plan, row)] == ["A03-01", "A03-02"]

"""The verbs of the plan: what they write, what they refuse, and the one record that each leaves."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.plan.conftest import STARTS, Plan
from tests.world import TODAY
from yiqi.core.models import AuditRecord
from yiqi.kit.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError, YiqiError
from yiqi.plan import operations as verbs
from yiqi.plan.enums import ProgressStatus, TaskStatus
from yiqi.plan.models import Progress, Task
from yiqi.plan.operations import NewNode, TaskFacts


def trail() -> list[str]:
    return list(AuditRecord.objects.order_by("sequence").values_list("verb", flat=True))


def report(plan: Plan, task: Task, *, asker: str = "reporter", today: date = TODAY, **facts: Any) -> Progress:
    unit = plan.world.bureau if asker in {"reporter", "reviewer"} else plan.world.other_bureau
    facts = {"percent": 40, "text": "完成主体结构施工", "unit": unit} | facts
    return verbs.report_progress(by=plan.world.who(asker), today=today, task=task, **facts)


def claim(plan: Plan, task: Task, *, today: date = TODAY, **facts: Any) -> Task:
    progress = report(plan, task, today=today, percent=100, claims_done=True, **facts)
    verbs.approve_progress(by=plan.world.who("reviewer"), today=today, progress=progress)
    return Task.objects.get(pk=task.pk)


def test_a_task_gets_the_next_code_of_its_action(plan: Plan) -> None:
    assert [plan.task().code, plan.task().code, plan.task(action=plan.other_action).code] == [
        "A03-01",
        "A03-02",
        "A04-01",
    ]


def test_the_number_after_a_gap_is_not_reused(plan: Plan) -> None:
    plan.task(code="A03-09")
    assert plan.task().code == "A03-10"


def test_a_new_task_keeps_its_first_due_date_and_next_dates(plan: Plan) -> None:
    task = plan.task(milestones=[NewNode("完成招标", date(2021, 8, 20))], frequency="weekly")
    assert (task.status, task.first_due, task.next_due, task.next_node, task.report_due) == (
        TaskStatus.PLANNED,
        date(2021, 12, 20),
        date(2021, 8, 20),
        "完成招标",
        date(2021, 7, 4),
    )
    assert [(step.before, step.after, step.by.username) for step in task.changes.all()] == [("", "planned", "office")]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": " "}, "title_needed"),
        ({"due": None}, "due_needed"),
        ({"due": date(2021, 6, 30)}, "due_before_start"),
        ({"milestones": [NewNode("验收", date(2021, 12, 21))]}, "node_after_due"),
        ({"code": "A03-01"}, "code_in_use"),
    ],
)
def test_contradictions_are_refused(plan: Plan, changes: dict[str, Any], code: str) -> None:
    plan.task()
    before = trail()
    with pytest.raises(YiqiError) as caught:
        plan.task(**changes)
    assert (caught.value.code, Task.objects.count(), trail()) == (code, 1, before)


def test_a_lead_unit_does_not_support_itself(plan: Plan) -> None:
    with pytest.raises(InvalidInputError) as caught:
        plan.task(support_units=[plan.world.bureau])
    assert caught.value.code == "lead_supports"


def test_a_closed_campaign_takes_no_task(plan: Plan) -> None:
    verbs.close_campaign(by=plan.world.who("office"), today=TODAY, campaign=plan.campaign)
    with pytest.raises(ConflictError) as caught:
        plan.task()
    assert caught.value.code == "campaign_closed"


def test_the_whole_road_leaves_one_record_a_step(plan: Plan) -> None:
    before = len(trail())
    world, task = plan.world, plan.task(milestones=[NewNode("完成招标", date(2021, 8, 20))])
    node = task.milestones.get()
    draft = verbs.save_progress(
        by=world.who("reporter"), today=STARTS, task=task, unit=world.bureau, percent=30, text="招标", milestone=node
    )
    verbs.submit_progress(by=world.who("reporter"), today=date(2021, 8, 18), progress=draft)
    verbs.return_progress(by=world.who("reviewer"), today=date(2021, 8, 19), progress=draft, opinion="请补充中标价")
    verbs.report_progress(
        by=world.who("reporter"),
        today=date(2021, 8, 23),
        task=task,
        unit=world.bureau,
        percent=35,
        text="招标完成，中标价1200万元",
        milestone=node,
        progress=draft,
        ask="请协调用地",
    )
    verbs.approve_progress(by=world.who("reviewer"), today=date(2021, 8, 24), progress=draft)
    task.refresh_from_db()
    assert (task.status, task.percent, task.needs_decision, task.made_up_late, task.late_days) == (
        "active",
        35,
        True,
        True,
        3,
    )
    assert (task.next_due, task.next_node, task.last_report_on, task.report_due) == (
        date(2021, 12, 20),
        "",
        date(2021, 8, 23),
        date(2021, 9, 30),
    )
    task = claim(plan, task)
    assert (task.status, task.claimed_on, task.needs_decision, task.late_days) == ("claimed", TODAY, False, 0)
    verbs.accept_task(by=world.who("force_head"), today=date(2021, 9, 8), task=task)
    task.refresh_from_db()
    assert (task.status, task.finished_on, task.percent, task.made_up_late) == ("done", date(2021, 9, 8), 100, False)
    assert [step.after for step in task.changes.all()] == ["planned", "active", "claimed", "done"]
    steps = [step.after for step in draft.changes.all()]
    assert steps == ["draft", "submitted", "returned", "submitted", "approved"]
    assert trail()[before:] == [
        "task.create",
        "progress.save",
        "progress.submit",
        "progress.return",
        "progress.report",
        "progress.approve",
        "progress.report",
        "progress.approve",
        "task.accept",
    ]


def test_nobody_approves_their_own_report(plan: Plan) -> None:
    from tests.world import appoint

    appoint(plan.world.people["reporter"], "reviewer", plan.world.bureau, plan.world.county)
    progress = report(plan, plan.task())
    with pytest.raises(NotAllowedError) as caught:
        verbs.approve_progress(by=plan.world.who("reporter"), today=TODAY, progress=progress)
    assert caught.value.code == "own_report"
    progress.refresh_from_db()
    assert progress.status == ProgressStatus.SUBMITTED


def test_a_unit_reports_once(plan: Plan) -> None:
    task = plan.task()
    first = report(plan, task)
    with pytest.raises(ConflictError) as caught:
        report(plan, task)
    assert (caught.value.code, caught.value.data) == ("already_reported", {"progress": first.pk})


def test_a_supporting_unit_reports_but_does_not_move_the_task(plan: Plan) -> None:
    task = plan.task(support_units=[plan.world.other_bureau])
    progress = report(plan, task, asker="other_reporter", percent=90)
    verbs.approve_progress(by=plan.world.who("other_reviewer"), today=TODAY, progress=progress)
    task.refresh_from_db()
    assert (task.status, task.percent, task.last_report_on) == ("planned", 0, None)
    with pytest.raises(InvalidInputError) as caught:
        report(plan, task, asker="other_reporter", claims_done=True)
    assert caught.value.code == "lead_only"


def test_a_claim_needs_the_evidence_that_the_rule_asks_for(plan: Plan) -> None:
    task = plan.task(evidence_rule="竣工验收备案表")
    with pytest.raises(InvalidInputError) as caught:
        claim(plan, task)
    assert (caught.value.code, Progress.objects.count()) == ("evidence_needed", 0)
    pdf = SimpleUploadedFile("备案表.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")
    assert claim(plan, task, files=[pdf]).status == TaskStatus.CLAIMED


@pytest.mark.parametrize(
    ("facts", "code"),
    [({"percent": 101}, "percent_range"), ({"percent": -1}, "percent_range"), ({"text": "  "}, "text_needed")],
)
def test_a_report_that_says_nothing_is_refused(plan: Plan, facts: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        report(plan, plan.task(), **facts)
    assert (caught.value.code, Progress.objects.count()) == (code, 0)


def test_a_refused_claim_goes_on_with_its_deadline(plan: Plan) -> None:
    task = claim(plan, plan.task())
    verbs.refuse_task(by=plan.world.who("office"), today=TODAY, task=task, why="现场未完工")
    task.refresh_from_db()
    assert (task.status, task.claimed_on, task.next_due) == ("active", None, date(2021, 12, 20))


def test_a_late_claim_counts_from_the_day_of_the_claim(plan: Plan) -> None:
    task = claim(plan, plan.task(due=date(2021, 8, 30)))
    verbs.accept_task(by=plan.world.who("office"), today=date(2021, 9, 20), task=task)
    task.refresh_from_db()
    assert (task.made_up_late, task.late_days) == (True, 7)


def test_the_lead_unit_does_not_verify_its_own_task(plan: Plan) -> None:
    from tests.world import appoint

    appoint(plan.world.people["office"], "reporter", plan.world.bureau, plan.world.county)
    task = claim(plan, plan.task())
    with pytest.raises(NotAllowedError) as caught:
        verbs.accept_task(by=plan.world.who("office"), today=TODAY, task=task)
    assert caught.value.code == "own_task"


def test_accepting_closes_the_nodes_on_the_day_of_the_claim(plan: Plan) -> None:
    task = claim(plan, plan.task(milestones=[NewNode("竣工", date(2021, 11, 30))]))
    verbs.accept_task(by=plan.world.who("office"), today=date(2021, 9, 8), task=task)
    assert task.milestones.get().done_on == TODAY


def test_the_life_of_a_task(plan: Plan) -> None:
    office, task = plan.world.who("office"), plan.task()
    assert verbs.start_task(by=office, today=TODAY, task=task).status == "active"
    held = verbs.suspend_task(by=office, today=TODAY, task=task, why="政策调整")
    assert (held.status, held.next_due, held.report_due) == ("suspended", None, None)
    assert verbs.start_task(by=office, today=TODAY, task=task).next_due == date(2021, 12, 20)
    assert verbs.cancel_task(by=office, today=TODAY, task=task, why="并入A03-02").status == "cancelled"
    with pytest.raises(ConflictError) as caught:
        verbs.start_task(by=office, today=TODAY, task=task)
    assert (caught.value.code, caught.value.data) == ("no_such_move", {"before": "cancelled", "after": "active"})


def test_holding_up_or_calling_off_needs_a_reason(plan: Plan) -> None:
    office, task = plan.world.who("office"), plan.task()
    for verb in (verbs.suspend_task, verbs.cancel_task):
        with pytest.raises(InvalidInputError) as caught:
            verb(by=office, today=TODAY, task=task, why=" ")
        assert caught.value.code == "why_needed"


def test_a_reopened_task_is_active_again(plan: Plan) -> None:
    office = plan.world.who("office")
    task = verbs.accept_task(by=office, today=TODAY, task=claim(plan, plan.task()))
    task = verbs.reopen_task(by=office, today=TODAY, task=task, why="问题反弹")
    assert (task.status, task.claimed_on, task.finished_on) == ("active", None, None)


def facts(plan: Plan, **changes: Any) -> TaskFacts:
    given = {"title": "新名称", "lead_unit": plan.world.bureau, "starts": STARTS, "due": date(2021, 11, 30)}
    return TaskFacts(**(given | changes))


def test_editing_keeps_the_first_due_date_and_records_what_changed(plan: Plan) -> None:
    task = verbs.edit_task(by=plan.world.who("office"), today=TODAY, task=plan.task(), facts=facts(plan), version=1)
    assert (task.title, task.due, task.first_due, task.next_due, task.version) == (
        "新名称",
        date(2021, 11, 30),
        date(2021, 12, 20),
        date(2021, 11, 30),
        2,
    )
    row = AuditRecord.objects.get(verb="task.edit")
    assert (row.before, row.after) == (
        {"title": "汽车零部件产业园标准化厂房建设", "due": "2021-12-20"},
        {"title": "新名称", "due": "2021-11-30"},
    )


def test_a_stale_form_is_told_so(plan: Plan) -> None:
    task, office = plan.task(), plan.world.who("office")
    verbs.edit_task(by=office, today=TODAY, task=task, facts=facts(plan), version=1)
    with pytest.raises(ConflictError) as caught:
        verbs.edit_task(by=office, today=TODAY, task=task, facts=facts(plan, title="别的名称"), version=1)
    assert caught.value.code == "stale_form"


def test_nodes_are_added_moved_and_removed(plan: Plan) -> None:
    office, task = plan.world.who("office"), plan.task()
    node = verbs.add_milestone(by=office, today=TODAY, task=task, title="完成招标", due=date(2021, 9, 20))
    task.refresh_from_db()
    assert (task.next_due, task.next_node) == (date(2021, 9, 20), "完成招标")
    verbs.edit_milestone(by=office, today=TODAY, milestone=node, title="完成招标", due=date(2021, 10, 8))
    task.refresh_from_db()
    assert task.next_due == date(2021, 10, 8)
    verbs.remove_milestone(by=office, today=TODAY, milestone=node)
    task.refresh_from_db()
    assert (task.next_due, task.milestones.count()) == (date(2021, 12, 20), 0)


def test_a_deadline_cannot_pass_below_a_node(plan: Plan) -> None:
    task = plan.task(milestones=[NewNode("竣工", date(2021, 12, 10))])
    with pytest.raises(InvalidInputError) as caught:
        verbs.edit_task(by=plan.world.who("office"), today=TODAY, task=task, facts=facts(plan))
    assert caught.value.code == "node_after_due"


@pytest.mark.parametrize("verb", ["start_task", "suspend_task", "cancel_task", "reopen_task"])
@pytest.mark.parametrize(
    ("asker", "error"),
    [
        ("leader", NotAllowedError),
        ("force_head", NotAllowedError),
        ("reporter", NotAllowedError),
        ("reviewer", NotAllowedError),
        ("auditor", NotAllowedError),
        ("admin", NotFoundError),
        ("other_reporter", NotFoundError),
        ("outsider", NotFoundError),
    ],
)
def test_only_the_office_moves_tasks(plan: Plan, verb: str, asker: str, error: type[YiqiError]) -> None:
    task = plan.task()
    before = trail()
    with pytest.raises(error):
        getattr(verbs, verb)(by=plan.world.who(asker), today=TODAY, task=task, why="试")
    assert trail() == before

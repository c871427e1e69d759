"""Subjects: what is pointed at by kind and id, seen only by whoever may see it."""

from __future__ import annotations

import pytest

from tests.dispatch.conftest import Drive
from tests.world import TODAY
from yiqi.core.subjects import Ref, named, subject, subjects
from yiqi.dispatch.models import AgendaItem, Directive
from yiqi.dispatch.operations import give_directive
from yiqi.kit.errors import NotFoundError


@pytest.mark.parametrize("text", ["", "plan.task", "plan.task:", "plan.task:x", "plan.nothing:5", "plan.task:-1"])
def test_an_address_that_names_nothing_is_nothing(text: str) -> None:
    assert Ref.read(text) is None


def test_a_reference_reads_as_it_is_written() -> None:
    assert Ref.read(str(Ref("plan.task", 5))) == ("plan.task", 5)


def test_outside_of_the_scope_there_is_a_name_and_no_address(drive: Drive) -> None:
    task = drive.task(unit=drive.world.other_bureau)
    ref = Ref("plan.task", task.pk)
    office, reporter = drive.world.who("office"), drive.world.who("reporter")
    seen = subject(office, ref)
    assert seen is not None
    assert (seen.told.label, seen.url) == (f"{task.code} {task.title}", f"/plan/tasks/{task.pk}/")
    assert (subject(reporter, ref), subjects(reporter, "plan.task", [task.pk])) == (None, [])
    assert [(one.told.label, one.url) for one in named(reporter, [(ref, None)])] == [(f"{task.code} {task.title}", "")]
    assert [one.url for one in named(reporter, [(ref, task)])] == [""]
    assert [one.url for one in named(office, [(ref, task)])] == [seen.url]
    assert named(office, [(Ref("plan.task", 0), None)]) == []
    with pytest.raises(NotFoundError):
        subjects(office, "plan.nothing", [1])


def test_a_directive_points_at_a_known_kind_by_its_own_column_and_at_others_by_two(drive: Drive) -> None:
    task = drive.task()
    facts = {"by": drive.world.who("office"), "today": TODAY, "campaign": drive.campaign, "unit": drive.world.bureau}
    about_task = give_directive(title="甲", subject=Ref("plan.task", task.pk), **facts)
    report = Ref("plan.progress", drive.progress(task).pk)
    about_report = give_directive(title="乙", subject=report, **facts)
    assert (about_task.task_id, about_task.subject_kind, about_task.refs) == (task.pk, "", (Ref("plan.task", task.pk),))
    assert (about_report.task_id, about_report.refs) == (None, (report,))
    assert AgendaItem.pointing_at(None) == {}
    columns = Directive.pointing_at(Ref("dispatch.directive", 3))
    assert columns == {"subject_kind": "dispatch.directive", "subject_id": 3}


@pytest.mark.parametrize("kind", ["plan.task", "appraisal.indicator", "plan.progress", "plan.nothing"])
def test_a_directive_is_about_nothing_that_is_not_there_or_not_in_scope(drive: Drive, kind: str) -> None:
    facts = {"by": drive.world.who("office"), "today": TODAY, "campaign": drive.campaign, "unit": drive.world.bureau}
    with pytest.raises(NotFoundError):
        give_directive(title="甲", subject=Ref(kind, 999_999), **facts)
    assert Directive.objects.count() == 0

"""Truth tables of the predicates: every role against every rule."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.dispatch.conftest import Drive
from tests.world import TODAY
from yiqi.core.rules import Mandate
from yiqi.dispatch import rules
from yiqi.dispatch.models import Directive, Report

ASKERS = (
    "leader", "office", "second_office", "force_head", "force_staff", "other_force_head",
    "reporter", "reviewer", "other_reporter", "auditor", "admin", "outsider",
)  # fmt: skip
Ask = Callable[[Mandate, Drive, Directive], bool]


def report_of(drive: Drive) -> Report:
    return Report(drafted_by=drive.world.people["office"], region=drive.world.county)


TABLE: dict[str, tuple[Ask, set[str]]] = {
    "runs_dispatch": (
        lambda who, drive, row: rules.runs_dispatch(who, row.region_id),
        {"leader", "office", "second_office"},
    ),
    "prepares_dispatch": (
        lambda who, drive, row: rules.prepares_dispatch(who, row.region_id),
        {"leader", "office", "second_office", "force_head", "force_staff", "other_force_head"},
    ),
    "serves_force": (lambda who, drive, row: rules.serves_force(who, drive.force), {"force_head", "force_staff"}),
    "serves_no_force": (lambda who, drive, row: rules.serves_force(who, None), set()),
    "heads_force": (lambda who, drive, row: rules.heads_force(who, drive.force), {"force_head"}),
    "can_record": (
        lambda who, drive, row: rules.can_record(who, drive.force, row.region_id),
        {"leader", "office", "second_office", "force_head", "force_staff"},
    ),
    "can_record_for_nobody": (
        lambda who, drive, row: rules.can_record(who, None, row.region_id),
        {"leader", "office", "second_office"},
    ),
    "can_propose": (
        lambda who, drive, row: rules.can_propose(who, drive.force, row.region_id),
        {"leader", "office", "second_office", "force_head", "force_staff"},
    ),
    "can_assign": (
        lambda who, drive, row: rules.can_assign(who, drive.force, row.region_id),
        {"leader", "office", "second_office", "force_head"},
    ),
    "belongs_to_doer": (lambda who, drive, row: rules.belongs_to_doer(who, row), {"reporter", "reviewer"}),
    "can_answer": (lambda who, drive, row: rules.can_answer(who, row), {"reporter", "reviewer"}),
    "can_review": (
        lambda who, drive, row: rules.can_review(who, row),
        {"leader", "office", "second_office", "force_head"},
    ),
    "can_rate": (
        lambda who, drive, row: rules.can_rate(who, row),
        {"leader", "office", "second_office", "force_head"},
    ),
    "can_decide_extension": (
        lambda who, drive, row: rules.can_decide_extension(who, row),
        {"leader", "office", "second_office"},
    ),
    "can_draft_report": (
        lambda who, drive, row: rules.can_draft_report(who, row.region_id),
        {"office", "second_office"},
    ),
    "can_sign_report": (
        lambda who, drive, row: rules.can_sign_report(who, report_of(drive)),
        {"leader", "second_office"},
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_truth_table(drive: Drive, name: str) -> None:
    ask, expected = TABLE[name]
    # given by the leader for the first task force to the bureau
    row = drive.directive(by="leader", force=drive.force)
    assert {asker for asker in ASKERS if ask(drive.world.who(asker), drive, row)} == expected


def test_nobody_judges_their_own_unit_whatever_else_they_are(drive: Drive) -> None:
    row = drive.directive(by="leader", unit=drive.world.office)
    office = drive.world.who("office", TODAY)
    answers = [rules.can_review(office, row), rules.can_rate(office, row), rules.can_decide_extension(office, row)]
    assert answers == [False, False, False]

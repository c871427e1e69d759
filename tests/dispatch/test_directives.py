"""The life of a directive: every step, who may take it, the clocks, the extensions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.dispatch.conftest import Drive
from tests.world import TODAY
from yiqi.core.models import AuditRecord
from yiqi.dispatch.enums import TURNS, DirectiveStatus, ExtensionStatus, Rating, Weight
from yiqi.dispatch.models import Directive
from yiqi.dispatch.operations import (
    accept_directive,
    ask_extension,
    assign_directive,
    decide_extension,
    feed_back,
    propose_directive,
    rate_directive,
    review_directive,
)
from yiqi.kit.errors import ConflictError, InvalidInputError, NotAllowedError, YiqiError

DAY = timedelta(days=1)


def test_the_whole_life_is_appended_step_by_step(drive: Drive) -> None:
    unit, office = drive.world.who("reporter"), drive.world.who("office")
    row = drive.directive()
    accept_directive(by=unit, today=TODAY, directive=row)
    feed_back(by=unit, today=TODAY + DAY, directive=row, text="已部署", finished=False)
    feed_back(by=unit, today=TODAY + 3 * DAY, directive=row, text="已完成")
    review_directive(by=office, today=TODAY + 4 * DAY, directive=row, passed=False, text="缺少照片")
    feed_back(by=unit, today=TODAY + 5 * DAY, directive=row, text="补充照片")
    review_directive(by=office, today=TODAY + 9 * DAY, directive=row, passed=True)
    rate_directive(by=office, today=TODAY + 9 * DAY, directive=row, rating=Rating.GOOD)
    row.refresh_from_db()
    assert [(step.before, step.after) for step in row.steps.all()] == [
        ("", "draft"),
        ("draft", "assigned"),
        ("assigned", "accepted"),
        ("accepted", "accepted"),
        ("accepted", "feedback"),
        ("feedback", "returned"),
        ("returned", "feedback"),
        ("feedback", "done"),
        ("done", "closed"),
    ]
    # done on the day it was handed in: the reviewer's delay is not the unit's
    assert (row.first_feedback_on, row.done_on, row.rating) == (TODAY + DAY, TODAY + 5 * DAY, Rating.GOOD)
    verbs = (
        AuditRecord.objects.filter(target_type="dispatch.Directive").order_by("sequence").values_list("verb", flat=True)
    )
    assert list(verbs) == [
        "directive.give",
        "directive.accept",
        "directive.feed_back",
        "directive.feed_back",
        "directive.review",
        "directive.feed_back",
        "directive.review",
        "directive.rate",
    ]


def test_each_state_says_whose_turn_it_is_and_what_it_allows() -> None:
    """A new state stands in both tables (``enums.TURNS``, and ``ALLOWED`` below)."""
    assert (set(TURNS), set(ALLOWED)) == (set(DirectiveStatus.values), set(DirectiveStatus.values))


STEPS: dict[str, Callable[..., Any]] = {
    DirectiveStatus.ASSIGNED: lambda by, row: assign_directive(by=by("office"), today=TODAY, directive=row),
    DirectiveStatus.ACCEPTED: lambda by, row: accept_directive(by=by("reporter"), today=TODAY, directive=row),
    DirectiveStatus.FEEDBACK: lambda by, row: feed_back(by=by("reporter"), today=TODAY, directive=row, text="完成"),
    DirectiveStatus.RETURNED: lambda by, row: review_directive(
        by=by("office"), today=TODAY, directive=row, passed=False, text="补充"
    ),
    DirectiveStatus.DONE: lambda by, row: review_directive(by=by("office"), today=TODAY, directive=row, passed=True),
    DirectiveStatus.CLOSED: lambda by, row: rate_directive(
        by=by("office"), today=TODAY, directive=row, rating=Rating.PASS
    ),
}


ALLOWED: dict[str, set[str]] = {
    DirectiveStatus.DRAFT: {DirectiveStatus.ASSIGNED},
    DirectiveStatus.ASSIGNED: {DirectiveStatus.ACCEPTED},
    DirectiveStatus.ACCEPTED: {DirectiveStatus.FEEDBACK},
    DirectiveStatus.FEEDBACK: {DirectiveStatus.RETURNED, DirectiveStatus.DONE},
    DirectiveStatus.RETURNED: {DirectiveStatus.FEEDBACK},
    DirectiveStatus.DONE: {DirectiveStatus.CLOSED, DirectiveStatus.RETURNED},
    DirectiveStatus.CLOSED: set(),
}


@pytest.mark.parametrize("state", DirectiveStatus.values)
@pytest.mark.parametrize("wanted", list(STEPS))
def test_each_state_allows_its_moves_and_no_other(drive: Drive, state: str, wanted: str) -> None:
    row = drive.directive()
    Directive.objects.filter(pk=row.pk).update(status=state)
    allowed = wanted in ALLOWED.get(state, set())
    try:
        STEPS[wanted](drive.world.who, row)
    except YiqiError:
        moved = False
    else:
        moved = True
    row.refresh_from_db()
    assert (moved, row.status) == (allowed, wanted if allowed else state)


def test_the_doer_neither_reviews_nor_rates_nor_grants(drive: Drive) -> None:
    row = drive.directive(unit=drive.world.office)  # the office itself has to do it
    office, leader = drive.world.who("second_office"), drive.world.who("office")
    Directive.objects.filter(pk=row.pk).update(status=DirectiveStatus.FEEDBACK)
    with pytest.raises(NotAllowedError) as caught:
        review_directive(by=office, today=TODAY, directive=row, passed=True)
    assert caught.value.code == "own_work"
    Directive.objects.filter(pk=row.pk).update(status=DirectiveStatus.DONE)
    with pytest.raises(NotAllowedError) as caught:
        rate_directive(by=leader, today=TODAY, directive=row, rating=Rating.GOOD)
    assert caught.value.code == "own_work"


def test_a_force_proposes_and_its_head_assigns(drive: Drive) -> None:
    staff, head = drive.world.who("force_staff"), drive.world.who("force_head")
    row = propose_directive(
        by=staff, today=TODAY, campaign=drive.campaign, title="核查", unit=drive.world.bureau, force=drive.force
    )
    with pytest.raises(NotAllowedError):
        assign_directive(by=staff, today=TODAY, directive=row)
    assign_directive(by=head, today=TODAY + 2 * DAY, directive=row)
    row.refresh_from_db()
    assert (row.status, row.assigned_by, row.due, row.first_due) == (
        "assigned", head.person, TODAY + 9 * DAY, TODAY + 9 * DAY,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("by_hand", "given", "due"),
    [
        (None, 2 * DAY, 9 * DAY),  # the clock of seven days begins when it is given
        (20 * DAY, 2 * DAY, 20 * DAY),  # set by hand and ahead: it stays
        (3 * DAY, 5 * DAY, 12 * DAY),  # set by hand and gone by: the clock again
    ],
)
def test_a_due_date_set_by_hand_stays_if_it_lies_ahead(
    drive: Drive, by_hand: timedelta | None, given: timedelta, due: timedelta
) -> None:
    office = drive.world.who("office")
    row = propose_directive(
        by=office,
        today=TODAY,
        campaign=drive.campaign,
        title="核查",
        unit=drive.world.bureau,
        due=TODAY + by_hand if by_hand else None,
    )
    assign_directive(by=office, today=TODAY + given, directive=row)
    row.refresh_from_db()
    assert (row.due, row.first_due, row.feedback_due <= row.due) == (TODAY + due, TODAY + due, True)


def test_extensions_move_the_due_date_twice_and_keep_the_first(drive: Drive) -> None:
    unit, office = drive.world.who("reviewer"), drive.world.who("office")
    row = drive.directive()
    first = row.due
    for days in (7, 14):
        wish = ask_extension(by=unit, today=TODAY, directive=row, new_due=first + days * DAY, reason="设备未到")
        with pytest.raises(ConflictError) as caught:
            ask_extension(by=unit, today=TODAY, directive=row, new_due=first + 30 * DAY, reason="再延")
        assert caught.value.code == "already_asked"
        decide_extension(by=office, today=TODAY, extension=wish, granted=True)
    row.refresh_from_db()
    assert (row.first_due, row.due) == (first, first + 14 * DAY)
    with pytest.raises(ConflictError) as caught:
        ask_extension(by=unit, today=TODAY, directive=row, new_due=first + 30 * DAY, reason="三延")
    assert caught.value.code == "extensions_used_up"


def test_an_extension_is_asked_before_the_due_date_is_over(drive: Drive) -> None:
    unit = drive.world.who("reporter")
    row = drive.directive()
    with pytest.raises(ConflictError) as caught:
        ask_extension(by=unit, today=row.due + DAY, directive=row, new_due=row.due + 9 * DAY, reason="迟")
    assert caught.value.code == "asked_too_late"
    asked = ask_extension(by=unit, today=row.due, directive=row, new_due=row.due + 9 * DAY, reason="当天")
    with pytest.raises(InvalidInputError) as refused:
        decide_extension(by=drive.world.who("office"), today=row.due, extension=asked, granted=False)
    assert refused.value.code == "opinion_needed"
    decide_extension(by=drive.world.who("office"), today=row.due, extension=asked, granted=False, opinion="抓紧")
    row.refresh_from_db()
    assert (asked.__class__.objects.get().status, row.due) == (ExtensionStatus.REFUSED, row.first_due)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"title": "  "}, "title_needed"),
        ({"due": date(2021, 9, 5)}, "due_in_past"),
        ({"weight": "heavy"}, "weight_unknown"),
    ],
)
def test_wrong_facts_are_refused(drive: Drive, facts: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        drive.directive(**facts)
    assert (caught.value.code, Directive.objects.count()) == (code, 0)


def test_what_is_no_fact_of_a_directive_is_a_mistake_of_the_program(drive: Drive) -> None:
    with pytest.raises(TypeError, match=r"\['colour'\]"):
        drive.directive(colour="red")
    assert Directive.objects.count() == 0


def test_a_stale_form_changes_nothing(drive: Drive) -> None:
    row = drive.directive()
    accept_directive(by=drive.world.who("reporter"), today=TODAY, directive=row, version=row.version)
    with pytest.raises(ConflictError) as caught:
        feed_back(by=drive.world.who("reporter"), today=TODAY, directive=row, text="好", version=row.version)
    assert caught.value.code == "stale_form"


def test_codes_run_on(drive: Drive) -> None:
    codes = [drive.directive(weight=weight).code for weight in (Weight.ORDINARY, Weight.MAJOR)]
    assert codes == ["DB2021-0001", "DB2021-0002"]

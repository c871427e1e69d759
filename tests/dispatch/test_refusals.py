"""What dispatch refuses: whom, when, and which facts; a refusal leaves neither a row nor a record in the trail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tests.dispatch.conftest import MONDAY, Drive
from tests.world import TODAY
from yiqi.core.enums import UnitKind
from yiqi.core.models import AuditRecord, Unit
from yiqi.dispatch.enums import AgendaStatus, DirectiveStatus, Opening
from yiqi.dispatch.models import AgendaItem, Directive, Extension, Report, TaskForce, Week
from yiqi.dispatch.operations import (
    accept_directive,
    add_item,
    ask_extension,
    assign_directive,
    close_week,
    create_force,
    decide_extension,
    decide_item,
    draft_report,
    edit_report,
    feed_back,
    give_directive,
    open_week,
    propose_directive,
    rate_directive,
    redraw_agenda,
    review_directive,
    sign_report,
)
from yiqi.kit.errors import YiqiError
from yiqi.plan.enums import CampaignStatus
from yiqi.plan.models import Action, Campaign

DAY, WEEK = timedelta(days=1), timedelta(days=7)
Attempt = Callable[[Drive, dict[str, Any]], object]


def other_campaign(drive: Drive) -> Campaign:
    """Another active campaign of the county."""
    return Campaign.objects.create(
        region=drive.world.county,
        code="YC2020",
        name="上年行动",
        year=2020,
        starts=date(2020, 1, 1),
        ends=date(2021, 12, 31),
        status=CampaignStatus.ACTIVE,
    )


def the_week(drive: Drive) -> Week:
    """The open week, with one item of a red task of the first task force."""
    drive.task(next_due=TODAY - 3 * DAY)
    office = drive.world.who("office")
    return open_week(by=office, today=TODAY, campaign=drive.campaign, how=Opening.HAND)


def the_item(drive: Drive) -> AgendaItem:
    """The item of that week."""
    return the_week(drive).items.get()


def at(drive: Drive, status: str, **facts: Any) -> Directive:
    """A directive of the first task force in that state."""
    row = drive.directive(force=drive.force, **facts)
    Directive.objects.filter(pk=row.pk).update(status=status)
    row.refresh_from_db()
    return row


def asked(drive: Drive) -> Extension:
    """A wish of the bureau for another week."""
    row = at(drive, DirectiveStatus.ACCEPTED)
    return ask_extension(
        by=drive.world.who("reporter"), today=TODAY, directive=row, new_due=row.due + WEEK, reason="设备未到"
    )


def the_report(drive: Drive) -> Report:
    """A draft."""
    office = drive.world.who("office")
    return draft_report(by=office, today=TODAY, campaign=drive.campaign, starts=TODAY - WEEK, ends=TODAY)


def new_week(drive: Drive) -> dict[str, Any]:
    return {"campaign": drive.campaign, "how": Opening.HAND}


def new_force(drive: Drive) -> dict[str, Any]:
    unit = Unit.objects.create(region=drive.world.county, code="ZB9", name="民生专班", kind=UnitKind.FORCE)
    return {"campaign": drive.campaign, "unit": unit, "code": "ZB9", "order": 9}


def new_matter(drive: Drive) -> dict[str, Any]:
    return {"campaign": drive.campaign, "title": "完成招标", "unit": drive.world.bureau, "force": drive.force}


def new_wish(drive: Drive) -> dict[str, Any]:
    row = at(drive, DirectiveStatus.ACCEPTED)
    return {"directive": row, "new_due": row.due + WEEK, "reason": "设备未到"}


# verb → (operation, the facts with which the office, or who is named, may do it)
VERBS: dict[str, tuple[Callable[..., Any], str, Callable[[Drive], dict[str, Any]]]] = {
    "open": (open_week, "office", new_week),
    "redraw": (redraw_agenda, "office", lambda drive: {"week": the_week(drive)}),
    "close": (close_week, "office", lambda drive: {"week": the_week(drive)}),
    "add": (add_item, "office", lambda drive: {"week": the_week(drive), "title": "防汛准备"}),
    "decide": (
        decide_item,
        "office",
        lambda drive: {"item": the_item(drive), "decision": "限期完成", "status": AgendaStatus.DECIDED},
    ),
    "force": (create_force, "office", new_force),
    "propose": (propose_directive, "office", new_matter),
    "give": (give_directive, "office", new_matter),
    "assign": (assign_directive, "office", lambda drive: {"directive": at(drive, DirectiveStatus.DRAFT)}),
    "accept": (accept_directive, "reporter", lambda drive: {"directive": at(drive, DirectiveStatus.ASSIGNED)}),
    "feed_back": (
        feed_back,
        "reporter",
        lambda drive: {"directive": at(drive, DirectiveStatus.ACCEPTED), "text": "已完成"},
    ),
    "review": (
        review_directive,
        "office",
        lambda drive: {"directive": at(drive, DirectiveStatus.FEEDBACK), "passed": True},
    ),
    "rate": (
        rate_directive,
        "office",
        lambda drive: {"directive": at(drive, DirectiveStatus.DONE), "rating": "good"},
    ),
    "ask": (ask_extension, "reporter", new_wish),
    "grant": (decide_extension, "office", lambda drive: {"extension": asked(drive), "granted": True}),
    "draft": (
        draft_report,
        "office",
        lambda drive: {"campaign": drive.campaign, "starts": TODAY - WEEK, "ends": TODAY},
    ),
    "edit": (edit_report, "office", lambda drive: {"report": the_report(drive), "title": "改后的标题"}),
}


def kept() -> list[object]:
    """All that an operation of dispatch could change."""
    tables = (Week, AgendaItem, Directive, Extension, Report, TaskForce)
    return [AuditRecord.objects.count(), *(list(table.objects.order_by("pk").values()) for table in tables)]


def refused(drive: Drive, verb: str, asker: str | None, changes: Callable[[Drive, dict[str, Any]], object]) -> str:
    """The code with which a verb is refused; nothing is left behind."""
    operation, usual, facts_of = VERBS[verb]
    facts = facts_of(drive)
    told = changes(drive, facts)
    facts |= told if isinstance(told, dict) else {}
    before = kept()
    with pytest.raises(YiqiError) as caught:
        operation(**{"by": drive.world.who(asker or usual), "today": TODAY} | facts)
    assert kept() == before
    return caught.value.code


@pytest.mark.parametrize("verb", VERBS)
def test_what_is_refused_below_is_possible_as_it_stands(drive: Drive, verb: str) -> None:
    operation, asker, facts = VERBS[verb]
    given = facts(drive)
    records = AuditRecord.objects.count()
    operation(by=drive.world.who(asker), today=TODAY, **given)
    assert AuditRecord.objects.count() == records + 1


# who sees the thing and may not: 403; who does not see it: as if it were not there
PEOPLE = {
    "open": {"force_head": "not_allowed", "auditor": "not_allowed", "admin": "not_found", "outsider": "not_found"},
    "redraw": {"force_head": "not_allowed", "reporter": "not_found", "outsider": "not_found"},
    "close": {"force_staff": "not_allowed", "reporter": "not_found", "outsider": "not_found"},
    "add": {"force_head": "not_allowed", "auditor": "not_found", "outsider": "not_found"},
    "decide": {"reporter": "not_found", "other_force_head": "not_found", "auditor": "not_found"},
    "force": {"leader": "not_allowed", "force_head": "not_allowed", "outsider": "not_found"},
    "propose": {"other_force_head": "not_allowed", "reporter": "not_allowed", "outsider": "not_found"},
    "give": {"force_staff": "not_allowed", "other_force_head": "not_allowed", "outsider": "not_found"},
    "assign": {"force_staff": "not_allowed", "reporter": "not_found", "outsider": "not_found"},
    "accept": {"office": "not_allowed", "force_head": "not_allowed", "other_reporter": "not_found"},
    "feed_back": {"leader": "not_allowed", "other_reviewer": "not_found"},
    "review": {"reviewer": "own_work", "force_staff": "not_allowed", "other_reporter": "not_found"},
    "rate": {"reporter": "own_work", "force_staff": "not_allowed", "outsider": "not_found"},
    "ask": {"office": "not_allowed", "other_reporter": "not_found"},
    "grant": {"reviewer": "own_work", "force_head": "not_allowed", "other_reporter": "not_found"},
    "draft": {"leader": "not_allowed", "reporter": "not_allowed", "outsider": "not_found"},
    "edit": {"leader": "not_allowed", "force_head": "not_found", "outsider": "not_found"},
}


@pytest.mark.parametrize(
    ("verb", "asker", "code"), [(verb, asker, code) for verb, row in PEOPLE.items() for asker, code in row.items()]
)
def test_who_may_not(drive: Drive, verb: str, asker: str, code: str) -> None:
    assert refused(drive, verb, asker, lambda _drive, _facts: {}) == code


def close(drive: Drive, week: Week) -> Week:
    """That week is over."""
    return close_week(by=drive.world.who("office"), today=TODAY, week=week)


def moved(drive: Drive, row: Directive, status: str) -> None:
    """Somebody was quicker."""
    Directive.objects.filter(pk=row.pk).update(status=status)


def decided(drive: Drive, wish: Extension) -> None:
    """It has its answer."""
    office = drive.world.who("office")
    decide_extension(by=office, today=TODAY, extension=wish, granted=False, opinion="抓紧")


def signed(drive: Drive, report: Report) -> None:
    """It is signed: without texts that are to be filled in."""
    texts = [(part["key"], "按计划推进。") for part in report.sections]
    edit_report(by=drive.world.who("office"), today=TODAY, report=report, sections=texts)
    sign_report(by=drive.world.who("leader"), today=TODAY, report=report)


def on_agenda(drive: Drive, facts: dict[str, Any]) -> dict[str, Any]:
    """A task that the agenda has."""
    return {"task": facts["week"].items.get().task}


def foreign_force(drive: Drive) -> TaskForce:
    """A task force of another campaign."""
    return TaskForce.objects.create(campaign=other_campaign(drive), unit=new_force(drive)["unit"], code="Z9", order=9)


def foreign_action(drive: Drive) -> Action:
    """An action of another campaign."""
    return Action.objects.create(campaign=other_campaign(drive), code="A01", name="另一行动")


def campaign_over(_drive: Drive, facts: dict[str, Any]) -> None:
    """Somebody closed it since the page was drawn."""
    Campaign.objects.filter(pk=facts["campaign"].pk).update(status=CampaignStatus.CLOSED)


def closed_one(drive: Drive, _facts: dict[str, Any]) -> dict[str, Any]:
    """A week that is over."""
    return {"week": close(drive, the_week(drive))}


STATES: dict[str, list[tuple[str, Attempt]]] = {
    "open": [
        ("campaign_not_active", campaign_over),
        ("week_closed", lambda drive, _f: {"monday": close(drive, the_week(drive)).monday}),
        ("previous_open", lambda drive, _f: {"monday": the_week(drive).monday + WEEK}),
    ],
    "redraw": [("week_closed", lambda drive, f: close(drive, f["week"])), ("stale_form", lambda _d, f: {"version": 0})],
    "close": [("week_closed", lambda drive, f: close(drive, f["week"])), ("stale_form", lambda _d, f: {"version": 0})],
    "add": [("week_closed", lambda drive, f: close(drive, f["week"])), ("task_on_agenda", on_agenda)],
    "decide": [
        ("week_closed", lambda drive, f: close(drive, f["item"].week)),
        ("stale_form", lambda _drive, _f: {"version": 0}),
    ],
    "force": [
        ("force_exists", lambda drive, _f: {"code": drive.force.code}),
        ("force_exists", lambda drive, _f: {"unit": drive.force.unit}),
    ],
    "give": [("week_closed", closed_one)],
    "assign": [("step_not_possible", lambda drive, f: moved(drive, f["directive"], DirectiveStatus.ASSIGNED))],
    "ask": [
        ("not_in_hand", lambda drive, f: moved(drive, f["directive"], DirectiveStatus.FEEDBACK)),
        ("asked_too_late", lambda _drive, f: {"today": f["directive"].due + DAY}),
    ],
    "grant": [
        ("already_decided", lambda drive, f: decided(drive, f["extension"])),
        ("not_in_hand", lambda drive, f: moved(drive, f["extension"].directive, DirectiveStatus.DONE)),
    ],
    "edit": [("report_signed", lambda drive, f: signed(drive, f["report"])), ("stale_form", lambda *_: {"version": 0})],
}
FACTS: dict[str, list[tuple[str, Attempt]]] = {
    "open": [("not_a_monday", lambda _drive, _f: {"monday": MONDAY + DAY})],
    "add": [
        ("title_needed", lambda _drive, _f: {"title": " \n"}),
        ("foreign_force", lambda drive, _f: {"force": foreign_force(drive)}),
    ],
    "decide": [
        ("status_unknown", lambda _drive, _f: {"status": "done"}),
        ("decision_needed", lambda _drive, _f: {"decision": "  "}),
    ],
    "force": [
        ("not_a_force", lambda drive, _f: {"unit": drive.world.bureau}),
        ("foreign_action", lambda drive, _f: {"actions": [*drive.actions, foreign_action(drive)]}),
    ],
    "propose": [
        ("title_needed", lambda _drive, _f: {"title": ""}),
        ("weight_unknown", lambda _drive, _f: {"weight": "heavy"}),
        ("due_in_past", lambda _drive, _f: {"due": TODAY - DAY}),
        ("unit_not_here", lambda drive, _f: {"unit": Unit.objects.get(code="QWFGJ")}),
        ("unit_not_here", lambda _drive, f: setattr(f["unit"], "active", False)),
        ("foreign_campaign", lambda drive, _f: {"force": foreign_force(drive)}),
        ("foreign_campaign", lambda drive, _f: {"campaign": other_campaign(drive)}),
        ("foreign_campaign", lambda drive, _: {"campaign": other_campaign(drive), "force": None, "task": drive.task()}),
    ],
    "feed_back": [("text_needed", lambda _drive, _f: {"text": "\n"})],
    "review": [("text_needed", lambda _drive, _f: {"passed": False, "text": " "})],
    "rate": [("rating_unknown", lambda _drive, _f: {"rating": "perfect"})],
    "ask": [
        ("not_later", lambda _drive, f: {"new_due": f["directive"].due}),
        ("reason_needed", lambda _drive, _f: {"reason": "\t"}),
    ],
    "grant": [("opinion_needed", lambda _drive, _f: {"granted": False, "opinion": " "})],
    "draft": [
        ("range_invalid", lambda _drive, _f: {"ends": TODAY + DAY}),
        ("range_invalid", lambda _drive, _f: {"starts": TODAY, "ends": TODAY - DAY}),
    ],
    "edit": [
        ("title_needed", lambda _drive, _f: {"title": "  "}),
        ("section_unknown", lambda _drive, _f: {"sections": [("weather", "晴")]}),
    ],
}  # fmt: skip
CASES = [
    pytest.param(verb, code, change, id=f"{verb}-{code}-{number}")
    for table in (STATES, FACTS)
    for verb, rows in table.items()
    for number, (code, change) in enumerate(rows)
]


@pytest.mark.parametrize(("verb", "code", "change"), CASES)
def test_when_and_with_which_facts_it_is_refused(drive: Drive, verb: str, code: str, change: Attempt) -> None:
    assert refused(drive, verb, None, change) == code

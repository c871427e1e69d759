"""Dispatch × roles: weeks in preparation, closed ones, directives in every state, reports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile

from tests.dispatch.conftest import Drive, build_drive
from tests.permissions.table import Row, everyone
from tests.world import TODAY, World
from yiqi.dispatch.enums import Opening, Rating
from yiqi.dispatch.operations import (
    accept_directive,
    ask_extension,
    close_week,
    draft_report,
    feed_back,
    open_week,
    propose_directive,
    review_directive,
)

WEEK_AGO = TODAY - timedelta(days=7)


def prepare(world: World) -> None:
    """A closed week, an open one, a directive in each state, a draft report."""
    drive = build_drive(world)
    office, unit = world.who("office"), world.who("reporter")
    drive.task(next_due=TODAY - timedelta(days=30))
    closed = open_week(by=office, today=WEEK_AGO, campaign=drive.campaign, how=Opening.HAND)
    close_week(by=office, today=WEEK_AGO, week=closed)
    draft = propose_directive(
        by=office, today=TODAY, campaign=drive.campaign, title="草", unit=world.bureau, force=drive.force
    )
    given = drive.directive(force=drive.force)
    accepted, handed_in, done = (drive.directive(force=drive.force) for _ in range(3))
    for row in (accepted, handed_in, done):
        accept_directive(by=unit, today=TODAY, directive=row)
    file = ContentFile("佐证".encode(), name="佐证.txt")
    feed_back(by=unit, today=TODAY, directive=handed_in, text="好", file=file)
    feed_back(by=unit, today=TODAY, directive=done, text="好")
    (attachment,) = handed_in.steps.last().attachments.all()
    review_directive(by=office, today=TODAY, directive=done, passed=True)
    wish = ask_extension(
        by=unit, today=TODAY, directive=accepted, new_due=accepted.due + timedelta(days=5), reason="设备未到"
    )
    week = open_week(by=office, today=TODAY, campaign=drive.campaign, how=Opening.HAND)
    second = world.who("second_office")
    report = draft_report(by=second, today=TODAY, campaign=drive.campaign, starts=WEEK_AGO, ends=TODAY)
    world.extra |= {"drive": drive, "closed": closed.pk, "week": week.pk, "report": report.pk, "wish": wish.pk}
    world.extra |= {"draft": draft.pk, "given": given.pk, "accepted": accepted.pk, "handed_in": handed_in.pk}
    world.extra |= {"done": done.pk, "file": attachment.pk, "item": week.items.filter(force=drive.force)[0].pk}


def pk(name: str, **others: str) -> Callable[[World], dict[str, Any]]:
    """The record of that name, with further parts of the address."""
    return lambda world: {"pk": world.extra[name], **{key: world.extra[value] for key, value in others.items()}}


def force_of(world: World) -> dict[str, Any]:
    drive: Drive = world.extra["drive"]
    return {"pk": drive.force.pk}


def matter(world: World) -> dict[str, Any]:
    drive: Drive = world.extra["drive"]
    return {"title": "事", "unit": world.bureau.pk, "weight": "ordinary", "due": "2021-09-13", "force": drive.force.pk}


def fixed(name: str, **parts: str) -> Callable[[World], dict[str, Any]]:
    return lambda world: {"pk": world.extra[name], **parts}


READERS = everyone(200, admin=404)
PREPARES = everyone(404, leader=200, office=200, force_head=200, force_staff=200)
CHAIRS = everyone(404, leader=200, office=200, force_head=403, force_staff=403)
RECORDS = everyone(404, leader=303, office=303, force_head=303, force_staff=303)
UNIT = everyone(403, reporter=303, reviewer=303, admin=404)
JUDGES = everyone(403, leader=303, office=303, force_head=303, admin=404)
GIVES = everyone(403, leader=200, office=200, force_head=200, force_staff=200, admin=404)
DRAFTS = everyone(404, leader=200, office=200)
FEEDBACK = {"text": "完成", "finished": "yes"}

ROWS = [
    Row("dispatch:list_weeks", READERS),
    Row("dispatch:open_week", everyone(403, leader=200, office=200, admin=404)),
    Row("dispatch:show_week", PREPARES, kwargs=pk("week")),
    Row("dispatch:show_week", READERS, kwargs=pk("closed")),
    Row("dispatch:add_item", PREPARES, kwargs=pk("week")),
    Row("dispatch:redraw_week", CHAIRS, kwargs=pk("week")),
    Row(
        "dispatch:redraw_week",
        everyone(404, leader=303, office=303, force_head=403, force_staff=403),
        "post",
        pk("week"),
    ),
    Row("dispatch:close_week", CHAIRS, kwargs=pk("week")),
    Row("dispatch:show_minutes", READERS, kwargs=pk("closed")),
    Row(
        "dispatch:show_minutes",
        everyone(404, leader=409, office=409, force_head=409, force_staff=409),
        kwargs=pk("week"),
    ),
    Row("dispatch:export_minutes", READERS, kwargs=fixed("closed", form="docx")),
    Row("dispatch:show_item", PREPARES, kwargs=pk("week", item="item")),
    Row("dispatch:decide_item", RECORDS, "post", pk("week", item="item"), {"status": "decided", "decision": "限期"}),
    Row("dispatch:give_from_item", PREPARES, kwargs=pk("week", item="item")),
    Row(
        "dispatch:give_from_item",
        everyone(404, leader=303, office=303, force_head=303, force_staff=403),
        "post",
        pk("week", item="item"),
        matter,
    ),
    Row("dispatch:list_directives", READERS),
    Row("dispatch:list_mine", READERS),
    Row("dispatch:give_directive", GIVES),
    Row(
        "dispatch:give_directive",
        everyone(403, leader=303, office=303, force_head=303, force_staff=303, admin=404),
        "post",
        None,
        matter,
    ),
    Row("dispatch:show_directive", READERS, kwargs=pk("given")),
    Row("dispatch:show_directive", PREPARES, kwargs=pk("draft")),
    Row(
        "dispatch:move_directive",
        everyone(404, leader=303, office=303, force_head=303, force_staff=403),
        "post",
        fixed("draft", step="assign"),
    ),
    Row("dispatch:move_directive", UNIT, "post", fixed("given", step="accept")),
    Row("dispatch:move_directive", UNIT, "post", fixed("accepted", step="feed_back"), FEEDBACK),
    Row("dispatch:move_directive", JUDGES, "post", fixed("handed_in", step="review"), {"passed": "yes"}),
    Row("dispatch:move_directive", JUDGES, "post", fixed("done", step="rate"), {"rating": Rating.GOOD}),
    Row("dispatch:move_directive", everyone(404), "post", fixed("done", step="begin")),
    Row("dispatch:ask_extension", UNIT, "post", pk("given"), {"new_due": "2021-09-20", "reason": "汛情"}),
    Row(
        "dispatch:decide_extension",
        everyone(403, office=303, admin=404),
        "post",
        pk("accepted", extension="wish"),
        {"granted": "yes"},
    ),
    Row("dispatch:download_file", READERS, kwargs=pk("handed_in", file="file")),
    Row("dispatch:list_forces", READERS),
    Row("dispatch:show_force", READERS, kwargs=force_of),
    Row("dispatch:show_load", READERS),
    Row("dispatch:list_reports", everyone(200, reporter=404, reviewer=404, admin=404)),
    Row("dispatch:create_force", everyone(403, office=200, admin=404)),
    Row("dispatch:draft_report", everyone(403, office=200, reporter=404, reviewer=404, admin=404)),
    Row("dispatch:show_report", DRAFTS, kwargs=pk("report")),
    Row("dispatch:edit_report", everyone(404, leader=403, office=200), kwargs=pk("report")),
    Row("dispatch:sign_report", DRAFTS, kwargs=pk("report")),
    Row("dispatch:show_fact", DRAFTS, kwargs=fixed("report", key="tasks")),
    Row("dispatch:export_report", DRAFTS, kwargs=fixed("report", form="docx")),
]

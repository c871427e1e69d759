"""Pages: constant statements, nothing typed is lost, exports, panels, the fall-back without scripts."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.dispatch.conftest import Drive
from tests.world import TODAY
from yiqi.dispatch.enums import AgendaStatus, DirectiveStatus, Opening
from yiqi.dispatch.models import Directive, Report, Week
from yiqi.dispatch.operations import accept_directive, close_week, draft_report, open_week

SignIn = Callable[[str], Client]


def one_more(drive: Drive, number: int) -> None:
    """One row more of everything that lists show."""
    drive.task(next_due=TODAY - timedelta(days=number + 1))
    row = drive.directive(force=drive.force, support_units=[drive.world.town])
    accept_directive(by=drive.world.who("reporter"), today=TODAY, directive=row)
    day = TODAY - timedelta(days=number)
    draft_report(by=drive.world.who("office"), today=TODAY, campaign=drive.campaign, starts=day, ends=TODAY)
    Week.objects.create(
        campaign=drive.campaign,
        region=drive.world.county,
        number=10 + number,
        monday=TODAY - timedelta(days=7 * (number + 1)),
        meets_on=TODAY,
        opened_how=Opening.HAND,
        opened_on=TODAY,
        status="closed",
    )


@pytest.mark.parametrize(
    ("asker", "name"),
    [
        ("office", "dispatch:list_weeks"),
        ("office", "dispatch:list_directives"),
        ("reporter", "dispatch:list_directives"),
        ("reporter", "dispatch:list_mine"),
        ("office", "dispatch:list_forces"),
        ("office", "dispatch:show_load"),
        ("office", "dispatch:list_reports"),
    ],
)
def test_lists_cost_the_same_at_one_and_three_rows(drive: Drive, sign_in: SignIn, asker: str, name: str) -> None:
    client, address = sign_in(asker), reverse(name)
    one_more(drive, 0)
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as first:
        client.get(address)
    one_more(drive, 1)
    one_more(drive, 2)
    client.get(address)
    with CaptureQueriesContext(connection) as third:
        client.get(address)
    assert (len(third), [len(first) <= 12]) == (len(first), [True])


@pytest.mark.parametrize("count", [1, 3])
def test_the_meeting_costs_the_same_whatever_the_agenda(
    drive: Drive, sign_in: SignIn, django_assert_num_queries: Callable[..., object], count: int
) -> None:
    for number in range(count):
        drive.task(next_due=TODAY - timedelta(days=number + 1))
    week = open_week(by=drive.world.who("office"), today=TODAY, campaign=drive.campaign, how=Opening.HAND)
    client, address = sign_in("office"), reverse("dispatch:show_week", args=[week.pk])
    client.get(address)
    with django_assert_num_queries(12):
        client.get(address)


def test_a_stale_decision_keeps_what_was_typed(drive: Drive, sign_in: SignIn) -> None:
    drive.task(next_due=TODAY - timedelta(days=1))
    week = open_week(by=drive.world.who("office"), today=TODAY, campaign=drive.campaign, how=Opening.HAND)
    item = week.items.get()
    address = reverse("dispatch:decide_item", args=[week.pk, item.pk])
    answer = sign_in("office").post(address, {"decision": "由发改局限期完成", "status": "decided", "version": 99})
    item.refresh_from_db()
    assert (answer.status_code, item.status) == (409, AgendaStatus.PENDING)
    assert "由发改局限期完成" in answer.content.decode()


def test_a_decision_is_recorded_and_the_next_item_follows(drive: Drive, sign_in: SignIn) -> None:
    for days in (2, 1):
        drive.task(next_due=TODAY - timedelta(days=days))
    week = open_week(by=drive.world.who("office"), today=TODAY, campaign=drive.campaign, how=Opening.HAND)
    first, second = week.items.order_by("order")
    address = reverse("dispatch:decide_item", args=[week.pk, first.pk])
    answer = sign_in("office").post(address, {"decision": "限期完成", "status": "decided", "version": 1})
    first.refresh_from_db()
    assert (answer.status_code, answer.headers["Location"], first.status, first.decision) == (
        303,
        reverse("dispatch:show_item", args=[week.pk, second.pk]),
        AgendaStatus.DECIDED,
        "限期完成",
    )


def test_a_major_matter_gets_the_date_of_its_clock(drive: Drive, sign_in: SignIn) -> None:
    data = {"title": "事", "unit": drive.world.bureau.pk, "weight": "major", "due": "2021-09-13"}
    answer = sign_in("office").post(reverse("dispatch:give_directive"), data)
    row = Directive.objects.get()
    assert (answer.status_code, row.due, row.status) == (303, TODAY + timedelta(days=30), DirectiveStatus.ASSIGNED)


def test_feedback_and_its_file_are_kept_together_or_not_at_all(drive: Drive, sign_in: SignIn) -> None:
    row = drive.directive()
    accept_directive(by=drive.world.who("reporter"), today=TODAY, directive=row)
    address = reverse("dispatch:move_directive", args=[row.pk, "feed_back"])
    bad = io.BytesIO(b"MZ\x90\x00program")
    bad.name = "x.exe"
    answer = sign_in("reporter").post(address, {"text": "已完成清理", "finished": "yes", "file": bad})
    row.refresh_from_db()
    assert (answer.status_code, row.status) == (422, DirectiveStatus.ACCEPTED)
    assert "已完成清理" in answer.content.decode()
    good = io.BytesIO("清单".encode())
    good.name = "清单.txt"
    answer = sign_in("reporter").post(address, {"text": "已完成清理", "finished": "yes", "file": good})
    row.refresh_from_db()
    names = [file.name for step in row.steps.all() for file in step.attachments.all()]
    assert (answer.status_code, row.status, names) == (303, DirectiveStatus.FEEDBACK, ["清单.txt"])


def test_editing_a_report_keeps_every_box_when_one_is_wrong(drive: Drive, sign_in: SignIn) -> None:
    report = draft_report(
        by=drive.world.who("office"),
        today=TODAY,
        campaign=drive.campaign,
        starts=TODAY - timedelta(days=13),
        ends=TODAY,
    )
    data = {
        "title": "题",
        "document_number": "翼考办[2021]1号",
        "issuer": "考核办",
        "version": 1,
        "section_next": "抓紧推进。",
    }
    answer = sign_in("office").post(reverse("dispatch:edit_report", args=[report.pk]), data)
    report.refresh_from_db()
    assert (answer.status_code, report.version) == (422, 1)
    assert ("抓紧推进。" in answer.content.decode(), "六角括号" in answer.content.decode()) == (True, True)


def test_every_figure_of_a_report_leads_to_its_records(drive: Drive, sign_in: SignIn) -> None:
    one_more(drive, 0)
    report = Report.objects.get()
    client = sign_in("office")
    page = client.get(reverse("dispatch:show_report", args=[report.pk])).content.decode()
    addresses = {key: reverse("dispatch:show_fact", args=[report.pk, key]) for key in report.facts}
    assert [key for key, address in addresses.items() if f'href="{address}"' not in page] == []
    assert {client.get(address).status_code for address in addresses.values()} == {200}


@pytest.mark.parametrize("name", ["list_weeks", "list_directives", "show_load", "list_reports"])
def test_exports_have_the_rows_of_the_list(drive: Drive, sign_in: SignIn, name: str) -> None:
    one_more(drive, 0)
    client, address = sign_in("office"), reverse(f"dispatch:{name}")
    answers = [client.get(address, {"export": form}) for form in ("xlsx", "csv")]
    sheet = openpyxl.load_workbook(io.BytesIO(answers[0].content)).worksheets[0]
    heads = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    lines = list(csv.reader(io.StringIO(answers[1].content.decode("utf-8-sig"))))
    assert [answer.headers["Content-Disposition"].startswith("attachment") for answer in answers] == [True, True]
    assert (lines[0] in heads, len(lines)) == (True, len(heads))


def test_an_export_follows_the_filters_and_cannot_run_a_formula(drive: Drive, sign_in: SignIn) -> None:
    drive.directive(title="=cmd|'/C calc'!A0")
    drive.directive(title="另一件", unit=drive.world.other_bureau)
    answer = sign_in("office").get(
        reverse("dispatch:list_directives"), {"export": "xlsx", "unit": str(drive.world.bureau.pk)}
    )
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    titles = [row[1].value for row in sheet.iter_rows() if str(row[0].value).startswith("DB")]
    assert titles == ["'=cmd|'/C calc'!A0"]


def test_the_task_page_shows_its_directives(drive: Drive, sign_in: SignIn) -> None:
    task = drive.task(next_due=TODAY - timedelta(days=1))
    row = drive.directive(task=task)
    page = sign_in("leader").get(reverse("plan:show_task", args=[task.pk])).content.decode()
    assert reverse("dispatch:show_directive", args=[row.pk]) in page


def test_opening_shows_first_what_the_agenda_would_hold(drive: Drive, sign_in: SignIn) -> None:
    drive.task(next_due=TODAY - timedelta(days=1), title="大棚改造")
    client = sign_in("office")
    page = client.get(reverse("dispatch:open_week")).content.decode()
    assert ("大棚改造" in page, Week.objects.count()) == (True, 0)
    answer = client.post(
        reverse("dispatch:open_week"), {"monday": "2021-09-06", "meets_on": "2021-09-07", "place": "二楼"}
    )
    week = Week.objects.get()
    assert (answer.status_code, week.place, week.items.count()) == (303, "二楼", 1)


def test_a_week_that_was_closed_is_not_offered_again(drive: Drive, sign_in: SignIn) -> None:
    office = drive.world.who("office")
    week = open_week(by=office, today=TODAY, campaign=drive.campaign, how=Opening.HAND)
    close_week(by=office, today=TODAY, week=week)
    page = sign_in("office").get(reverse("dispatch:open_week")).content.decode()
    assert ("本周的调度会（第1期）已于9月6日开完" in page, 'name="monday"' in page) == (True, False)

"""A step that is one more row of the table works from the page to the trail: nothing else knows the steps by name."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.architecture.layers import PACKAGE, ROOT
from tests.dispatch.conftest import Drive
from tests.world import TODAY
from yiqi.core.models import AuditRecord
from yiqi.core.queries import verb_label
from yiqi.dispatch import rules
from yiqi.dispatch.enums import DirectiveStatus
from yiqi.dispatch.models import Directive
from yiqi.dispatch.operations import DIRECTIVE, accept_directive
from yiqi.dispatch.queries import directive_light, with_directive_lights
from yiqi.kit.errors import ConflictError, InvalidInputError, NotAllowedError
from yiqi.kit.facts import FactField, FactKind
from yiqi.kit.moves import Guard, Move

SignIn = Callable[[str], Client]
PAUSED = "paused"  # a state that no other code has heard of


@pytest.fixture
def pause(monkeypatch: pytest.MonkeyPatch) -> Move[Directive, object]:
    """Work that must wait is put on hold with a reason."""
    monkeypatch.setattr(DIRECTIVE, "moves", dict(DIRECTIVE.moves))
    return Move(
        DIRECTIVE,
        "pause",
        {DirectiveStatus.ACCEPTED: (PAUSED,)},
        label="暂停办理",
        note="暂停期间时限照算。",
        said="%(code)s已暂停。",
        who=(Guard(rules.can_answer, "由承办单位申请暂停。", "not_doer"),),
        fields=(
            FactField(
                name="text", label="暂停原因", kind=FactKind.WORDS, required=True, needed="请写明原因。", code="why"
            ),
            FactField(name="until", label="预计恢复", kind=FactKind.DAY),
        ),
        told=lambda deed: {"text": deed.text, "until": deed.facts["until"]},
    )


def test_page_form_operation_step_and_record(drive: Drive, sign_in: SignIn, pause: Move[Directive, object]) -> None:
    row = drive.directive()
    accept_directive(by=drive.world.who("reporter"), today=TODAY, directive=row)
    shown, moved = (reverse(f"dispatch:{name}", args=args) for name, args in (
        ("show_directive", [row.pk]), ("move_directive", [row.pk, "pause"]),
    ))  # fmt: skip
    unit, office = sign_in("reporter"), sign_in("office")
    assert [moved in client.get(shown).content.decode() for client in (unit, office)] == [True, False]
    page = unit.get(shown).content.decode()
    assert [text in page for text in ("暂停办理", "暂停期间时限照算。", "暂停原因", "预计恢复")] == [True] * 4

    empty = unit.post(moved, {"text": " ", "until": "2021-10-08"})
    assert (empty.status_code, 'value="2021-10-08"' in empty.content.decode()) == (422, True)
    assert office.post(moved, {"text": "等待批复"}).status_code == 403
    done = unit.post(moved, {"text": "等待批复", "until": "2021-10-08"}, follow=True)
    assert "DB2021-0001已暂停。" in done.content.decode()

    row.refresh_from_db()
    step = row.steps.last()
    assert step is not None
    assert (row.status, step.before, step.after, step.text) == (PAUSED, "accepted", PAUSED, "等待批复")
    record = AuditRecord.objects.order_by("-sequence")[0]
    assert (record.verb, record.before, record.after) == (
        "directive.pause",
        {"status": "accepted"},
        {"status": PAUSED, "text": "等待批复", "until": "2021-10-08"},
    )
    assert unit.post(moved, {"text": "再次"}).status_code == 409
    # the light, the lists and the trail know a state and a step that nothing else names
    (lit,) = with_directive_lights(Directive.objects.filter(pk=row.pk), today=TODAY)
    assert (lit.light, directive_light(row, TODAY).colour) == ("grey", "grey")
    assert row.title in office.get(reverse("dispatch:list_directives")).content.decode()
    assert verb_label("directive.pause", "dispatch.Directive") == "暂停办理"


def test_my_units_page_shows_a_state_that_it_has_no_name_for(
    drive: Drive, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = drive.directive()
    monkeypatch.setattr("yiqi.dispatch.views.directives.MINE", {})
    page = sign_in("reporter").get(reverse("dispatch:list_mine"))
    assert [(label, [one.pk for one in rows]) for label, rows in page.context["groups"]] == [("交办", [row.pk])]


def test_the_operation_refuses_as_the_page_does(drive: Drive, pause: Move[Directive, object]) -> None:
    row, unit, office = drive.directive(), drive.world.who("reporter"), drive.world.who("office")
    with pytest.raises(NotAllowedError, match="由承办单位申请暂停。"):
        pause(by=office, today=TODAY, directive=row)
    with pytest.raises(ConflictError):
        pause(by=unit, today=TODAY, directive=row, text="等待批复")
    accept_directive(by=unit, today=TODAY, directive=row)
    with pytest.raises(InvalidInputError) as caught:
        pause(by=unit, today=TODAY, directive=row)
    assert (caught.value.code, caught.value.data, str(caught.value)) == ("why", {"field": "text"}, "请写明原因。")
    with pytest.raises(TypeError, match="whatever"):
        pause(by=unit, today=TODAY, directive=row, text="等待批复", whatever=1)


def test_the_table_says_what_a_person_may_do_and_with_what(drive: Drive) -> None:
    row = drive.directive()
    open_to = {
        who: {move.name: move for move in DIRECTIVE.open_to(drive.world.who(who), row)}
        for who in ("office", "reporter")
    }
    assert [accept_directive.name in moves for moves in open_to.values()] == [False, True]
    accept = open_to["reporter"]["accept"]
    assert [(item.name, item.kind, item.required, item.length) for item in accept.fields] == [
        ("text", FactKind.LINE, False, 300)
    ]


def test_a_step_is_written_in_one_file() -> None:
    """Nothing else names the steps: a step between known states is its row, its migration and its English; a new state
    also says in enums whose turn it is."""
    names = re.compile(
        r"(?<!directive\.)\b(?:accept_directive|assign_directive|feed_back|review_directive|rate_directive)\b"
    )
    told = {"yiqi/demo/story/meetings.py"}  # the story takes the steps one by one
    found = {
        str(path.relative_to(ROOT))
        for pattern in ("*.py", "*.html")
        for path in PACKAGE.rglob(pattern)
        if "migrations" not in path.parts and names.search(path.read_text())
    }
    assert found - told == {
        "yiqi/dispatch/operations/__init__.py",  # for callers by name, as the story and tests are
        "yiqi/dispatch/operations/directive_life.py",
        "yiqi/dispatch/operations/directives.py",  # who may assign is asked of the table
    }

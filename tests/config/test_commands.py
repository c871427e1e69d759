"""The commands inside the test's own process and database: what each answers, prints and leaves behind.

tests/config/test_cli.py asks some of them in real processes.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import OperationalError

from tests.config.conftest import Call
from tests.world import TODAY, World
from yiqi.appraisal.enums import FrameworkStatus
from yiqi.appraisal.models import Framework
from yiqi.config.cli import acting, commands, frame
from yiqi.core.enums import Role
from yiqi.core.models import Appointment, AuditRecord, Person, Region, Unit
from yiqi.demo import OPERATOR
from yiqi.plan.models import Campaign

pytestmark = pytest.mark.django_db


def test_lists_are_told_for_people_and_say_when_they_are_empty(call: Call, campaign: Campaign) -> None:
    assert call("campaign", "list").out == "YC2021\t翼城县“十大行动”\n"
    assert call("framework", "list").out == "还没有指标体系。\n"


def test_an_own_county_is_founded_once(call: Call) -> None:
    made = call("init", "--county", "141022", "--json")
    assert (made.status, made.json["county"], made.json["username"]) == (0, "141022", "admin")
    admin = Person.objects.get(username="admin")
    assert (admin.check_password(made.json["password"]), admin.must_change_password) == (True, True)
    post = Appointment.objects.get(person=admin)
    assert (post.role, post.region_id, post.unit.code) == (Role.ADMIN, "141022", "OFFICE")
    again = call("init", "--county", "141022", "--json")
    assert (again.status, again.json["error"]) == (1, "exists")
    assert Unit.objects.count() == 1


def test_an_own_county_has_to_be_among_the_divisions(call: Call) -> None:
    missing = call("init", "--county", "999999")
    assert (missing.status, missing.out) == (1, "")
    assert "999999" in missing.err


def test_the_founder_is_told_what_comes_next(call: Call) -> None:
    lines = call("init", "--county", "141021", "--admin", "boss").out.splitlines()
    assert lines[0].startswith("曲沃县已建立。系统管理员：boss，初始密码：")
    assert lines[1].startswith("下一步：yiqi up")


def test_the_template_is_loaded_and_put_into_force(call: Call, world: World) -> None:
    loaded = call("framework", "load", "--county", "141022", "--year", "2022", "--code", "F2022")
    assert loaded.status == 0
    assert "共30项指标，核对后请启用。" in loaded.out
    assert "的牵头单位尚未建立，已留空。" in loaded.out
    made = Framework.objects.get(code="F2022")
    assert (made.year, made.status, made.keeper_id) == (2022, FrameworkStatus.DRAFT, "141022")
    assert call("framework", "list", "--json").json == [{"code": "F2022", "name": made.name}]
    assert call("framework", "activate", "F2022", "--json").json["status"] == FrameworkStatus.ACTIVE
    unknown = call("framework", "activate", "NOPE")
    assert (unknown.status, "F2022" in unknown.err) == (2, True)


@pytest.mark.parametrize(
    ("content", "code"), [("{", "not_json"), ("[]", "framework_file"), ('{"indicators": [1]}', "framework_file")]
)
def test_a_file_that_is_no_framework_is_a_finding(
    call: Call, world: World, tmp_path: Path, content: str, code: str
) -> None:
    file = tmp_path / "framework.json"
    file.write_text(content, encoding="utf-8")
    told = call("framework", "load", str(file), "--county", "141022", "--json")
    assert (told.status, told.json["error"]) == (1, code)
    assert Framework.objects.count() == 0


@pytest.mark.parametrize("code", ["999999", "141022100"])
def test_a_framework_is_kept_by_a_county_that_is_there(call: Call, world: World, code: str) -> None:
    assert call("framework", "load", "--county", code, "--json").status == 2


def test_a_round_needs_a_month(call: Call, world: World) -> None:
    call("framework", "load", "--county", "141022", "--code", "F2021")
    call("framework", "activate", "F2021")
    told = call("round", "run", "--framework", "F2021", "--as-of", "2021-09-06", "--period", "2021", "--json")
    assert (told.status, told.json["error"]) == (2, "period")


@pytest.mark.parametrize(
    ("as_of", "code", "said"), [("2021-01-15", "period_year", "2020"), ("2021-09-06", "no_observations", "")]
)
def test_a_round_is_of_the_month_before(call: Call, world: World, as_of: str, code: str, said: str) -> None:
    call("framework", "load", "--county", "141022", "--code", "F2021")
    call("framework", "activate", "F2021")
    told = call("round", "run", "--framework", "F2021", "--as-of", as_of, "--json")
    assert (told.status, told.json["error"]) == (1, code)
    assert said in told.json["message"]


def test_a_week_is_opened_shown_and_closed(call: Call, campaign: Campaign) -> None:
    nothing = call("week", "close", "--json")
    assert (nothing.status, nothing.json["message"]) == (2, "没有正在筹备的调度会。")
    opened = call("week", "open", "--campaign", "YC2021")
    assert (opened.status, opened.out.startswith("第1期（2021-09-06）")) == (0, True)
    assert call("week", "close", "--json").json["status"] == "closed"


def test_without_an_active_campaign_there_is_no_week(call: Call, world: World) -> None:
    assert call("week", "open").err == "没有进行中的专项行动。\n"
    unknown = call("week", "open", "--campaign", "NOPE")
    assert (unknown.status, unknown.err) == (2, "没有代码为“NOPE”的专项行动。现有：（还没有）\n")


@pytest.mark.parametrize(
    ("which", "said"), [("latest", "没有可以导出的报告。"), ("7", "没有可以导出的报告。"), ("first", "expects latest")]
)
def test_a_report_that_is_not_there_is_wrong_usage(
    call: Call, campaign: Campaign, tmp_path: Path, which: str, said: str
) -> None:
    told = call("report", "export", which, "--output", str(tmp_path / "report.docx"))
    assert (told.status, said in told.err) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_the_operator_is_made_once_and_cannot_log_in(world: World) -> None:
    first = acting.operator(world.county, today=TODAY)
    assert acting.operator(world.county, today=TODAY) == first
    person = Person.objects.get(username=OPERATOR)
    assert (person.has_usable_password(), Appointment.objects.filter(person=person).count()) == (False, 1)
    assert first.reaches("141022", Role.OFFICE)


def test_the_operator_of_a_county_without_an_office_makes_one(world: World) -> None:
    bare = Region.objects.get(pk="141023")
    assert acting.operator(bare, today=TODAY).units(Role.OFFICE) == {Unit.objects.get(region=bare).pk}


@pytest.mark.parametrize("words", [("demo", "load"), ("demo", "reset", "--yes")])
def test_the_demonstration_never_goes_beside_own_data(call: Call, world: World, words: tuple[str, ...]) -> None:
    told = call(*words, "--json")
    assert (told.status, told.json["error"]) == (1, "own_data")
    assert Person.objects.filter(username="office").exists()


def test_a_question_that_nobody_answers_aborts(call: Call) -> None:
    told = call("demo", "reset")
    assert (told.status, told.err.endswith("已中止。\n")) == (130, True)


def test_an_intact_trail_is_told_for_people(call: Call, world: World) -> None:
    acting.operator(world.county, today=TODAY)
    assert call("audit", "verify").out == f"审计链完整，共核对{AuditRecord.objects.count()}条。\n"


def test_wrong_usage_is_told_as_json_too(call: Call) -> None:
    told = call("campaign", "list", "--json", "--nothing")
    assert (told.status, told.json["error"]) == (2, "usage")


def test_a_database_that_cannot_be_reached_is_one_sentence(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost() -> None:
        raise OperationalError("no route")

    monkeypatch.setattr(commands, "ready", lost)
    told = call("campaign", "list")
    assert (told.status, told.err) == (2, "无法继续：no route\n")


def test_who_has_no_name_on_this_machine_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("uid")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert frame.host_user() == "unknown"

"""The system pages as a browser sees them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from tests.audit_guard import guard_lifted
from tests.world import TODAY, World, appoint, person
from yiqi.core.enums import Role, SettingKey
from yiqi.core.models import Appointment, AuditRecord, CalendarDay, CalendarYear, Person, Setting, Unit
from yiqi.core.operations import create_unit, seed_calendar
from yiqi.core.queries import setting, verify_chain
from yiqi.core.rules import Mandate
from yiqi.core.views.people import masked

SignIn = Callable[[str], Client]


@pytest.fixture
def client(sign_in: SignIn) -> Client:
    """The administrator's browser."""
    return sign_in("admin")


def statements(client: Client, address: str) -> int:
    client.get(address)  # the first request of a session writes the time of its last use
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def sheet(response: Any) -> list[list[Any]]:
    book = load_workbook(io.BytesIO(response.content))
    return [list(row) for row in book.active.iter_rows(values_only=True)]


# people


def test_the_list_of_people_costs_the_same_for_one_and_three(world: World, client: Client) -> None:
    address = reverse("core:list_people") + "?role=reporter"
    Appointment.objects.filter(person__username="other_reporter").delete()
    one = statements(client, address)
    for number in (1, 2):
        appoint(person(f"r{number}", "李"), Role.REPORTER, world.bureau, world.county)
    assert (one, statements(client, address)) == (8, 8)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=office", ["second_office", "office"]),
        ("q=陈静", ["office"]),
        ("role=auditor", ["auditor"]),
        ("role=reporter&unit={other}", ["other_reporter"]),
        ("state=inactive", ["reviewer"]),
        ("state=unposted", ["idle"]),
        ("q=outsider", []),
    ],
)
def test_filters_of_people(world: World, client: Client, query: str, names: list[str]) -> None:
    Person.objects.filter(username="reviewer").update(is_active=False)
    Person.objects.create(username="idle", name="闲", region=world.county)
    page = client.get(reverse("core:list_people") + "?sort=-username&" + query.format(other=world.other_bureau.pk))
    assert [row.username for row in page.context["listing"].page] == names


def test_people_are_exported_without_telephones(world: World, client: Client) -> None:
    Person.objects.filter(username="office").update(phone="13812345678", title="=cmd|'/c calc'!A1")
    response = client.get(reverse("core:list_people") + "?role=office&q=陈静&export=xlsx")
    cells = [cell for row in sheet(response) for cell in row if cell is not None]
    assert "filename*=utf-8''%E4%BA%BA%E5%91%98%E5%90%8D%E5%86%8C.xlsx" in response["Content-Disposition"]
    assert [cell for cell in cells if "cmd" in str(cell)] == ["'=cmd|'/c calc'!A1"]
    assert [cell for cell in cells if "1381234" in str(cell)] == []


def test_a_new_account_shows_its_password_once_and_it_works(world: World, client: Client) -> None:
    page = client.post(reverse("core:create_person"), {"username": "new", "name": "新人"})
    password = page.context["password"]
    assert (page.status_code, page["Cache-Control"], password in page.content.decode()) == (200, "no-store", True)
    other = Client()
    other.post("/account/login/", {"login": "new", "password": password})
    assert other.get("/").url == "/account/password/"
    assert password not in client.get(reverse("core:show_person", args=[page.context["person"].pk])).content.decode()


def test_a_taken_name_keeps_what_was_typed(world: World, client: Client) -> None:
    page = client.post(reverse("core:create_person"), {"username": "office", "name": "新人", "title": "科员"})
    body = page.content.decode()
    assert (page.status_code, "登录名“office”已经使用。" in body, 'value="科员"' in body) == (422, True, True)


def test_an_account_page_masks_the_telephone(world: World, client: Client) -> None:
    Person.objects.filter(username="office").update(phone="13812345678")
    body = client.get(reverse("core:show_person", args=[world.people["office"].pk])).content.decode()
    assert ("138****5678" in body, "13812345678" in body) == (True, False)
    assert [masked(text) for text in ("", "1234567", "03574922123")] == ["", "*******", "035****2123"]


def test_ones_own_page_offers_no_step(world: World, client: Client) -> None:
    own = client.get(reverse("core:show_person", args=[world.people["admin"].pk])).content.decode()
    other = client.get(reverse("core:show_person", args=[world.people["office"].pk])).content.decode()
    assert [("登记任职" in body, "重置密码" in body) for body in (own, other)] == [(False, False), (True, True)]


def test_appointing_through_the_form(world: World, client: Client) -> None:
    someone = Person.objects.create(username="idle", name="闲", region=world.county)
    address = reverse("core:appoint_person", args=[someone.pk])
    data = {"role": "admin", "unit": world.office.pk, "region": "141022", "starts": "2021-09-06"}
    assert client.post(address, data).status_code == 303
    refused = client.post(address, {**data, "role": "office"})
    assert (refused.status_code, "不得与其他角色同时由一人担任" in refused.content.decode()) == (409, True)
    outside = client.post(address, {**data, "role": "office", "region": "141021"})
    assert (outside.status_code, list(outside.context["form"].errors)) == (422, ["region"])


def test_steps_say_what_happened(world: World, client: Client) -> None:
    pk = world.people["office"].pk
    for name, said in [
        ("deactivate_person", "账号已停用。"),
        ("deactivate_person", "账号状态已经是这样，无需重复操作。"),
        ("activate_person", "账号已恢复。"),
        ("reset_second_factor", "该账号没有启用两步验证。"),
    ]:
        page = client.post(reverse(f"core:{name}", args=[pk]), follow=True)
        assert (page.redirect_chain[0][1], said in page.content.decode()) == (303, True)


def test_a_stale_form_of_a_person(world: World, client: Client) -> None:
    address = reverse("core:edit_person", args=[world.people["office"].pk])
    assert client.post(address, {"name": "陈静", "title": "主任", "version": 1}).status_code == 303
    stale = client.post(address, {"name": "陈静", "title": "副主任", "version": 1})
    body = stale.content.decode()
    assert (stale.status_code, "已被他人修改" in body, 'value="副主任"' in body) == (409, True, True)


# units


def test_the_list_of_units_costs_the_same_for_one_and_three(world: World, client: Client, admin: Mandate) -> None:
    address = reverse("core:list_units") + "?q=企业"
    facts = {"by": admin, "today": TODAY, "region": world.county, "kind": "enterprise"}
    create_unit(code="E0", name="企业甲", **facts)
    one = statements(client, address)
    for number in (1, 2):
        create_unit(code=f"E{number}", name="企业乙", **facts)
    assert (one, statements(client, address)) == (6, 6)


def test_a_unit_through_its_form(world: World, client: Client) -> None:
    data = {"code": "JYJ", "name": "教育局", "kind": "bureau", "order": 3, "aliases": "县教育局\n教育局、教体局"}
    assert client.post(reverse("core:create_unit"), data).status_code == 303
    unit = Unit.objects.get(code="JYJ")
    assert (unit.aliases, unit.region_id, unit.active) == (["县教育局", "教育局", "教体局"], "141022", True)
    taken = client.post(reverse("core:create_unit"), data)
    assert (taken.status_code, "单位代码“JYJ”在翼城县已经使用。" in taken.content.decode()) == (422, True)
    address = reverse("core:edit_unit", args=[unit.pk])
    assert client.post(address, {**data, "name": "教体局", "version": 1}).status_code == 303
    changed = Unit.objects.get(code="JYJ")
    assert (changed.name, changed.active, changed.version) == ("教体局", False, 2)
    stale = client.post(address, {**data, "name": "教科局", "version": 1})
    body = stale.content.decode()
    # the page still names the unit as it is on record, the form what was typed
    assert (stale.status_code, "<h1>教体局</h1>" in body, 'value="教科局"' in body) == (409, True, True)


def test_units_are_exported(world: World, client: Client) -> None:
    rows = sheet(client.get(reverse("core:list_units") + "?kind=bureau&export=xlsx"))
    assert [row[0] for row in rows if row[0] in {"FGJ", "HBJ", "TXZ"}] == ["FGJ", "HBJ"]


# settings


@pytest.mark.parametrize(
    ("key", "value", "kept", "said"),
    [
        ("light.yellow_days", "5", 5, "5天"),
        ("dispatch.clock_kind", "working", "working", "工作日"),
        ("dispatch.meeting_weekday", "3", 3, "星期三"),
        ("account.second_factor_roles", ["leader"], ["leader"], "县领导"),
    ],
)
def test_each_kind_of_setting_through_its_form(
    world: World, client: Client, key: str, value: Any, kept: Any, said: str
) -> None:
    address = reverse("core:change_setting", args=[key])
    assert client.get(address).context["form"]["version"].value() == 0
    assert client.post(address, {"value": value, "version": 0}).status_code == 303
    assert setting("141022", key) == kept
    body = client.get(reverse("core:list_settings")).content.decode()
    assert (f"<strong>{said}</strong>" in body, "曹亮" in body, "本县设定" in body) == (True, True, True)
    assert client.post(address, {"value": value, "version": 0}).status_code == 409


def test_a_setting_out_of_bounds(world: World, client: Client) -> None:
    page = client.post(reverse("core:change_setting", args=["light.yellow_days"]), {"value": "91", "version": 0})
    assert (page.status_code, Setting.objects.count()) == (422, 0)
    assert client.get(reverse("core:change_setting", args=["light.colour"])).status_code == 404


def test_untouched_settings_are_called_assumptions(world: World, client: Client) -> None:
    body = client.get(reverse("core:list_settings")).content.decode()
    assert body.count("假设（可调整）") == len(SettingKey)


# calendar


def test_a_year_at_a_glance(world: World, client: Client) -> None:
    seed_calendar(today=TODAY)
    page = client.get(reverse("core:show_calendar"))
    body = page.content.decode()
    assert ("全年250个工作日" in body, page.context["year"], body.count('class="day-mark"')) == (
        True,
        2021,
        7 + CalendarDay.objects.filter(date__year=2021, working=False).count(),
    )
    beyond = client.get(reverse("core:show_calendar", args=[2027])).content.decode()
    assert "暂按周一至周五推算" in beyond
    assert client.get(reverse("core:show_calendar", args=[1999])).status_code == 404


def test_a_day_is_edited_and_a_year_confirmed(world: World, client: Client) -> None:
    address = reverse("core:edit_calendar_day", args=[TODAY.replace(year=2027)])
    data = {"working": "no", "name": "县庆", "source": "翼政办〔2027〕1号", "version": 0}
    assert client.post(address, {**data, "source": ""}).status_code == 422
    assert client.post(address, data).status_code == 303
    assert client.post(address, data).status_code == 409
    assert "翼政办〔2027〕1号" in client.get(address).content.decode()
    confirm = reverse("core:confirm_calendar_year", args=[2027])
    assert "已确认" in client.post(confirm, {"source": "国办发明电"}, follow=True).content.decode()
    assert "已经确认" in client.post(confirm, {"source": "国办发明电"}, follow=True).content.decode()
    assert list(CalendarYear.objects.values_list("year", flat=True)) == [2027]
    assert client.get("/system/calendar/2027-13-01/").status_code == 404


# audit trail


@pytest.fixture
def auditor(sign_in: SignIn) -> Client:
    """The auditor's browser."""
    return sign_in("auditor")


def test_the_trail_costs_the_same_for_one_and_three(write: Callable[..., AuditRecord], auditor: Client) -> None:
    write()
    one = statements(auditor, reverse("core:list_records"))
    write(2)
    assert (one, statements(auditor, reverse("core:list_records"))) == (6, 6)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("person=陈", 2),
        ("person=刘", 0),
        ("verb=test.write", 2),
        ("kind=core.Unit", 2),
        ("target=发展和改革", 2),
        ("since=2000-01-01&until=2000-01-02", 0),
        ("since=2000-01-01", 2),
        ("since=nonsense", 2),
    ],
)
def test_filters_of_the_trail(write: Callable[..., AuditRecord], auditor: Client, query: str, count: int) -> None:
    write(2)
    page = auditor.get(reverse("core:list_records") + "?" + query)
    assert page.context["listing"].count == count


def test_a_record_is_shown_with_before_and_after(write: Callable[..., AuditRecord], auditor: Client) -> None:
    write()
    body = auditor.get(reverse("core:show_record", args=[1])).content.decode()
    lines = re.findall(r"<del>(.*?)</del>|<ins>(.*?)</ins>", body)
    assert lines == [("旧", ""), ("", "新"), ("0.5", ""), ("", "1e+22")]
    assert ("单位名称" in body, "test.write" in body) == (True, True)


def test_choices_and_settings_are_told_in_words(world: World, client: Client, auditor: Client) -> None:
    english = {"django_language": "en"}
    client.cookies.load(english)
    client.post(reverse("core:change_setting", args=["light.yellow_days"]), {"value": 5, "version": 0})
    row = AuditRecord.objects.get()
    # the trail stays in the county's language
    assert (row.role, row.target_label) == ("系统管理员", "节点到期前多少天亮黄灯")
    body = auditor.get(reverse("core:show_record", args=[1])).content.decode()
    assert ("修改设置" in body, "<dd>网页</dd>" in body) == (True, True)
    client.post(reverse("core:edit_unit", args=[world.bureau.pk]), {**UNIT_FORM, "kind": "enterprise"})
    lines = re.findall(r"<del>(.*?)</del>", auditor.get(reverse("core:show_record", args=[2])).content.decode())
    assert lines == ["部门"]


UNIT_FORM = {"name": "翼城县发展和改革局", "short_name": "发改局", "order": 0, "active": "on", "version": 1}


def test_the_trail_is_exported(write: Callable[..., AuditRecord], auditor: Client) -> None:
    digest = write().digest
    rows = sheet(auditor.get(reverse("core:list_records") + "?export=xlsx"))
    found = next(row for row in rows if row[-1] == digest)
    assert (found[0], found[3], found[7]) == (1, "陈静", "翼城县发展和改革局")


def test_verifying_from_the_page(write: Callable[..., AuditRecord], auditor: Client) -> None:
    digest = write(3).digest
    address = reverse("core:verify_records")
    whole = auditor.post(address).content.decode()
    assert ("全部3条记录完整" in whole, digest in whole) == (True, True)
    noted = auditor.post(address, {"sequence": 3, "digest": "0" * 64}).content.decode()
    assert "第3条记录的摘要与留存的摘要不符" in noted
    assert auditor.post(address, {"sequence": 3}).status_code == 422
    with guard_lifted(), connection.cursor() as cursor:
        cursor.execute("UPDATE core_auditrecord SET verb = 'x' WHERE sequence = 2")
    broken = auditor.post(address).content.decode()
    assert ("第2条记录的内容与其摘要不符" in broken, verify_chain().broken_sequence) == (True, 2)


def test_reading_the_trail_leaves_no_trace(write: Callable[..., AuditRecord], auditor: Client) -> None:
    write()
    for name in ("list_records", "verify_records"):
        auditor.get(reverse(f"core:{name}"))
    auditor.post(reverse("core:verify_records"))
    assert AuditRecord.objects.count() == 1


# navigation


@pytest.mark.parametrize(
    ("asker", "labels"),
    [("admin", ["人员", "单位", "设置", "工作日历"]), ("auditor", ["审计记录", "核验审计链"]), ("office", [])],
)
def test_the_rail_shows_what_one_may_open(world: World, sign_in: SignIn, asker: str, labels: list[str]) -> None:
    page = sign_in(asker).get(reverse("mfa_index"))
    system = [str(entry.label) for entry in page.context["navigation"] if entry.url.startswith("/system/")]
    assert system == labels

"""Signing in, lockout, idle time-out, duties of an account, second factor, language."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from tests.world import PASSWORD, TODAY, World
from yiqi.core.enums import SettingKey
from yiqi.core.models import AuditRecord, Person
from yiqi.core.operations import change_setting, unlock_person
from yiqi.core.rules import Mandate

SignIn = Callable[[str], Client]
LOGIN = "/account/login/"
INSIDE = "/account/second-factor/"
NEW_PASSWORD = "翼城-明天-更好-0906"


def log_in(client: Client, name: str, password: str = PASSWORD, **query: str) -> object:
    return client.post(LOGIN, {"login": name, "password": password, **query})


def totp(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def verbs() -> list[str]:
    return list(AuditRecord.objects.order_by("sequence").values_list("verb", flat=True))


def test_signing_in_and_out_is_recorded(world: World) -> None:
    client = Client()
    response = log_in(client, "office", next="/account/second-factor/")
    assert (response.status_code, response.url) == (302, "/account/second-factor/")
    assert client.get(INSIDE).status_code == 200
    assert client.post("/account/logout/").url == LOGIN
    assert client.get(INSIDE).status_code == 302
    assert verbs() == ["account.login", "account.logout"]
    assert AuditRecord.objects.last().channel == "web"


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_reset_password", "account_set_password"])
def test_there_is_no_sign_up_and_no_mail(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_the_message_does_not_tell_whether_the_name_exists(world: World) -> None:
    Person.objects.filter(username="reviewer").update(is_active=False)
    pages = [
        log_in(Client(), name, password).content.decode()
        for name, password in [("office", "wrong"), ("nobody", "wrong"), ("reviewer", PASSWORD)]
    ]
    errors = [re.findall(r"<p>(登录名.*?)</p>", page) for page in pages]
    assert errors == [["登录名或密码不正确。"]] * 3


@pytest.mark.parametrize("name", ["office", "nobody"])
def test_five_failures_lock_for_a_quarter_of_an_hour(world: World, name: str) -> None:
    client = Client()
    with time_machine.travel("2026-11-22T02:00:00Z", tick=False) as clock:
        statuses = [log_in(client, name, "wrong").status_code for _i in range(5)]
        assert statuses == [200, 200, 200, 200, 429]
        clock.shift(timedelta(minutes=10))
        locked = log_in(client, name)
        assert (locked.status_code, locked["Retry-After"]) == (429, "360")
        # ten past ten in Shanghai; locked until 10:15, told as 10:16
        assert "请在10:16之后再试" in locked.content.decode()
        clock.shift(timedelta(minutes=6))
        assert log_in(client, name).status_code == (302 if name == "office" else 200)


def test_another_person_is_not_locked(world: World) -> None:
    for _i in range(6):
        log_in(Client(), "office", "wrong")
    assert log_in(Client(), "leader").status_code == 302


def test_the_administrator_unlocks(world: World, admin: Mandate) -> None:
    for _i in range(5):
        log_in(Client(), "office", "wrong")
    unlock_person(by=admin, today=TODAY, person=world.people["office"])
    assert log_in(Client(), "office").status_code == 302
    assert verbs() == ["person.unlock", "account.login"]


def test_a_session_ends_after_half_an_hour_without_use(world: World, sign_in: SignIn) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = sign_in("office")
        for _i in range(3):  # an hour and a quarter of use
            clock.shift(timedelta(minutes=25))
            assert client.get(INSIDE).status_code == 200
        clock.shift(timedelta(minutes=31))
        response = client.get(INSIDE)
        assert (response.status_code, response.url) == (302, f"{LOGIN}?next={INSIDE}")
        page = client.get(response.url).content.decode()
    assert "可能是超过30分钟没有操作，系统已自动退出" in page
    assert f'name="next" value="{INSIDE}"' in page


def test_the_login_page_says_nothing_of_a_session_at_first(db: None) -> None:
    assert "没有操作" not in Client().get(f"{LOGIN}?next=/").content.decode()


def test_who_must_change_the_password_does_nothing_else_before(world: World, sign_in: SignIn) -> None:
    Person.objects.filter(username="office").update(must_change_password=True)
    client = sign_in("office")
    for address in (INSIDE, "/account/confirm/", reverse("mfa_activate_totp")):
        assert client.get(address).url == "/account/password/"
    htmx = client.get(INSIDE, headers={"HX-Request": "true"})
    assert (htmx.status_code, htmx["HX-Redirect"]) == (200, "/account/password/")
    page = client.get("/account/password/")
    assert (page.status_code, "当前密码由系统管理员设置" in page.content.decode()) == (200, True)
    changed = client.post(
        "/account/password/", {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    )
    assert (changed.status_code, changed.url) == (302, "/")
    assert client.get(INSIDE).status_code == 200
    person = Person.objects.get(username="office")
    assert (person.check_password(NEW_PASSWORD), person.must_change_password) == (True, False)
    assert verbs() == ["person.change_password"]


@pytest.mark.parametrize(
    ("old", "new", "again", "error"),
    [
        ("wrong", NEW_PASSWORD, NEW_PASSWORD, "原密码不正确。"),
        (PASSWORD, NEW_PASSWORD, "other", "两次输入的新密码不一致。"),
        (PASSWORD, PASSWORD, PASSWORD, "新密码不能与原密码相同。"),
        (PASSWORD, "short-1", "short-1", "密码至少要有10个字符。"),
        (PASSWORD, "8472648264729", "8472648264729", "密码只包含数字"),
        (PASSWORD, "qwertyuiop", "qwertyuiop", "太常见"),
        (PASSWORD, "office2021x", "office2021x", "相似"),
    ],
)
def test_password_rules(world: World, sign_in: SignIn, old: str, new: str, again: str, error: str) -> None:
    page = sign_in("office").post("/account/password/", {"oldpassword": old, "password1": new, "password2": again})
    assert (page.status_code, error in page.content.decode()) == (200, True)
    assert Person.objects.get(username="office").check_password(PASSWORD)


def test_a_changed_password_ends_other_sessions(world: World) -> None:
    here, there = Client(), Client()
    for client in (here, there):
        log_in(client, "office")
    here.post("/account/password/", {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert (here.get(INSIDE).status_code, there.get(INSIDE).status_code) == (200, 302)


def enable(client: Client) -> str:
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    response = client.post(reverse("mfa_activate_totp"), {"code": totp(secret)})
    assert (response.status_code, response.url) == (302, reverse("mfa_view_recovery_codes"))
    return str(secret)


def demand(world: World, admin: Mandate, *roles: str) -> None:
    key = SettingKey.SECOND_FACTOR_ROLES
    change_setting(by=admin, today=TODAY, region=world.county, key=key, value=list(roles))


def test_a_role_that_must_use_the_second_factor_sets_it_up_first(world: World, admin: Mandate) -> None:
    demand(world, admin, "office")
    client, free = Client(), Client()
    log_in(client, "office")
    log_in(free, "leader")
    assert free.get(reverse("core:switch_language")).status_code == 405
    assert free.get("/account/confirm/").status_code == 200
    assert client.get("/").url == reverse("mfa_activate_totp")
    assert client.get(reverse("mfa_generate_recovery_codes")).url == reverse("mfa_activate_totp")
    enable(client)
    codes = client.get(reverse("mfa_view_recovery_codes"))
    assert len(codes.context["unused_codes"]) == 10
    assert codes.context["unused_codes"][0] in codes.content.decode()
    again = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert codes.context["unused_codes"][0] not in again
    assert client.get(reverse("mfa_generate_recovery_codes")).status_code == 200
    # what the role demands cannot be switched off
    off = client.post(reverse("mfa_deactivate_totp"))
    assert (off.status_code, "不能停用" in off.content.decode()) == (200, True)
    assert verbs() == ["setting.change", "account.login", "account.login", "account.second_factor_on"]


def test_signing_in_with_the_second_factor(world: World) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        first = Client()
        log_in(first, "office")
        secret = enable(first)
        codes = first.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
        clock.shift(timedelta(minutes=2))
        client = Client()
        assert log_in(client, "office").url == reverse("mfa_authenticate")
        assert client.get(INSIDE).status_code == 302  # not in yet
        assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
        assert client.post(reverse("mfa_authenticate"), {"code": totp(secret)}).url == "/"
        assert client.get(INSIDE).status_code == 200
        other = Client()
        log_in(other, "office")
        assert other.post(reverse("mfa_authenticate"), {"code": codes[0]}).url == "/"


def test_guessing_codes_locks_too(world: World) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        first = Client()
        log_in(first, "office")
        secret = enable(first)
        clock.shift(timedelta(minutes=2))
        client = Client()
        log_in(client, "office")
        wrong = f"{(int(totp(secret)) + 7) % 1000000:06}"
        statuses = [client.post(reverse("mfa_authenticate"), {"code": wrong}).status_code for _i in range(5)]
        assert statuses == [200, 200, 200, 200, 429]
        # neither the right code nor a fresh start with the right password helps now
        assert client.post(reverse("mfa_authenticate"), {"code": totp(secret)}).status_code == 429
        assert log_in(Client(), "office").status_code == 429
        clock.shift(timedelta(minutes=16))
        again = Client()
        log_in(again, "office")
        assert again.post(reverse("mfa_authenticate"), {"code": totp(secret)}).url == "/"


def test_switching_the_second_factor_off_asks_for_the_password_again(world: World) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = Client()
        log_in(client, "office")
        enable(client)
        clock.shift(timedelta(minutes=6))
        off = reverse("mfa_deactivate_totp")
        asked = client.get(off)
        assert asked.url == f"/account/confirm/?next={off.replace('/', '%2F')}"
        assert client.post(asked.url, {"password": "wrong"}).status_code == 200
        assert client.post(asked.url, {"password": PASSWORD}).url == off
        assert client.post(off).url == reverse("mfa_index")
    assert Authenticator.objects.count() == 0
    assert verbs()[-1] == "account.second_factor_off"


@pytest.mark.parametrize(
    ("target", "goes_to"),
    [("/system/?a=1", "/system/?a=1"), ("https://elsewhere.example/", "/"), ("//elsewhere.example", "/"), ("", "/")],
)
def test_the_language_switch_goes_back_only_within_the_site(db: None, target: str, goes_to: str) -> None:
    response = Client().post("/system/language/", {"language": "en", "next": target})
    assert (response.status_code, response["Location"]) == (303, goes_to)
    assert response.cookies["django_language"].value == "en"


def test_an_unknown_language_changes_nothing(db: None) -> None:
    response = Client().post("/system/language/", {"language": "fr", "next": "/"})
    assert (response.status_code, "django_language" in response.cookies) == (303, False)

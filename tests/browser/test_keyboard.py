"""Everything by keyboard: skip link, an order that follows the page, a focus that shows, Enter, the meeting's keys."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SignIn, Site
from tests.browser.hands import rail
from yiqi.demo.story.cast import PASSWORD

pytestmark = pytest.mark.browser
HERE = """() => { const e = document.activeElement, r = e.getBoundingClientRect(), s = getComputedStyle(e);
  return {name: (e.getAttribute('aria-label') || e.innerText || e.name || '').trim(), tag: e.tagName,
          top: r.top + scrollY, seen: r.width > 0 && r.height > 0 && r.bottom > 0 && r.top < innerHeight,
          ring: (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== 'none'}; }"""
STEPS_AT_MOST = 60


def tab_to(page: Page, name: str) -> list[dict[str, object]]:
    """Tab until the focus stands on something of that name; every stop on the way."""
    stops: list[dict[str, object]] = []
    for _step in range(STEPS_AT_MOST):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(HERE))
        if stops[-1]["name"] == name:
            return stops
    raise AssertionError([stop["name"] for stop in stops])


def test_signing_in_needs_no_mouse(browser: Browser, site: Site) -> None:
    page = browser.new_page()
    page.goto(f"{site.address}/account/login/")
    page.locator("input[name=login]").focus()
    page.keyboard.type("leader")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.address}/")
    page.context.close()


def test_the_first_stop_jumps_over_the_navigation(visit: SignIn) -> None:
    page = visit("leader")
    page.keyboard.press("Tab")
    first = page.evaluate(HERE)
    assert (first["name"], first["seen"]) == ("跳到正文", True)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize(
    ("person", "address", "action"),
    [
        ("office", "/plan/tasks/", "新建任务"),
        ("office", "/appraisal/rounds/", "计算一轮"),
        ("office", "/dispatch/reports/", "起草报告"),
        ("auditor", "/system/audit/", "核验审计链"),
        ("admin", "/system/people/", "开通账号"),
    ],
)
def test_the_main_action_is_reached_and_every_stop_shows(person: str, address: str, action: str, visit: SignIn) -> None:
    page = visit(person, reduced_motion="reduce")
    page.goto(address)
    stops = tab_to(page, action)
    assert [stop["name"] for stop in stops if not (stop["seen"] and stop["ring"])] == []
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: address not in url or len(url.split(address)[1]) > 0)
    expect(page.locator("main form").first).to_be_visible()


def test_a_filter_is_sent_by_enter_and_slash_goes_there(visit: SignIn) -> None:
    page = visit("leader")
    page.goto("/plan/tasks/?view=list")
    page.keyboard.press("/")
    page.keyboard.type("项目")
    page.keyboard.press("Enter")
    expect(page.locator(".chip").first).to_contain_text("项目")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('tbody') !== null")


def test_arrow_keys_walk_through_the_agenda_but_not_out_of_a_text(visit: SignIn) -> None:
    page = visit("office")
    rail(page, "周调度")
    page.get_by_role("row").filter(has_text="筹备").get_by_role("link").first.click()
    page.locator(".agenda-list a").first.click()
    place = page.locator(".item-place")
    expect(place).to_contain_text("第1项")
    page.keyboard.press("ArrowRight")
    expect(place).to_contain_text("第2项")
    page.keyboard.press("ArrowLeft")
    expect(place).to_contain_text("第1项")
    page.get_by_role("textbox", name="议定事项", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    expect(place).to_contain_text("第1项")


def test_a_menu_opens_with_enter_and_closes_with_escape(visit: SignIn) -> None:
    page = visit("leader")
    menu = page.locator(".person-menu")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(menu.get_by_role("link", name="修改密码")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu.get_by_role("link", name="修改密码")).to_be_hidden()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"

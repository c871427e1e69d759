"""Without JavaScript every form still works."""

from __future__ import annotations

import pytest

from tests.browser.conftest import SignIn

pytestmark = pytest.mark.browser


def test_a_person_signs_in_and_walks_the_rail_without_scripts(visit: SignIn) -> None:
    page = visit("leader", java_script_enabled=False)
    addresses = page.locator("nav a[href^='/']").evaluate_all("nodes => nodes.map(n => n.getAttribute('href'))")
    opened = {}
    for address in sorted(set(addresses)):
        answer = page.goto(address)
        opened[address] = answer.status if answer else None
    assert set(opened.values()) == {200}


def test_the_language_is_switched_without_scripts(visit: SignIn) -> None:
    page = visit("leader", java_script_enabled=False)
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    page.locator("form[action*=language] button").first.click()
    assert page.locator("html").get_attribute("lang") == "en"

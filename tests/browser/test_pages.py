"""Every page that a person can reach: it answers, nothing is reported in the console, axe finds nothing serious, and at
360 px nothing sticks out."""

from __future__ import annotations

from collections import deque
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from tests.browser.conftest import SignIn

pytestmark = pytest.mark.browser
PEOPLE = ("leader", "office", "force", "reporter", "reviewer", "auditor", "admin")
SEVERE = {"serious", "critical"}
EDGE = """() => [...document.querySelectorAll('main *')].filter(e => {
  const r = e.getBoundingClientRect(); const s = getComputedStyle(e);
  if (!r.width || s.position === 'fixed' || r.right <= innerWidth + 1) return false;
  for (let p = e.parentElement; p; p = p.parentElement) {
    if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(p).overflowX)) return false;
  }
  return true;
}).slice(0, 5).map(e => e.tagName + '.' + e.className)"""


def name_of(address: str) -> str | None:
    """The name of the page at an address; None for what is no page of ours."""
    parts = urlsplit(address)
    if "export" in parts.query or parts.path.startswith("/static/"):
        return None
    try:
        return resolve(parts.path).view_name
    except Resolver404:
        return None


def links(page: Page) -> list[str]:
    """The addresses of a page's links that open a page here."""
    found: list[str] = page.eval_on_selector_all("a[href]:not([download])", "nodes => nodes.map(n => n.href)")
    return [address for address in found if urlsplit(address).netloc == urlsplit(page.url).netloc]


def faults(page: Page, noise: list[str]) -> list[str]:
    """What is wrong with the page that is open."""
    found = [f"console: {text}" for text in noise]
    page.emulate_media(reduced_motion="reduce")
    violations = Axe().run(page).response["violations"]
    found += [
        f"axe: {item['id']} {[node['target'] for node in item['nodes'][:3]]}"
        for item in violations
        if item["impact"] in SEVERE
    ]
    page.set_viewport_size({"width": 360, "height": 760})
    found += [f"sticks out at 360 px: {item}" for item in page.evaluate(EDGE)]
    width = page.evaluate("document.documentElement.scrollWidth")
    found += [f"page is {width} px wide at 360 px"] if width > 360 else []
    page.set_viewport_size({"width": 1280, "height": 800})
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("person", PEOPLE)
def test_every_reachable_page_is_sound(person: str, scheme: str, visit: SignIn) -> None:
    page = visit(person, color_scheme=scheme, viewport={"width": 1280, "height": 800})
    noise: list[str] = []
    page.on("console", lambda message: noise.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: noise.append(str(error)))
    seen: set[str] = set()
    wrong: dict[str, list[str]] = {}
    waiting = deque(["/"])
    while waiting:
        address = waiting.popleft()
        noise.clear()
        answer = page.goto(address)
        name = name_of(page.url) or address
        if name in seen:
            continue
        seen.add(name)
        found = [] if answer and answer.status == 200 else [f"status {answer and answer.status}"]
        found += faults(page, noise)
        if found:
            wrong[f"{name} {urlsplit(page.url).path}"] = found
        known = seen | {name_of(other) for other in waiting}
        for link in links(page):
            target = name_of(link)
            if target and target not in known:
                known.add(target)
                waiting.append(link)
    assert wrong == {}
    assert len(seen) >= 5

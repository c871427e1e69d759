"""Every page that a person can reach: it answers, the console is silent, axe finds nothing serious in light or dark, at
360 px nothing sticks out, and no link leads where that person may not go."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import SignIn
from tests.browser.looking import Memory, Walk

pytestmark = pytest.mark.browser
EXPECTED = {
    "leader": {"cockpit:home", "cockpit:wall", "plan:show_task", "appraisal:show_cell", "dispatch:show_item"},
    "office": {"plan:create_task", "plan:upload_tasks", "appraisal:upload_league", "dispatch:draft_report"},
    "force": {"dispatch:show_week", "dispatch:show_force", "plan:board"},
    "reporter": {"plan:my_week", "plan:report_progress", "dispatch:list_mine"},
    "reviewer": {"plan:my_week", "plan:show_progress", "appraisal:standings"},
    "auditor": {"core:list_records", "core:show_record", "core:verify_records", "appraisal:standings"},
    "admin": {"core:list_people", "core:show_person", "core:list_settings", "core:show_calendar"},
}


@pytest.fixture(scope="session")
def memory() -> Memory:
    """What axe has examined, whoever saw it."""
    return Memory()


@pytest.mark.parametrize("person", EXPECTED)
def test_every_reachable_page_is_sound(person: str, visit: SignIn, memory: Memory) -> None:
    page = visit(person, color_scheme="light", reduced_motion="reduce", viewport={"width": 1280, "height": 800})
    walk = Walk(page, memory).go()
    assert walk.wrong == {}
    assert EXPECTED[person] - set(walk.seen) == set()


FIGURES = """nodes => nodes.map(n => [n.innerText.trim(), n.getAttribute('href')])
  .filter(([text, href]) => /^\\d+件?$/.test(text) && /tasks|directives/.test(href))"""


@pytest.mark.parametrize("person", ["leader", "reporter"])
def test_each_count_of_the_cockpit_leads_to_as_many_records(person: str, visit: SignIn) -> None:
    page = visit(person)
    figures = page.eval_on_selector_all("main a[href*='?']", FIGURES)
    shown = {}
    for text, address in figures:
        found = re.search(r'list-count">[^<]*<strong>([\d,]+)<', page.request.get(address).text())
        shown[address] = (int(text.removesuffix("件")), int(found.group(1).replace(",", "")) if found else None)
    assert {address: pair for address, pair in shown.items() if pair[0] != pair[1]} == {}
    assert len(shown) > 10

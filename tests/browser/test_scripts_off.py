"""Without JavaScript every form still works."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.hands import fill, find, follow, press, rail, status

pytestmark = pytest.mark.browser
TASK = "重点工程项目月调度"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001"
    "e221bc330000000049454e44ae426082"
)


def plain(enter: SignIn, person: str) -> Page:
    """Signed in with a browser that runs no script."""
    return enter(person, java_script_enabled=False)


@pytest.mark.parametrize("person", ["leader", "reporter", "auditor", "admin"])
def test_every_page_of_the_rail_opens(person: str, visit: SignIn) -> None:
    page = plain(visit, person)
    entries = page.get_by_role("navigation", name="主导航").get_by_role("link")
    addresses = [entry.get_attribute("href") for entry in entries.all()]
    opened = {address: page.goto(address or "") for address in addresses}
    assert {address for address, answer in opened.items() if not answer or answer.status != 200} == set()
    assert len(addresses) == len(set(addresses)) > 3


def test_the_language_is_switched_and_switched_back(visit: SignIn) -> None:
    page = plain(visit, "leader")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("button", name="中文").click()
    assert page.locator("html").get_attribute("lang") == "zh-CN"


def test_a_list_is_filtered_and_the_chip_takes_the_filter_away(visit: SignIn) -> None:
    page = plain(visit, "leader")
    page.goto("/dispatch/directives/")
    everything = page.locator(".list-count").inner_text()
    page.get_by_role("combobox", name="亮灯").select_option("red")
    press(page, "筛选")
    assert page.locator(".list-count").inner_text() != everything
    page.locator(".chip").first.click()
    assert page.locator(".list-count").inner_text() == everything


def test_an_item_is_decided_in_the_meeting(work: SignIn) -> None:
    page = plain(work, "office")
    rail(page, "周调度")
    page.get_by_role("row").filter(has_text="筹备").get_by_role("link").first.click()
    title = page.locator("#item-title").inner_text()
    fill(page, 议定事项="会后三日内报送方案。")
    press(page, "记录并转下一项")
    assert page.locator("#item-title").inner_text() != title
    page.get_by_role("link", name="上一项").click()
    assert page.locator("#item-title").inner_text() == title
    expect(page.get_by_role("textbox", name="议定事项", exact=True)).to_have_value("会后三日内报送方案。")


def test_progress_is_reported_with_a_file(work: SignIn, tmp_path: Path) -> None:
    evidence = tmp_path / "开工照片.png"
    evidence.write_bytes(PNG)
    office = plain(work, "office")
    rail(office, "任务")
    find(office, TASK)
    follow(office, TASK)
    follow(office, "修改任务")
    fill(office, 办结佐证要求="现场照片")
    press(office, "保存修改")
    page = plain(work, "reporter")
    page.goto(office.url)
    follow(page, "填报进展")
    page.get_by_role("spinbutton", name="完成进度（%）").fill("100")
    fill(page, 进展情况="9月重点工程项目调度已完成。")
    page.get_by_role("checkbox", name="任务已完成，申请办结").check()
    page.get_by_label("佐证材料").set_input_files(evidence)
    press(page, "提交进展")
    assert status(page) == TASK
    expect(page.locator("main .facts")).to_contain_text("开工照片.png")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="开工照片.png").click()
    assert waiting.value.path().read_bytes() == PNG

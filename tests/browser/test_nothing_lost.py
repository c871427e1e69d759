"""Typing is never lost: a form that somebody overtook, a token or a session that is gone, a file that is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.hands import fill, find, follow, press, rail
from yiqi.demo.story.cast import PASSWORD

pytestmark = pytest.mark.browser
TASK = "固定资产投资项目集中入库"
OTHER_TASK = "重点工程项目月调度"
DIRECTIVE = "提出“固定资产投资增速”追赶措施"
TYPED = "已与统计部门核对口径，\n三个项目本周入库。"
LIMIT = 20 * 1024 * 1024


def open_task(page: Page, title: str = TASK) -> str:
    """The task's page; its address."""
    rail(page, "任务")
    find(page, title)
    follow(page, title)
    return page.url


def sent(page: Page, name: str) -> int:
    """Press a button; the status of the page that answers."""
    with page.expect_response(lambda answer: answer.request.method == "POST") as waiting:
        press(page, name)
    return waiting.value.status


def test_a_task_that_another_tab_changed_keeps_what_was_typed(work: SignIn) -> None:
    first = work("office")
    address = open_task(first) + "edit/"
    first.goto(address)
    second = first.context.new_page()
    second.goto(address)
    fill(first, 具体举措="先保存的举措。")
    press(first, "保存修改")
    expect(first.locator("main")).to_contain_text("先保存的举措。")
    fill(second, 具体举措=TYPED)
    assert sent(second, "保存修改") == 409
    expect(second.get_by_role("alert")).to_be_visible()
    expect(second.get_by_role("textbox", name="具体举措", exact=True)).to_have_value(TYPED)


def test_a_decision_that_another_tab_changed_keeps_what_was_typed(work: SignIn) -> None:
    first = work("office")
    rail(first, "周调度")
    first.get_by_role("row").filter(has_text="筹备").get_by_role("link").first.click()
    first.locator(".agenda-list a").first.click()
    second = first.context.new_page()
    second.goto(first.url)
    fill(first, 议定事项="先记录的议定。")
    press(first, "记录并转下一项")
    fill(second, 议定事项=TYPED)
    assert sent(second, "记录并转下一项") == 409
    expect(second.get_by_role("textbox", name="议定事项", exact=True)).to_have_value(TYPED)


@pytest.mark.parametrize(("cookie", "title"), [("csrftoken", TASK), ("sessionid", OTHER_TASK)])
def test_a_lost_cookie_keeps_the_report_and_sends_it_again(cookie: str, title: str, work: SignIn) -> None:
    page = work("reporter")
    page.goto(open_task(page, title) + "report/")
    fill(page, 进展情况=f"{TYPED}（{cookie}）")
    page.context.clear_cookies(name=cookie)
    assert sent(page, "存为草稿") == 403
    expect(page.locator("main")).to_contain_text(f"三个项目本周入库。（{cookie}）")
    if cookie == "sessionid":
        with page.context.expect_page() as waiting:
            follow(page, "在新窗口登录")
        beside = waiting.value
        beside.fill("input[name=login]", "reporter")
        beside.fill("input[name=password]", PASSWORD)
        beside.click("form[action*=login] button[type=submit]")
        beside.wait_for_url(lambda url: "/login/" not in url)
    press(page, "再次提交")
    if cookie == "sessionid":  # signing in made a new token
        press(page, "再次提交")
    expect(page.locator("main")).to_contain_text(f"三个项目本周入库。（{cookie}）")
    expect(page.get_by_role("link", name="继续填报")).to_be_visible()


REFUSED = [
    ("空白.pdf", b"", 422),
    ("照片.pdf", b"MZ\x90\x00 not a document", 422),
    ("过大.pdf", b"%PDF-1.7\n" + bytes(LIMIT), 422),
]


@pytest.mark.parametrize(("name", "content", "code"), REFUSED, ids=["empty", "wrong", "oversize"])
def test_a_refused_file_keeps_the_other_fields(
    name: str, content: bytes, code: int, work: SignIn, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    page = work("reporter")
    page.goto("/dispatch/directives/mine/")
    follow(page, DIRECTIVE)
    fill(page, 办理情况=TYPED)
    page.get_by_role("radio", name="已办结，提交审核").check()
    page.get_by_label("佐证材料").set_input_files(tmp_path / name)
    assert sent(page, "提交反馈") == code
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("textbox", name="办理情况", exact=True)).to_have_value(TYPED)
    expect(page.get_by_role("radio", name="已办结，提交审核")).to_be_checked()


def test_a_broken_workbook_keeps_the_choices_beside_it(work: SignIn, tmp_path: Path) -> None:
    (tmp_path / "通报.xlsx").write_bytes(b"PK\x03\x04 truncated")
    page = work("office")
    page.goto("/appraisal/observations/imports/new/")
    page.get_by_label("期别").select_option("2021-07")
    page.get_by_label("数据性质").select_option("final")
    page.get_by_label("通报表").last.set_input_files(tmp_path / "通报.xlsx")
    assert sent(page, "上传并预览") >= 400
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("期别")).to_have_value("2021-07")
    expect(page.get_by_label("数据性质")).to_have_value("final")


def test_leaving_with_unsaved_typing_is_asked_about(work: SignIn) -> None:
    page = work("reporter")
    page.goto(open_task(page) + "report/")
    page.get_by_role("textbox", name="进展情况", exact=True).press_sequentially("未提交")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="任务", exact=True).click(no_wait_after=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    expect(page.get_by_role("textbox", name="进展情况", exact=True)).to_have_value("未提交")

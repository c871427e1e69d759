"""The main job once, by the people whose work it is, through the pages: breakdown in, figures in, a round, this week's
meeting, a directive, an answer, a report, and the trail of it all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.hands import fill, find, follow, press, rail, status

pytestmark = pytest.mark.browser
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
TASK = "三季度经济运行调度"
MATTER = "逐项落实三季度追赶措施"
DECISION = "由县发改局牵头，9月15日前拿出追赶清单。"
PROGRESS = "已逐项分析1—8月指标，列出落后指标清单。"


def number_in(pattern: str, text: str) -> int:
    """The number that a sentence gives."""
    found = re.search(pattern, text)
    assert found, text
    return int(found.group(1).replace(",", ""))


def saved(page: Page, name: str) -> bytes:
    """What a link of the page downloads."""
    with page.expect_download() as waiting:
        follow(page, name)
    return waiting.value.path().read_bytes()


def bring_the_breakdown(page: Page) -> None:
    """Upload, see what each row was read as, apply; the tasks stand on the board."""
    rail(page, "任务")
    follow(page, "导入任务分解表")
    page.get_by_label("任务分解表").set_input_files(EXAMPLES / "task-breakdown-2021.xlsx")
    press(page, "上传并预览")
    read, guessed, wrong = (number_in(rf"(\d+)行{word}", status(page)) for word in ("明确", "需要核对", "有误"))
    assert min(read, guessed, wrong) > 0
    expect(page.get_by_role("row").filter(has_text=TASK)).to_have_count(1)
    press(page, f"导入{read + guessed}项任务")
    assert status(page) == f"已导入{read + guessed}项任务，{wrong}行有误没有导入。"
    follow(page, "查看任务")
    find(page, TASK)
    expect(page.get_by_role("link", name=TASK).first).to_be_visible()


def bring_the_figures(page: Page) -> None:
    """Upload the city's sheet, look, apply."""
    page.goto("/appraisal/observations/imports/new/")
    page.get_by_label("期别").select_option("2021-08")
    page.get_by_label("通报表").last.set_input_files(EXAMPLES / "league-sheet-2021-08.xlsx")
    press(page, "上传并预览")
    total = number_in(r"共读到(\d+)项数据", status(page))
    assert total == sum(number_in(rf"{word}(\d+)项", status(page)) for word in ("直接读出", "推断", "有误"))
    press(page, "导入")
    expect(page.get_by_role("status").filter(has_text="导入完成")).to_be_visible()
    assert number_in(r"新增(\d+)项", status(page)) + number_in(r"修订(\d+)项", status(page)) > 0


def run_a_round(page: Page) -> None:
    """Work it out as a trial, publish it: 17 counties, our own marked."""
    rail(page, "考核轮次")
    follow(page, "计算一轮")
    page.get_by_label("期别").select_option("2021-08")
    press(page, "开始计算")
    assert status(page).startswith("试算")
    press(page, "发布本轮")
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(page.locator(".page-status")).to_contain_text("结果不再变动")
    follow(page, "查看完整位次表")
    expect(page.locator(".standings tbody tr:not(.tier-row)")).to_have_count(17)
    expect(page.locator(".standings tr.own")).to_contain_text("翼城县")


def hold_the_meeting(page: Page) -> None:
    """Open this week's meeting from the list, decide the item in hand, give a directive from it."""
    rail(page, "周调度")
    page.get_by_role("row").filter(has_text="筹备").get_by_role("link").first.click()
    place = page.locator(".item-place").inner_text()
    fill(page, 议定事项=DECISION)
    press(page, "记录并转下一项")
    expect(page.locator(".item-place")).not_to_have_text(place)
    page.get_by_text("从本议题交办督办事项").click()
    fill(page, 事项=MATTER)
    page.get_by_role("combobox", name="承办单位").select_option(label="翼城县发展和改革局")
    press(page, "交办")
    expect(page.get_by_role("link", name=MATTER)).to_be_visible()
    page.get_by_role("link", name="上一项").click()
    expect(page.get_by_role("textbox", name="议定事项", exact=True)).to_have_value(DECISION)


def answer(page: Page) -> str:
    """Sign for the directive, report progress on the task; the address of the report."""
    page.goto("/dispatch/directives/mine/")
    follow(page, MATTER)
    press(page, "签收办理")
    expect(page.get_by_role("heading", name="反馈办理情况")).to_be_visible()
    fill(page, 办理情况="已拿出追赶清单初稿。")
    press(page, "提交反馈")
    expect(page.locator(".timeline")).to_contain_text("已拿出追赶清单初稿。")
    rail(page, "任务")
    find(page, TASK)
    follow(page, TASK)
    follow(page, "填报进展")
    page.get_by_role("spinbutton", name="完成进度（%）").fill("30")
    fill(page, 进展情况=PROGRESS)
    press(page, "提交进展")
    expect(page.get_by_text("等待审核").first).to_be_visible()
    expect(page.get_by_role("button", name="审核通过")).to_have_count(0)
    return page.url


def publish_a_report(office: Page, leader: Page) -> None:
    """Draft from the data, fill in what the data does not have, sign; both files are what they say."""
    rail(office, "工作报告")
    follow(office, "起草报告")
    press(office, "按数据起草")
    address = office.url
    follow(office, "修改")
    for box in office.get_by_role("textbox").filter(visible=True).all():
        if "（请补充）" in box.input_value():
            box.fill(box.input_value().replace("（请补充）", "继续抓好落实。"))
    press(office, "保存")
    expect(office.locator("main").get_by_role("link", name="签发", exact=True)).to_have_count(0)
    leader.goto(address)
    follow(leader, "签发")
    press(leader, "签发")
    assert "签发，内容已固定" in status(leader)
    assert saved(leader, "下载Word")[:2] == b"PK"
    assert saved(leader, "下载PDF")[:4] == b"%PDF"


def check_the_trail(page: Page) -> None:
    """The records of what was done are there, and the chain holds."""
    rail(page, "审计记录")
    for matter in (MATTER, "签发"):
        expect(page.locator("main .data-table")).to_contain_text(matter)
    follow(page, "核验审计链")
    press(page, "开始核验")
    expect(page.get_by_role("status").filter(has_text="记录完整，链条没有断开")).to_be_visible()


def test_the_main_job_is_done_through_the_pages(work: SignIn) -> None:
    office = work("office")
    bring_the_breakdown(office)
    bring_the_figures(office)
    run_a_round(office)
    hold_the_meeting(office)
    reporter = work("reporter")
    address = answer(reporter)
    reviewer = work("reviewer")
    reviewer.goto(address)
    press(reviewer, "审核通过")
    expect(reviewer.locator("main")).to_contain_text(PROGRESS)
    publish_a_report(office, work("leader"))
    check_the_trail(work("auditor"))

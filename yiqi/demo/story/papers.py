"""Three fortnightly reports: drafted from the data, completed by hand, signed by a leader."""

from __future__ import annotations

from datetime import date

from yiqi.demo.story.cast import Cast
from yiqi.dispatch.operations import draft_report, edit_report, sign_report
from yiqi.dispatch.queries import TO_FILL_IN
from yiqi.plan.models import Campaign

PERIODS = (
    (date(2021, 7, 26), date(2021, 8, 8)),
    (date(2021, 8, 9), date(2021, 8, 22)),
    (date(2021, 8, 23), date(2021, 9, 5)),
)
NEXT_STEPS = (
    "一是对红灯任务逐项落实责任人和完成日期，由牵头专班每日调度。\n"
    "二是对失分较多的指标，由牵头单位按月提出追赶措施。\n"
    "三是对提请协调的事项，在本周调度会上集中研究解决。"
)


def write_report(cast: Cast, campaign: Campaign, starts: date, ends: date, today: date) -> None:
    """Draft, fill in what the data cannot say, sign."""
    report = draft_report(
        by=cast.who("office"),
        today=today,
        campaign=campaign,
        starts=starts,
        ends=ends,
        addressee="县委、县政府",
        mark="翼考办",
    )
    sections = [(part["key"], NEXT_STEPS) for part in report.sections if TO_FILL_IN in part["text"]]
    report = edit_report(by=cast.who("office"), today=today, report=report, sections=sections)
    sign_report(by=cast.who("leader"), today=today, report=report)

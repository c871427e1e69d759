"""A year of progress reports with their steps: the last Friday of each month, weekly for the few that report weekly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from tqdm import tqdm

from benchmarks.pages.loading.copying import copy, renumber
from benchmarks.pages.loading.founding import TODAY, County
from benchmarks.pages.loading.tasks import Fate
from yiqi.plan.enums import Frequency, ProgressStatus, TaskStatus
from yiqi.plan.models import Progress, ProgressStatusChange

MONTHLY = tuple(
    date(2021, month, day)
    for month, day in enumerate((29, 26, 26, 30, 28, 25, 30, 27, 24, 29, 26, 24), start=1)  # last Fridays
)
WEEKLY = tuple(date(2021, 1, 8) + timedelta(weeks=week) for week in range(51))
COLUMNS = (
    *("id", "version", "demo", "source", "task_id", "region_id", "unit_id", "on", "percent", "text", "problem", "ask"),
    *("claims_done", "milestone_id", "status", "reported_by_id", "reviewed_by_id", "reviewed_on", "opinion"),
)
STEP_COLUMNS = ("id", "progress_id", "before", "after", "on", "by_id", "why")
TEXTS = (
    "本期组织现场推进，前期手续已办理完毕，施工单位已进场，主体工程按计划推进，总体进度符合要求。",
    "按计划推进，已完成排查登记，建立台账，正在逐项整改销号，下一步组织开展回头看。",
    "节点工作已完成，相关资料已归档，正在准备下一节点的招标文件，预计按期完成。",
    "进度略慢于计划，已召开协调会明确责任人和完成时间，增加人员设备，力争下期追平。",
)
PROBLEM = "部分要件办理进度偏慢，配套资金尚有缺口，正与有关部门对接。"


def _days(starts: date, fate: Fate) -> Iterable[date]:
    if fate.status == TaskStatus.PLANNED:
        return ()
    all_days = WEEKLY if fate.frequency == Frequency.WEEKLY else MONTHLY
    if fate.frequency == Frequency.STAGE:
        all_days = MONTHLY[1::4]
    ends = fate.finished or TODAY
    if fate.status in {TaskStatus.SUSPENDED, TaskStatus.CANCELLED}:
        ends = date(2021, 9, 27)
    elif not fate.finished and fate.frequency == Frequency.MONTHLY and not fate.reported_this_month:
        ends = MONTHLY[-2]
    return [day for day in all_days if starts <= day <= ends]


class Reports:
    """Rows of the reports; remembers how each ended, so that the steps can follow in a second COPY."""

    def __init__(self, county: County, tasks: list[tuple[int, int, date, Fate]]):
        self.county, self.tasks = county, tasks
        self.ends: list[tuple[int, date, str, int, int]] = []

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """One tuple a report, in the order of :data:`COLUMNS`; by day, as a year would have written them."""
        by_day: dict[date, list[tuple[int, int, bool, bool]]] = {}
        for task, unit, starts, fate in self.tasks:
            days = list(_days(starts, fate))
            for place, day in enumerate(days, start=1):
                by_day.setdefault(day, []).append((task, unit, place == len(days), bool(fate.finished)))
        number, region = 0, self.county.campaign.region_id
        random = self.county.chance.random
        for day in sorted(by_day):
            for task, unit, last, finished in by_day[day]:
                number += 1
                dice = random()
                status = ProgressStatus.APPROVED.value
                if last and not finished and dice < 0.06 and day > MONTHLY[-2]:
                    status = ProgressStatus.RETURNED.value if dice < 0.005 else ProgressStatus.SUBMITTED.value
                reporter, reviewer = self.county.reporters[unit], self.county.reviewers[unit]
                approved = status == ProgressStatus.APPROVED
                self.ends.append((number, day, status, reporter, reviewer))
                yield (
                    *(number, 2 + approved, True, "", task, region, unit, day),
                    *(100 if last and finished else min(95, int(day.month * 7.5)), TEXTS[number % 4]),
                    *(
                        PROBLEM if dice > 0.9 else "",
                        "请求协调加快审批。" if dice > 0.995 else "",
                        last and finished,
                        None,
                    ),
                    *(status, reporter, reviewer if approved else None, day if approved else None),
                    "情况属实。" if approved else "",
                )

    def steps(self) -> Iterator[tuple[Any, ...]]:
        """Draft, submitted, and approved or returned."""
        number = 0
        draft, submitted = ProgressStatus.DRAFT.value, ProgressStatus.SUBMITTED.value
        for progress, day, status, reporter, reviewer in self.ends:
            yield (number + 1, progress, "", draft, day, reporter, "")
            yield (number + 2, progress, draft, submitted, day, reporter, "")
            number += 2
            if status != submitted:
                number += 1
                yield (number, progress, submitted, status, day, reviewer, "")


def make_progress(county: County, tasks: list[tuple[int, int, date, Fate]], bar: tqdm[Any]) -> None:
    """Copy the reports and their steps."""
    reports = Reports(county, tasks)
    county.counts["progress"] = copy(Progress, COLUMNS, reports.rows(), bar)
    county.counts["progress steps"] = copy(ProgressStatusChange, STEP_COLUMNS, reports.steps(), bar)
    renumber(Progress, ProgressStatusChange)

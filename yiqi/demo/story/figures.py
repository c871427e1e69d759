"""The appraisal of the story: the template framework, targets, and each month's league sheet of 17 counties.

The values are invented: a county's standing in an indicator wanders from month to month around a level of its own.
They come in as the real ones would, as a workbook that is read, looked at and applied.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO

import xlsxwriter
from django.utils import timezone

from yiqi.appraisal.enums import TargetKind, ValueStatus
from yiqi.appraisal.models import Framework, Indicator, Round
from yiqi.appraisal.operations import (
    LEAGUE_SHEET,
    NewTarget,
    activate_framework,
    load_framework,
    publish_round,
    run_round,
    set_targets,
    support_indicator,
)
from yiqi.core.enums import RegionKind
from yiqi.core.models import Region
from yiqi.core.operations.uploads import apply_upload, preview_upload
from yiqi.demo import DATA
from yiqi.demo.story.cast import BEGINNING, COUNTY, Cast
from yiqi.plan.models import Task

MONTHS = tuple(range(1, 9))
SUPPORTS = {
    "B2-02": ("规上工业增加值增速追赶",),
    "B2-03": ("固定资产投资项目集中入库", "经开区标准化厂房建设"),
    "B2-04": ("限上商贸企业培育",),
    "B2-05": ("一般公共预算收入征缴调度",),
    "B2-08": ("城镇新增就业任务推进",),
    "B2-10": ("重点工程项目月调度",),
    "B2-11": ("新增规上工业企业培育",),
    "B2-14": ("新能源汽车零部件项目签约",),
    "B3-01": ("政务服务事项标准化", "工程建设项目审批提速"),
    "B4-03": ("信访积案领导包案",),
    "B5-01": ("城区散煤清零", "扬尘污染综合整治"),
    "B5-02": ("重点行业深度治理",),
}


@dataclass(frozen=True)
class Habit:
    """An indicator's habit: level and spread in August, drift a month, bounds, the own county's place in spreads."""

    mean: float
    sd: float
    drift: float
    low: float
    high: float
    own: float
    cumulative: float | None

    def level(self, month: int) -> float:
        """The counties' middle value at the end of a month; cumulative rates grow with the year."""
        if self.cumulative is not None:
            return self.mean * self.cumulative * month / 12
        return self.mean + self.drift * (month - MONTHS[-1])

    def spread(self, month: int) -> float:
        """The counties' standard deviation at the end of a month."""
        return self.sd * (self.cumulative * month / 12 if self.cumulative is not None else 1)

    def ceiling(self) -> float:
        """The highest value that makes sense."""
        return self.high * (self.cumulative or 1)


def habits() -> dict[str, Habit]:
    """Read data/figures.csv."""
    with (DATA / "figures.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["code"]: _habit(row) for row in rows}


def _habit(row: Mapping[str, str]) -> Habit:
    mean, sd, drift, low, high, own = (float(row[name]) for name in ("mean", "sd", "drift", "low", "high", "own"))
    return Habit(
        mean=mean,
        sd=sd,
        drift=drift,
        low=low,
        high=high,
        own=own,
        cumulative=float(row["cumulative"]) if row["cumulative"] else None,
    )


def found_framework(cast: Cast) -> Framework:
    """The five-block template, with the suggested targets of the months in which rounds are run."""
    office = cast.who("office")
    data = json.loads((DATA / "framework.json").read_text(encoding="utf-8"))
    framework = load_framework(
        by=office, today=BEGINNING, region=cast.city, data=data, year=2021, unit_region=cast.county, demo=True
    )
    counties = list(Region.objects.filter(parent=cast.city, kind=RegionKind.COUNTY))
    behaviour = habits()
    rows = []
    for indicator in Indicator.objects.filter(framework=framework):
        habit = behaviour[indicator.code]
        for month in (7, 8):
            if habit.cumulative is not None:
                value = round(habit.cumulative * month / 12, 1)
                rows += [
                    NewTarget(
                        indicator=indicator,
                        region=county,
                        period=f"2021-{month:02}",
                        value=value,
                        kind=TargetKind.SUGGESTED,
                    )
                    for county in counties
                ]
    set_targets(by=office, today=BEGINNING, framework=framework, rows=rows, source="演示数据")
    return activate_framework(by=office, today=BEGINNING, framework=framework)


Panel = Mapping[int, Mapping[str, Mapping[str, float]]]


def invent(indicators: Sequence[Indicator], regions: Sequence[Region], chance: random.Random) -> Panel:
    """Month → region → indicator → value: a level of its own a county, a slow walk around it, half-up places later."""
    behaviour = habits()
    panel: dict[int, dict[str, dict[str, float]]] = {month: {region.code: {} for region in regions} for month in MONTHS}
    strength = {region.code: chance.gauss(0, 0.45) for region in regions}
    for indicator in indicators:
        habit = behaviour[indicator.code]
        sign = -1 if indicator.direction == "lower" else 1
        for region in regions:
            place = habit.own if region.code == COUNTY else strength[region.code] + chance.gauss(0, 0.8)
            walk = 0.0
            for month in MONTHS:
                walk = 0.7 * walk + chance.gauss(0, 0.25)
                value = habit.level(month) + sign * habit.spread(month) * (place + walk)
                value = min(max(value, habit.low), habit.ceiling())
                panel[month][region.code][indicator.code] = round(value, indicator.places)
    return panel


def league_sheet(
    indicators: Sequence[Indicator], regions: Sequence[Region], values: Mapping[str, Mapping[str, float]], title: str
) -> bytes:
    """A month's league sheet as the city would send it: two header rows, a unit in brackets, one line a county."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("通报")
    sheet.write(0, 0, title)
    sheet.write(1, 0, "演示数据")
    sheet.write(2, 0, "县（市、区）")
    for column, indicator in enumerate(indicators, start=1):
        sheet.write(2, column, f"{indicator.name}（{indicator.unit_text}）" if indicator.unit_text else indicator.name)
    for row, region in enumerate(regions, start=3):
        sheet.write(row, 0, region.name)
        for column, indicator in enumerate(indicators, start=1):
            sheet.write_number(row, column, values[region.code][indicator.code])
    book.close()
    return buffer.getvalue()


def at_nine(day: date) -> datetime:
    """Nine in the morning of a day, for the operations that keep a moment."""
    return datetime.combine(day, time(9), tzinfo=timezone.get_default_timezone())


class Gazette:
    """Publishes the story's figures month by month."""

    def __init__(self, cast: Cast, framework: Framework, chance: random.Random):
        self.cast, self.framework = cast, framework
        self.indicators = list(Indicator.objects.filter(framework=framework).order_by("order", "code"))
        self.regions = list(Region.objects.filter(parent=cast.city, kind=RegionKind.COUNTY).order_by("code"))
        self.panel = invent(self.indicators, self.regions, chance)

    def publish(self, month: int, day: date) -> None:
        """The city's sheet of a month arrives on a day and is applied."""
        title = f"临汾市2021年1—{month}月主要指标完成情况" if month > 1 else "临汾市2021年1月主要指标完成情况"
        found = preview_upload(
            LEAGUE_SHEET,
            by=self.cast.who("office"),
            today=day,
            now=at_nine(day),
            subject=self.framework,
            period=f"2021-{month:02}",
            data=league_sheet(self.indicators, self.regions, self.panel[month], title),
            filename=f"{title}.xlsx",
            options={"value_status": ValueStatus.PRELIMINARY if month < MONTHS[-1] else ValueStatus.FLASH},
        )
        apply_upload(LEAGUE_SHEET, by=self.cast.who("office"), today=day, now=at_nine(day), upload=found)

    def round(self, month: int, day: date) -> Round:
        """Score a month and publish the round."""
        made = run_round(
            by=self.cast.who("office"),
            today=day,
            now=at_nine(day),
            framework=self.framework,
            period=f"2021-{month:02}",
            as_of=day,
        )
        return publish_round(by=self.cast.who("office2"), today=day, round=made)


def early_months(gazette: Gazette) -> Iterator[None]:
    """The months before the campaign are entered when it begins."""
    for month in range(1, 7):
        gazette.publish(month, BEGINNING)
        yield


def link_supports(cast: Cast, framework: Framework) -> None:
    """Which task answers for which indicator."""
    for code, titles in SUPPORTS.items():
        indicator = Indicator.objects.get(framework=framework, code=code)
        for task in Task.objects.filter(title__in=titles):
            support_indicator(by=cast.who("office"), today=BEGINNING, indicator=indicator, task=task)

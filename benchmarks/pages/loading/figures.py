"""The appraisal: the template of 30 indicators, 17 counties, twelve months of figures, two published rounds."""

from __future__ import annotations

import json
import time
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tqdm import tqdm

from benchmarks.pages.loading.founding import SINCE, SOURCE, TODAY, County
from yiqi.appraisal.enums import Approval
from yiqi.appraisal.models import Framework, Indicator, IndicatorSupport, Observation
from yiqi.appraisal.operations import activate_framework, load_framework, publish_round, run_round
from yiqi.core.enums import RegionKind
from yiqi.core.models import Region
from yiqi.demo import DATA
from yiqi.demo.story.cast import COUNTY
from yiqi.demo.story.figures import at_nine, habits

MONTHS = tuple(range(1, 13))
ROUNDS = ((11, date(2021, 12, 10)), (12, TODAY))
TASKS_AN_INDICATOR = 3


def found_framework(county: County) -> Framework:
    """The template, in force."""
    cast = county.cast
    data = json.loads((DATA / "framework.json").read_text(encoding="utf-8"))
    framework = load_framework(
        by=cast.who("office"),
        today=SINCE,
        region=cast.city,
        data=data,
        year=2021,
        unit_region=cast.county,
        demo=True,
    )
    return activate_framework(by=cast.who("office"), today=SINCE, framework=framework)


def _entered(month: int) -> date:
    return min((date(2021, month, 28) + timedelta(days=5)).replace(day=2), TODAY)


def make_figures(county: County, framework: Framework, bar: tqdm[Any]) -> None:
    """An approved figure for every indicator, county and month, and the tasks that answer for each indicator."""
    chance, behaviour, clerk = county.chance, habits(), county.cast.who("office").person
    regions = list(Region.objects.filter(parent=county.cast.city, kind=RegionKind.COUNTY).order_by("code"))
    indicators = list(Indicator.objects.filter(framework=framework).order_by("order"))
    strength = {region.code: -0.3 if region.code == COUNTY else chance.gauss(0, 0.5) for region in regions}
    rows = []
    for indicator in indicators:
        habit = behaviour[indicator.code]
        sign = -1 if indicator.direction == "lower" else 1
        for region in regions:
            place = strength[region.code] + chance.gauss(0, 0.8)
            for month in MONTHS:
                wanted = habit.level(month) + sign * habit.spread(month) * (place + chance.gauss(0, 0.25))
                value = Decimal(str(round(min(max(wanted, habit.low), habit.ceiling()), indicator.places)))
                rows.append(
                    Observation(
                        indicator=indicator,
                        region=region,
                        period=f"2021-{month:02}",
                        value=value,
                        current=True,
                        approval=Approval.APPROVED,
                        entered_by=clerk,
                        entered_on=_entered(month),
                        approved_on=_entered(month),
                        demo=True,
                        source=SOURCE,
                    )
                )
    Observation.objects.bulk_create(rows, batch_size=2_000)
    county.counts |= {"indicators": len(indicators), "counties": len(regions), "figures": len(rows)}
    bar.update(len(rows))


def link_supports(county: County, framework: Framework, tasks: list[int]) -> None:
    """Some tasks answer for each indicator."""
    IndicatorSupport.objects.bulk_create(
        IndicatorSupport(indicator=indicator, task_id=task)
        for indicator in Indicator.objects.filter(framework=framework)
        for task in county.chance.sample(tasks, min(TASKS_AN_INDICATOR, len(tasks)))
    )


def run_rounds(county: County, framework: Framework) -> None:
    """Two rounds through the operations, each published by somebody else."""
    for month, day in ROUNDS:
        began = time.perf_counter()
        made = run_round(
            by=county.cast.who("office"),
            today=day,
            now=at_nine(day),
            framework=framework,
            period=f"2021-{month:02}",
            as_of=day,
        )
        county.seconds["run_round"] = time.perf_counter() - began
        publish_round(by=county.cast.who("office2"), today=day, round=made)

"""The story of Yicheng in 2021, told day by day and only through the operations that people use."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from yiqi.demo.story.cast import BEGINNING, Cast, assemble
from yiqi.demo.story.deeds import FRIDAYS, Fate, accept_finished, assign_tasks, found_campaign, week_of_progress
from yiqi.demo.story.figures import Gazette, early_months, found_framework, link_supports
from yiqi.demo.story.meetings import MONDAYS, Chamber
from yiqi.demo.story.papers import PERIODS, write_report

LAST_DAY = date(2021, 9, 6)
PUBLISHED = {date(2021, 8, 20): 7, date(2021, 9, 3): 8}

STEPS = 590  # how many steps the story has: the length of the progress bar


def tell(seed: int, step: Callable[[str], None]) -> None:
    """Tell the whole story; ``step`` is called after each deed with what is being told. Same seed, same story."""
    chance = random.Random(seed)  # noqa: S311 - a story, not a secret
    step("单位和人员")
    cast = assemble(chance)
    step("专项行动")
    campaign = found_campaign(cast)
    framework = found_framework(cast)
    chamber = Chamber(cast, campaign, chance)
    chamber.found_forces(framework)
    fates = assign_tasks(cast, campaign)
    link_supports(cast, framework)
    gazette = Gazette(cast, framework, chance)
    for _month in early_months(gazette):
        step("1—6月指标")
    for today in _days(BEGINNING, LAST_DAY):
        for _deed in _day(today, cast, chamber, gazette, fates, chance):
            step(f"{today.month}月{today.day}日")


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += timedelta(days=1)


def _day(
    today: date, cast: Cast, chamber: Chamber, gazette: Gazette, fates: list[Fate], chance: random.Random
) -> Iterator[None]:
    if today.weekday() == 0:
        accept_finished(cast, fates, today)
        yield
    if today in MONDAYS:
        week = chamber.open(today)
        yield
        if today != LAST_DAY:
            chamber.hold(week)
            yield
    elif today.weekday() < 5:
        chamber.day(today)
        yield
    if today in FRIDAYS:
        yield from week_of_progress(cast, fates, today, chance)
    if today in PUBLISHED:
        gazette.publish(PUBLISHED[today], today)
        gazette.round(PUBLISHED[today], today)
        yield
    for period in PERIODS:
        if today == period[1] + timedelta(days=1):
            write_report(cast, chamber.campaign, *period, today)
            yield


__all__ = ["LAST_DAY", "STEPS", "Cast", "tell"]

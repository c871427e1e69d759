"""The story of Yicheng in 2021, told day by day and only through the operations that people use."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from yiqi.core.doors import Chapter
from yiqi.demo.story.cast import BEGINNING, Cast, assemble
from yiqi.demo.story.deeds import FRIDAYS, Fate, accept_finished, assign_tasks, found_campaign, week_of_progress
from yiqi.demo.story.figures import Gazette, early_months, found_framework, link_supports
from yiqi.demo.story.meetings import MONDAYS, Chamber
from yiqi.demo.story.papers import PERIODS, write_report
from yiqi.kit.offering import offered
from yiqi.plan.models import Campaign

LAST_DAY = date(2021, 9, 6)
PUBLISHED = {date(2021, 8, 20): 7, date(2021, 9, 3): 8}

STEPS = 590  # how many steps the story has: the length of the progress bar


@dataclass
class Stage:
    """What the chapters share: the cast, one stream of chance, and what the first chapter has founded."""

    cast: Cast
    chance: random.Random
    campaign: Campaign = field(init=False)
    fates: list[Fate] = field(init=False)
    chamber: Chamber = field(init=False)
    gazette: Gazette = field(init=False)


def tell(seed: int, step: Callable[[str], None]) -> None:
    """Tell the whole story; ``step`` is called after each deed with what is being told. Same seed, same story."""
    chance = random.Random(seed)  # noqa: S311 - a story, not a secret
    step("单位和人员")
    stage = Stage(assemble(chance), chance)
    chapters = sorted(offered(Chapter), key=lambda chapter: chapter.order)
    for chapter in chapters:
        for deed in chapter.begin(stage) if chapter.begin else ():
            step(deed)
    for today in _days(BEGINNING, LAST_DAY):
        for chapter in chapters:
            for _deed in chapter.day(stage, today) if chapter.day else ():
                step(f"{today.month}月{today.day}日")


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += timedelta(days=1)


def found(stage: Stage) -> Iterator[str]:
    """The campaign, the framework, the task forces, the tasks, and the figures of the first half of the year."""
    yield "专项行动"
    stage.campaign = found_campaign(stage.cast)
    framework = found_framework(stage.cast)
    stage.chamber = Chamber(stage.cast, stage.campaign, stage.chance)
    stage.chamber.found_forces(framework)
    stage.fates = assign_tasks(stage.cast, stage.campaign)
    link_supports(stage.cast, framework)
    stage.gazette = Gazette(stage.cast, framework, stage.chance)
    for _month in early_months(stage.gazette):
        yield "1—6月指标"


def accept(stage: Stage, today: date) -> Iterator[None]:
    """On Mondays the office accepts what was finished."""
    if today.weekday() == 0:
        accept_finished(stage.cast, stage.fates, today)
        yield


def meet(stage: Stage, today: date) -> Iterator[None]:
    """The weekly meeting, and on the other working days what is done about directives."""
    if today in MONDAYS:
        week = stage.chamber.open(today)
        yield
        if today != LAST_DAY:
            stage.chamber.hold(week)
            yield
    elif today.weekday() < 5:
        stage.chamber.day(today)
        yield


def progress(stage: Stage, today: date) -> Iterator[None]:
    """On Fridays the units report."""
    if today in FRIDAYS:
        yield from week_of_progress(stage.cast, stage.fates, today, stage.chance)


def publish(stage: Stage, today: date) -> Iterator[None]:
    """The month's figures and the round that is computed from them."""
    if today in PUBLISHED:
        stage.gazette.publish(PUBLISHED[today], today)
        stage.gazette.round(PUBLISHED[today], today)
        yield


def write(stage: Stage, today: date) -> Iterator[None]:
    """The fortnightly report, the day after its days."""
    for period in PERIODS:
        if today == period[1] + timedelta(days=1):
            write_report(stage.cast, stage.campaign, *period, today)
            yield


__all__ = ["LAST_DAY", "STEPS", "Cast", "Stage", "tell"]

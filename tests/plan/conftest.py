"""A small plan: one campaign with two actions, and a maker of tasks that goes through the operations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from tests.world import TODAY, World
from yiqi.plan.models import Action, Campaign, Task
from yiqi.plan.operations import activate_campaign, add_action, create_campaign, create_task

STARTS = date(2021, 7, 1)


@dataclass
class Plan:
    """The world with a campaign in it."""

    world: World
    campaign: Campaign
    action: Action
    other_action: Action

    def task(self, **changes: Any) -> Task:
        """A task of the bureau, due on 2021-12-20 and reported monthly, unless ``changes`` say otherwise."""
        facts: dict[str, Any] = {
            "title": "汽车零部件产业园标准化厂房建设",
            "lead_unit": self.world.bureau,
            "starts": STARTS,
            "due": date(2021, 12, 20),
            "action": self.action,
            "today": STARTS,
        }
        return create_task(by=self.world.who("office"), campaign=self.campaign, **(facts | changes))


def build_plan(world: World) -> Plan:
    """Campaign YC2021 with actions A03 and A04."""
    office = world.who("office")
    campaign = create_campaign(
        by=office,
        today=STARTS,
        region=world.county,
        code="YC2021",
        name="翼城县“十大行动”（2021年）",
        year=2021,
        starts=date(2021, 6, 1),
        ends=date(2021, 12, 31),
    )
    activate_campaign(by=office, today=STARTS, campaign=campaign)
    campaign.refresh_from_db()
    action = add_action(by=office, today=STARTS, campaign=campaign, code="A03", name="产业发展大转型", order=3)
    other = add_action(by=office, today=STARTS, campaign=campaign, code="A04", name="生态环境大保护", order=4)
    return Plan(world, campaign, action, other)


@pytest.fixture
def plan(world: World) -> Plan:
    """The plan of :func:`build_plan`."""
    return build_plan(world)


@pytest.fixture
def today() -> date:
    """The pinned business day, a Monday."""
    return TODAY

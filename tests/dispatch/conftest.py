"""A campaign in the small county: two task forces, tasks in every light, a framework with two published rounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.world import TODAY, World
from yiqi.appraisal.enums import FrameworkStatus, RoundStatus
from yiqi.appraisal.models import Block, Framework, Indicator, Round, ScoreCell, Standing
from yiqi.core.models import Unit
from yiqi.dispatch.models import Directive, TaskForce
from yiqi.dispatch.operations import give_directive
from yiqi.plan.enums import CampaignStatus, ProgressStatus, TaskStatus
from yiqi.plan.models import Action, Campaign, Progress, Task

MONDAY = TODAY - timedelta(days=TODAY.weekday())


@dataclass
class Drive:
    """The campaign with what hangs on it; ``task`` and ``directive`` make more."""

    world: World
    campaign: Campaign
    actions: list[Action]
    force: TaskForce
    other_force: TaskForce
    framework: Framework
    block: Block
    other_block: Block
    count: int = 0

    def task(self, action: int = 0, unit: Unit | None = None, **facts: Any) -> Task:
        """An active task; nothing due unless ``next_due`` is given."""
        self.count += 1
        facts.setdefault("status", TaskStatus.ACTIVE)
        facts.setdefault("title", f"任务{self.count}")
        facts.setdefault("starts", date(2021, 7, 1))
        facts.setdefault("code", f"{self.actions[action].code}-{self.count:02d}")
        return Task.objects.create(
            campaign=self.campaign,
            action=self.actions[action],
            region=self.world.county,
            lead_unit=unit or self.world.bureau,
            **facts,
        )

    def progress(self, task: Task, on: date = TODAY, **facts: Any) -> Progress:
        """An approved report on a task."""
        facts.setdefault("text", "已完成前期工作")
        facts.setdefault("status", ProgressStatus.APPROVED)
        return Progress.objects.create(
            task=task,
            region=self.world.county,
            unit=task.lead_unit,
            on=on,
            percent=50,
            reported_by=self.world.people["reporter"],
            **facts,
        )

    def directive(self, by: str = "office", today: date = TODAY, **facts: Any) -> Directive:
        """A directive given to the bureau."""
        self.count += 1
        facts.setdefault("title", f"督办事项{self.count}")
        facts.setdefault("unit", self.world.bureau)
        return give_directive(by=self.world.who(by, today), today=today, campaign=self.campaign, **facts)

    def indicator(self, code: str, name: str, block: Block | None = None, points: str = "3") -> Indicator:
        """An indicator of the framework, led by the bureau."""
        return Indicator.objects.create(
            framework=self.framework,
            block=block or self.block,
            code=code,
            name=name,
            points=Decimal(points),
            rule="ratio",
            lead_unit=self.world.bureau,
            order=Indicator.objects.count(),
        )

    def round(self, number: int, period: str, cells: dict[Indicator, tuple[float, int]]) -> Round:
        """A published round with the county's points and rank by indicator."""
        row = Round.objects.create(
            framework=self.framework,
            number=number,
            period=period,
            as_of=date(2021, 8, 31),
            status=RoundStatus.PUBLISHED,
            parameters={"plan": {"places": 2}},
            algorithm="sha256",
            input_digest="",
            result_digest="",
            run_by=self.world.people["office"],
            run_at=datetime(2021, 9, 1, tzinfo=UTC),
            published_by=self.world.people["office"],
            published_on=date(2021, 9, 1),
        )
        for indicator, (points, rank) in cells.items():
            ScoreCell.objects.create(
                round=row,
                region=self.world.county,
                indicator=indicator,
                points=points,
                full_points=float(indicator.points),
                rank=rank,
                value=1.0,
            )
        return row

    def standing(
        self, row: Round, rank: int, points: str, block: Block | None = None, in_tier: bool = False
    ) -> Standing:
        """The county's place in a round."""
        return Standing.objects.create(
            round=row,
            region=self.world.county,
            block=block,
            points=float(points),
            published_points=Decimal(points),
            rank=rank,
            in_tier=in_tier,
        )


@pytest.fixture
def drive(world: World) -> Drive:
    """The campaign of 2021."""
    return build_drive(world)


def build_drive(world: World) -> Drive:
    """Make the campaign of 2021."""
    campaign = Campaign.objects.create(
        region=world.county,
        code="YC2021",
        name="十大行动",
        year=2021,
        starts=date(2021, 7, 1),
        ends=date(2021, 12, 31),
        status=CampaignStatus.ACTIVE,
    )
    actions = [
        Action.objects.create(campaign=campaign, code=f"A{n:02d}", name=name, order=n)
        for n, name in enumerate(("目标任务大冲刺", "生态环境大保护", "营商环境大优化"), start=1)
    ]
    framework = Framework.objects.create(
        region=world.city,
        keeper=world.county,
        code="F2021",
        name="考核指标体系",
        year=2021,
        status=FrameworkStatus.ACTIVE,
    )
    block = Block.objects.create(framework=framework, code="B1", name="高质量发展", points=50, order=1)
    other_block = Block.objects.create(framework=framework, code="B2", name="生态环境保护", points=20, order=2)
    force = TaskForce.objects.create(campaign=campaign, unit=world.force, code="Z1", order=1)
    other_force = TaskForce.objects.create(campaign=campaign, unit=world.other_force, code="Z2", order=2)
    force.actions.add(actions[0])
    force.blocks.add(block)
    other_force.actions.add(actions[1])
    other_force.blocks.add(other_block)
    return Drive(world, campaign, actions, force, other_force, framework, block, other_block)

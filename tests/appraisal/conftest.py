"""The template framework in the small county, and figures to score."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.world import TODAY, World
from yiqi.appraisal.enums import Approval, ValueStatus
from yiqi.appraisal.models import Framework, Indicator, Observation, Round
from yiqi.appraisal.operations import activate_framework, load_framework, publish_round, run_round
from yiqi.core.models import Region
from yiqi.kit import clock

SMALL: dict[str, Any] = {
    "code": "F1",
    "name": "试用体系",
    "tier_places": 1,
    "blocks": [{"code": "A", "name": "高质量发展", "points": 10}, {"code": "B", "name": "生态环境", "points": 5}],
    "indicators": [
        {
            "code": "A-1", "block": "A", "name": "投资增速", "unit": "%", "points": 6, "rule": "gap",
            "params": {"g": 4}, "lead_unit": "FGJ", "annual_target": 8, "aliases": ["固投增速"],
        },
        {
            "code": "A-2", "block": "A", "name": "项目完成率", "unit": "%", "points": 4, "rule": "ratio",
            "lead_unit": "FGJ", "annual_target": 100,
        },
        {
            "code": "B-1", "block": "B", "name": "细颗粒物浓度", "unit": "微克/立方米", "points": 5, "rule": "minmax",
            "direction": "lower", "lead_unit": "HBJ", "frequency": "quarterly",
        },
    ],
}  # fmt: skip
AUGUST = "2021-08"


def build_framework(world: World) -> Framework:
    """A small framework in force: two blocks, three indicators, targets for the three counties."""
    by = world.who("office")
    loaded = load_framework(by=by, today=TODAY, region=world.city, data=SMALL, year=2021, unit_region=world.county)
    return activate_framework(by=by, today=TODAY, framework=loaded)


@pytest.fixture
def framework(world: World) -> Framework:
    """The small framework."""
    return build_framework(world)


@pytest.fixture
def indicators(framework: Framework) -> dict[str, Indicator]:
    """The indicators by code."""
    return {indicator.code: indicator for indicator in framework.indicators.select_related("framework__keeper")}


def approved(
    indicator: Indicator,
    region: Region | str,
    value: float | None,
    *,
    period: str = AUGUST,
    on: date = TODAY,
    by: Any,
    revision: int = 1,
) -> Observation:
    """A figure in force, as a fact."""
    code = region if isinstance(region, str) else region.code
    return Observation.objects.create(
        indicator=indicator,
        region_id=code,
        period=period,
        value=None if value is None else Decimal(str(value)),
        value_status=ValueStatus.FLASH,
        revision=revision,
        current=True,
        approval=Approval.APPROVED,
        entered_by=by,
        entered_on=on,
        approved_on=on,
        source="全市通报",
    )


FIGURES: Mapping[str, tuple[float, float, float]] = {
    "A-1": (9.0, 6.0, 5.0),
    "A-2": (80.0, 100.0, 60.0),
    "B-1": (40.0, 30.0, 50.0),
}
COUNTIES = ("141021", "141022", "141023")


def build_figures(world: World) -> list[Observation]:
    """Values of August for the three counties; the quarterly indicator's are of June."""
    office = world.people["office"]
    return [
        approved(indicator, county, value, period="2021-06" if indicator.code == "B-1" else AUGUST, by=office)
        for indicator in Indicator.objects.order_by("code")
        for county, value in zip(COUNTIES, FIGURES[indicator.code], strict=True)
    ]


@pytest.fixture
def figures(world: World, framework: Framework) -> list[Observation]:
    """The figures of August."""
    return build_figures(world)


@pytest.fixture
def make_round(world: World, framework: Framework, figures: list[Observation]) -> Callable[..., Round]:
    """``make_round(published=True, period="2021-08")``."""

    def make(*, published: bool = False, period: str = AUGUST) -> Round:
        by = world.who("office")
        made = run_round(by=by, today=TODAY, now=clock.now(), framework=framework, period=period, as_of=TODAY)
        return publish_round(by=by, today=TODAY, round=made) if published else made

    return make

"""Reads of the plan."""

from yiqi.plan.queries.board import (
    URGENT,
    ActionLights,
    TaskFilter,
    first_tasks,
    light_counts,
    severity,
    total_of,
)
from yiqi.plan.queries.lights import (
    LightRule,
    light_case,
    light_of,
    light_q,
    light_rule,
    read_lights,
    with_lights,
)
from yiqi.plan.queries.scope import (
    campaigns_for,
    current_campaign,
    fittest,
    visible_progress,
    visible_tasks,
)
from yiqi.plan.queries.weeks import MyWeek, Some, my_week

__all__ = [
    "URGENT",
    "ActionLights",
    "LightRule",
    "MyWeek",
    "Some",
    "TaskFilter",
    "campaigns_for",
    "current_campaign",
    "first_tasks",
    "fittest",
    "light_case",
    "light_counts",
    "light_of",
    "light_q",
    "light_rule",
    "my_week",
    "read_lights",
    "severity",
    "total_of",
    "visible_progress",
    "visible_tasks",
    "with_lights",
]

"""Reads of the plan."""

from yiqi.plan.queries.lights import (
    LightReading,
    LightRule,
    light_case,
    light_of,
    light_q,
    light_rule,
    read_lights,
    with_lights,
)
from yiqi.plan.queries.scope import campaigns_for, current_campaign, visible_imports, visible_progress, visible_tasks

__all__ = [
    "LightReading",
    "LightRule",
    "campaigns_for",
    "current_campaign",
    "light_case",
    "light_of",
    "light_q",
    "light_rule",
    "read_lights",
    "visible_imports",
    "visible_progress",
    "visible_tasks",
    "with_lights",
]

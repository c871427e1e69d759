"""Reads of the plan."""

from yiqi.plan.queries.scope import campaigns_for, current_campaign, visible_imports, visible_progress, visible_tasks

__all__ = ["campaigns_for", "current_campaign", "visible_imports", "visible_progress", "visible_tasks"]

"""Reads of the appraisal."""

from yiqi.appraisal.queries.frameworks import (
    current_framework,
    framework_for,
    frameworks_for,
    indicator_for,
    league_of,
)

__all__ = ["current_framework", "framework_for", "frameworks_for", "indicator_for", "league_of"]

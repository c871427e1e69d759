"""Who may do what in the appraisal, and how its periods are read."""

from yiqi.appraisal.rules.periods import Period, period_of
from yiqi.appraisal.rules.permissions import (
    keeps_framework,
    may_approve,
    may_report,
    may_see_observation,
    sees_league,
    sees_trials,
)

__all__ = [
    "Period",
    "keeps_framework",
    "may_approve",
    "may_report",
    "may_see_observation",
    "period_of",
    "sees_league",
    "sees_trials",
]

"""Verbs of the appraisal."""

from yiqi.appraisal.operations.frameworks import (
    activate_framework,
    add_block,
    add_indicator,
    load_framework,
)
from yiqi.appraisal.operations.leagues import LEAGUE_SHEET
from yiqi.appraisal.operations.observations import approve_observation, report_observation, return_observation
from yiqi.appraisal.operations.rounds import publish_round, run_round
from yiqi.appraisal.operations.supports import support_indicator, unsupport_indicator
from yiqi.appraisal.operations.targets import NewTarget, set_target, set_targets

__all__ = [
    "LEAGUE_SHEET",
    "NewTarget",
    "activate_framework",
    "add_block",
    "add_indicator",
    "approve_observation",
    "load_framework",
    "publish_round",
    "report_observation",
    "return_observation",
    "run_round",
    "set_target",
    "set_targets",
    "support_indicator",
    "unsupport_indicator",
]

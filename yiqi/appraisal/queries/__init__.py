"""Reads of the appraisal."""

from yiqi.appraisal.queries.cells import (
    BlockScore,
    GapRow,
    block_scores,
    cell_for,
    gap_list,
    points_lost,
    region_of_round,
    revisions_of,
    score_cells,
    supporting_tasks,
)
from yiqi.appraisal.queries.explanations import StepWords, explain_cell, rule_in_words
from yiqi.appraisal.queries.frameworks import (
    current_framework,
    framework_for,
    frameworks_for,
    indicator_for,
    league_of,
)
from yiqi.appraisal.queries.notices import policies_in_words, warnings_in_words
from yiqi.appraisal.queries.observations import (
    LeagueValue,
    Point,
    history,
    league_values,
    observation_for,
    observations_for,
    periods_of,
    targets_of,
    waiting_for,
)
from yiqi.appraisal.queries.rounds import latest_round, round_for, rounds_for, shown_round
from yiqi.appraisal.queries.seals import seal_holds
from yiqi.appraisal.queries.standings import (
    PlaceGap,
    StandingRow,
    StandingsTable,
    next_place_gap,
    standings_table,
    tier_gap,
)

__all__ = [
    "BlockScore",
    "GapRow",
    "LeagueValue",
    "PlaceGap",
    "Point",
    "StandingRow",
    "StandingsTable",
    "StepWords",
    "block_scores",
    "cell_for",
    "current_framework",
    "explain_cell",
    "framework_for",
    "frameworks_for",
    "gap_list",
    "history",
    "indicator_for",
    "latest_round",
    "league_of",
    "league_values",
    "next_place_gap",
    "observation_for",
    "observations_for",
    "periods_of",
    "points_lost",
    "policies_in_words",
    "region_of_round",
    "revisions_of",
    "round_for",
    "rounds_for",
    "rule_in_words",
    "score_cells",
    "seal_holds",
    "shown_round",
    "standings_table",
    "supporting_tasks",
    "targets_of",
    "tier_gap",
    "waiting_for",
    "warnings_in_words",
]

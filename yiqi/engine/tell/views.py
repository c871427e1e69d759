"""Views of a result that readers ask for: the order of units, places inside groups, one unit, its best and worst.

After ``get_results``, ``get_unit_summary`` and ``get_str_weak`` of COINr 1.1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from yiqi.engine.ground.arrays import IntArray, frozen, group_indices
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.ranking import NO_RANK, rank_columns
from yiqi.engine.run.index import IndexResult


class Line(NamedTuple):
    """A unit with its score (nan = none) and place (0 = none)."""

    unit: str
    score: float
    rank: int


class Element(NamedTuple):
    """An aggregate of one unit."""

    code: str
    name: str
    score: float
    rank: int


class Mark(NamedTuple):
    """An indicator in which a unit stands out: its aggregate, its place and value in the step asked for."""

    code: str
    parent: str
    rank: int
    value: float


def standings(result: IndexResult) -> list[Line]:
    """Units by the place of the index, best first, those without a score last, equal ones by code."""
    lines = zip(result.units, result.index.tolist(), result.index_ranks.tolist(), strict=True)
    return sorted((Line(*line) for line in lines), key=lambda line: (line.rank == NO_RANK, line.rank, line.unit))


def group_ranks(result: IndexResult, group: str) -> IntArray:
    """Places inside each group of the column ``group``: (units, aggregates), 1 best, 0 = none; ``unknown_group``.

    A unit without a label is in no group and has no place.
    """
    labels = result.data.group(group)
    own = [labels[result.data.row(unit)] for unit in result.units]
    places = np.zeros(result.scores.shape, dtype=np.int64)
    for members in group_indices(own, len(own)):
        if not own[int(members[0])]:
            continue
        places[members] = result.rank_scores(result.scores[members])
    return frozen(places)


def unit_summary(result: IndexResult, unit: str) -> list[Element]:
    """Score and place of a unit in every aggregate, from the root down; ``unknown_unit``."""
    row, tree = result.row(unit), result.hierarchy
    top_down = sorted(tree.aggregates, key=lambda code: -tree.level(code))
    found = []
    for code in top_down:
        column = result.nodes.index(code)
        place = int(result.ranks[row, column])
        found.append(Element(code, tree.node(code).name, float(result.scores[row, column]), place))
    return found


def strengths(result: IndexResult, unit: str, count: int = 5, step: str = "raw") -> list[Mark]:
    """Indicators with the best places of a unit, best first, by the values of a step; those it lacks are left out.

    Errors: ``unknown_unit``, ``unknown_step``, ``option_invalid``.
    """
    return _marks(result, unit, step)[: _whole(count)]


def weaknesses(result: IndexResult, unit: str, count: int = 5, step: str = "raw") -> list[Mark]:
    """Indicators with the worst places of a unit, worst last; they overlap with ``strengths`` where there are few."""
    found = _marks(result, unit, step)
    return found[max(0, len(found) - _whole(count)) :]


def _marks(result: IndexResult, unit: str, step: str) -> list[Mark]:
    """Indicators by place. Where the unit is on the last place of a column it may share it with all who have nothing,
    so the column says little and is left out."""
    row, tree = result.row(unit), result.hierarchy
    values = result.at_step(step)
    turned = values * tree.signs
    places = result.indicator_ranks if step == "normalised" else rank_columns(turned, tolerance=0.0)
    last = places.max(axis=0)
    found = [
        Mark(code, tree.node(code).parent, int(places[row, column]), float(values[row, column]))
        for column, code in enumerate(tree.indicators)
        if places[row, column] not in {NO_RANK, last[column]}
    ]
    return sorted(found, key=lambda mark: mark.rank)


def _whole(count: int) -> int:
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise EngineError("option_invalid", f"count must be a whole number from 1, not {count!r}", {"option": "count"})
    return count

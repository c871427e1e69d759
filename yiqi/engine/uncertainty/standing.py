"""The standing of units under uncertainty: probabilities of places, of standing above another, of the tier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray, frozen
from yiqi.engine.ground.checks import row_of
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.ranking import PlaceArray
from yiqi.engine.uncertainty.statistics import RankStatistics, rank_statistics


@dataclass(frozen=True)
class Failure:
    """A draw that could not be scored: its number (from 0), the error's stable code and text, and what was drawn."""

    run: int
    code: str
    message: str
    choices: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, eq=False)
class RobustStanding:
    """The outcome of ``draws`` draws. Arrays are closed to writing; n = number of units.

    - ``nominal_scores``, ``nominal_places`` (n,): with nothing varied; place 0 = none.
    - ``counts`` (n, n + 1): draws in which a unit had each place; column 0 counts the draws without one.
    - ``above_counts`` (n, n): draws in which the row's unit stood before the column's; None if not asked for.
    - ``tier_counts`` (n,): draws in which a unit was in the tier; None where there is no tier.
    - ``failed``: every draw that could not be scored, by number and reason; they are in no count.
    - ``scores`` (draws, n): only if they were kept; nan in failed draws.

    Places tied by the rule of competition are shared, so the probabilities of *one place* over the units need not add
    up to 1; the probabilities of *one unit* over the places, with ``unplaced``, always do.
    """

    units: tuple[str, ...]
    seed: int
    draws: int
    nominal_scores: FloatArray
    nominal_places: IntArray
    counts: PlaceArray
    above_counts: PlaceArray | None
    tier_counts: IntArray | None
    failed: tuple[Failure, ...]
    scores: FloatArray | None

    @property
    def good(self) -> int:
        """Draws that count."""
        return self.draws - len(self.failed)

    @cached_property
    def statistics(self) -> RankStatistics:
        """Nominal place, mean, median, 5 % and 95 % quantile of each unit."""
        return rank_statistics(self.nominal_places, self.counts)

    @cached_property
    def probability(self) -> FloatArray:
        """Probability of each place (n, n): row = unit, column p − 1 = place p."""
        return frozen(self.counts[:, 1:] / self.good)

    @cached_property
    def unplaced(self) -> FloatArray:
        """Probability (n,) of having no score, hence no place."""
        return frozen(self.counts[:, 0] / self.good)

    @cached_property
    def above(self) -> FloatArray:
        """Probability (n, n) that the row's unit stands before the column's; shared places count for neither."""
        if self.above_counts is None:
            raise EngineError("not_recorded", "pairs were not counted: simulate with pairs=True")
        return frozen(self.above_counts / self.good)

    @cached_property
    def tier_probability(self) -> FloatArray:
        """Probability (n,) of the tier."""
        if self.tier_counts is None:
            raise EngineError("not_recorded", "there is no tier: give the model a tier_size")
        return frozen(self.tier_counts / self.good)

    def row(self, unit: str) -> int:
        """Row number of a unit; ``unknown_unit`` otherwise."""
        return row_of(self.units, unit)

    def chance(self, unit: str, place: int) -> float:
        """Probability that a unit has that very place."""
        return float(self.probability[self.row(unit), self._place(place) - 1])

    def chance_within(self, unit: str, place: int) -> float:
        """Probability that a unit has that place or a better one."""
        return float(self.counts[self.row(unit), 1 : self._place(place) + 1].sum(dtype=np.int64) / self.good)

    def chance_above(self, unit: str, other: str) -> float:
        """Probability that ``unit`` stands before ``other``."""
        return float(self.above[self.row(unit), self.row(other)])

    def failures(self) -> dict[tuple[str, str], int]:
        """How many draws failed by (code, message), the most frequent first."""
        return dict(Counter((failure.code, failure.message) for failure in self.failed).most_common())

    def _place(self, place: int) -> int:
        if not 1 <= place <= len(self.units):
            text = f"place must be from 1 to {len(self.units)}, not {place!r}"
            raise EngineError("place_invalid", text, {"place": repr(place)})
        return place


def check_tier(tier_size: int | None, units: int) -> None:
    """``tier_invalid`` unless a tier has from one place to all of them."""
    whole = isinstance(tier_size, int) and not isinstance(tier_size, bool)
    if tier_size is None or (whole and 1 <= tier_size <= units):
        return
    text = f"the tier must have from 1 to {units} places, as there are {units} units, not {tier_size!r}"
    raise EngineError("tier_invalid", text, {"tier_size": repr(tier_size), "units": units})


def in_tier(places: PlaceArray, tier_size: int | None) -> BoolArray | None:
    """The first places, or None without a tier."""
    return None if tier_size is None else (places > 0) & (places <= tier_size)

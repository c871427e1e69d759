"""The result of an index: scores and ranks of every element, every step, and the way to each number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray, frozen
from yiqi.engine.ground.errors import EngineError
from yiqi.engine.ground.notice import Notice
from yiqi.engine.ground.ranking import rank_columns
from yiqi.engine.run.result import Result
from yiqi.engine.run.screen import Screened
from yiqi.engine.run.treat import Treated
from yiqi.engine.scheme.dataset import Dataset
from yiqi.engine.scheme.hierarchy import Hierarchy
from yiqi.engine.scheme.index import IndexScheme
from yiqi.engine.scheme.steps import AggregateSpec


@dataclass(frozen=True, eq=False)
class IndexResult(Result):
    """One build. Arrays are closed to writing.

    ``units``: those that stayed after screening, in the order of the data. ``scores`` (units, aggregates), columns as
    ``nodes``; nan where coverage is too thin. ``steps``: name -> array (units, indicators) of each step that was done:
    ``raw``, ``denominated``, ``imputed``, ``screened``, ``treated``, ``normalised``, and ``scores``. What is costly
    and not always wanted (ranks, digest, warnings) is worked out when asked for, and then kept.
    """

    scheme: IndexScheme
    data: Dataset
    units: tuple[str, ...]
    scores: FloatArray
    steps: Mapping[str, FloatArray]
    screened: Screened | None = None
    treated: Treated | None = None
    noted: tuple[Notice, ...] = ()

    @property
    def hierarchy(self) -> Hierarchy:
        """The tree of the scheme."""
        return self.scheme.hierarchy

    @property
    def mirror(self) -> float | None:
        """Lowest + highest of the common scale, where it states them."""
        return self.scheme.steps.normalise.mirror

    @property
    def nodes(self) -> tuple[str, ...]:
        """Codes of the columns of ``scores``: aggregates, bottom up."""
        return self.hierarchy.aggregates

    @property
    def normalised(self) -> FloatArray:
        """Indicators on the common scale (units, indicators)."""
        return self.steps["normalised"]

    @cached_property
    def index(self) -> FloatArray:
        """Scores of the root (units,)."""
        return self.scores[:, self.nodes.index(self.hierarchy.root)]

    @cached_property
    def index_ranks(self) -> IntArray:
        """Places of the root (units,), 1 best, 0 = no score."""
        turned = self.index * self.hierarchy.node(self.hierarchy.root).direction
        return frozen(rank_columns(turned[:, None], self.scheme.ties, self.scheme.tolerance)[:, 0])

    @cached_property
    def ranks(self) -> IntArray:
        """Places by each aggregate (units, aggregates), 1 best, 0 = no score; turned where its direction is −1."""
        return frozen(self.rank_scores(self.scores))

    @cached_property
    def indicator_ranks(self) -> IntArray:
        """Places by each indicator (units, indicators), 1 best by its direction, 0 = no value."""
        return frozen(rank_columns(self.normalised, self.scheme.ties, self.scheme.tolerance))

    def rank_scores(self, scores: FloatArray) -> IntArray:
        """Places among these rows of ``scores`` (k, aggregates), as the scheme says."""
        signs = np.array([float(self.hierarchy.node(code).direction) for code in self.nodes])
        return rank_columns(scores * signs, self.scheme.ties, self.scheme.tolerance)

    @cached_property
    def cells(self) -> FloatArray:
        """Normalised values, then scores: (units, elements) as ``hierarchy.codes``."""
        return frozen(np.hstack([self.normalised, self.scores]))

    @property
    def specs(self) -> dict[str, AggregateSpec]:
        """How each aggregate is made."""
        return self.scheme.specs

    def scores_of(self, part: str | None) -> FloatArray:
        """Scores of an aggregate."""
        return self.scores[:, self.nodes.index(self.hierarchy.root if part is None else part)]

    def places_of(self, part: str | None) -> IntArray:
        """Places by an aggregate."""
        if part is None:
            return self.index_ranks
        return self.ranks[:, self.nodes.index(part)]

    def first_places(self, size: int) -> BoolArray:
        """The first places of the root."""
        return np.asarray((self.index_ranks > 0) & (self.index_ranks <= size))

    def at_step(self, name: str) -> FloatArray:
        """Values (units, indicators) after a step, only of the units that stayed; ``unknown_step`` otherwise."""
        if name not in self.steps or name == "scores":
            known = ", ".join(step for step in self.steps if step != "scores")
            raise EngineError("unknown_step", f"no step {name!r}; there are: {known}", {"step": name})
        values = self.steps[name]
        if len(values) == len(self.units):
            return values
        return frozen(values[[self.data.row(unit) for unit in self.units]])

    def score(self, unit: str, node: str) -> float:
        """Score of an aggregate, or normalised value of an indicator; nan where there is none."""
        return float(self.cells[self.row(unit), self.hierarchy.places[self.hierarchy.node(node).code]])

"""From values to points: each rule applied to all of its columns at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.ground.standing import Peers, Standing, standing
from yiqi.engine.scheme.methods import Part
from yiqi.engine.scheme.methods.rule import Cells, Scored


@dataclass(frozen=True, eq=False)
class Scorer:
    """Applies parts to columns under one setting of groups, ties and zero range."""

    peers: Peers
    zero_range: str

    def score(
        self, parts: Sequence[Part], x: FloatArray, target: FloatArray, growth: FloatArray, place: Standing
    ) -> Scored:
        """Score every column; matrices (units, k), one part a column -> points (units, k)."""
        points, flat = np.full_like(x, np.nan), np.zeros(x.shape, dtype=np.bool_)
        by_rule: dict[str, list[int]] = {}
        for column, part in enumerate(parts):
            by_rule.setdefault(part.rule.id, []).append(column)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # zero ranges and tiny bounds are clipped
            for columns in by_rule.values():
                chosen = [parts[column] for column in columns]
                cells = Cells(
                    x[:, columns], target[:, columns], growth[:, columns], chosen, place.columns(columns),
                    self.zero_range, self.peers.tolerance, self,
                )  # fmt: skip
                done = chosen[0].rule.score(cells)
                points[:, columns], flat[:, columns] = done.points, done.flat
        return Scored(points, flat)

    def score_part(self, parts: Sequence[Part], x: FloatArray, target: FloatArray) -> Scored:
        """Score parts of rules that mix others: each stands in its groups by its own direction."""
        place = standing(x, np.array([part.sign for part in parts]), self.peers)
        return self.score(parts, x, target, np.full_like(x, np.nan), place)

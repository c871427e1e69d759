"""How each cell stands in its ranking group: best, worst, number with a value, rank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray, group_indices
from yiqi.engine.ground.ranking import rank_columns


@dataclass(frozen=True, eq=False)
class Peers:
    """The ranking groups and how ties are treated in them."""

    groups: tuple[str, ...] | None
    ties: str
    tolerance: float


@dataclass(frozen=True, eq=False)
class Standing:
    """All (units, k). ``n`` counts the units of the group that have a value; ``rank`` 0 without one; ``best`` and
    ``worst`` are raw values; ``flat`` marks the cells with a value whose group has no range."""

    best: FloatArray
    worst: FloatArray
    n: IntArray
    rank: IntArray
    flat: BoolArray

    def columns(self, chosen: Sequence[int]) -> Standing:
        """The same for some of the columns."""
        return Standing(
            self.best[:, chosen], self.worst[:, chosen], self.n[:, chosen], self.rank[:, chosen], self.flat[:, chosen]
        )


def standing(x: FloatArray, sign: FloatArray, peers: Peers) -> Standing:
    """Stand each column of ``x`` (units, k) in its groups; ``sign`` (k,) +1 where higher is better."""
    worth = x * sign
    best, worst = np.full_like(x, np.nan), np.full_like(x, np.nan)
    n, rank = np.zeros(x.shape, dtype=np.int64), np.zeros(x.shape, dtype=np.int64)
    for members in group_indices(peers.groups, len(x)):
        inside = worth[members]
        best[members] = np.fmax.reduce(inside, axis=0) * sign
        worst[members] = np.fmin.reduce(inside, axis=0) * sign
        n[members] = (~np.isnan(inside)).sum(axis=0)
        rank[members] = rank_columns(inside, peers.ties, peers.tolerance)
    flat = ~np.isnan(x) & (np.abs(best - worst) <= peers.tolerance)
    return Standing(best + 0.0, worst + 0.0, n, rank, flat)

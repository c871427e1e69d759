"""The place, 1 = lowest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.ground.ranking import NO_RANK, rank_columns
from yiqi.engine.scheme.methods.scale import Columns, Scale

TOLERANCE: Final = 1e-12  # of the column's range
TIES: Final[Mapping[str, Sequence[Any]]] = {"ties": ("min", "average", "max")}


class Rank(Scale):
    """Ties within 1e-12 of the column's range share the least, middle or greatest place."""

    def convert(self, columns: Columns) -> FloatArray:
        width = np.where(columns.flat, 1.0, columns.best - columns.worst)
        down = -(columns.z - columns.worst) / width
        least = rank_columns(down, "competition", TOLERANCE)
        ranks = least.astype(np.float64)
        if columns.params["ties"] != "min":
            for column in range(ranks.shape[1]):
                sizes = np.bincount(least[:, column])
                more = sizes[least[:, column]] - 1
                ranks[:, column] += more / 2 if columns.params["ties"] == "average" else more
        ranks[least == NO_RANK] = np.nan
        return ranks


RANK = Rank("rank", "place of z, 1 = lowest", {"ties": "min"}, TIES, steady=True, ranked=True)

"""The part of the other units that are below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.scheme.methods.rank import TIES, Rank
from yiqi.engine.scheme.methods.scale import Columns


class PercentRank(Rank):
    """A column with a single value has nothing to compare."""

    def convert(self, columns: Columns) -> FloatArray:
        others = (~np.isnan(columns.z)).sum(axis=0) - 1
        found = (super().convert(columns) - 1) / np.maximum(others, 1)
        return columns.flatten(np.asarray(found), others < 1, 0.5, 1.0)

    def mirror(self, params: Mapping[str, Any]) -> float | None:
        return 1.0


PERCENT_RANK = PercentRank("prank", "(place of z − 1)/(n − 1)", {"ties": "min"}, TIES, steady=True, ranked=True)

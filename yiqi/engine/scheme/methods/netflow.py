"""The net flow: by how much of the weight a unit is better than the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.scheme.methods.mean import Mean
from yiqi.engine.scheme.methods.outrank import UNITY, balances, classes, known_only


class NetFlow(Mean):
    """Mean of 2·o[i, j] − 1 over the other units, undecided pairs as 0; in [−1, 1]."""

    def score(self, cells: FloatArray, weights: FloatArray, params: Mapping[str, Any], tolerance: float) -> FloatArray:
        others = max(len(cells) - 1, 1)
        parts = []
        for rows, first in balances(classes(cells, tolerance, UNITY), weights):
            lead = np.where(np.isnan(rows), 0.0, 2.0 * rows - 1.0)
            lead[np.arange(len(rows)), first + np.arange(len(rows))] = 0.0
            parts.append(lead.sum(axis=1) / others)
        return known_only(np.concatenate(parts), cells, weights)


NET_FLOW = NetFlow("netflow", "mean over the other units of 2·(share of the weight in favour) − 1")

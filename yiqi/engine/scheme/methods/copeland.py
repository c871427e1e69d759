"""Copeland's score: pairs won less pairs lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import numpy as np

from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.scheme.methods.mean import Mean
from yiqi.engine.scheme.methods.outrank import TIED, UNITY, balances, classes, known_only


class Copeland(Mean):
    """Σ_j sign(o[i, j] − ½), in [−(n − 1), n − 1]."""

    def score(self, cells: FloatArray, weights: FloatArray, params: Mapping[str, Any], tolerance: float) -> FloatArray:
        judged = classes(cells, tolerance, UNITY)
        parts = [_signs(rows).sum(axis=1) for rows, _ in balances(judged, weights)]
        return known_only(np.concatenate(parts), cells, weights)


def _signs(rows: FloatArray) -> FloatArray:
    """+1, 0, −1 by what is beyond ½; undecided pairs are 0."""
    lead = np.where(np.isnan(rows), 0.0, rows - 0.5)
    return cast(FloatArray, np.where(np.abs(lead) <= TIED, 0.0, np.sign(lead)))


COPELAND = Copeland("copeland", "pairs won − pairs lost", rest="majority")

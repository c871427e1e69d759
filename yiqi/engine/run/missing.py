"""Missing values: what each cell is scored with, and where that came from."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from yiqi.engine.ground.arrays import FloatArray, IntArray, group_indices
from yiqi.engine.scheme.appraisal import AppraisalScheme
from yiqi.engine.scheme.dataset import Dataset

NOTHING, OBSERVED, CARRIED, IMPUTED = 0, 1, 2, 3
SOURCES = ("missing", "observed", "carried", "group_mean")


@dataclass(frozen=True, eq=False)
class Filled:
    """``used`` (units, indicators): what the rules see; ``source``: index into ``SOURCES``; policy of each column."""

    used: FloatArray
    source: IntArray
    policies: tuple[str, ...]


def fill(scheme: AppraisalScheme, inputs: Dataset) -> Filled:
    """Apply ``carry`` and ``group_mean``. What they cannot fill stays missing and is excluded.

    The mean is that of the values observed in the unit's ranking group in this period; carried ones do not enter it.
    """
    policies = tuple(scheme.policy(spec) for spec in scheme.indicators)
    used = inputs.values.copy()
    gaps = np.isnan(used)
    source = np.where(gaps, NOTHING, OBSERVED).astype(np.int64)
    carried = gaps & (np.array(policies) == "carry") & ~np.isnan(inputs.previous)
    used[carried] = inputs.previous[carried]
    source[carried] = CARRIED
    for column in np.flatnonzero((np.array(policies) == "group_mean") & gaps.any(axis=0)):
        for members in group_indices(inputs.peers, len(inputs.units)):
            _impute(used[:, column], source[:, column], members)
    return Filled(used, source, policies)


def _impute(used: FloatArray, source: IntArray, members: IntArray) -> None:
    """Fill one group's gaps of one column in place. ``fsum``: the mean must not depend on the order of units."""
    known = members[~np.isnan(used[members])]
    empty = members[np.isnan(used[members])]
    if len(known) and len(empty):
        used[empty] = math.fsum(used[known].tolist()) / len(known)
        source[empty] = IMPUTED

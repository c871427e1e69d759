"""Many draws of the figures through the rules of an appraisal: the same places as ``run`` gives draw by draw.

All draws are stood below one another as if they were one long list of units, and every draw is a ranking group of its
own; so the kernels of the engine go through them once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from yiqi.engine.ground.arrays import BoolArray, FloatArray, IntArray, group_indices
from yiqi.engine.run.judging import judge
from yiqi.engine.run.totals import add_up, place_draws, tier
from yiqi.engine.scheme.appraisal import AppraisalScheme, IndicatorSpec
from yiqi.engine.scheme.dataset import Dataset

BLOCK: Final = 128  # draws pushed through at once


@dataclass(frozen=True, eq=False)
class Pushed:
    """All (draws, units): ``scores`` nan without one; ``places`` over all and in the ranking group, 0 = none."""

    scores: FloatArray
    places: IntArray
    group_places: IntArray
    in_tier: BoolArray


def joined(parts: Sequence[Pushed]) -> Pushed:
    """Draws below one another."""
    return Pushed(
        np.concatenate([part.scores for part in parts]),
        np.concatenate([part.places for part in parts]),
        np.concatenate([part.group_places for part in parts]),
        np.concatenate([part.in_tier for part in parts]),
    )


def push(
    scheme: AppraisalScheme,
    still: Dataset,
    values: FloatArray,
    growth: FloatArray | None = None,
    block: str | None = None,
) -> Pushed:
    """Places of every draw, of the total or a block. ``still``: what is the same in every draw; ``values`` and
    ``growth`` (draws, units, indicators). Errors: those of ``run``."""
    inputs = scheme.figures(_stacked(still, values, growth))
    draws, units = len(values), len(still.units)
    judged = judge(scheme, inputs)
    added = add_up(scheme, judged.weighed)
    if _uneven(added.block_points.reshape(draws, units, -1)):
        parts = [(values[[number]], None if growth is None else growth[[number]]) for number in range(draws)]
        return joined([push(scheme, still, *part, block) for part in parts])
    chosen = added.total_points if block is None else added.block_points[:, scheme.parts.index(block)]
    scores, used = chosen.reshape(draws, -1), judged.filled.used.reshape(draws, units, -1)
    places = place_draws(scheme, scores, used, block).astype(np.int64)
    group_places = np.empty_like(places)
    for members in group_indices(still.peers, units):
        group_places[:, members] = place_draws(scheme, scores[:, members], used[:, members], block)
    vetoed = (inputs.vetoed | judged.veto.any(axis=1)).reshape(draws, -1)
    return Pushed(scores, places, group_places, tier(scheme, places, vetoed))


def _uneven(block_points: FloatArray) -> bool:
    """Whether a block has scores in some draws and none at all in others: then the totals rest on different blocks."""
    scored = np.any(~np.isnan(block_points), axis=1, keepdims=True)
    return bool((scored != scored[:1]).any())


def _stacked(still: Dataset, values: FloatArray, growth: FloatArray | None) -> Dataset:
    draws, columns = len(values), values.shape[2]
    labels = still.peers or ("",) * len(still.units)
    return Dataset(
        tuple(f"{unit} in draw {draw}" for draw in range(draws) for unit in still.units),
        still.columns,
        values.reshape(-1, columns),
        targets=np.tile(still.targets, (draws, 1)),
        previous=np.tile(still.previous, (draws, 1)),
        growth=np.full((draws * len(still.units), columns), np.nan) if growth is None else growth.reshape(-1, columns),
        peers=tuple(f"{draw} {label}" for draw in range(draws) for label in labels),
        vetoed=np.tile(still.vetoed, draws),
    )


def bounds_of(specs: Sequence[IndicatorSpec]) -> FloatArray:
    """Least values (i,) at which a rule has a meaning: 0 where it refuses negative ones, else −∞."""
    refuses = [part.rule.refuses_negative(part.sign) for part in (spec.part.seen() for spec in specs)]
    return np.where(refuses, 0.0, -np.inf)


def place_probabilities(places: IntArray, units: int) -> FloatArray:
    """Shares (units, units) of the draws in which each unit (row) has each place (column 0 is place 1).

    A row adds up to 1 less the share of the draws without a place.
    """
    shares = np.zeros((units, units))
    for unit in range(units):
        shares[unit] = np.bincount(places[:, unit], minlength=units + 1)[1 : units + 1]
    return shares / len(places)

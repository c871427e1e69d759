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
from yiqi.engine.scheme.dataset import Dataset, appraisal_data
from yiqi.engine.scheme.plan import IndicatorSpec, Plan

BLOCK: Final = 128  # draws pushed through at once


@dataclass(frozen=True, eq=False)
class Field:
    """What is the same in every draw, as ``run`` takes it: (units, indicators) or (units,).

    ``block``: places of this block, instead of the total.
    """

    plan: Plan
    units: tuple[str, ...]
    targets: FloatArray | None = None
    previous: FloatArray | None = None
    groups: tuple[str, ...] | None = None
    vetoed: tuple[bool, ...] | None = None
    block: str | None = None


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


def push(field: Field, values: FloatArray, growth: FloatArray | None = None) -> Pushed:
    """Places of every draw; ``values`` and ``growth`` (draws, units, indicators). Errors: those of ``run``."""
    inputs = _stacked(field, values, growth)
    plan, draws = field.plan, len(values)
    judged = judge(plan, inputs)
    added = add_up(plan, judged.weighed)
    if _uneven(added.block_points.reshape(draws, len(field.units), -1)):
        return _one_by_one(field, values, growth)
    numbers = [block.code for block in plan.blocks]
    chosen = added.total_points if field.block is None else added.block_points[:, numbers.index(field.block)]
    scores, used = chosen.reshape(draws, -1), judged.filled.used.reshape(draws, len(field.units), -1)
    places = place_draws(plan, scores, used, field.block).astype(np.int64)
    group_places = np.empty_like(places)
    for members in group_indices(field.groups, len(field.units)):
        group_places[:, members] = place_draws(plan, scores[:, members], used[:, members], field.block)
    vetoed = (inputs.vetoed | judged.veto.any(axis=1)).reshape(draws, -1)
    return Pushed(scores, places, group_places, tier(plan, places, vetoed))


def _uneven(block_points: FloatArray) -> bool:
    """Whether a block has scores in some draws and none at all in others: then the totals rest on different blocks."""
    scored = np.any(~np.isnan(block_points), axis=1, keepdims=True)
    return bool((scored != scored[:1]).any())


def _one_by_one(field: Field, values: FloatArray, growth: FloatArray | None) -> Pushed:
    return joined(
        [push(field, values[[number]], None if growth is None else growth[[number]]) for number in range(len(values))]
    )


def _stacked(field: Field, values: FloatArray, growth: FloatArray | None) -> Dataset:
    draws, units, columns = values.shape
    names = tuple(f"{unit} in draw {draw}" for draw in range(draws) for unit in field.units)
    labels = field.groups or ("",) * units
    return appraisal_data(
        field.plan,
        names,
        values.reshape(-1, columns),
        targets=None if field.targets is None else np.tile(field.targets, (draws, 1)),
        previous=None if field.previous is None else np.tile(field.previous, (draws, 1)),
        previous_age=None,
        growth=None if growth is None else growth.reshape(-1, columns),
        groups=[f"{draw} {label}" for draw in range(draws) for label in labels],
        vetoed=None if field.vetoed is None else list(field.vetoed) * draws,
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

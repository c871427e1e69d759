"""How far rounding may carry points off a curve that rises or falls throughout."""

from __future__ import annotations

import numpy as np

from yiqi.engine.ground.arrays import FloatArray, IntArray
from yiqi.engine.run.appraisal import AppraisalResult
from yiqi.engine.scheme.methods import Part

UNIT_ROUNDOFF = 2.0**-53


def quotient_slop(
    part: Part,
    table: FloatArray,
    totals: FloatArray,
    *,
    row: int,
    group: IntArray,
    members: IntArray,
    imputed: IntArray,
    base: AppraisalResult,
) -> FloatArray:
    """``Outcomes.slop`` (k, m) of a rule between best and worst of a group; 0 elsewhere.

    Where the group's worst moves with the lever, (x_k − x)/(best − x) is the quotient of two rounded numbers, good to
    a few units of roundoff; what is worked out from it rises with it throughout. The best of the group, at 1, and the
    lever's unit, at 0, are exact. A mean of the group that moves along is rounded once more, and a difference of it
    the more so the narrower the group's range. ``table`` (units, m) is the column, ``totals`` (k, m) the scores.
    """
    slop = np.zeros(totals.shape)
    if not part.rule.quotient(part):
        return slop
    worth, own = table[group] * part.sign, table[row] * part.sign
    others = worth[group != row]
    if not len(others) or np.isnan(others).all():
        return slop
    lowest, highest = np.fmin.reduce(others, axis=0), np.fmax.reduce(others, axis=0)
    loose = np.ones_like(own, dtype=np.bool_) if len(imputed) else own < lowest
    factor = np.nan_to_num(base.steps["factor"][members].max(axis=1), nan=1.0)[:, None]
    size = 16.0 * part.weight * factor + 2.0 * np.nan_to_num(np.abs(totals))
    touched = np.isin(members, group) & (members != row)
    if len(imputed):
        touched |= members == row
        spread = np.fmax(highest, own) - np.fmin(lowest, own)
        with np.errstate(divide="ignore", invalid="ignore"):
            size = size * (1.0 + np.where(spread > 0, np.fmax.reduce(np.abs(worth), axis=0) / spread, 0.0))
    else:
        touched &= table[members, 0] * part.sign != highest[0]
    return np.where(loose & touched[:, None], size * UNIT_ROUNDOFF, slop)

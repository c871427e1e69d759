"""Which rule looks at a lever, where it has a meaning, and which way is better."""

from __future__ import annotations

import math

import numpy as np

from yiqi.engine.catchup.ground import Lever
from yiqi.engine.ground.arrays import FloatArray
from yiqi.engine.ground.checks import LARGEST
from yiqi.engine.scheme.methods import Part
from yiqi.engine.scheme.plan import IndicatorSpec


def judging(spec: IndicatorSpec, lever: Lever) -> Part:
    """The rule that looks at the lever: the indicator's own, or a part of it."""
    return spec.part.seen(lever.array)


def domain(spec: IndicatorSpec, lever: Lever) -> tuple[float, float]:
    """Where the rule has a meaning: from 0 for counts and for ``ratio`` with lower is better, else ±1e100."""
    part = judging(spec, lever)
    return (part.rule.lowest(part.sign) if lever.array == "values" else -LARGEST), LARGEST


def landmarks(spec: IndicatorSpec, lever: Lever) -> FloatArray:
    """Numbers of the rule's parameters that say something of the size of a figure (k,)."""
    part = judging(spec, lever)
    named = [*part.rule.landmarks(part), spec.veto_limit if lever.array == "values" else None]
    return np.array([math.nan if number is None else number for number in named], dtype=np.float64)
